import type { ExecAction, NetworkAction } from '../action.ts';
import { writePrefix } from '../rules/commandWords.ts';
import type { CompiledRule } from '../rules/compiledRule.ts';
import type { DecisionContext, Subject } from './decisionContext.ts';
import { portOfScheme } from '../rules/domainText.ts';
import type { DomainText } from '../rules/domainText.ts';
import type { Answer, EvaluatedAction } from './evaluation.ts';
import { isGlob } from '../rules/globMatch.ts';
import type { Matches } from '../rules/matchRules.ts';
import { chooseRule, matchRules } from '../rules/matchRules.ts';
import type { RuleScope, RuleSource } from '../rules/rule.ts';
import { compileRule, RuleIndex } from '../rules/ruleIndex.ts';
import { normaliseScope, precedence, trustTier } from '../rules/ruleScope.ts';

/** What a lasting answer to one action would write, and for how long it could be given so that it holds the next time */
export interface Remembered {
  readonly scope: RuleScope;
  readonly lasts: ReadonlySet<Lasting>;
}

type Lasting = 'session' | 'workspace' | 'profile';

const lastingSources: readonly (readonly [Lasting, RuleSource])[] = [['session', 'session'], ['workspace', 'workspace_db'], ['profile', 'profile']];

/**
 * The scope that a lasting answer to this action would write: the first inferred one whose allow rule would answer this same
 * action the next time. Nothing for what is only answered once.
 *
 * INVARIANT: an answer that is offered holds. What would lose against a rule that stands is not offered.
 */
export function rememberFor(context: DecisionContext, subject: Subject, matches: Matches): Remembered | undefined {
  const { action } = subject;
  if (action.kind === 'locate' || action.uncertain !== undefined || (action.kind === 'exec' && action.class === 'unreadable')) return undefined;
  for (const inferred of inferScope(context, subject)) {
    const tried = inferred.kind === 'command_prefix' ? wholeTried(context, subject, inferred) : tryOut(context, subject, inferred);
    if (tried === undefined) continue;
    const lasts = lastingFor(context, subject, matches, tried);
    if (lasts.size > 0) return { scope: tried.scope, lasts };
  }
  return undefined;
}

/** An allow as it would be stored, ready to be looked up */
interface Tried {
  readonly scope: RuleScope;
  readonly rule: CompiledRule;
  readonly index: RuleIndex;
}

function tryOut(context: DecisionContext, subject: Subject, inferred: RuleScope): Tried | undefined {
  const scope = asStored(inferred, context);
  if (scope === undefined) return undefined;
  const rule = compileRule({ id: '', source: 'session', effect: 'allow', scope, createdAt: 0 }, scope, context.policy.place, ownDomain(context, subject, scope));
  return { scope, rule, index: new RuleIndex([rule]) };
}

/** Of each command, once: it may have as many effects as it has words */
const wholes = new WeakMap<DecisionContext, Map<ExecAction, Tried | undefined>>();

function wholeTried(context: DecisionContext, subject: Subject, inferred: RuleScope): Tried | undefined {
  const command = commandOf(context, subject);
  if (command === undefined) return tryOut(context, subject, inferred);
  let known = wholes.get(context);
  if (known === undefined) {
    known = new Map<ExecAction, Tried | undefined>();
    wholes.set(context, known);
  }
  if (!known.has(command)) known.set(command, tryOut(context, subject, inferred));
  return known.get(command);
}

/** The scope as a rule would hold it. Domains come canonical out of the action, so that reading them again is left out */
function asStored(inferred: RuleScope, context: DecisionContext): RuleScope | undefined {
  if (inferred.kind === 'domain') return inferred;
  const { scope, problem } = normaliseScope(inferred, context.policy.place);
  return problem === undefined ? scope : undefined;
}

/** How long an allow with this scope could be given so that it answers this action */
function lastingFor(context: DecisionContext, subject: Subject, matches: Matches, { rule, index }: Tried): Set<Lasting> {
  const lasts = new Set<Lasting>();
  if (matchRules(context, subject, [index]).answering.length === 0) return lasts;
  for (const [name, source] of lastingSources) {
    if (name === 'profile' && subject.action.kind === 'export') continue;
    const standing = matches.answering.length === 0 ? 'allow' : chooseRule([...matches.answering, { ...rule, precedence: precedence(source), tier: trustTier(source) }])?.decision;
    if (standing === 'allow') lasts.add(name);
  }
  return lasts;
}

