import * as vscode from 'vscode';
import { describe } from '../../core/describe/describe.ts';
import { explain } from '../../core/decide/explain.ts';
import type { Request } from '../../core/request.ts';
import { visible } from '../../core/visible.ts';
import type { Faces } from '../faces.ts';
import type { OpenFolder } from '../folders.ts';
import { shownActionTarget, shownScope } from '../fromFolder.ts';
import { effectName, type DecisionEntry, type TreeNode } from '../tree/treeNodes.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { chooseFolder } from './choose.ts';

/** Explains what the policy would say to a shell line or a request, without running or recording anything */
export async function explainRequest({ folders, documents }: Faces): Promise<void> {
  const folder = await chooseFolder(folders);
  if (folder === undefined) return;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Explain a Request'), prompt: vscode.l10n.t('A command, or a request as JSON. Nothing runs.'),
    placeHolder: 'git push origin main', ignoreFocusOut: true, validateInput: (typed) => asRequest(typed).problem,
  });
  const { request } = text === undefined ? {} : asRequest(text);
  if (request === undefined) return;
  await documents.show('Explanation.txt', explanation(folder, request));
}

/** Explains what a tree item stands for: a pending approval, a recorded decision, a rule */
export async function explainItem({ folders, documents }: Faces, node: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  switch (node.subject?.type) {
    case 'approval': return void (await documents.show('Explanation.txt', explanation(folder, node.subject.approval.request)));
    case 'decision': return void (await documents.show('Decision.txt', decisionText(node.subject.entry, folder.path)));
    case 'rule': return void (await documents.show('Rule.txt', ruleText(node.subject.rule, folder.path)));
    default: return;
  }
}

/** A request and how it is decided, in plain text for a document */
export function explanation(folder: OpenFolder, request: Request, evaluation = folder.gate.evaluate(request)): string {
  const reading = explain(request, describe(request, folder.surroundings), evaluation);
  return `${reading}\n\n${vscode.l10n.t('The request as it came:')}\n${visibleLines(JSON.stringify(request, undefined, 2))}\n`;
}

/** Hidden characters shown, line ends of the layout kept */
function visibleLines(text: string): string {
  return text.split('\n').map((line) => line.replace(/^ */, '').length === 0 ? line : `${/^ */.exec(line)?.[0] ?? ''}${visible(line.trimStart())}`).join('\n');
}

function decisionText(entry: DecisionEntry, folder: string): string {
  return [
    `${effectName(entry.decision, vscode.l10n)}: ${visible(entry.request.tool)}`,
    entry.reason.summary,
    ...(entry.answer === undefined ? [] : [vscode.l10n.t('Answered “{0}” by {1}', entry.answer.replace('_', ' '), visible(entry.by ?? ''))]),
    ...(entry.comment === undefined ? [] : [vscode.l10n.t('Comment: {0}', visible(entry.comment))]),
    '',
    ...entry.actions.map((action) => `${effectName(action.decision, vscode.l10n)}  ${action.kind}  ${shownActionTarget(action, folder)}\n    ${action.reason.summary}`),
    '',
    vscode.l10n.t('The request as it came:'),
    visibleLines(JSON.stringify(entry.request, undefined, 2)),
    '',
  ].join('\n');
}

function ruleText(rule: Rule, folder: string): string {
  return [
    `${effectName(rule.effect, vscode.l10n)}: ${shownScope(rule.scope, folder, vscode.l10n)}`,
    ...(rule.reason === undefined ? [] : [visible(rule.reason)]),
    vscode.l10n.t('Since {0}', new Date(rule.createdAt).toLocaleString()),
    ...(rule.expiresAt === undefined ? [] : [vscode.l10n.t('Until {0}', new Date(rule.expiresAt).toLocaleString())]),
    '',
    visibleLines(JSON.stringify(rule, undefined, 2)),
    '',
  ].join('\n');
}

/** What a person typed: JSON of a request, or else a shell line */
function asRequest(text: string): { readonly request?: Request; readonly problem?: string } {
  if (text.trim() === '') return { problem: vscode.l10n.t('Type a command or a request.') };
  if (!text.trimStart().startsWith('{')) return { request: { tool: 'run_command', input: { command: text } } };
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'tool' in parsed && typeof parsed.tool === 'string') return { request: { ...parsed, tool: parsed.tool } };
    return { problem: vscode.l10n.t('A request needs the name of a tool: {0}', '{"tool": "…"}') };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: vscode.l10n.t('This is not yet JSON: {0}', error.message) };
    throw error;
  }
}
