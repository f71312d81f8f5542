import type { ActionKind, NetworkAction } from '../core/action.ts';
import type { Answer, EvaluatedAction } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import { previewScope } from '../core/rules/ruleScope.ts';
import { canonicalToolName } from '../core/describe/tools/catalogue.ts';
import { visible } from '../core/visible.ts';
import { readAnswer } from './answering.ts';
import type { Approval } from './ports.ts';

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

/** The texts of a prompt for an open question */
export function promptText(approval: Approval): PromptText {
  const { request, evaluation } = approval;
  const asking = evaluation.actions.filter((evaluated) => evaluated.decision === 'ask');
  const actor = actorName(request);
  const verb = verbOf(request, asking);
  const whole = wholeTarget(request, asking);
  const target = cutMiddle(whole);
  const facts = exportFacts(asking, approval);
  return {
    title: `${actor} wants to ${verb}`,
    actor,
    verb,
    target,
    ...(target === visible(whole) ? {} : { full: visible(whole) }),
    why: [...(facts === undefined ? [] : [exportSentence(facts)]), ...reasons(approval, asking)],
    rules: rulePreviews(evaluation.suggestions, asking),
    answers: evaluation.suggestions,
    ...(facts === undefined ? {} : { exportFacts: facts }),
    mayApproveAll: approval.mayApproveAll === true,
  };
}

/** Who asks, by name */
export function actorName({ actor }: Request): string {
  const name = visible(actor?.name?.trim() ?? '').slice(0, 60);
  const helper = visible(actor?.subAgent?.trim() ?? '').slice(0, 60);
  if (name !== '') return helper === '' ? name : `${name} (${helper})`;
  return actor?.kind === 'channel' ? 'A channel' : actor?.kind === 'user' ? 'A user' : 'An agent';
}

/** Verb of one kind of action, for one thing and for several; then what a command is said to do */
const verbs: Readonly<Record<ActionKind, readonly [one: string, several: string, command: string]>> = {
  export: ['send data out', 'send data out', 'that sends data out'],
  delete: ['delete a file', 'delete files', 'that deletes files'],
  locate: ['know where you are', 'know where you are', 'that tells where you are'],
  exec: ['run a command', 'run a command', ''],
  unknown: ['use an unknown tool', 'use an unknown tool', 'that uses an unknown tool'],
  external: ['use an outside service', 'use outside services', 'that uses an outside service'],
  mcp: ['use an MCP tool', 'use MCP tools', 'that uses an MCP tool'],
  interact: ['use your screen, clipboard or applications', 'use your screen, clipboard or applications', 'that uses your applications'],
  write: ['change a file', 'change files', 'that changes files'],
  fetch: ['read from the network', 'read from the network', 'that reads from the network'],
  read: ['read a file', 'read files', 'that reads files'],
};
/** Tools that one word says better than the kinds of their actions */
const toolVerbs: ReadonlyMap<string, string> = new Map([
  ['rename_file', 'rename a file'], ['move_file', 'move a file'], ['copy_file', 'copy a file'], ['create_directory', 'make a folder'], ['organize_folder', 'move files about'],
]);
/** The graver a kind, the earlier it names the request */
const gravest: readonly ActionKind[] = ['export', 'delete', 'locate', 'exec', 'unknown', 'external', 'mcp', 'interact', 'write', 'fetch', 'read'];

