import type { RuleScope } from '../core/rules/rule.ts';
import { previewScope, scopeFingerprint } from '../core/rules/ruleScope.ts';
import { visible } from '../core/visible.ts';
import type { RecordedEntry } from './entry.ts';

/** How often a rule answered, and when it last did */
export interface RuleUse {
  readonly hits: number;
  /** Milliseconds since 1970 */
  readonly lastUsed: number;
}

/** How often each rule answered an action, by id */
export function ruleUses(recorded: readonly RecordedEntry[]): ReadonlyMap<string, RuleUse> {
  const uses = new Map<string, RuleUse>();
  for (const { at, entry } of recorded) {
    if (entry.type !== 'decision') continue;
    for (const rule of new Set(entry.actions.flatMap(({ rule: id }) => (id === undefined ? [] : [id])))) {
      const known = uses.get(rule);
      uses.set(rule, { hits: (known?.hits ?? 0) + 1, lastUsed: Math.max(known?.lastUsed ?? 0, at) });
    }
  }
  return uses;
}

/** Something that was asked about again and again */
export interface OftenAsked {
  /** What it is, in words; safe to show */
  readonly text: string;
  readonly count: number;
  /** What a rule that answers it would be about; absent where each may only be answered by itself */
  readonly scope?: RuleScope;
}

/** What people were asked about most, most often first */
export function mostAsked(recorded: readonly RecordedEntry[], most = 10): readonly OftenAsked[] {
  const found = new Map<string, OftenAsked>();
  for (const { entry } of recorded) {
    if (entry.type !== 'decision' || entry.evaluated !== 'ask') continue;
    const asking = entry.actions.find(({ decision }) => decision === 'ask');
    // Guarded places and the location are answered once only, whatever rules say
    const scope = asking?.kind === 'locate' || entry.reason.type === 'guardrail' ? undefined : entry.scope;
    const key = scope === undefined ? `${entry.request.tool} ${asking?.target ?? ''}` : scopeFingerprint(scope);
    const known = found.get(key);
    found.set(key, known === undefined
      ? { text: scope === undefined ? visible(`${entry.request.tool}: ${asking?.target ?? ''}`) : previewScope(scope), count: 1, ...(scope === undefined ? {} : { scope }) }
      : { ...known, count: known.count + 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1)).slice(0, most);
}

/** What was decided in some time */
export interface DecisionCounts {
  /** Without a person */
  readonly allowed: number;
  readonly asked: number;
  /** Without a person */
  readonly denied: number;
  /** Questions by the kind of action that asked first */
  readonly askedByKind: Readonly<Record<string, number>>;
}

/** Counts the decisions at or after `since`, in milliseconds since 1970 */
export function countDecisions(recorded: readonly RecordedEntry[], since: number): DecisionCounts {
  const counts = { allow: 0, ask: 0, deny: 0 };
  const kinds = new Map<string, number>();
  for (const { at, entry } of recorded) {
    if (entry.type !== 'decision' || at < since) continue;
    counts[entry.evaluated] += 1;
    if (entry.evaluated !== 'ask') continue;
    const kind = entry.actions.find(({ decision }) => decision === 'ask')?.kind ?? 'unknown';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return { allowed: counts.allow, asked: counts.ask, denied: counts.deny, askedByKind: Object.fromEntries(kinds) };
}
