import { type BudgetKind, budgetKinds } from '../core/policy/budgets.ts';
import { visible } from '../core/visible.ts';
import type { BudgetStanding, UsedUp } from './budgets.ts';
import { type Use, perDollar } from './taskUse.ts';
import { english, numberText, type Words } from './words.ts';

/** An amount of one kind, as people read it: `100 requests`, `1.00 USD` */
export function amountText(kind: BudgetKind, amount: number, words: Words = english): string {
  switch (kind) {
    case 'iterations': return amount === 1 ? words.t('1 request') : words.t('{0} requests', numberText(amount, words));
    case 'tokens': return amount === 1 ? words.t('1 token') : words.t('{0} tokens', numberText(amount, words));
    case 'cost': return words.t('{0} USD', dollars(amount, words));
  }
}

/** How far a task is with a budget: `87 of 100 requests` */
export function standingText({ kind, used, upTo }: BudgetStanding, words: Words = english): string {
  return words.t('{0} of {1}', kind === 'cost' ? dollars(used, words) : numberText(used, words), amountText(kind, upTo, words));
}

/** What was used: the requests, and tokens and cost where any were told of */
export function useText(use: Use, words: Words = english): string {
  return budgetKinds.filter((kind) => kind === 'iterations' || use[kind] > 0).map((kind) => amountText(kind, use[kind], words)).join(', ');
}

/** What a grant gives: `another 100 requests` */
export function moreText(more: Partial<Use>, words: Words = english): string {
  return words.t('another {0}', budgetKinds.flatMap((kind) => (more[kind] === undefined ? [] : [amountText(kind, more[kind], words)])).join(', '));
}

/** Everything a person is told about a task that used up a budget, a line each; safe to show */
export function usedUpLines({ task, standing }: UsedUp, askedAt: number, words: Words = english): readonly string[] {
  const minutes = Math.max(1, Math.round((askedAt - task.since) / 60_000));
  const others = budgetKinds.filter((kind) => task.use[kind] > 0 && standing.every((each) => each.kind !== kind));
  const used = standing.map((each) => standingText(each, words)).join(', ');
  return [
    minutes === 1 ? words.t('It has used {0} in a minute.', used) : words.t('It has used {0} in {1} minutes.', used, minutes),
    ...(others.length === 0 ? [] : [words.t('Besides: {0}.', others.map((kind) => amountText(kind, task.use[kind], words)).join(', '))]),
    words.t('For: {0}.', toolLines({ task }, words).join('; ')),
  ];
}

/** What was used for what, most first; safe to show */
export function toolLines({ task }: Pick<UsedUp, 'task'>, words: Words = english): readonly string[] {
  const weigh = ({ iterations, tokens, cost }: Use): number => iterations * 1_000 + tokens + cost / 1_000;
  return [...task.tools].sort((a, b) => weigh(b.use) - weigh(a.use)).map(({ tool, use }) => words.t('{0}: {1}', tool === '' ? words.t('other work') : visible(tool), useText(use, words)));
}

/** US dollars in cents; what is less than a cent and more than nothing is not shown as nothing */
function dollars(millionths: number, words: Words): string {
  const amount = millionths / perDollar;
  return numberText(amount, words, { minimumFractionDigits: 2, maximumFractionDigits: millionths > 0 && amount < 0.01 ? 6 : 2 });
}
