import type { Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { Answered } from './answering.ts';
import type { Approvals, Asked } from './approvals.ts';
import type { Session } from './sessions.ts';
import type { Settled } from './settled.ts';

/** What settling needs of the gate */
export interface SettleContext {
  readonly approvals: Approvals<Answered>;
  /** Whether "approve all for this session" answers this evaluation, where it is on */
  readonly mayApproveAll: (evaluation: Evaluation) => boolean;
  readonly signal: AbortSignal | undefined;
}

/** Settles an evaluated request: what the policy did not answer, a person does (design: settle) */
export async function settle(request: Request, evaluation: Evaluation, session: Session, context: SettleContext): Promise<Settled> {
  const { decision } = evaluation;
  const base = { evaluated: decision, evaluation } as const;
  if (decision !== 'ask') return { ...base, decision, settledBy: 'policy' };
  const mayApproveAll = context.mayApproveAll(evaluation);
  if (mayApproveAll && session.approveAll) return { ...base, decision: 'allow', settledBy: 'person', by: 'approve all' };
  if (context.signal?.aborted === true) return { ...base, decision: 'deny', settledBy: 'withdrawn' };
  const asked = await context.approvals.ask({ request, evaluation, session: session.id, recentReads: exportReads(evaluation, session), mayApproveAll }, context.signal);
  return { ...base, ...outcomeOf(asked) };
}

/** What was read recently matters where something leaves (spec 7) */
function exportReads(evaluation: Evaluation, session: Session): Session['recentReads'] {
  return evaluation.actions.some(({ action }) => action.kind === 'export') ? session.recentReads : [];
}

function outcomeOf(asked: Asked<Answered>): Pick<Settled, 'decision' | 'settledBy'> & Partial<Settled> {
  if (!asked.asked) return { decision: 'deny', settledBy: 'policy', why: asked.why };
  const approval = asked.approval.id;
  const { ending } = asked;
  switch (ending.kind) {
    case 'timeout':
      return { decision: 'deny', settledBy: 'timeout', approval };
    case 'withdrawn':
      return { decision: 'deny', settledBy: 'withdrawn', approval };
    case 'covered': {
      const { evaluation, by } = ending;
      // Still an ask means that a grant, not the policy, answered it
      if (evaluation.decision === 'ask') return { decision: 'allow', settledBy: 'person', evaluation, approval, ...(by === undefined ? {} : { by }) };
      return { decision: evaluation.decision, settledBy: 'policy', evaluation, approval };
    }
    case 'answered': {
      const { decision, answer, evaluation, edited } = ending.answered;
      return {
        decision,
        settledBy: 'person',
        evaluation,
        approval,
        answer: answer.answer,
        by: answer.by,
        ...(answer.comment === undefined ? {} : { comment: answer.comment }),
        ...(edited === undefined ? {} : { edited }),
      };
    }
  }
}
