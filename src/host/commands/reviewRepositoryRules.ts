import * as vscode from 'vscode';
import type { Rule } from '../../core/rules/rule.ts';
import type { Faces } from '../faces.ts';
import type { OpenFolder } from '../folders.ts';
import { shownScope } from '../fromFolder.ts';
import { plainLabel } from '../plainLabel.ts';
import { coveredRequests, recentRequests } from '../prompt/coverage.ts';
import { effectIcon, effectName, type TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder, told } from './choose.ts';

/** Shows what each rule of the repository would do, then lets its allow rules count if the person says so (spec 2) */
export async function reviewRepositoryRules({ folders }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Trust this folder first. Its ask and deny rules count already.'));
    return;
  }
  // Taken once: what is confirmed is what was shown, or the gate refuses
  const { hash, rules, reviewed } = folder.store.state.manifest;
  const allows = rules.filter((rule) => rule.effect === 'allow');
  if (hash === undefined || allows.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('The repository has no allow rules, so there is nothing to review.'));
    return;
  }
  if (await confirmed(folder, allows, rules.filter((rule) => rule.effect !== 'allow'), reviewed) && told(await folder.gate.reviewManifest(hash, 'editor'))) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('The repository’s rules count now.'), 5_000);
  }
}

async function confirmed(folder: OpenFolder, allows: readonly Rule[], others: readonly Rule[], reviewed: boolean): Promise<boolean> {
  const recent = await recentRequests(folder);
  const row = (rule: Rule): vscode.QuickPickItem => ({
    label: `$(${effectIcon(rule.effect)}) ${effectName(rule.effect, vscode.l10n)}: ${plainLabel(shownScope(rule.scope, folder.path, vscode.l10n))}`,
    description: vscode.l10n.t('fits {0} of the last {1} requests', coveredRequests(rule.scope, recent, folder), recent.length),
    ...(rule.reason === undefined ? {} : { detail: plainLabel(rule.reason) }),
  });
  const later: vscode.QuickPickItem = { label: vscode.l10n.t('Not now'), description: vscode.l10n.t('the allow rules stay off') };
  const yes: vscode.QuickPickItem = { label: vscode.l10n.t('I have read them: let them count'), description: vscode.l10n.t('until the file changes') };
  const line = (label: string): vscode.QuickPickItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const chosen = await vscode.window.showQuickPick(
    [
      ...(reviewed ? [] : [later, yes]),
      line(vscode.l10n.t('Would be allowed without asking')), ...allows.map(row),
      ...(others.length === 0 ? [] : [line(vscode.l10n.t('Count already')), ...others.map(row)]),
    ],
    {
      title: vscode.l10n.t('Repository Rules of {0}', folder.name), ignoreFocusOut: true,
      placeHolder: reviewed ? vscode.l10n.t('You reviewed exactly this file; these rules count') : vscode.l10n.t('Anyone who can change the repository wrote these. Read them, then choose.'),
    },
  );
  return chosen === yes;
}
