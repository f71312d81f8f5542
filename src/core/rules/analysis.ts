import type { Decision, Mode } from '../decision.ts';
import { isStricter } from '../decision.ts';
import type { Place } from '../policy/place.ts';
import type { CompiledRule } from './compiledRule.ts';
import { compareRules } from './compiledRule.ts';
import { isGlob } from './globMatch.ts';
import type { Rule, RuleScope } from './rule.ts';
import { compileRule } from './ruleIndex.ts';
import { normaliseScope } from './ruleScope.ts';

/** Something a person should know of a rule; `by` is the id of the other rule it is about */
export type RuleMark =
  /** It decides nothing while the other one stands */
  | { readonly kind: 'shadowed'; readonly by: string }
  /** The other one says something else of the very same scope, and answers in its place wherever both do */
  | { readonly kind: 'contradicts'; readonly by: string }
  /** Without it every answer would be the same, because of the other one */
  | { readonly kind: 'redundant'; readonly by: string }
  /** It no longer counts: its time or its uses are over */
  | { readonly kind: 'expired' }
  /** Its scope or reason holds what looks like a credential */
  | { readonly kind: 'secret' }
  /** Its scope cannot be read, or only in part; `message` says how to mend it */
  | { readonly kind: 'unreadable'; readonly message: string };

export interface AnalysisOptions {
  readonly place: Place;
  readonly mode: Mode;
  /** Milliseconds since 1970 */
  readonly now: number;
  readonly holdsSecret: (text: string) => boolean;
}

/**
 * Marks of every rule that has some, by id. Compares each rule only with those whose scope takes in its own, found by key, so
 * the cost follows the number of rules and the length of their scopes.
 *
 * INVARIANT: taking one rule marked `shadowed` or `redundant` out of the list changes no decision; what cannot be told is not marked.
 */
export function analyseRules(rules: readonly Rule[], { place, mode, now, holdsSecret }: AnalysisOptions): ReadonlyMap<string, readonly RuleMark[]> {
  const marks = new Map<string, RuleMark[]>();
  const mark = (rule: Rule, one: RuleMark): void => {
    const known = marks.get(rule.id);
    if (known === undefined) marks.set(rule.id, [one]);
    else known.push(one);
  };
  const counting: CompiledRule[] = [];
  for (const rule of rules) {
    if (textsOf(rule).some(holdsSecret)) mark(rule, { kind: 'secret' });
    const { scope, problem } = normaliseScope(rule.scope, place);
    if (problem !== undefined) mark(rule, { kind: 'unreadable', message: problem.message });
    if ((rule.expiresAt ?? Infinity) <= now || (rule.usesLeft ?? 1) <= 0) mark(rule, { kind: 'expired' });
    else if (scope !== undefined && (problem === undefined || rule.effect !== 'allow')) counting.push(compileRule(rule, scope, place));
  }
  const others = new Others(counting, place, mode);
  for (const rule of counting) {
    const one = others.markOf(rule);
    if (one !== undefined) mark(rule.rule, one);
  }
  return marks;
}

function textsOf({ scope, reason }: Rule): readonly string[] {
  const { kind: _, ...texts } = scope;
  return [...Object.values(texts), ...(reason === undefined ? [] : [reason])];
}

const effects: readonly Decision[] = ['allow', 'ask', 'deny'];

/** Rules of one scope that another is compared with, those that stand first; more of them are no help to a reader */
const mostCompared = 32;

/** All rules that count, ready to find those that take in another */
class Others {
  readonly #byKey = new Map<string, CompiledRule[]>();
  /** Specificities of each effect, ascending */
  readonly #ranks: Readonly<Record<Decision, number[]>> = { allow: [], ask: [], deny: [] };
  readonly #place: Place;
  readonly #mode: Mode;

