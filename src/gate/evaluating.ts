import { decide } from '../core/decide/decide.ts';
import { describe } from '../core/describe/describe.ts';
import { surroundingsUnder } from '../core/evaluate.ts';
import type { Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { Surroundings } from '../core/surroundings.ts';
import { offeredAnswers } from './answering.ts';
import { coveredByApproveAll } from './approveAll.ts';
import type { Approval, Clock } from './ports.ts';
import type { Session, Sessions } from './sessions.ts';
import type { StandingPolicy } from './standingPolicy.ts';
import type { WorkspaceScript } from './workspaceScript.ts';

export interface EvaluatingOptions {
  readonly clock: Clock;
  readonly surroundings: () => Surroundings;
  readonly trusted: () => boolean;
  readonly standing: StandingPolicy;
  readonly sessions: Sessions;
  readonly script: WorkspaceScript;
}

/** The core's answer to a request, with the policy that stands and what its session brings */
export interface Evaluating {
  /** Describe and decide; `extra` rules count as if they were there too */
  evaluate(session: Session, request: Request, extra?: readonly Rule[]): Evaluation;
  /** The same, with the answers that may be offered now, where a person has to be asked */
  withAnswers(session: Session, request: Request): Evaluation;
  /** An open question as it would be put now */
  asNow(approval: Approval): Approval;
  /** Whether "approve all for this session" answers it, where it is on */
  mayApproveAll(evaluation: Evaluation): boolean;
}

export function createEvaluating({ clock, surroundings, trusted, standing, sessions, script }: EvaluatingOptions): Evaluating {
  function evaluateIn(session: Session, request: Request, extra: readonly Rule[] = []): Evaluation {
    // Counts of the caller's own could turn a denial into a question
    const { denials: _, ...own } = request;
    const rules = standing.sessionRules(session.id, extra);
    const policy = standing.current();
    const described = describe(own, surroundingsUnder(surroundings(), policy));
    const now = clock.now();
    const ruling = script.ruling(request, described, policy, now);
    return decide(own, described, policy, {
      now,
      ...(ruling === undefined ? {} : { script: ruling }),
      ...(rules === undefined ? {} : { rules }),
      denials: (fingerprint) => session.denials(fingerprint),
      holds: session.holds,
    });
  }

  function withAnswers(session: Session, request: Request): Evaluation {
    const evaluation = evaluateIn(session, request);
    if (evaluation.decision !== 'ask') return evaluation;
    return { ...evaluation, suggestions: offeredAnswers(evaluation, trusted()) };
  }

  function mayApproveAll(evaluation: Evaluation): boolean {
    return trusted() && coveredByApproveAll(evaluation, surroundings());
  }

  return {
    evaluate: evaluateIn,
    withAnswers,
    mayApproveAll,
    asNow(approval) {
      const evaluation = withAnswers(sessions.of(approval.session), approval.request);
      return { ...approval, evaluation, mayApproveAll: mayApproveAll(evaluation) };
    },
  };
}
