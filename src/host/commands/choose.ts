import * as vscode from 'vscode';
import type { ChangeOutcome } from '../../gate/changes.ts';
import { isOpen, type Folders, type OpenFolder } from '../folders.ts';
import { said } from '../said.ts';
import type { TreeNode } from '../tree/treeNodes.ts';

/**
 * The folder a command acts on: that of the tree item it was called on, the only one, or the one a person picks.
 * Says why there is none; `undefined` also when the person went back.
 */
export async function chooseFolder(folders: Folders, node?: TreeNode): Promise<OpenFolder | undefined> {
  const open = folders.all.filter(isOpen);
  if (node !== undefined) return open.find((folder) => folder.path === node.folder);
  const [only, ...others] = open;
  if (only === undefined) {
    const [shut] = folders.all;
    void vscode.window.showWarningMessage(shut !== undefined && !isOpen(shut) ? shut.problem.message : vscode.l10n.t('Open a folder first; a policy belongs to a folder.'));
    return undefined;
  }
  if (others.length === 0) return only;
  const chosen = await vscode.window.showQuickPick(
    open.map((folder) => ({ label: folder.name, description: folder.path, folder })),
    { title: vscode.l10n.t('Which folder?'), placeHolder: vscode.l10n.t('Each folder has its own policy') },
  );
  return chosen?.folder;
}

/** Shows the reason where a change was refused; whether it was made */
export function told(outcome: ChangeOutcome): boolean {
  if (outcome.ok) return true;
  void vscode.window.showWarningMessage(said(outcome.reason, vscode.l10n));
  return false;
}

/** Whether a command was called on a tree item; the palette and other extensions may hand in anything */
export function isTreeNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'folder' in value && typeof value.folder === 'string';
}
