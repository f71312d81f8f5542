import type { ActionKind, NetworkAction } from '../core/action.ts';
import type { Answer, EvaluatedAction } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import { previewScope } from '../core/rules/ruleScope.ts';
import { canonicalToolName } from '../core/describe/tools/catalogue.ts';
import { visible } from '../core/visible.ts';
import { readAnswer } from './answering.ts';
import type { UsedUp } from './budgets.ts';
import { moreText, usedUpLines } from './budgetText.ts';
import type { Approval } from './ports.ts';
import { english, type Words } from './words.ts';

/** Characters of a target that a prompt shows before it cuts the middle out */
const longestTarget = 200;
const keptAtEnd = 70;
const mostReasons = 4;

/** Everything a prompt says about an approval, in any face; all of it is safe to show */
export interface PromptText {
  /** Example: `Claude Code wants to run a command` */
  readonly title: string;
  readonly actor: string;
  /** Example: `run a command` */
  readonly verb: string;
  /** What it is about, cut in the middle where it is long */
  readonly target: string;
  /** The whole target, where `target` is cut or leaves some out */
  readonly full?: string;
  /** Why it asks, one sentence each, most serious first */
  readonly why: readonly string[];
  /** For each lasting answer: what the rules it writes cover */
  readonly rules: Readonly<Partial<Record<Answer, string>>>;
  readonly answers: readonly Answer[];
  /** Where data goes, for an export (spec 7) */
  readonly exportFacts?: ExportFacts;
  /** "Approve all for this session" would answer this one */
  readonly mayApproveAll: boolean;
  /** What answers are called where they mean something of their own */
  readonly answerNames?: Readonly<Partial<Record<Answer, string>>>;
}

export interface ExportFacts {
  readonly destination: string;
  readonly method?: string;
  readonly provider?: string;
  /** File whose bytes leave */
  readonly source?: string;
  /** Sensitive and untrusted files read in this session, newest first */
  readonly recentReads: readonly string[];
}

/**
 * The texts of a prompt for an open question
 *
 * @param words says them in the person's language; English unless told
 */
export function promptText(approval: Approval, words: Words = english): PromptText {
  const { request, evaluation, budget } = approval;
  if (budget !== undefined) return budgetPrompt(approval, budget, words);
  const asking = evaluation.actions.filter((evaluated) => evaluated.decision === 'ask');
  const actor = actorName(request, words);
  const verb = verbOf(request, asking, words);
  const whole = wholeTarget(request, asking);
  const target = cutMiddle(whole, words);
  const facts = exportFacts(asking, approval, words);
  return {
    title: words.t('{0} wants to {1}', actor, verb),
    actor,
    verb,
    target,
    ...(target === visible(whole) ? {} : { full: visible(whole) }),
    why: [...(facts === undefined ? [] : [exportSentence(facts, words)]), ...reasons(approval, asking, words)],
    rules: rulePreviews(evaluation.suggestions, asking, words),
    answers: evaluation.suggestions,
    ...(facts === undefined ? {} : { exportFacts: facts }),
    mayApproveAll: approval.mayApproveAll === true,
  };
}

/** The texts of a question whether a task gets more of its budget */
function budgetPrompt({ request, evaluation, askedAt }: Approval, budget: UsedUp, words: Words): PromptText {
  const actor = actorName(request, words);
  const more = moreText(budget.more, words);
  return {
    title: words.t('{0} has used up its budget', actor),
    actor,
    verb: words.t('go on'),
    target: more,
    why: usedUpLines(budget, askedAt, words),
    rules: {},
    answers: evaluation.suggestions,
    mayApproveAll: false,
    answerNames: { allow_once: words.t('Give it {0}', more), deny_once: words.t('Stop this task') },
  };
}

/** Who asks, by name */
export function actorName({ actor }: Request, words: Words = english): string {
  const name = visible(actor?.name?.trim() ?? '').slice(0, 60);
  const helper = visible(actor?.subAgent?.trim() ?? '').slice(0, 60);
  if (name !== '') return helper === '' ? name : `${name} (${helper})`;
  return actor?.kind === 'channel' ? words.t('A channel') : actor?.kind === 'user' ? words.t('A user') : words.t('An agent');
}

/** The graver a kind, the earlier it names the request */
const gravest: readonly ActionKind[] = ['export', 'delete', 'locate', 'exec', 'unknown', 'external', 'mcp', 'interact', 'write', 'fetch', 'read'];

