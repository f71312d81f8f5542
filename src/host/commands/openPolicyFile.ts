import * as vscode from 'vscode';
import { join } from 'node:path';
import type { Faces } from '../faces.ts';
import type { TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder } from './choose.ts';

/** Opens the rules that are checked in, `.cowork/policy/permissions.json` */
export async function openPolicyFile({ folders }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  const uri = vscode.Uri.file(join(folder.path, '.cowork/policy/permissions.json'));
  try {
    await vscode.workspace.fs.stat(uri);
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError)) throw error;
    void vscode.window.showInformationMessage(vscode.l10n.t('This workspace has no rules of its own yet. Add one, and the file appears.'));
    return;
  }
  await vscode.window.showTextDocument(uri);
}
