import type { Decision, Mode } from '../../core/decision.ts';
import type { Rule, RuleScope } from '../../core/rules/rule.ts';
import { visible } from '../../core/visible.ts';
import type { Entry, RecordedEntry } from '../../gate/entry.ts';
import type { Approval, Problem, StoredState } from '../../gate/ports.ts';
import { promptText } from '../../gate/promptText.ts';
import { itemKinds, type ItemKind } from '../contributions.ts';
import { fromFolder, shownActionTarget, shownScope, shownTarget } from '../fromFolder.ts';
import type { Words } from '../../gate/words.ts';
import { said } from '../said.ts';

export type DecisionEntry = Extract<Entry, { type: 'decision' }>;

/** What the tree shows of one folder */
export interface FolderSnapshot {
  /** Absolute path; which folder a command acts on */
  readonly path: string;
  readonly name: string;
  readonly state: StoredState;
  readonly pending: readonly Approval[];
  /** Newest first */
  readonly decisions: readonly RecordedEntry[];
  /** Sessions with "approve all" on */
  readonly approvingAll: readonly string[];
  readonly trusted: boolean;
}

/** What a tree item stands for, for the commands of its menu */
export type Subject =
  | { readonly type: 'approval'; readonly approval: Approval }
  | { readonly type: 'rule'; readonly rule: Rule }
  | { readonly type: 'decision'; readonly entry: DecisionEntry }
  | { readonly type: 'problem'; readonly problem: Problem }
  | { readonly type: 'approveAll'; readonly session: string };

/** One item of the tree, without the editor's types, so that tests can read it */
export interface TreeNode {
  readonly id: string;
  readonly label: string;
  readonly kind: ItemKind;
  readonly icon: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly children?: readonly TreeNode[];
  readonly expanded?: boolean;
  /** Absolute path of the workspace folder */
  readonly folder: string;
  readonly subject?: Subject;
}

/** Newest decisions shown (the rest is in the record) */
export const mostDecisions = 50;

/**
 * The whole tree: the groups of the only folder, or one item a folder where several are open. Empty where there is nothing yet, so
 * that the view's welcome says what to do
 */
export function treeNodes(folders: readonly FolderSnapshot[], words: Words): readonly TreeNode[] {
  if (folders.every(isBlank)) return [];
  const [only] = folders;
  if (folders.length === 1 && only !== undefined) return folderGroups(only, words);
  return folders.map((folder) => ({
    id: folder.path, label: folder.name, kind: itemKinds.folder, icon: 'root-folder', folder: folder.path, expanded: true,
    description: modeName(folder.state.settings.mode, words), children: folderGroups(folder, words),
  }));
}

function isBlank({ state, pending, decisions, approvingAll }: FolderSnapshot): boolean {
  const { workspaceRules, profileRules, managedRules, manifest, problems, closedBecause } = state;
  return closedBecause === undefined && [workspaceRules, profileRules, managedRules, manifest.rules, problems, pending, decisions, approvingAll].every(({ length }) => length === 0);
}