function verbOf(request: Request, asking: readonly EvaluatedAction[], words: Words): string {
  const kinds = asking.map((evaluated) => evaluated.action.kind);
  const kind = gravest.find((each) => kinds.includes(each)) ?? 'unknown';
  if (commandText(request) !== undefined) return commandVerb(kind, words);
  const own = kind === 'write' || kind === 'delete' ? toolVerb(canonicalToolName(request.tool), words) : undefined;
  return own ?? kindVerb(kind, kinds.filter((each) => each === kind).length > 1, words);
}

/** What is done, for one kind of action */
function kindVerb(kind: ActionKind, several: boolean, words: Words): string {
  switch (kind) {
    case 'export': return words.t('send data out');
    case 'delete': return several ? words.t('delete files') : words.t('delete a file');
    case 'locate': return words.t('know where you are');
    case 'exec': return words.t('run a command');
    case 'unknown': return words.t('use an unknown tool');
    case 'external': return several ? words.t('use outside services') : words.t('use an outside service');
    case 'mcp': return several ? words.t('use MCP tools') : words.t('use an MCP tool');
    case 'interact': return words.t('use your screen, clipboard or applications');
    case 'write': return several ? words.t('change files') : words.t('change a file');
    case 'fetch': return words.t('read from the network');
    case 'read': return several ? words.t('read files') : words.t('read a file');
  }
}

/** What a command does besides running */
function commandVerb(kind: ActionKind, words: Words): string {
  switch (kind) {
    case 'export': return words.t('run a command that sends data out');
    case 'delete': return words.t('run a command that deletes files');
    case 'locate': return words.t('run a command that tells where you are');
    case 'exec': return words.t('run a command');
    case 'unknown': return words.t('run a command that uses an unknown tool');
    case 'external': return words.t('run a command that uses an outside service');
    case 'mcp': return words.t('run a command that uses an MCP tool');
    case 'interact': return words.t('run a command that uses your applications');
    case 'write': return words.t('run a command that changes files');
    case 'fetch': return words.t('run a command that reads from the network');
    case 'read': return words.t('run a command that reads files');
  }
}

/** Tools that one word says better than the kinds of their actions */
function toolVerb(tool: string, words: Words): string | undefined {
  switch (tool) {
    case 'rename_file': return words.t('rename a file');
    case 'move_file': return words.t('move a file');
    case 'copy_file': return words.t('copy a file');
    case 'create_directory': return words.t('make a folder');
    case 'organize_folder': return words.t('move files about');
    default: return undefined;
  }
}

/** The command of a shell request as it was asked */
export function commandText({ input }: Request): string | undefined {
  for (const key of ['command', 'cmd', 'script'] as const) {
    const value = input?.[key];
    if (typeof value === 'string' && value !== '') return value;
    if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')) return value.join(' ');
  }
  return undefined;
}

function wholeTarget(request: Request, asking: readonly EvaluatedAction[]): string {
  const command = commandText(request);
  if (command !== undefined) return command;
  const targets = [...new Set(asking.map((evaluated) => evaluated.action.target))].filter((target) => target !== '');
  if (targets.length === 0) return request.server === undefined ? request.tool : `${request.server}: ${request.tool}`;
  return targets.join(', ');
}

/**
 * Long text with its middle taken out and counted; start and end stay, since both tell what runs. Cut before hidden
 * characters are made visible, so that no escape is torn.
 */
function cutMiddle(text: string, words: Words): string {
  const characters = [...text];
  if (characters.length <= longestTarget) return visible(text);
  const head = characters.slice(0, longestTarget - keptAtEnd).join('');
  const tail = characters.slice(-keptAtEnd).join('');
  return `${visible(head)} … ${words.t('{0} more characters', characters.length - longestTarget)} … ${visible(tail)}`;
}

function reasons(approval: Approval, asking: readonly EvaluatedAction[], words: Words): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const evaluated of asking) {
    const line = reasonLine(evaluated, words);
    lines.set(line, [...(lines.get(line) ?? []), evaluated.action.target]);
  }
  const all = [...lines].map(([line, targets]) => (lines.size > 1 ? `${line} (${targetList(targets, words)})` : line));
  const shown = all.length > mostReasons ? [...all.slice(0, mostReasons), words.t('And {0} more reasons.', all.length - mostReasons)] : all;
  const odd = asking.flatMap(({ action }) => [
    ...('marks' in action ? (action.marks ?? []) : []),
    ...(action.uncertain === undefined ? [] : [action.uncertain]),
  ]);
  const secrets = approval.recentReads.filter((read) => read.why === 'secret').map((read) => read.path);
  const held = secrets.length === 0 ? [] : [words.t('This session has read what may be secret: {0}.', targetList(secrets, words))];
  const more = [...scriptLines(approval.evaluation.actions, asking, words), ...held, ...new Set(odd.map(visible))].filter((line) => !shown.includes(line)).slice(0, mostReasons);
  return shown.length + more.length === 0 ? [visible(words.said?.(approval.evaluation.reason.summary) ?? approval.evaluation.reason.summary)] : [...shown, ...more];
}

