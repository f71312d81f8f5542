import type { Decision } from '../core/decision.ts';
import type { Rule, RuleSource } from '../core/rules/rule.ts';
import { precedence } from '../core/rules/ruleScope.ts';
import type { RuleMark } from '../core/rules/analysis.ts';
import type { RuleUse } from './usage.ts';

/** A rule with all that a table of rules can be sorted and searched by */
export interface ListedRule {
  readonly rule: Rule;
  /** The scope as it is shown */
  readonly text: string;
  readonly marks: readonly RuleMark[];
  readonly use: RuleUse | undefined;
}

/** Which rules of a table are wanted, in which order; what is absent does not matter */
export interface RuleChoice {
  /** In scope, reason or id, whatever its case */
  readonly search: string;
  readonly effect?: Decision;
  readonly source?: RuleSource;
  readonly mark?: 'marked' | 'unused';
  readonly sort: 'effect' | 'scope' | 'source' | 'created' | 'expires' | 'hits' | 'used';
  readonly descending: boolean;
}

const effectOrder: Readonly<Record<Decision, number>> = { deny: 0, ask: 1, allow: 2 };

/** The rules that are wanted, in order; equal ones by scope, then id, so that the order is always the same */
export function chooseRules(rules: readonly ListedRule[], { search, effect, source, mark, sort, descending }: RuleChoice): readonly ListedRule[] {
  const wanted = search.trim().toLowerCase();
  const found = rules.filter(({ rule, text, marks, use }) =>
    (effect === undefined || rule.effect === effect) &&
    (source === undefined || rule.source === source) &&
    (mark === undefined || (mark === 'marked' ? marks.length > 0 : use === undefined)) &&
    (wanted === '' || [text, rule.reason ?? '', rule.id].some((one) => one.toLowerCase().includes(wanted))));
  const turn = descending ? -1 : 1;
  const byText = (a: ListedRule, b: ListedRule): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
  return found.sort((a, b) => turn * (sort === 'scope' ? byText(a, b) : keyOf(a, sort) - keyOf(b, sort)) || byText(a, b) || (a.rule.id < b.rule.id ? -1 : 1));
}

function keyOf({ rule, use }: ListedRule, sort: Exclude<RuleChoice['sort'], 'scope'>): number {
  switch (sort) {
    case 'effect': return effectOrder[rule.effect];
    case 'source': return -precedence(rule.source);
    case 'created': return rule.createdAt;
    // Those that last come last; a number that can be subtracted
    case 'expires': return rule.expiresAt ?? Number.MAX_SAFE_INTEGER;
    case 'hits': return use?.hits ?? 0;
    case 'used': return use?.lastUsed ?? 0;
  }
}
