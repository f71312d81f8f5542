import type { Answer, Evaluation } from '../core/decide/evaluation.ts';
import type { Rule, RuleScope } from '../core/rules/rule.ts';
import type { Surroundings } from '../core/surroundings.ts';
import { planAnswer, withEdit } from './answering.ts';
import type { Answered, AnsweringContext } from './answering.ts';
import type { Approvals } from './approvals.ts';
import { budgetEvaluation } from './askForMore.ts';
import type { TaskBudgets, UsedUp } from './budgets.ts';
import type { Entry } from './entry.ts';
import { errorText } from './errorText.ts';
import type { Evaluating } from './evaluating.ts';
import type { Approval, ApprovalAnswer, Clock, Store } from './ports.ts';
import { readGivenAnswer } from './reading.ts';
import { recordedText } from './recorded.ts';
import type { Sessions } from './sessions.ts';

/** What became of a person's answer */
export type AnswerOutcome =
  | { readonly outcome: 'settled'; readonly decision: 'allow' | 'deny'; readonly rules: readonly Rule[] }
  /** The question was settled before; `message` says how */
  | { readonly outcome: 'late'; readonly message: string }
  /** The answer cannot stand; the question is still open unless there never was one */
  | { readonly outcome: 'invalid'; readonly reason: string }
  /** The answer could not be recorded; the request was denied */
  | { readonly outcome: 'failed'; readonly reason: string };

/** What an answer would write and settle, without giving it */
export type AnswerPreview =
  | { readonly ok: true; readonly rules: readonly Rule[]; readonly alsoSettles: readonly string[] }
  | { readonly ok: false; readonly reason: string };

export interface QuestionsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: () => string;
  readonly surroundings: () => Surroundings;
  readonly sessions: Sessions;
  readonly evaluating: Evaluating;
  readonly budgets: TaskBudgets;
  readonly approvals: Approvals<Answered>;
  readonly failed: (error: unknown) => void;
}

/** What happens to open questions: a person answers, answers too late, or the policy answers meanwhile */
export interface Questions {
  answer(id: string, given: ApprovalAnswer): Promise<AnswerOutcome>;
  /** What an answer would write, and which other open questions it would settle */
  preview(id: string, answer: Answer, scopes?: readonly RuleScope[]): AnswerPreview;
  evaluateEdited(id: string, input: Readonly<Record<string, unknown>>): Evaluation | undefined;
  /** Settles what a changed policy or a new grant answers now, and shows anew what it changed */
  reconsider(): void;
}

