import { type BudgetKind, type Budgets, budgetKinds } from '../core/policy/budgets.ts';
import { type TaskUse, type Use, perDollar, taskOf } from './taskUse.ts';

/** From this share of a budget on people are shown that it runs out */
export const nearlyUsed = 0.8;

/** How a task stands with one budget that is on; `used` and `upTo` in the units of `Use` */
export interface BudgetStanding {
  readonly kind: BudgetKind;
  readonly used: number;
  readonly upTo: number;
}

/** A task that has used up a budget, as a person is asked about it */
export interface UsedUp {
  readonly task: Pick<TaskUse, 'session' | 'since' | 'use' | 'tools'>;
  /** The budgets that are used up */
  readonly standing: readonly BudgetStanding[];
  /** How much more a person would give: each of those budgets once more, in the units of `Use` */
  readonly more: Partial<Use>;
}

/** How a task stands with the budgets that are on */
export function standingOf(task: TaskUse, budgets: Budgets): readonly BudgetStanding[] {
  return budgetKinds.filter((kind) => budgets[kind].on).map((kind) => ({ kind, used: task.use[kind], upTo: Math.max(sizeOf(kind, budgets), task.upTo?.[kind] ?? 0) }));
}

/** The share of a budget that is used; 1 and more: it is used up */
export function shareOf({ used, upTo }: BudgetStanding): number {
  return used / upTo;
}

/** Up to where a task may go when a person gives it more: of what is used up, else of what nearly is, one more budget */
export function grantFor(task: TaskUse, budgets: Budgets): Partial<Use> {
  const standing = standingOf(task, budgets);
  const isUsedUp = standing.some((each) => shareOf(each) >= 1);
  const kinds = standing.filter((each) => shareOf(each) >= (isUsedUp ? 1 : nearlyUsed));
  return Object.fromEntries(kinds.map(({ kind, used, upTo }) => [kind, Math.max(used, upTo) + sizeOf(kind, budgets)]));
}

export interface BudgetsOptions {
  readonly tasks: () => readonly TaskUse[];
  readonly budgets: () => Budgets;
  /** Milliseconds since 1970 */
  readonly now: () => number;
}

/** What the gate asks of budgets (spec 9) */
export interface TaskBudgets {
  find(session: string): TaskUse | undefined;
  /** What a session has used up; requests that are under way count */
  usedUp(session: string): UsedUp | undefined;
  /** Counts a request until it is on record; call what is returned then */
  begin(session: string): () => void;
  isUnderWay(session: string): boolean;
}

export function createBudgets({ tasks, budgets, now }: BudgetsOptions): TaskBudgets {
  const underWay = new Map<string, number>();

  function find(session: string): TaskUse | undefined {
    return taskOf(tasks(), session, now());
  }

  return {
    find,
    usedUp(session) {
      const task = find(session);
      if (task === undefined && !underWay.has(session)) return undefined;
      const known = task ?? newTask(session, now());
      const counting = { ...known, use: { ...known.use, iterations: known.use.iterations + (underWay.get(session) ?? 0) } };
      const standing = standingOf(counting, budgets()).filter((each) => shareOf(each) >= 1);
      if (standing.length === 0) return undefined;
      const more = Object.fromEntries(standing.map(({ kind }) => [kind, sizeOf(kind, budgets())]));
      return { task: { session, since: counting.since, use: counting.use, tools: counting.tools }, standing, more };
    },
    begin(session) {
      underWay.set(session, (underWay.get(session) ?? 0) + 1);
      return () => {
        const left = (underWay.get(session) ?? 1) - 1;
        if (left === 0) underWay.delete(session);
        else underWay.set(session, left);
      };
    },
    isUnderWay: (session) => underWay.has(session),
  };
}

/** The size of a budget in the units of `Use` */
export function sizeOf(kind: BudgetKind, budgets: Budgets): number {
  const { amount } = budgets[kind];
  return kind === 'cost' ? Math.round(amount * perDollar) : amount;
}

function newTask(session: string, now: number): TaskUse {
  return { session, since: now, last: now, use: { iterations: 0, tokens: 0, cost: 0 }, tools: [], minute: { startedAt: now, used: 0 } };
}
