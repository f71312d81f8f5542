import * as vscode from 'vscode';
import type { Faces } from '../faces.ts';
import { isOpen } from '../folders.ts';
import type { TreeNode } from '../tree/treeNodes.ts';

/** Ends "approve all" for the session of a tree item, or for every session of the window */
export async function stopApprovingAll({ folders }: Faces, node?: TreeNode): Promise<void> {
  const session = node?.subject?.type === 'approveAll' ? node.subject.session : undefined;
  for (const folder of folders.all.filter(isOpen)) {
    if (node === undefined || node.folder === folder.path) await folder.gate.stopApproveAll(session);
  }
  vscode.window.setStatusBarMessage(vscode.l10n.t('Commands ask again.'), 5_000);
}