export function createQuestions(options: QuestionsOptions): Questions {
  const { store, clock, ids, surroundings, sessions, evaluating, budgets, approvals, failed } = options;

  /** The look at a question is always a fresh one: a link may have moved, the policy changed, trust gone */
  async function answer(id: string, given: ApprovalAnswer): Promise<AnswerOutcome> {
    try {
      const read = readGivenAnswer(given, surroundings());
      if (!read.ok) return { outcome: 'invalid', reason: read.reason };
      const approval = approvals.get(id);
      if (approval === undefined) return await late(id, read.answer);
      // A timer may come late, after the machine slept
      if (approval.expiresAt <= clock.now()) {
        await approvals.end(id, { kind: 'timeout' }, { outcome: 'timeout' });
        return await late(id, read.answer);
      }
      const current = asNow(approval);
      const { evaluation } = current;
      if (evaluation.decision !== 'ask') {
        await cover(id, evaluation);
        return await late(id, read.answer);
      }
      if (read.answer.answer.startsWith('allow') && !sameReading(evaluation, approval.evaluation)) {
        approvals.renew(id, current);
        return { outcome: 'invalid', reason: 'What this request would do has changed since it was shown. Look at it again.' };
      }
      const plan = planAnswer(current, read.answer, answering());
      if (!plan.ok) return { outcome: 'invalid', reason: plan.reason };
      const { by, comment } = read.answer;
      const added = current.budget === undefined ? plan.rules.map((rule): Entry => ({ type: 'rule_added', rule, by })) : [budgetEntry(current.budget, plan.answered.decision, by)];
      const how = { outcome: 'answered', answer: read.answer.answer, by, ...(comment === undefined ? {} : { comment: recordedText(comment) }) } as const;
      await approvals.end(id, { kind: 'answered', answered: plan.answered }, how, added);
      return { outcome: 'settled', decision: plan.answered.decision, rules: plan.rules };
    } catch (error) {
      failed(error);
      approvals.fail(id, error);
      return { outcome: 'failed', reason: `The answer could not be carried out, so the request is denied. ${errorText(error)}` };
    }
  }

  /** Tells whoever answers too late what happened, and notes that they tried */
  async function late(id: string, given: ApprovalAnswer): Promise<AnswerOutcome> {
    const message = approvals.howSettled(id) ?? (await settledBefore(id));
    if (message === undefined) return { outcome: 'invalid', reason: 'There is no such question.' };
    await quietly(store.commit([{ type: 'late_answer', approval: id, answer: given.answer, by: given.by }]));
    return { outcome: 'late', message };
  }

  async function settledBefore(id: string): Promise<string | undefined> {
    try {
      const ended = await store.history({ types: ['approval_settled'], limit: 1_000 });
      const known = ended.some(({ entry }) => entry.type === 'approval_settled' && entry.approval === id);
      return known ? 'It was settled before this window opened.' : undefined;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  function cover(id: string, evaluation: Evaluation, by?: string): Promise<void> {
    const rule = evaluation.actions.find((evaluated) => evaluated.rule !== undefined)?.rule?.id;
    const how = { outcome: 'covered', ...(by === undefined ? {} : { by }), ...(rule === undefined ? {} : { rule }) } as const;
    return approvals.end(id, { kind: 'covered', evaluation, ...(by === undefined ? {} : { by }) }, how);
  }

  /** Settles what a changed policy or a new grant answers now, and shows anew what it changed */
  function reconsider(): void {
    for (const approval of approvals.pending) {
      try {
        const now = asNow(approval);
        const { evaluation } = now;
        if (evaluation.decision !== 'ask') void quietly(cover(approval.id, evaluation));
        else if (now.mayApproveAll === true && sessions.of(approval.session).approveAll) void quietly(cover(approval.id, evaluation, 'approve all'));
        else if (!sameReading(evaluation, approval.evaluation) || evaluation.suggestions.join() !== approval.evaluation.suggestions.join()) {
          approvals.renew(approval.id, now);
        }
      } catch (error) {
        failed(error);
        approvals.fail(approval.id, error);
      }
    }
  }

  function preview(id: string, chosen: Answer, scopes?: readonly RuleScope[]): AnswerPreview {
    const approval = approvals.get(id);
    if (approval === undefined) return { ok: false, reason: approvals.howSettled(id) ?? 'There is no such question.' };
    const read = readGivenAnswer({ answer: chosen, by: 'preview', scopes }, surroundings());
    if (!read.ok) return read;
    const plan = planAnswer(asNow(approval), read.answer, answering());
    if (!plan.ok) return plan;
    const others = approvals.pending.filter((other) => other.id !== id && wouldSettle(other, plan.rules));
    return { ok: true, rules: plan.rules, alsoSettles: others.map((other) => other.id) };
  }

  /** An open question as it would be put now */
  function asNow(approval: Approval): Approval {
    if (approval.budget === undefined) return evaluating.asNow(approval);
    const usedUp = budgets.usedUp(approval.session);
    return { ...approval, evaluation: budgetEvaluation(usedUp), ...(usedUp === undefined ? {} : { budget: usedUp }) };
  }

  function wouldSettle(approval: Approval, rules: readonly Rule[]): boolean {
    // No rule gives a task more budget
    if (approval.budget !== undefined) return false;
    const own = rules.filter((rule) => rule.source !== 'session' || rule.metadata?.['session'] === approval.session);
    return own.length > 0 && evaluating.evaluate(sessions.of(approval.session), approval.request, own).decision !== 'ask';
  }

  function answering(): AnsweringContext {
    const { workspaceRules, profileRules } = store.state;
    return {
      tryOut: (request, session, extra) => evaluating.evaluate(sessions.of(session), request, extra),
      known: [...workspaceRules, ...profileRules],
      ids,
      now: clock.now(),
    };
  }

  async function quietly(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      failed(error);
    }
  }

  return {
    answer,
    preview,
    evaluateEdited(id, input) {
      const approval = approvals.get(id);
      return approval === undefined ? undefined : evaluating.evaluate(sessions.of(approval.session), withEdit(approval.request, { ...approval.request, input }));
    },
    reconsider,
  };
}

/** What a person's answer to a question about a budget writes */
function budgetEntry({ task: { session, use }, standing, more }: UsedUp, decision: 'allow' | 'deny', by: string): Entry {
  if (decision === 'deny') return { type: 'task_stopped', session, by };
  return { type: 'budget_granted', session, by, upTo: Object.fromEntries(standing.map(({ kind, upTo }) => [kind, Math.max(use[kind], upTo) + (more[kind] ?? 0)])) };
}

/** Whether two evaluations would look the same to the person who answers */
function sameReading(a: Evaluation, b: Evaluation): boolean {
  const shape = ({ fingerprint, actions }: Evaluation): string =>
    JSON.stringify([fingerprint, actions.map(({ action, decision, reason }) => [action, decision, reason.type, reason.pattern])]);
  return shape(a) === shape(b);
}
