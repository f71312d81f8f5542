import type { Answer } from '../core/decide/evaluation.ts';
import type { Done } from './messages.ts';

export type { Answer };

/** The open questions, those together that one rule would answer */
export interface PendingSlice {
  readonly groups: readonly PendingGroup[];
}

export interface PendingGroup {
  /** What the rule of a lasting answer would cover; absent where each can only be answered by itself */
  readonly covers?: string;
  /** Of several questions: how many of the newest recorded requests have something that the rule fits */
  readonly fits?: { readonly count: number; readonly of: number };
  readonly approvals: readonly PendingApproval[];
}

/** One open question; all its texts have hidden characters made visible */
export interface PendingApproval {
  readonly id: string;
  readonly title: string;
  readonly target: string;
  /** The whole target where `target` is cut */
  readonly full?: string;
  readonly why: readonly string[];
  readonly answers: readonly { readonly answer: Answer; readonly label: string; readonly rule?: string }[];
  /** Where data goes, for an export: name and value */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Milliseconds since 1970 */
  readonly askedAt: number;
  readonly expiresAt: number;
}

export interface PendingRequests {
  readonly answerApproval: {
    readonly params: { readonly id: string; readonly answer: Answer; readonly comment?: string };
    /** `also`: how many other questions the rule settled */
    readonly result: Done & { readonly also?: number };
  };
}
