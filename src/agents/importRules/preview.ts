import type { Decision } from '../../core/decision.ts';
import type { Problem } from '../../core/problem.ts';
import type { RuleScope } from '../../core/rules/rule.ts';

/** A rule that would be made: what `RuleDraft` needs beside its source */
export interface ImportedRule {
  readonly effect: Decision;
  readonly scope: RuleScope;
}

/** One entry of another agent's settings, and what becomes of it */
export interface ImportedLine {
  /** Where it stands: `permissions.allow[0]`, `line 12` */
  readonly at: string;
  /** As it is written there; from outside, so made visible before it is shown, and cut where it is very long */
  readonly text: string;
  /** What it says; absent where it says nothing of the kind */
  readonly effect?: Decision;
  /** None where it cannot become a rule; `why` tells then */
  readonly rules: readonly ImportedRule[];
  /** How the rules stand to the entry: what only allows is never wider than it, what denies or asks never narrower */
  readonly fit: Fit;
  /** One sentence for people; present unless the fit is exact */
  readonly why?: string;
}

export type Fit = 'exact' | 'narrower' | 'wider' | 'left_out';

/** What a person chooses from */
export interface ImportPreview {
  readonly lines: readonly ImportedLine[];
  /** What is wrong with the file as a whole; nothing was read then, or only its beginning */
  readonly problems: readonly Problem[];
}

/** Whose file it is: a repository's is anybody's text */
export type ImportOrigin = 'user' | 'project';

/** What an entry comes to, before it is known where it stands */
export interface Fitted {
  readonly scopes: readonly RuleScope[];
  readonly fit: Fit;
  readonly why?: string;
  /** The tools that the agent means, where the scopes name none because others could do the same */
  readonly tools?: readonly string[];
}

/** The entry says just this */
export function exactly(...scopes: readonly RuleScope[]): Fitted {
  return { scopes, fit: 'exact' };
}

/** Less than the entry allows */
export function narrower(why: string, ...scopes: readonly RuleScope[]): Fitted {
  return { scopes, fit: 'narrower', why };
}

/** More than the entry denies or asks about */
export function wider(why: string, ...scopes: readonly RuleScope[]): Fitted {
  return { scopes, fit: 'wider', why };
}

/** No rule says it */
export function leftOut(why: string): Fitted {
  return { scopes: [], fit: 'left_out', why };
}

/** An entry as a format found it */
export interface FoundEntry {
  readonly at: string;
  readonly text: string;
  readonly effect?: Decision;
  readonly fitted: Fitted;
}

/** An entry that is no rule, and the sentence that says so */
export function noRule(at: string, text: string, why: string): FoundEntry {
  return { at, text, fitted: leftOut(why) };
}
