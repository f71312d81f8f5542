import * as vscode from 'vscode';
import type { Decision } from '../../core/decision.ts';
import type { RuleScope } from '../../core/rules/rule.ts';
import { previewScope } from '../../core/rules/ruleScope.ts';
import type { Faces } from '../faces.ts';
import { saidScope } from '../said.ts';
import { effectName, type TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder, told } from './choose.ts';

/** Writes a rule by hand: effect, kind of scope, its text, where it is kept */
export async function addRule({ folders }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  const effect = await chooseEffect();
  if (effect === undefined) return;
  const scope = await writeScope();
  if (scope === undefined) return;
  const source = await choosePlace(folder.name, node);
  if (source === undefined) return;
  if (told(await folder.gate.addRule({ source, effect, scope }, 'editor'))) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Rule added: {0} {1}', effectName(effect, vscode.l10n), saidScope(previewScope(scope), vscode.l10n)), 5_000);
  }
}

async function chooseEffect(): Promise<Decision | undefined> {
  const effects: Decision[] = ['deny', 'ask', 'allow'];
  const chosen = await vscode.window.showQuickPick(
    effects.map((effect) => ({ label: effectName(effect, vscode.l10n), effect })),
    { title: vscode.l10n.t('Add Rule (1/4)'), placeHolder: vscode.l10n.t('What should happen?'), ignoreFocusOut: true },
  );
  return chosen?.effect;
}

interface Kind {
  readonly label: string;
  readonly detail: string;
  readonly example: string;
  readonly scope: (text: string) => RuleScope;
}

function kinds(): Kind[] {
  return [
    { label: vscode.l10n.t('Command'), detail: vscode.l10n.t('The leading words of a command'), example: 'npm test', scope: (prefix) => ({ kind: 'command_prefix', prefix }) },
    { label: vscode.l10n.t('Path'), detail: vscode.l10n.t('A file, a folder with everything below, or a pattern'), example: 'src/**', scope: (path) => ({ kind: 'path', path }) },
    { label: vscode.l10n.t('Domain'), detail: vscode.l10n.t('A host, or *.example.com for any subdomain'), example: 'api.example.com', scope: (domain) => ({ kind: 'domain', domain }) },
    { label: vscode.l10n.t('Tool'), detail: vscode.l10n.t('One tool of agents, by name'), example: 'web_fetch', scope: (toolName) => ({ kind: 'tool', toolName }) },
    { label: vscode.l10n.t('MCP server'), detail: vscode.l10n.t('All tools of one server'), example: 'github', scope: (serverName) => ({ kind: 'mcp_server', serverName }) },
  ];
}

async function writeScope(): Promise<RuleScope | undefined> {
  const kind = await vscode.window.showQuickPick(kinds(), { title: vscode.l10n.t('Add Rule (2/4)'), placeHolder: vscode.l10n.t('For what?'), ignoreFocusOut: true });
  if (kind === undefined) return undefined;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add Rule (3/4): {0}', kind.label), prompt: kind.detail, placeHolder: vscode.l10n.t('For example {0}', kind.example), ignoreFocusOut: true,
    validateInput: (typed) => (typed.trim() === '' ? vscode.l10n.t('Type what the rule is for; an empty text would mean everything.') : undefined),
  });
  return text === undefined ? undefined : kind.scope(text.trim());
}

async function choosePlace(folder: string, node: TreeNode | undefined): Promise<'workspace_db' | 'profile' | undefined> {
  const [, group] = /#(workspace|profile)(?:#empty)?$/.exec(node?.id ?? '') ?? [];
  if (group !== undefined) return group === 'profile' ? 'profile' : 'workspace_db';
  const workspace = { label: vscode.l10n.t('This workspace'), detail: vscode.l10n.t('Kept in {0}, in .cowork/policy; others who clone it see it as a repository rule', folder), source: 'workspace_db' as const };
  const profile = { label: vscode.l10n.t('All my workspaces'), detail: vscode.l10n.t('Kept outside the workspace, for you alone'), source: 'profile' as const };
  const chosen = await vscode.window.showQuickPick([workspace, profile], { title: vscode.l10n.t('Add Rule (4/4)'), placeHolder: vscode.l10n.t('Where should it hold?'), ignoreFocusOut: true });
  return chosen?.source;
}
