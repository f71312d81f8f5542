import type { Action } from '../action.ts';
import type { Decision, Reason } from '../decision.ts';
import type { Rule, RuleScope } from '../rules/rule.ts';

/** The eight answers a person may give, in the order they are offered (cowork-facts 1.6) */
export const answers = [
  'deny_once', 'allow_once', 'deny_session', 'allow_session',
  'deny_workspace', 'allow_workspace', 'deny_profile', 'allow_profile',
] as const;
export type Answer = (typeof answers)[number];

/** One action with its own answer */
export interface EvaluatedAction {
  readonly action: Action;
  readonly decision: Decision;
  readonly reason: Reason;
  /** The matching rule that answered */
  readonly rule?: Rule;
  /** Matching rules that did not answer, best first */
  readonly losing: readonly Rule[];
  /** Rules that matched, but whose time is over */
  readonly expired?: readonly Rule[];
  /** It runs a package script whose text is no longer the one that a rule allowed; `before` where that is still known */
  readonly changedScript?: { readonly before?: string; readonly now?: string };
  /** Scope of the rule that a lasting answer would write; absent when this action may only be answered once */
  readonly remember?: RuleScope;
}

/** The whole answer to a request; a pure function of its input (spec 1) */
export interface Evaluation {
  readonly decision: Decision;
  /** Reason of the strictest action */
  readonly reason: Reason;
  /** The scope that matched, or the one a lasting answer would write */
  readonly scope?: RuleScope;
  readonly actions: readonly EvaluatedAction[];
  /** Answers that may be offered; empty unless `decision` is `ask` */
  readonly suggestions: readonly Answer[];
  /** One text per distinct effect; counts denials (spec 1, stage 7) and groups prompts */
  readonly fingerprint: string;
  /** Folder that a shell line was read for, canonical: it may run there and nowhere else. Absent where that is not certain */
  readonly folder?: string;
}