function folderGroups(folder: FolderSnapshot, l10n: Words): readonly TreeNode[] {
  const { state } = folder;
  const group = (id: string, label: string, icon: string, children: readonly TreeNode[], more: Partial<TreeNode> = {}): TreeNode => ({
    // The editor remembers an item without children as closed; one that gets some is another item, and open
    id: `${folder.path}#${id}${children.length === 0 ? '#empty' : ''}`, label, icon, kind: itemKinds.group, folder: folder.path, children,
    description: children.length === 0 ? l10n.t('none') : String(children.length), expanded: children.length > 0, ...more,
  });
  const rule = (kind: ItemKind) => (each: Rule): TreeNode => ruleNode(each, kind, folder, l10n);
  const problems = state.closedBecause === undefined ? state.problems : [state.closedBecause, ...state.problems.filter((problem) => problem !== state.closedBecause)];
  const sessionRules = state.workspaceRules.filter((each) => each.source === 'session');
  const workspaceRules = state.workspaceRules.filter((each) => each.source !== 'session');
  const { manifest } = state;
  return [
    ...(problems.length === 0 ? [] : [group('problems', l10n.t('Problems'), 'warning', problems.map((problem, index) => problemNode(problem, index, folder)))]),
    group('pending', l10n.t('Pending approvals'), 'bell', folder.pending.map((approval) => approvalNode(approval, folder, l10n))),
    group('session', l10n.t('Session grants'), 'history', [
      ...folder.approvingAll.map((session): TreeNode => ({
        id: `${folder.path}#all:${session}`, label: l10n.t('Approve all: {0}', sessionName(session)), icon: 'pass-filled', kind: itemKinds.approveAll, folder: folder.path,
        description: l10n.t('commands and network reads'), tooltip: l10n.t('Commands and plain network reads of this session are allowed without asking, until you stop it or the window closes.'),
        subject: { type: 'approveAll', session },
      })),
      ...sessionRules.map(rule(itemKinds.sessionRule)),
    ]),
    group('workspace', l10n.t('Workspace rules'), 'folder-library', workspaceRules.map(rule(itemKinds.workspaceRule)), { kind: itemKinds.ruleGroup }),
    ...(manifest.rules.length === 0 ? [] : [group('repository', l10n.t('Repository rules'), 'repo', manifest.rules.map(rule(itemKinds.repositoryRule)), {
      kind: itemKinds.repositoryGroup, ...repositoryState(folder, l10n),
    })]),
    group('profile', l10n.t('Profile rules'), 'account', state.profileRules.map(rule(itemKinds.profileRule)), { kind: itemKinds.ruleGroup }),
    ...(state.managedRules.length === 0 ? [] : [group('managed', l10n.t('Managed rules'), 'organization', state.managedRules.map(rule(itemKinds.managedRule)))]),
    group('recent', l10n.t('Recent decisions'), 'list-unordered', decisionNodes(folder, l10n), { expanded: false }),
  ];
}

function repositoryState(folder: FolderSnapshot, l10n: Words): Pick<TreeNode, 'description' | 'tooltip'> {
  const { manifest } = folder.state;
  const allows = manifest.rules.filter((rule) => rule.effect === 'allow').length;
  if (allows === 0) return {};
  if (!folder.trusted) return { description: l10n.t('allows are off: folder not trusted'), tooltip: l10n.t('Trust this folder and review the rules to let its allow rules count. Its ask and deny rules count already.') };
  if (!manifest.reviewed) return { description: l10n.t('not reviewed: allows are off'), tooltip: l10n.t('Review the rules to let the {0} allow rules count. The ask and deny rules count already.', allows) };
  return { description: l10n.t('reviewed'), tooltip: l10n.t('You reviewed exactly this file. When it changes, its allow rules stop until you review it again.') };
}

function approvalNode(approval: Approval, folder: FolderSnapshot, l10n: Words): TreeNode {
  const text = promptText(approval, l10n);
  const target = shownTarget(approval, folder.path, l10n);
  return {
    id: `${folder.path}#approval:${approval.id}`, label: target, description: text.actor, tooltip: [text.title, target, ...text.why].join('\n'),
    icon: 'question', kind: itemKinds.pending, folder: folder.path, subject: { type: 'approval', approval },
  };
}

function ruleNode(rule: Rule, kind: ItemKind, folder: FolderSnapshot, l10n: Words): TreeNode {
  const scope = shownScope(rule.scope, folder.path, l10n);
  const ends = [
    ...(rule.expiresAt === undefined ? [] : [l10n.t('until {0}', new Date(rule.expiresAt).toLocaleString())]),
    ...(rule.usesLeft === undefined ? [] : [l10n.t('{0} uses left', rule.usesLeft)]),
  ].join(', ');
  const effect = effectName(rule.effect, l10n);
  const { text, what } = shortScope(rule.scope, folder.path, l10n);
  return {
    id: `${folder.path}#rule:${kind}:${rule.id}`, label: text, description: [effect, what, ends].filter((part) => part !== '').join(', '),
    tooltip: [l10n.t('{0}: {1}', effect, scope), ...(rule.reason === undefined ? [] : [visible(rule.reason)])].join('\n'),
    icon: effectIcon(rule.effect), kind, folder: folder.path, subject: { type: 'rule', rule },
  };
}

/** A scope for a narrow column: what it is about first, what kind of thing that is after it; safe to show */
function shortScope(scope: RuleScope, folder: string, l10n: Words): { readonly text: string; readonly what: string } {
  const tool = (name: string | undefined): string => visible(name ?? l10n.t('any tool'));
  switch (scope.kind) {
    case 'command_prefix': return { text: visible(scope.prefix), what: l10n.t('command') };
    case 'path': return { text: visible(fromFolder(scope.path, folder)), what: tool(scope.toolName) };
    case 'domain': return { text: visible(scope.domain), what: tool(scope.toolName ?? (scope.toolPrefix === undefined ? undefined : `${scope.toolPrefix}*`)) };
    case 'mcp_server': return { text: visible(scope.serverName), what: scope.toolName === undefined ? l10n.t('MCP server') : visible(scope.toolName) };
    case 'tool': return { text: visible(scope.toolName), what: l10n.t('tool') };
  }
}

