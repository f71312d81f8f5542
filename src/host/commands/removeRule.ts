import * as vscode from 'vscode';
import type { Rule } from '../../core/rules/rule.ts';
import type { Faces } from '../faces.ts';
import { shownScope } from '../fromFolder.ts';
import { effectName, type TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder, told } from './choose.ts';

/** Removes a rule: the one of the tree item, or one picked from a list */
export async function removeRule({ folders }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  const { workspaceRules, profileRules } = folder.store.state;
  const rule = node?.subject?.type === 'rule' ? node.subject.rule : await chooseRule([...workspaceRules, ...profileRules], folder.path);
  if (rule === undefined) return;
  if (told(await folder.gate.removeRule(rule.id, 'editor'))) vscode.window.setStatusBarMessage(vscode.l10n.t('Rule removed: {0}', describeRule(rule, folder.path)), 5_000);
}

async function chooseRule(rules: readonly Rule[], folder: string): Promise<Rule | undefined> {
  if (rules.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('You have no rules to remove.'));
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(
    rules.map((rule) => ({ label: describeRule(rule, folder), description: sourceName(rule), rule })),
    { title: vscode.l10n.t('Remove Rule'), placeHolder: vscode.l10n.t('Which rule?') },
  );
  return chosen?.rule;
}

function describeRule(rule: Rule, folder: string): string {
  return `${effectName(rule.effect, vscode.l10n)}: ${shownScope(rule.scope, folder, vscode.l10n)}`;
}

function sourceName(rule: Rule): string {
  if (rule.source === 'session') return vscode.l10n.t('session');
  return rule.source === 'profile' ? vscode.l10n.t('all my workspaces') : vscode.l10n.t('this workspace');
}
