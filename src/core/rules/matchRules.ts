import type { Action, NetworkAction } from '../action.ts';
import type { CompiledRule } from './compiledRule.ts';
import { compareRules } from './compiledRule.ts';
import type { Decision } from '../decision.ts';
import { isStricter } from '../decision.ts';
import type { DecisionContext, Subject } from '../decide/decisionContext.ts';
import { portOfScheme } from './domainText.ts';
import { isGlob } from './globMatch.ts';
import type { RuleIndex } from './ruleIndex.ts';
import { pathSegments } from './ruleIndex.ts';
import { isTiedToOther } from './scriptHash.ts';

/** The rules that speak about an action */
export interface Matches {
  /** Those that may answer: every deny and ask, and the allows that name the action */
  readonly answering: CompiledRule[];
  /** Allows whose text matches but which do not name this effect (`find .` and a `-delete`) */
  readonly silent: CompiledRule[];
  /** Those whose time is over */
  readonly expired: CompiledRule[];
}

/** The rule stage's answer */
export interface RuleAnswer {
  readonly decision: Decision;
  readonly rule: CompiledRule;
  /** Only rules about a part of what the action takes whole match it */
  readonly partOnly?: true;
}

/** Finds the rules about an action in all indexes */
export function matchRules(context: DecisionContext, subject: Subject, indexes: readonly RuleIndex[]): Matches {
  const matches: Matches = { answering: [], silent: [], expired: [] };
  const found: CompiledRule[] = [];
  for (const index of indexes) collect(context, subject, index, found);
  for (const rule of found) {
    if (rule.expiresAt <= context.session.now) matches.expired.push(rule);
    else if (rule.effect === 'allow' && !names(context, subject, rule)) matches.silent.push(rule);
    else if (!isSkipped(context, subject.action, rule)) matches.answering.push(rule);
  }
  return matches;
}

/** `bypass_permissions` skips asks, except for export, location and commands that cannot be read (spec 6) */
function isSkipped(context: DecisionContext, action: Action, rule: CompiledRule): boolean {
  if (context.mode !== 'bypass_permissions' || rule.rule.effect !== 'ask') return false;
  return action.kind !== 'export' && action.kind !== 'locate' && !(action.kind === 'exec' && action.class === 'unreadable');
}