/** Texts of the package scripts that run, and what stood there when a rule allowed them */
function scriptLines(actions: readonly EvaluatedAction[], asking: readonly EvaluatedAction[], words: Words): readonly string[] {
  const scripts = new Set<string>();
  const before = new Set<string>();
  for (const { action, changedScript } of asking) {
    const command = action.kind === 'exec' || action.owner === undefined ? action : actions[action.owner]?.action;
    if (command?.kind === 'exec' && command.script !== undefined) scripts.add(command.script);
    if (changedScript?.before !== undefined) before.add(changedScript.before);
  }
  return [...[...before].map((text) => words.t('Allowed was: {0}', scriptText(text, words))), ...[...scripts].map((text) => words.t('Script: {0}', scriptText(text, words)))];
}

function scriptText(text: string, words: Words): string {
  return cutMiddle(text.replaceAll('\n', '; '), words);
}

function reasonLine({ reason }: EvaluatedAction, words: Words): string {
  const summary = words.said?.(reason.summary) ?? reason.summary;
  return visible(reason.type === 'guardrail' && reason.pattern !== undefined ? words.t('Protected: {0}', summary) : summary);
}

function targetList(targets: readonly string[], words: Words): string {
  const [first = '', ...rest] = targets;
  const short = [...first].length > 60 ? `${[...first].slice(0, 59).join('')}…` : first;
  return rest.length === 0 ? visible(short) : words.t('{0} and {1} more', visible(short), rest.length);
}

function rulePreviews(offered: readonly Answer[], asking: readonly EvaluatedAction[], words: Words): Partial<Record<Answer, string>> {
  const scopes = asking.flatMap((evaluated) => (evaluated.remember === undefined ? [] : [previewScope(evaluated.remember)]));
  const text = cutMiddle([...new Set(scopes)].join(', '), words);
  return Object.fromEntries(offered.filter((answer) => readAnswer(answer).reach !== 'once').map((answer) => [answer, text]));
}

function exportFacts(asking: readonly EvaluatedAction[], approval: Approval, words: Words): ExportFacts | undefined {
  const exports = asking.flatMap(({ action }) => (action.kind === 'export' ? [action] : []));
  const [first] = exports;
  if (first === undefined) return undefined;
  const destinations = [...new Set(exports.map(destination))];
  return {
    destination: destinations.join(', '),
    ...each('method', exports, (action) => action.method),
    ...each('provider', exports, (action) => (action.host === undefined ? undefined : action.provider)),
    ...each('source', exports, (action) => action.source),
    recentReads: approval.recentReads.map((read) => `${visible(read.path)} (${read.why === 'secret' ? words.t('secret') : words.t('from outside')})`),
  };
}

/** What leaves, how and where to, in one sentence; the sources read before stand in a line of their own */
function exportSentence({ destination, method, provider, source }: ExportFacts, words: Words): string {
  const what = source ?? words.t('data');
  const where = `${destination}${provider === undefined ? '' : ` (${provider})`}`;
  return method === undefined ? words.t('Sends {0} to {1}.', what, where) : words.t('Sends {0} to {1} by {2}.', what, where, method);
}

function each(key: 'method' | 'provider' | 'source', actions: readonly NetworkAction[], read: (action: NetworkAction) => string | undefined): { [k in typeof key]?: string } {
  const found = [...new Set(actions.flatMap((action) => read(action) ?? []))];
  return found.length === 0 ? {} : { [key]: found.map(visible).join(', ') };
}

function destination({ host, port, scheme, provider, target }: NetworkAction): string {
  if (host === undefined) return visible(provider ?? target);
  const name = host.includes(':') ? `[${host}]` : host;
  return visible(`${scheme === undefined ? '' : `${scheme}://`}${name}${port === undefined ? '' : `:${port}`}`);
}
