import path from 'node:path';
import * as vscode from 'vscode';
import type { Trash } from '../../node/tools/files/trash.ts';

/**
 * The trash of the system as the editor reaches it, for systems whose trash is not a folder of ours to move into. It goes by
 * the name of the file; the folder was looked at right before.
 */
export const editorTrash: Trash = {
  async put(folder, name) {
    folder.verify();
    try {
      await vscode.workspace.fs.delete(vscode.Uri.file(path.join(folder.path, name)), { recursive: true, useTrash: true });
      return true;
    } catch (error) {
      if (error instanceof vscode.FileSystemError) return false;
      throw error;
    }
  },
};