function collect(context: DecisionContext, subject: Subject, index: RuleIndex, found: CompiledRule[]): void {
  const { action, segments } = subject;
  const { tool, server } = context.described;
  index.forTool(tool, found);
  switch (action.kind) {
    case 'read':
    case 'write':
    case 'delete': {
      index.forPath(segments, tool, found);
      if (action.recursive === true || action.glob === true) {
        const below: CompiledRule[] = [];
        index.belowPath(action, segments, tool, below);
        // Taking a folder whole meets the block itself; reading through it only may
        for (const rule of below) if (!found.includes(rule)) found.push({ ...rule, below: true, ...(action.kind === 'read' ? { effect: 'ask' } : {}) });
      }
      if (action.throughLink === true && action.asked !== undefined && /^(?:[A-Z]:)?\//.test(action.asked)) collectBlocks(index, pathSegments(action.asked, context.policy.place), tool, found);
      break;
    }
    case 'exec':
      index.forCommand(action, found);
      break;
    case 'fetch':
    case 'export':
      index.forHost(action, tool, found);
      if (action.source !== undefined) index.forPath(pathSegments(action.source, context.policy.place), tool, found);
      break;
    case 'interact':
      if (context.destination !== undefined) {
        const domains: CompiledRule[] = [];
        index.forHost(context.destination, tool, domains);
        for (const rule of domains) if (rule.toolName !== undefined || rule.toolPrefix !== undefined) found.push(rule);
      }
      break;
    case 'mcp':
      index.forServer(action.server.toLowerCase(), tool, action.mcpTool, found);
      break;
    case 'external':
    case 'locate':
    case 'unknown':
      break;
  }
  if (server !== undefined && action.kind !== 'mcp') index.forServer(server, tool, tool, found);
  const owner = action.owner === undefined ? undefined : context.described.actions[action.owner];
  if (owner?.kind === 'exec') {
    const prefixes: CompiledRule[] = [];
    index.forCommand(owner, prefixes);
    for (const rule of prefixes) if (rule.effect === 'allow') found.push(rule);
  }
}

/** A block on the name of a link holds for what is reached through it */
function collectBlocks(index: RuleIndex, segments: readonly string[], tool: string, found: CompiledRule[]): void {
  const more: CompiledRule[] = [];
  index.forPath(segments, tool, more);
  for (const rule of more) if (rule.effect !== 'allow' && !found.includes(rule)) found.push(rule);
}

/** Whether an allow rule that matches by its text names this very effect; an allow answers only what it names */
function names(context: DecisionContext, subject: Subject, rule: CompiledRule): boolean {
  const { action } = subject;
  if (action.uncertain !== undefined || action.kind === 'locate') return false;
  if (action.kind === 'exec' && action.class === 'unreadable') return false;
  if (isTiedToOther(rule.rule, scriptOf(context, action))) return false;
  switch (rule.scope.kind) {
    case 'tool':
    case 'mcp_server':
      return namedByTool(subject);
    case 'domain':
      return namedByDomain(context, action, rule);
    case 'path':
      return namedByPath(context, subject, rule);
    case 'command_prefix':
      return namedByPrefix(subject, rule);
  }
}

/** Text of the package scripts that an action, or the command it stems from, runs */
export function scriptOf(context: DecisionContext, action: Action): string | undefined {
  const command = action.kind === 'exec' || action.owner === undefined ? action : context.described.actions[action.owner];
  return command?.kind === 'exec' ? command.script : undefined;
}

/** A rule for a whole tool or server answers its ordinary work: not what leaves the folders, reads a secret or exports */
function namedByTool(subject: Subject): boolean {
  const { action } = subject;
  switch (action.kind) {
    case 'read':
    case 'write':
    case 'delete': return subject.within && subject.secret === undefined;
    case 'fetch': return isPublic(action);
    case 'export':
    case 'locate': return false;
    case 'exec':
    case 'mcp':
    case 'interact':
    case 'external':
    case 'unknown': return true;
  }
}

function namedByDomain(context: DecisionContext, action: Action, rule: CompiledRule): boolean {
  if (action.kind === 'fetch' || action.kind === 'interact') return true;
  if (action.kind !== 'export') return false;
  return isUsersOwn(rule) && rule.domain?.kind !== 'pattern' && (action.hostClass === 'loopback' || rule.domain?.port !== undefined || isDefaultPort(action)) && !isSecretSource(context, action);
}

/** Encrypted and on the scheme's own port; anything else must be spelled in the rule */
function isDefaultPort(action: NetworkAction): boolean {
  if (action.scheme === 'http' || action.scheme === 'ws' || action.scheme === 'ftp') return false;
  return action.port === undefined || action.port === (portOfScheme(action.scheme) ?? 443);
}

/** An export of a secret is not covered by naming the host alone: what leaves is not what the rule was written for */
function isSecretSource(context: DecisionContext, action: NetworkAction): boolean {
  if (action.source === undefined) return false;
  const segments = pathSegments(action.source, context.policy.place);
  return context.policy.places.forRead({ kind: 'read', path: action.source, target: action.source }, segments) !== undefined;
}

function namedByPath(context: DecisionContext, subject: Subject, rule: CompiledRule): boolean {
  const { action } = subject;
  const wanted = rule.segments ?? [];
  if (action.kind === 'export') {
    if (action.source === undefined || !isUsersOwn(rule) || (rule.toolName === undefined && rule.toolPrefix === undefined)) return false;
    return !isSecretSource(context, action) || sameSegments(wanted, pathSegments(action.source, context.policy.place));
  }
  if (action.kind !== 'read' && action.kind !== 'write' && action.kind !== 'delete') return false;
  if (subject.secret !== undefined) return sameSegments(wanted, subject.segments) && action.glob !== true;
  if (action.glob !== true) return true;
  const literal = subject.segments.findIndex(isGlob);
  return sameSegments(wanted, subject.segments) || (!wanted.some(isGlob) && (literal < 0 || wanted.length <= literal));
}

function namedByPrefix(subject: Subject, rule: CompiledRule): boolean {
  const { action } = subject;
  const reach = rule.words?.length ?? 0;
  const named = (action.namedAt ?? Infinity) < reach;
  switch (action.kind) {
    case 'exec': return (action.namedAt ?? 0) < reach;
    case 'read': return named || (subject.within && subject.secret === undefined);
    case 'fetch': return isPublic(action);
    case 'export': return named && reach >= 2 && isUsersOwn(rule);
    case 'write':
    case 'delete':
    case 'interact':
    case 'external':
    case 'mcp':
    case 'unknown': return named;
    case 'locate': return false;
  }
}

function isPublic(action: NetworkAction): boolean {
  return action.hostClass === undefined || action.hostClass === 'public';
}

/** Written by the user or the administrator, not by the repository or for compatibility (spec 7) */
function isUsersOwn(rule: CompiledRule): boolean {
  return rule.tier <= 1;
}

function sameSegments(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

/**
 * Chooses among matching rules: the best of all by specificity, source and effect; then tightened by what the rules of the
 * tiers that are trusted more than the chosen one's say among themselves, in the same way.
 *
 * INVARIANT: a rule from a less trusted place never loosens what a more trusted place tightened (spec 2), and a rule about a
 * part never loosens the answer to the whole. More denies never loosen, more allows never tighten.
 */
export function chooseRule(rules: readonly CompiledRule[]): RuleAnswer | undefined {
  const answer = chooseAmong(rules);
  if (!rules.some(({ below }) => below === true)) return answer;
  const whole = chooseAmong(rules.filter(({ below }) => below !== true));
  if (whole === undefined || answer === undefined) return answer === undefined ? undefined : { ...answer, partOnly: true };
  return isStricter(whole.decision, answer.decision) ? whole : answer;
}

function chooseAmong(rules: readonly CompiledRule[]): RuleAnswer | undefined {
  let answer: RuleAnswer | undefined;
  for (let trusted = Infinity; ; ) {
    let best: CompiledRule | undefined;
    for (const rule of rules) if (rule.tier < trusted && (best === undefined || compareRules(rule, best) < 0)) best = rule;
    if (best === undefined) return answer;
    if (answer === undefined || isStricter(best.effect, answer.decision)) answer = { decision: best.effect, rule: best };
    trusted = best.tier;
  }
}
