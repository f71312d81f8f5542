import type { Evaluation } from '../core/decide/evaluation.ts';
import type { Request } from '../core/request.ts';
import type { Answered } from './answering.ts';
import type { Approvals, NewQuestion } from './approvals.ts';
import type { TaskBudgets, UsedUp } from './budgets.ts';
import { standingText } from './budgetText.ts';
import { limited } from './settled.ts';
import type { Settled } from './settled.ts';

const howOn = 'The user can give it more in the section Sandbox and Limits of the policy panel.';
/** Why nothing of a task goes on that a person stopped */
export const taskStopped = `The user stopped this task when it had used up its budget. Do not go on with it. ${howOn}`;

/** A request that may go on, counted until `release`; or how it was denied. `asked`: a person was, so look at the policy anew */
export type Admission = { readonly ok: true; readonly asked: boolean; release(): void } | { readonly ok: false; readonly settled: Settled };

/** What admitting needs of the gate */
export interface AdmitContext {
  readonly budgets: TaskBudgets;
  readonly approvals: Approvals<Answered>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Lets a request through as far as its task's budgets reach; where one is used up, a person is asked for more (spec 9). One
 * question for a task, however many of its requests wait. What is denied anyway asks nobody, and is counted.
 *
 * INVARIANT: between the last look at the budget and the counting of the request nothing else runs, so requests that come together
 * cannot share the last place.
 */
export async function admit(request: Request, evaluation: Evaluation, session: string, { budgets, approvals, signal }: AdmitContext): Promise<Admission> {
  const denied = (why: string, how: Partial<Settled> = {}): Admission => ({ ok: false, settled: { ...limited(evaluation, why), ...how } });
  for (let asked = false; ; asked = true) {
    const stoppedBy = budgets.find(session)?.stoppedBy;
    if (evaluation.decision === 'deny') return { ok: true, asked, release: budgets.begin(session) };
    if (stoppedBy !== undefined) return denied(taskStopped);
    const usedUp = budgets.usedUp(session);
    if (usedUp === undefined) return { ok: true, asked, release: budgets.begin(session) };
    const what = `This task has used up its budget: ${usedUp.standing.map((each) => standingText(each)).join(', ')}.`;
    if (signal?.aborted === true) return denied(`${what} Nobody is there to give it more. The user can open the folder in VS Code and you can try again, or run: cowork-policy tasks list`);
    const ended = await approvals.ask(questionFor(request, session, usedUp), signal);
    if (!ended.asked) return denied(`${what} ${ended.why}`);
    const approval = ended.approval.id;
    const { ending } = ended;
    if (ending.kind === 'timeout') return denied(`${what} Nobody answered in time. ${howOn} Tell the user, then ask again.`, { approval, settledBy: 'timeout' });
    if (ending.kind === 'withdrawn') return denied(`${what} The question was withdrawn before anyone answered.`, { approval, settledBy: 'withdrawn' });
    if (ending.kind === 'covered') continue;
    const { decision, answer } = ending.answered;
    if (decision === 'allow') continue;
    const comment = answer.comment === undefined ? {} : { comment: answer.comment };
    return denied(`${what} The user stopped the task. Do not go on with it. ${howOn}`, { approval, settledBy: 'person', answer: answer.answer, by: answer.by, ...comment });
  }
}

/** The evaluation that a question about a budget carries; its fingerprint names what would be given, so that a change is seen */
export function budgetEvaluation(usedUp: UsedUp | undefined): Evaluation {
  if (usedUp === undefined) return { decision: 'allow', reason: { type: 'limit', summary: 'The task has budget again.' }, actions: [], suggestions: [], fingerprint: 'budget' };
  const summary = `The task has used up its budget: ${usedUp.standing.map((each) => standingText(each)).join(', ')}.`;
  return { decision: 'ask', reason: { type: 'limit', summary }, actions: [], suggestions: ['deny_once', 'allow_once'], fingerprint: `budget ${JSON.stringify(usedUp.more)}` };
}

function questionFor({ actor }: Request, session: string, usedUp: UsedUp): NewQuestion {
  return { request: { tool: 'continue_task', approvalType: 'budget', ...(actor === undefined ? {} : { actor }) }, evaluation: budgetEvaluation(usedUp), session, recentReads: [], budget: usedUp };
}
