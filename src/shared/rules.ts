import type { Decision } from '../core/decision.ts';
import type { RuleScope, RuleSource } from '../core/rules/rule.ts';
import type { Done } from './messages.ts';

export type { Decision, RuleScope, RuleSource };

/** What stands around the table of rules; the rules themselves are asked for */
export interface RulesSlice {
  /** Another one whenever rules, their use or their marks may have changed */
  readonly revision: string;
  readonly total: number;
  /** Newest entries of the record that use is counted over */
  readonly countedOver: number;
  readonly manifest: {
    readonly state: 'none' | 'reviewed' | 'unreviewed';
    readonly rules: number;
    readonly allows: number;
    /** Against the text that was reviewed last; absent where none was, or nothing changed */
    readonly since?: { readonly added: number; readonly removed: number };
  };
  /** How the policy script stands; absent where there is none and none was reviewed */
  readonly script?: 'new' | 'reviewed' | 'changed';
  /** Sessions that a rule may be for: those with rules, and those that asked lately */
  readonly sessions: readonly string[];
}

/** Where rules come from, as the table and its filter name it */
export interface RuleQuery {
  readonly search: string;
  readonly effect?: Decision;
  readonly source?: RuleSource;
  /** `marked`: any mark; `unused`: no use in what was counted */
  readonly mark?: 'marked' | 'unused';
  readonly sort: RuleColumn;
  readonly descending: boolean;
  readonly limit: number;
}

export const ruleColumns = ['effect', 'scope', 'source', 'created', 'expires', 'hits', 'used'] as const;
export type RuleColumn = (typeof ruleColumns)[number];

/** One rule as it is shown; all texts have hidden characters made visible */
export interface RuleRow {
  readonly id: string;
  readonly effect: Decision;
  readonly scope: string;
  readonly source: RuleSource;
  readonly sourceName: string;
  /** Of a session's rule */
  readonly session?: string;
  readonly reason?: string;
  /** Milliseconds since 1970 */
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly usesLeft?: number;
  readonly hits: number;
  readonly lastUsed?: number;
  readonly marks: readonly { readonly kind: string; readonly text: string }[];
  /** What can be edited or removed here; absent for what others own */
  readonly draft?: RuleDraft;
}

/** A rule as a person writes it */
export interface RuleDraft {
  readonly effect: Decision;
  readonly source: 'session' | 'workspace_db' | 'profile';
  readonly scope: RuleScope;
  readonly reason?: string;
  readonly expiresAt?: number;
  readonly usesLeft?: number;
  /** For `session` */
  readonly session?: string;
}

/** A recorded request that an edited policy answers otherwise */
export interface FlipRow {
  readonly sequence: number;
  readonly at: number;
  readonly request: string;
  readonly from: Decision;
  readonly to: Decision;
  readonly reason: string;
}

/** What an edit would have changed */
export interface EditEffect {
  readonly tried: number;
  readonly leftOut: number;
  /** The workspace has a policy script, and it was not asked about them */
  readonly withoutScript?: true;
  /** How many flipped */
  readonly changed: number;
  /** The newest of them */
  readonly flips: readonly FlipRow[];
}

export interface RulesRequests {
  readonly findRules: { readonly params: RuleQuery; readonly result: { readonly rows: readonly RuleRow[]; readonly found: number } };
  /** Says what is wrong with a draft, or how it will be kept and what it would have changed */
  readonly tryRule: {
    readonly params: { readonly draft: RuleDraft; readonly replaces?: string };
    readonly result: { readonly problem: string } | { readonly covers: string; readonly effect: EditEffect };
  };
  /** What would have changed had a rule not been there */
  readonly tryWithout: { readonly params: { readonly id: string }; readonly result: EditEffect };
  readonly addRule: { readonly params: { readonly draft: RuleDraft; readonly replaces?: string }; readonly result: Done & { readonly id?: string } };
  /** Brings a rule back just as it was before it was removed or replaced here, in place of another where one is named */
  readonly restoreRule: { readonly params: { readonly id: string; readonly replaces?: string }; readonly result: Done };
  readonly removeRule: { readonly params: { readonly id: string }; readonly result: Done };
}
