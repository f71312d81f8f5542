import type { RuleIndex } from '../rules/ruleIndex.ts';

/** What a decision may know of the session it is made in */
export interface SessionFacts {
  /** Milliseconds since 1970 */
  readonly now: number;
  /** Grants "for the session", compiled */
  readonly rules?: RuleIndex;
  /** Earlier denials of a fingerprint in this session */
  readonly denials?: (fingerprint: string) => { readonly consecutive: number; readonly total: number };
  /** Secrets that were read in this session, canonical paths, oldest first */
  readonly holds: readonly string[];
  /** What the workspace's policy script said of this request, where there is one */
  readonly script?: ScriptRuling;
}

/** What a policy script says of a request, or why it says nothing; texts are as the script gave them, not yet safe to show */
export type ScriptRuling =
  | { readonly decision: 'pass' | 'require_approval' | 'deny'; readonly reason?: string }
  /** What failed and how to mend it, without a full stop; `passing`: it may well be asked at the next look */
  | { readonly error: string; readonly passing?: true };
