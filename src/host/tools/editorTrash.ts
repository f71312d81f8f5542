import * as vscode from 'vscode';
import type { Trash } from '../../node/tools/files/trash.ts';
import { trashByName } from '../../node/tools/files/trashByName.ts';

/** The trash of the system as the editor reaches it, for systems whose trash is not a folder of ours to move into */
export const editorTrash: Trash = trashByName(async (file) => {
  try {
    await vscode.workspace.fs.delete(vscode.Uri.file(file), { recursive: true, useTrash: true });
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
});