/** Scopes that fit an action, the most fitting first (cowork-facts 1.6): host, path, whole command, MCP server, tool */
export function inferScope(context: DecisionContext, subject: Subject): readonly RuleScope[] {
  const { action } = subject;
  const { tool } = context.described;
  const whole = wholeCommand(context, subject);
  switch (action.kind) {
    case 'exec':
      return whole ?? [{ kind: 'tool', toolName: tool }];
    case 'read':
    case 'write':
    case 'delete':
      return [...(whole ?? []), ...pathScope(action.path, tool, action.glob === true)];
    case 'fetch':
    case 'export': {
      const scopes: RuleScope[] = [...(whole ?? [])];
      if (action.host !== undefined) scopes.push(domainScope(tool, action));
      if (action.source !== undefined) scopes.push(...pathScope(action.source, tool, false));
      return scopes;
    }
    case 'interact':
      return context.destination !== undefined ? [domainScope(tool, context.destination), { kind: 'tool', toolName: tool }] : [{ kind: 'tool', toolName: tool }];
    case 'mcp':
      return [{ kind: 'mcp_server', serverName: action.server }];
    case 'external':
    case 'locate':
    case 'unknown':
      return [{ kind: 'tool', toolName: tool }];
  }
}

/** The path with its tool; nothing for a file whose own name holds a wildcard, because its rule would cover other files */
function pathScope(path: string, tool: string, glob: boolean): readonly RuleScope[] {
  return isGlob(path) && !glob ? [] : [{ kind: 'path', path, toolName: tool }];
}

/** The command that an action is, or is an effect of */
function commandOf(context: DecisionContext, { action }: Subject): ExecAction | undefined {
  if (action.kind === 'exec') return action;
  const owner = action.owner === undefined ? undefined : context.described.actions[action.owner];
  return owner?.kind === 'exec' ? owner : undefined;
}

/** Words of a command that a lasting answer writes down: more say nothing of the next time */
const mostWords = 100;

const prefixes = new WeakMap<ExecAction, RuleScope[]>();

/** The whole words of the simple command as a prefix; `[]` where it cannot be written, `undefined` where there is no command */
function wholeCommand(context: DecisionContext, subject: Subject): RuleScope[] | undefined {
  const command = commandOf(context, subject);
  if (command === undefined || command.argv.length === 0) return undefined;
  let scopes = prefixes.get(command);
  if (scopes === undefined) {
    const words = command.argv.length > mostWords ? [] : command.argv.filter((word) => word !== null);
    scopes = words.length < command.argv.length ? [] : [{ kind: 'command_prefix', prefix: writePrefix(words) }];
    prefixes.set(command, scopes);
  }
  return scopes;
}

/** The domain of a scope inferred here, as reading its text would give it */
function ownDomain(context: DecisionContext, subject: Subject, scope: RuleScope): DomainText | undefined {
  const { action } = subject;
  const network = action.kind === 'fetch' || action.kind === 'export' ? action : context.destination;
  if (scope.kind !== 'domain' || network?.host === undefined) return undefined;
  const port = spelledPort(network);
  return { kind: 'host', host: network.host, hostClass: network.hostClass ?? 'public', ...(port === undefined ? {} : { port }), portSpelled: port !== undefined };
}

/** The port a rule must spell to name this destination: an odd one, or the scheme's own where that is not encrypted */
function spelledPort(action: NetworkAction): number | undefined {
  const clear = action.scheme !== undefined && action.scheme !== 'https' && action.scheme !== 'wss';
  return action.port ?? (clear ? portOfScheme(action.scheme) : undefined);
}

/** The host with its port where that is not the encrypted default, so that the rule names exactly this destination */
function domainScope(tool: string, action: NetworkAction): RuleScope {
  const host = action.host ?? '';
  const port = spelledPort(action);
  const spelled = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return tool.startsWith('browser_') ? { kind: 'domain', domain: spelled, toolPrefix: 'browser_' } : { kind: 'domain', domain: spelled, toolName: tool };
}

/** The answers that may be offered, in order (cowork-facts 1.6): lasting ones only where every asking action can be remembered */
export function suggest(actions: readonly EvaluatedAction[], remembered: readonly (Remembered | undefined)[]): readonly Answer[] {
  const offered: Answer[] = ['deny_once', 'allow_once'];
  for (const lasting of ['session', 'workspace', 'profile'] as const) {
    const fits = actions.every((evaluated, index) => evaluated.decision !== 'ask' || remembered[index]?.lasts.has(lasting) === true);
    const exports = lasting === 'profile' && actions.some((evaluated) => evaluated.action.kind === 'export');
    if (fits && !exports) offered.push(`deny_${lasting}`, `allow_${lasting}`);
  }
  return offered;
}