  constructor(rules: readonly CompiledRule[], place: Place, mode: Mode) {
    this.#place = place;
    this.#mode = mode;
    for (const rule of rules) {
      const key = keyOf(rule);
      const known = this.#byKey.get(key);
      if (known === undefined) this.#byKey.set(key, [rule]);
      else known.push(rule);
      this.#ranks[rule.effect].push(rule.specificity);
    }
    for (const effect of effects) this.#ranks[effect].sort((a, b) => a - b);
    for (const [key, same] of this.#byKey) this.#byKey.set(key, same.sort(compareRules).slice(0, mostCompared));
  }

  markOf(rule: CompiledRule): RuleMark | undefined {
    const same = this.#byKey.get(keyOf(rule)) ?? [];
    const wider = this.#wider(rule);
    for (const other of [...same, ...wider]) if (other !== rule && this.#shadows(other, rule)) return { kind: 'shadowed', by: other.rule.id };
    const before = same.find((other) => other !== rule && other.effect !== rule.effect && compareRules(other, rule) < 0 && this.#outlasts(other, rule));
    if (before !== undefined) return { kind: 'contradicts', by: before.rule.id };
    if (rule.effect === 'allow') return undefined;
    const enough = wider.find((other) => other.effect === rule.effect && other.tier === rule.tier && this.#outlasts(other, rule));
    if (enough === undefined || this.#otherwiseBetween(enough, rule)) return undefined;
    return { kind: 'redundant', by: enough.rule.id };
  }

  /** Rules of another scope that match whenever this one does */
  *#widerKeys(rule: CompiledRule): Generator<string> {
    const own = conditionOf(rule);
    const conditions = own === anyTool ? [anyTool] : [own, anyTool];
    switch (rule.scope.kind) {
      case 'tool':
        return;
      case 'path': {
        const segments = rule.segments ?? [];
        const { files } = this.#place;
        // What lies behind a link is reached by another name, which the folder above does not cover
        if (files !== undefined && (isGlob(rule.scope.path) || files.resolve(rule.scope.path) !== rule.scope.path)) return;
        const glob = segments.findIndex(isGlob);
        const literal = glob < 0 ? segments.length : glob;
        for (let length = literal; length >= 0; length--) {
          for (const condition of conditions) {
            if (length === segments.length && condition === own) continue;
            yield `path ${condition} ${segments.slice(0, length).join('/')}`;
          }
        }
        break;
      }
      case 'command_prefix': {
        const words = rule.words ?? [];
        for (let length = words.length - 1; length > 0; length--) yield `command_prefix ${JSON.stringify(words.slice(0, length))}`;
        return;
      }
      case 'domain': {
        const { domain } = rule;
        if (domain === undefined || domain.hostClass === 'loopback') return;
        for (const condition of conditions) {
          if (domain.kind === 'host' && condition !== own) yield `domain ${condition} ${domain.host}`;
          if (domain.kind === 'host' || domain.kind === 'below') yield `domain ${condition} .${domain.host}`;
          if (domain.kind === 'below' && condition !== own) yield `domain ${condition} *.${domain.host}`;
          if (domain.kind === 'pattern' || domain.kind === 'any') continue;
          for (let dot = domain.host.indexOf('.'); dot >= 0; dot = domain.host.indexOf('.', dot + 1)) {
            const parent = domain.host.slice(dot + 1);
            yield `domain ${condition} .${parent}`;
            yield `domain ${condition} *.${parent}`;
          }
        }
        break;
      }
      case 'mcp_server':
        if (own !== anyTool) yield `mcp_server ${anyTool} ${rule.scope.serverName}`;
        return;
    }
    if (rule.toolName !== undefined) yield `tool ${rule.toolName}`;
  }

  #wider(rule: CompiledRule): CompiledRule[] {
    const found: CompiledRule[] = [];
    for (const key of this.#widerKeys(rule)) for (const other of this.#byKey.get(key) ?? []) if (other.effect !== 'allow') found.push(other);
    return found;
  }

  /** Whether it counts for at least as long, and in every session where the rule does */
  #outlasts(other: CompiledRule, rule: CompiledRule): boolean {
    if (other.rule.usesLeft !== undefined || other.expiresAt < rule.expiresAt) return false;
    return other.rule.source !== 'session' || (rule.rule.source === 'session' && other.rule.metadata?.['session'] === rule.rule.metadata?.['session']);
  }

  /** Whether the rule answers nothing that the other one, which takes it in, does not answer as strictly */
  #shadows(other: CompiledRule, rule: CompiledRule): boolean {
    if (!this.#outlasts(other, rule)) return false;
    // An allow is silent on what it does not name, so only another allow of the same scope is surely silent there too
    if (other.effect === 'allow' && (rule.effect !== 'allow' || other.tier > Math.max(rule.tier, 1))) return false;
    if (other.effect === 'ask' && this.#mode === 'bypass_permissions') return false;
    // An allowed command also answers what the command does, of which an ask about the command says nothing
    if (other.effect === 'ask' && rule.effect === 'allow' && rule.scope.kind === 'command_prefix') return false;
    // Wherever the rule is asked, among all rules or among the more trusted ones, the other is asked before it
    if (compareRules(other, rule) < 0) return other.tier <= rule.tier;
    return other.tier < rule.tier && isStricter(other.effect, rule.effect) && !this.#otherwiseBetween(other, rule);
  }

  /** Whether some rule that says otherwise stands between the two, so that it might answer where the narrower one is gone */
  #otherwiseBetween(wider: CompiledRule, rule: CompiledRule): boolean {
    const itself = rule.effect === wider.effect ? 0 : 1;
    let count = 0;
    for (const effect of effects) if (effect !== wider.effect) count += countWithin(this.#ranks[effect], wider.specificity, rule.specificity);
    return count > itself;
  }
}

function countWithin(sorted: readonly number[], least: number, most: number): number {
  return firstAtLeast(sorted, most + 1) - firstAtLeast(sorted, least);
}

/** Index of the first number that is at least `least`, in ascending whole numbers */
function firstAtLeast(sorted: readonly number[], least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

const anyTool = '*';

function conditionOf({ toolName, toolPrefix }: CompiledRule): string {
  return toolName === undefined && toolPrefix === undefined ? anyTool : JSON.stringify([toolName ?? null, toolPrefix ?? null]);
}

/** One text per scope; a scope with what only this kind of key cannot say (a port, a wildcard host) stands apart */
function keyOf(rule: CompiledRule): string {
  const { scope } = rule;
  switch (scope.kind) {
    case 'tool': return `tool ${scope.toolName}`;
    case 'path': return `path ${conditionOf(rule)} ${(rule.segments ?? []).join('/')}`;
    case 'command_prefix': return `command_prefix ${JSON.stringify(rule.words ?? [])}`;
    case 'domain': return `domain ${conditionOf(rule)} ${domainKey(rule, scope)}`;
    case 'mcp_server': return `mcp_server ${conditionOf(rule)} ${scope.serverName}`;
  }
}

function domainKey({ domain }: CompiledRule, scope: RuleScope & { readonly kind: 'domain' }): string {
  if (domain === undefined || domain.port !== undefined || domain.scheme !== undefined) return `= ${scope.domain}`;
  switch (domain.kind) {
    case 'host': return domain.host;
    case 'below': return `*.${domain.host}`;
    case 'apex_and_below': return `.${domain.host}`;
    case 'pattern':
    case 'any': return `= ${domain.host}`;
  }
}