function verbOf(request: Request, asking: readonly EvaluatedAction[]): string {
  const kinds = asking.map((evaluated) => evaluated.action.kind);
  const kind = gravest.find((each) => kinds.includes(each)) ?? 'unknown';
  const [one, several, command] = verbs[kind];
  if (commandText(request) !== undefined) return `run a command ${command}`.trimEnd();
  const own = kind === 'write' || kind === 'delete' ? toolVerbs.get(canonicalToolName(request.tool)) : undefined;
  if (own !== undefined) return own;
  return kinds.filter((each) => each === kind).length > 1 ? several : one;
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
function cutMiddle(text: string): string {
  const characters = [...text];
  if (characters.length <= longestTarget) return visible(text);
  const head = characters.slice(0, longestTarget - keptAtEnd).join('');
  const tail = characters.slice(-keptAtEnd).join('');
  return `${visible(head)} … ${characters.length - longestTarget} more characters … ${visible(tail)}`;
}

function reasons(approval: Approval, asking: readonly EvaluatedAction[]): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const evaluated of asking) {
    const line = reasonLine(evaluated);
    lines.set(line, [...(lines.get(line) ?? []), evaluated.action.target]);
  }
  const all = [...lines].map(([line, targets]) => (lines.size > 1 ? `${line} (${targetList(targets)})` : line));
  const shown = all.length > mostReasons ? [...all.slice(0, mostReasons), `And ${all.length - mostReasons} more reasons.`] : all;
  const odd = asking.flatMap(({ action }) => [
    ...('marks' in action ? (action.marks ?? []) : []),
    ...(action.uncertain === undefined ? [] : [action.uncertain]),
  ]);
  const secrets = approval.recentReads.filter((read) => read.why === 'secret').map((read) => read.path);
  const held = secrets.length === 0 ? [] : [`This session has read what may be secret: ${targetList(secrets)}.`];
  const more = [...scriptLines(approval.evaluation.actions, asking), ...held, ...new Set(odd.map(visible))].filter((line) => !shown.includes(line)).slice(0, mostReasons);
  return shown.length + more.length === 0 ? [visible(approval.evaluation.reason.summary)] : [...shown, ...more];
}

/** Texts of the package scripts that run, and what stood there when a rule allowed them */
function scriptLines(actions: readonly EvaluatedAction[], asking: readonly EvaluatedAction[]): readonly string[] {
  const scripts = new Set<string>();
  const before = new Set<string>();
  for (const { action, changedScript } of asking) {
    const command = action.kind === 'exec' || action.owner === undefined ? action : actions[action.owner]?.action;
    if (command?.kind === 'exec' && command.script !== undefined) scripts.add(command.script);
    if (changedScript?.before !== undefined) before.add(changedScript.before);
  }
  return [...[...before].map((text) => `Allowed was: ${scriptText(text)}`), ...[...scripts].map((text) => `Script: ${scriptText(text)}`)];
}

function scriptText(text: string): string {
  return cutMiddle(text.replaceAll('\n', '; '));
}

function reasonLine({ reason }: EvaluatedAction): string {
  return visible(reason.type === 'guardrail' && reason.pattern !== undefined ? `Protected: ${reason.summary}` : reason.summary);
}

function targetList(targets: readonly string[]): string {
  const [first = '', ...rest] = targets;
  const short = [...first].length > 60 ? `${[...first].slice(0, 59).join('')}…` : first;
  return rest.length === 0 ? visible(short) : `${visible(short)} and ${rest.length} more`;
}

function rulePreviews(offered: readonly Answer[], asking: readonly EvaluatedAction[]): Partial<Record<Answer, string>> {
  const scopes = asking.flatMap((evaluated) => (evaluated.remember === undefined ? [] : [previewScope(evaluated.remember)]));
  const text = cutMiddle([...new Set(scopes)].join(', '));
  return Object.fromEntries(offered.filter((answer) => readAnswer(answer).reach !== 'once').map((answer) => [answer, text]));
}

function exportFacts(asking: readonly EvaluatedAction[], approval: Approval): ExportFacts | undefined {
  const exports = asking.flatMap(({ action }) => (action.kind === 'export' ? [action] : []));
  const [first] = exports;
  if (first === undefined) return undefined;
  const destinations = [...new Set(exports.map(destination))];
  return {
    destination: destinations.join(', '),
    ...each('method', exports, (action) => action.method),
    ...each('provider', exports, (action) => (action.host === undefined ? undefined : action.provider)),
    ...each('source', exports, (action) => action.source),
    recentReads: approval.recentReads.map((read) => `${visible(read.path)} (${read.why === 'secret' ? 'secret' : 'from outside'})`),
  };
}

/** What leaves, how and where to, in one sentence; the sources read before stand in a line of their own */
function exportSentence({ destination, method, provider, source }: ExportFacts): string {
  const how = method === undefined ? '' : ` by ${method}`;
  const through = provider === undefined ? '' : ` (${provider})`;
  return `Sends ${source ?? 'data'} to ${destination}${through}${how}.`;
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
