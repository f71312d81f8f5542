import { budgetKinds, budgetsOf } from '../core/policy/budgets.ts';
import { grantFor, nearlyUsed, shareOf, sizeOf, standingOf } from '../gate/budgets.ts';
import { moreText, standingText, toolLines } from '../gate/budgetText.ts';
import { taskName } from '../gate/taskName.ts';
import { isOver } from '../gate/taskUse.ts';
import type { Words } from '../gate/words.ts';
import type { RunningTask } from '../shared/limits.ts';
import type { OpenFolder } from './folders.ts';

/** Tasks that are shown at a time */
const mostShown = 20;
/** A task that has rested for so long is shown no more in the status bar, milliseconds */
const lately = 60 * 60_000;

/** A folder, as far as its tasks matter */
export type TaskFolder = Pick<OpenFolder, 'gate' | 'store'>;

/** The tasks of a folder and how far each is with its budgets, the newest first; safe to show */
export function runningTasks({ gate, store }: TaskFolder, now: number, words: Words): readonly RunningTask[] {
  const budgets = budgetsOf(gate.policy().settings.limits);
  return (store.state.tasks ?? []).filter((task) => !isOver(task, now)).toReversed().slice(0, mostShown).map((task) => {
    const standing = standingOf(task, budgets);
    const more = budgetKinds.filter((kind) => grantFor(task, budgets)[kind] !== undefined);
    const isLow = standing.some((each) => shareOf(each) >= nearlyUsed);
    return {
      session: task.session,
      name: taskName(task, words),
      since: task.since,
      last: task.last,
      stopped: task.stoppedBy !== undefined,
      bars: standing.map((each) => ({ kind: each.kind, text: standingText(each, words), share: Math.min(1, shareOf(each)), used: shareOf(each) >= 1, low: shareOf(each) >= nearlyUsed })),
      tools: toolLines({ task }, words),
      ...(isLow || task.stoppedBy !== undefined ? { more: more.length === 0 ? words.t('what it has left') : moreText(Object.fromEntries(more.map((kind) => [kind, sizeOf(kind, budgets)])), words) } : {}),
    };
  });
}

/** The task that is nearest to the end of a budget, where one has used most of it lately: in few words and in many */
export function lowestTask(folder: TaskFolder, now: number, words: Words): { readonly text: string; readonly whole: string } | undefined {
  const low = runningTasks(folder, now, words).filter(({ bars, last, stopped }) => now - last < lately && (stopped || bars.some((bar) => bar.low)));
  if (low.length === 0) return undefined;
  const share = ({ bars }: RunningTask): number => Math.max(0, ...bars.map((bar) => bar.share));
  const nearest = low.reduce((a, b) => (share(b) > share(a) ? b : a));
  const bar = [...nearest.bars].sort((a, b) => b.share - a.share)[0];
  const text = nearest.stopped ? words.t('task stopped') : words.t('{0} % of the budget', Math.floor((bar?.share ?? 0) * 100));
  const lines = low.map(({ name, stopped, bars }) => words.t('{0}: {1}', name, [...(stopped ? [words.t('stopped')] : []), ...bars.map((each) => each.text)].join(', ')));
  return { text, whole: lines.join('\n') };
}