function decisionNodes(folder: FolderSnapshot, l10n: Words): readonly TreeNode[] {
  return folder.decisions.flatMap((recorded): TreeNode[] => {
    const { entry } = recorded;
    if (entry.type !== 'decision') return [];
    const target = decisionTarget(entry, folder.path);
    const time = new Date(recorded.at).toLocaleTimeString();
    return [{
      id: `${folder.path}#decision:${recorded.sequence}`, label: target, description: `${effectName(entry.decision, l10n)}, ${time}`,
      tooltip: [`${effectName(entry.decision, l10n)}: ${target}`, said(entry.reason.summary, l10n), settledBy(entry, l10n)].join('\n'),
      icon: effectIcon(entry.decision), kind: itemKinds.decision, folder: folder.path, subject: { type: 'decision', entry },
    }];
  }).slice(0, mostDecisions);
}

/** What a recorded decision was about; safe to show */
export function decisionTarget({ actions, request }: DecisionEntry, folder: string): string {
  const [first] = actions;
  return first === undefined ? visible(request.tool) : shownActionTarget(first, folder);
}

/** How a recorded decision came about, in a few words */
export function settledBy(entry: DecisionEntry, l10n: Words): string {
  switch (entry.settledBy) {
    case 'policy': return l10n.t('Decided by the policy');
    case 'person': return l10n.t('Answered by you');
    case 'timeout': return l10n.t('Nobody answered in time');
    case 'withdrawn': return l10n.t('The agent took it back');
    case 'failure': return l10n.t('Denied because something failed');
  }
}

function problemNode(problem: Problem, index: number, folder: FolderSnapshot): TreeNode {
  return {
    id: `${folder.path}#problem:${index}:${problem.code}`, label: visible(problem.message), tooltip: visible(problem.message), icon: 'warning',
    kind: isDoubt(problem) ? itemKinds.doubt : itemKinds.problem, folder: folder.path, subject: { type: 'problem', problem },
  };
}

/** The problem that says that the history was cut or changed, if there is one */
export function doubtOf(problems: readonly Problem[]): Problem | undefined {
  return problems.find(isDoubt);
}

function isDoubt(problem: Problem): boolean {
  return problem.code.startsWith('history_') || problem.code === 'anchor_missing';
}

/** A session id as people read it: the agent's name */
export function sessionName(session: string): string {
  const [kind = '', name = ''] = session.split('/');
  return visible(decoded(name) || decoded(kind) || session);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

export function effectName(effect: Decision, l10n: Words): string {
  return { allow: l10n.t('Allow'), ask: l10n.t('Ask'), deny: l10n.t('Deny') }[effect];
}

/** Shape tells the effect, so that colour is never needed to */
export function effectIcon(effect: Decision): string {
  return { allow: 'check', ask: 'question', deny: 'circle-slash' }[effect];
}

/** A mode as people read it */
export function modeName(mode: Mode, l10n: Words): string {
  return {
    default: l10n.t('Default'), plan: l10n.t('Plan'), accept_edits: l10n.t('Accept Edits'), dangerous_only: l10n.t('Dangerous Only'),
    dont_ask: l10n.t("Don't Ask"), bypass_permissions: l10n.t('Bypass Permissions'),
  }[mode];
}

/** What a mode does, one line (spec 6) */
export function modeEffect(mode: Mode, l10n: Words): string {
  return {
    default: l10n.t('Reads in the workspace run. Everything else asks.'),
    plan: l10n.t('Only reads run. Everything else is denied.'),
    accept_edits: l10n.t('Writes in the workspace run too. Commands, deletes and exports ask.'),
    dangerous_only: l10n.t('Writes and known read or test commands run. Other commands, deletes and exports ask.'),
    dont_ask: l10n.t('Almost everything runs. Exports, location and commands that cannot be read ask.'),
    bypass_permissions: l10n.t('Like Don’t Ask, and ask rules are skipped. Deny rules and guardrails hold.'),
  }[mode];
}
