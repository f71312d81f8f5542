import type { Decision, Reason } from '../core/decision.ts';
import type { Answer, Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { Verdict } from './ports.ts';

/** What became of one request: the policy's own answer, or a person's, or none in time */
export interface Settled {
  readonly decision: 'allow' | 'deny';
  readonly settledBy: Verdict['settledBy'];
  /** What the policy said before a person was asked */
  readonly evaluated: Decision;
  /** The reading of what was settled; of the edited request where a person edited it */
  readonly evaluation: Evaluation;
  readonly approval?: string;
  readonly answer?: Answer;
  readonly by?: string;
  readonly comment?: string;
  readonly edited?: Request;
  /** Why a request that is an ask was denied without asking, or one over a limit was denied */
  readonly why?: string;
  /** It is part of a tool's call that was decided before */
  readonly part?: true;
}

/** The denial of a request that is over a limit (spec 9); what the policy said of it stays in its actions */
export function limited(evaluation: Evaluation, why: string): Settled {
  return {
    decision: 'deny', settledBy: 'policy', evaluated: evaluation.decision, why,
    evaluation: { ...evaluation, decision: 'deny', reason: { type: 'limit', summary: why }, suggestions: [] },
  };
}

/** An evaluation that denies everything, for a request that could not be evaluated */
export function denyAll(summary: string): Evaluation {
  const reason: Reason = { type: 'guardrail', summary, pattern: 'failure' };
  return { decision: 'deny', reason, actions: [], suggestions: [], fingerprint: 'failure' };
}
