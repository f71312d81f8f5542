/** The three answers of the gate, from loosest to strictest (spec 1) */
export const decisions = ['allow', 'ask', 'deny'] as const;
export type Decision = (typeof decisions)[number];

const strictness: Readonly<Record<Decision, number>> = { allow: 0, ask: 1, deny: 2 };

/**
 * The stricter of two decisions.
 *
 * INVARIANT: commutative, associative, idempotent; `deny` absorbs. Everything that folds several
 * answers into one folds with this, so that more input can only tighten.
 */
export function stricter(a: Decision, b: Decision): Decision {
  return strictness[a] >= strictness[b] ? a : b;
}

/** Whether `a` is strictly stricter than `b` */
export function isStricter(a: Decision, b: Decision): boolean {
  return strictness[a] > strictness[b];
}

/** Which stage of the pipeline gave an answer (spec 1) */
export type ReasonType =
  | 'task_restriction'
  | 'context_restriction'
  | 'guardrail'
  | 'workspace_capability'
  | 'workspace_script'
  | 'rule'
  | 'mode'
  | 'denial_fallback'
  /** The gate's own: too many requests in a minute, or a budget that is used up (spec 9) */
  | 'limit';

/** Why an answer was given; `summary` is one plain sentence for people */
export interface Reason {
  readonly type: ReasonType;
  readonly summary: string;
  /** Id of the rule that answered, for `rule` */
  readonly rule?: string;
  readonly mode?: Mode;
  readonly capability?: Capability;
  /** The guardrail, protected place or custom pattern that answered, for `guardrail` */
  readonly pattern?: string;
}

/** The six modes (spec 6) */
export const modes = ['default', 'plan', 'accept_edits', 'dangerous_only', 'dont_ask', 'bypass_permissions'] as const;
export type Mode = (typeof modes)[number];

/** The five coarse switches of a workspace (spec 3) */
export const capabilities = ['read', 'write', 'delete', 'shell', 'network'] as const;
export type Capability = (typeof capabilities)[number];
