import type { Decision } from '../decision.ts';
import type { DomainText } from './domainText.ts';
import type { Rule, RuleScope } from './rule.ts';

/** A rule made ready for matching; keeps the rule it came from, so that answers name it */
export interface CompiledRule {
  readonly rule: Rule;
  readonly effect: Decision;
  /** Canonical */
  readonly scope: RuleScope;
  readonly specificity: number;
  readonly precedence: number;
  readonly tier: number;
  /** Milliseconds since 1970; `Infinity` for a rule that lasts */
  readonly expiresAt: number;
  /** Only requests of this canonical tool */
  readonly toolName?: string;
  /** Only requests of tools whose name starts so */
  readonly toolPrefix?: string;
  /** Of a command prefix */
  readonly words?: readonly string[];
  /** Of a domain */
  readonly domain?: DomainText;
  /** Of a path: its segments, folded as the platform compares names */
  readonly segments?: readonly string[];
  /** While matching: it is about a part of what the action takes whole, so it may tighten the answer and never loosen it */
  readonly below?: true;
}

const effectRank: Readonly<Record<Decision, number>> = { deny: 0, ask: 1, allow: 2 };

/**
 * Orders matching rules, the one that answers first: specificity, then source, then `deny > ask > allow` (spec 2), then id.
 *
 * INVARIANT: a total order on rules with distinct ids, so that the order of a rule list never matters.
 */
export function compareRules(a: CompiledRule, b: CompiledRule): number {
  return (
    b.specificity - a.specificity ||
    b.precedence - a.precedence ||
    effectRank[a.effect] - effectRank[b.effect] ||
    (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0)
  );
}
