import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Faces } from '../faces.ts';
import type { TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder } from './choose.ts';

/** Shows what changed in the repository's rules since a person reviewed them, as a diff */
export async function compareReviewedRules({ folders, documents }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  const reviewed = folder.store.reviewedText();
  if (reviewed === undefined || folder.store.state.manifest.hash === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is nothing to compare: you have not reviewed the repository’s rules yet.'));
    return;
  }
  const now = vscode.Uri.file(join(folder.path, '.cowork/policy/permissions.json'));
  await vscode.commands.executeCommand('vscode.diff', documents.add('permissions.json', reviewed), now, vscode.l10n.t('Repository rules of {0}: reviewed and now', folder.name));
}
