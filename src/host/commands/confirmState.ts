import * as vscode from 'vscode';
import type { Faces } from '../faces.ts';
import { doubtOf, type TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder } from './choose.ts';

/** Lets rules and settings count again that were put aside because the history of a folder was cut or changed (spec 11) */
export async function confirmState({ folders }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  const doubt = doubtOf(folder.store.state.problems);
  if (doubt === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing was put aside in {0}.', folder.name));
    return;
  }
  const yes = vscode.l10n.t('Let Them Count Again');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Do you know why the history changed, for example a backup that you restored?'),
    { modal: true, detail: `${doubt.message}\n\n${vscode.l10n.t('Deny rules of before may be missing. If you are not sure, cancel: allow rules then stay off, and you can write them anew.')}` }, yes,
  );
  if (chosen === yes) await folder.store.confirmState('editor');
}
