import * as vscode from 'vscode';
import type { Decision } from '../../core/decision.ts';
import type { RuleScope } from '../../core/rules/rule.ts';
import type { Faces } from '../faces.ts';
import { decisionTarget, effectName, mostDecisions, type DecisionEntry, type TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder } from './choose.ts';

/** Copies a decision, or a rule, as JSON in the form that `permissions.json` holds */
export async function copyDecisionAsRule({ folders }: Faces, node?: TreeNode): Promise<void> {
  const rule = node?.subject?.type === 'rule' ? node.subject.rule : await ruleOf(folders, node);
  if (rule === undefined) return;
  await vscode.env.clipboard.writeText(JSON.stringify({ effect: rule.effect, scope: rule.scope }, undefined, 2));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied as a rule. Paste it into permissions.json or a policy file.'), 5_000);
}

async function ruleOf(folders: Faces['folders'], node: TreeNode | undefined): Promise<{ effect: Decision; scope: RuleScope } | undefined> {
  const entry = node?.subject?.type === 'decision' ? node.subject.entry : await chooseDecision(folders);
  if (entry === undefined) return undefined;
  if (entry.scope === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This decision stands for one request only; no rule would hold for it.'));
    return undefined;
  }
  return { effect: entry.decision, scope: entry.scope };
}

async function chooseDecision(folders: Faces['folders']): Promise<DecisionEntry | undefined> {
  const folder = await chooseFolder(folders);
  if (folder === undefined) return undefined;
  const recorded = await folder.store.history({ types: ['decision'], limit: mostDecisions });
  const items = recorded.flatMap(({ at, entry }) => entry.type !== 'decision' ? [] : [{
    label: decisionTarget(entry, folder.path), description: `${effectName(entry.decision, vscode.l10n)}, ${new Date(at).toLocaleTimeString()}`, entry,
  }]);
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Copy Decision as Rule'), placeHolder: vscode.l10n.t('Which decision?') }))?.entry;
}
