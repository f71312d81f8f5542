import { type BudgetKind, budgetKinds } from '../core/policy/budgets.ts';
import { canonicalToolName } from '../core/describe/tools/catalogue.ts';
import type { Entry } from './entry.ts';

/** What was used, in whole numbers, so that sums stay exact: requests, tokens, millionths of a US dollar */
export type Use = Readonly<Record<BudgetKind, number>>;

/** What one task has used. A task is a session of an agent: the same name under which grants are kept */
export interface TaskUse {
  readonly session: string;
  /** First and newest request, milliseconds since 1970 */
  readonly since: number;
  readonly last: number;
  readonly use: Use;
  /** By tool, at most `mostTools` by name, the rest under an empty one */
  readonly tools: readonly { readonly tool: string; readonly use: Use }[];
  /** Up to where a person lets it go, in the units of `use`; the budget itself where that is more */
  readonly upTo?: Partial<Use>;
  /** Who said that it must not go on */
  readonly stoppedBy?: string;
  /** Requests of the newest minute that began with one, as the limit of requests counts them */
  readonly minute: { readonly startedAt: number; readonly used: number };
}

/** US dollars are counted in millionths */
export const perDollar = 1_000_000;
/** A task that has rested for so long is over, milliseconds; a stopped one is not */
export const longestRest = 24 * 60 * 60_000;
/** Tasks of a workspace that are kept */
export const mostTasks = 200;
const mostTools = 8;
const longestTool = 60;
const minute = 60_000;

const nothing: Use = { iterations: 0, tokens: 0, cost: 0 };

/** The task of a session at some time, in milliseconds since 1970; nothing where it has not begun or is over */
export function taskOf(tasks: readonly TaskUse[], session: string, now: number): TaskUse | undefined {
  return tasks.find((task) => task.session === session && !isOver(task, now));
}

/**
 * The tasks after one more entry of the record; pure. Gives the same list where nothing changed.
 *
 * INVARIANT: use only grows, and nothing but a person's grant lets a task go further. When there are too many tasks, the one that
 * used least is forgotten, so that a flood of new ones wipes out no other.
 */
export function applyTaskEntry(tasks: readonly TaskUse[], entry: Entry, at: number): readonly TaskUse[] {
  switch (entry.type) {
    case 'decision':
      // What was refused for its limit is not the task's work, and a part of a call is counted with the call
      if (entry.reason.type === 'limit' || entry.part === true) return tasks;
      return changed(tasks, entry.session, at, (task) => ({ ...used(task, canonicalToolName(entry.request.tool), { ...nothing, iterations: 1 }), last: at, minute: counted(task.minute, at) }));
    case 'result': {
      const { use } = entry;
      if (use === undefined) return tasks;
      return changed(tasks, use.session, at, (task) => ({ ...used(task, use.tool ?? '', { iterations: 0, tokens: use.tokens, cost: use.cost }), last: at }));
    }
    case 'budget_granted':
      return changed(tasks, entry.session, at, ({ stoppedBy: _, ...task }) => ({ ...task, upTo: { ...task.upTo, ...entry.upTo } }));
    case 'task_stopped':
      return changed(tasks, entry.session, at, (task) => ({ ...task, stoppedBy: entry.by }));
    default:
      return tasks;
  }
}

/** Without what a person granted, for a history of doubtful standing */
export function withoutGrants(tasks: readonly TaskUse[]): readonly TaskUse[] {
  return tasks.map(({ upTo: _, ...task }) => task);
}

/** Sums of whole numbers that never leave what a number can hold exactly */
function sum(a: Use, b: Use): Use {
  const plus = (kind: BudgetKind): number => Math.min(Number.MAX_SAFE_INTEGER, a[kind] + b[kind]);
  return { iterations: plus('iterations'), tokens: plus('tokens'), cost: plus('cost') };
}

/** Whether a task has rested for so long that its next request begins another */
export function isOver({ last, stoppedBy }: TaskUse, now: number): boolean {
  return stoppedBy === undefined && now - last >= longestRest;
}

function changed(tasks: readonly TaskUse[], session: string, at: number, change: (task: TaskUse) => TaskUse): readonly TaskUse[] {
  const known = taskOf(tasks, session, at);
  const others = tasks.filter((task) => task.session !== session);
  const after = change(known ?? { session, since: at, last: at, use: nothing, tools: [], minute: { startedAt: at, used: 0 } });
  return [...(known === undefined ? withRoom(others, at) : others), after];
}

function withRoom(tasks: readonly TaskUse[], at: number): readonly TaskUse[] {
  const going = tasks.filter((task) => !isOver(task, at));
  if (going.length < mostTasks) return going;
  const least = going.reduce((a, b) => (weight(b) < weight(a) ? b : a));
  return going.filter((task) => task !== least);
}

/** How much would be lost with a task; a stopped one is kept longest */
function weight({ use, stoppedBy }: TaskUse): number {
  return stoppedBy === undefined ? Math.max(...budgetKinds.map((kind) => use[kind])) : Infinity;
}

function used(task: TaskUse, name: string, more: Use): TaskUse {
  const short = name.slice(0, longestTool);
  const hasPlace = task.tools.some(({ tool }) => tool === short) || task.tools.filter(({ tool }) => tool !== '').length < mostTools;
  const tool = hasPlace ? short : '';
  const before = task.tools.find((each) => each.tool === tool)?.use ?? nothing;
  return { ...task, use: sum(task.use, more), tools: [...task.tools.filter((each) => each.tool !== tool), { tool, use: sum(before, more) }] };
}

function counted({ startedAt, used: before }: TaskUse['minute'], at: number): TaskUse['minute'] {
  return at - startedAt >= minute || at < startedAt ? { startedAt: at, used: 1 } : { startedAt, used: before + 1 };
}
