import type { PolicySettings } from './policy.ts';

/** What a task may use before a person is asked for more (spec 9). Iterations are its requests, as the gate counts them */
export const budgetKinds = ['iterations', 'tokens', 'cost'] as const;
export type BudgetKind = (typeof budgetKinds)[number];

/** One budget of every task */
export interface Budget {
  readonly on: boolean;
  /** Requests, tokens, or US dollars */
  readonly amount: number;
}
export type Budgets = Readonly<Record<BudgetKind, Budget>>;

interface BudgetSetting {
  /** Keys under `limits`: the amount, and whether it counts */
  readonly key: string;
  readonly onKey: string;
  readonly usual: Budget;
  readonly least: number;
  readonly most: number;
  /** Only whole amounts make sense */
  readonly whole: boolean;
}

/** The budgets unless set, and what may be set (spec 9; cowork-facts 1.10) */
export const budgetSettings: Readonly<Record<BudgetKind, BudgetSetting>> = {
  iterations: { key: 'maxIterationsPerTask', onKey: 'iterationBudget', usual: { on: true, amount: 100 }, least: 5, most: 500, whole: true },
  tokens: { key: 'maxTokensPerTask', onKey: 'tokenBudget', usual: { on: true, amount: 100_000 }, least: 1_000, most: 10_000_000, whole: true },
  cost: { key: 'maxCostPerTask', onKey: 'costBudget', usual: { on: false, amount: 1 }, least: 0.01, most: 100, whole: false },
};

type Limits = PolicySettings['limits'];

/** The budgets that settings give; a value that is none counts as the usual one */
export function budgetsOf(limits: Limits): Budgets {
  return each((kind) => {
    const { key, onKey, usual } = budgetSettings[kind];
    const amount = limits[key];
    const on = limits[onKey];
    return { on: typeof on === 'boolean' ? on : usual.on, amount: isAmount(kind, amount) ? amount : usual.amount };
  });
}

/** The limits with one budget changed; what else stands there stays */
export function withBudget(limits: Limits, kind: BudgetKind, { on, amount }: Budget): Limits {
  return { ...limits, [budgetSettings[kind].key]: amount, [budgetSettings[kind].onKey]: on };
}

/** Why limits cannot be saved; nothing where they can */
export function budgetProblem(limits: Limits): string | undefined {
  for (const kind of budgetKinds) {
    const { key, onKey, least, most, whole } = budgetSettings[kind];
    if (limits[key] !== undefined && !isAmount(kind, limits[key])) return `“limits.${key}” takes a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`;
    if (limits[onKey] !== undefined && typeof limits[onKey] !== 'boolean') return `“limits.${onKey}” takes true or false.`;
  }
  return undefined;
}

/** Only what is tighter than the usual budgets: one more that is on, a smaller amount of one that is on anyway */
export function tighterBudgets(limits: Limits): Limits {
  const given = budgetsOf(limits);
  return budgetKinds.reduce<Limits>((kept, kind) => {
    const { usual } = budgetSettings[kind];
    const { on, amount } = given[kind];
    const tighter = usual.on ? on && amount < usual.amount : on;
    return tighter ? withBudget(kept, kind, { on: true, amount }) : kept;
  }, {});
}

function isAmount(kind: BudgetKind, given: unknown): given is number {
  const { least, most, whole } = budgetSettings[kind];
  return typeof given === 'number' && given >= least && given <= most && (!whole || Number.isInteger(given));
}

function each<Value>(make: (kind: BudgetKind) => Value): Readonly<Record<BudgetKind, Value>> {
  return { iterations: make('iterations'), tokens: make('tokens'), cost: make('cost') };
}
