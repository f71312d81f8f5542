import { type LimitAnswer, type Limits, perMinute } from './limits.ts';
import type { Clock, Disposable, Store } from './ports.ts';
import type { TaskBudgets } from './budgets.ts';

const minute = 60_000;
const tooManyTasks = `At most ${perMinute.standard} tasks may begin in a minute.`;

export interface RefusalsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly budgets: TaskBudgets;
  readonly failed: (error: unknown) => void;
}

/** The limit of requests in a minute (spec 9), and the record of what it refused */
export interface Refusals {
  /**
   * Counts a request of a session, or tells why it comes too soon; resolves when that is on record
   *
   * @param session empty for what is nobody's in particular
   * @param what each is counted for itself: requests, parts of a tool's call, reports, what is no request, and notes of files
   */
  refuse(session: string, what: 'request' | 'part' | 'report' | 'no request' | 'note'): Promise<string | undefined>;
  /** Records what was refused and is not on record yet */
  dispose(): Promise<void>;
}

/**
 * Sixty requests a minute for each task, and sixty tasks that begin in a minute: who names another session at each call gains
 * nothing over one who does not.
 *
 * INVARIANT: a flood writes two lines a minute for each task, not one for each request: the first refusal of a minute is on record
 * before it is told, the others are counted and recorded together.
 */
export function createRefusals({ store, clock, limits, budgets, failed }: RefusalsOptions): Refusals {
  const openedAt = clock.now();
  const counting = new Map<string, { readonly session: string; readonly why: string; count: number; readonly timer: Disposable }>();

  /** Sessions that began lately and may not be on record yet, with the time */
  const beginning = new Map<string, number>();

  function noteBeginning(session: string): void {
    const now = clock.now();
    for (const [known, at] of beginning) if (now - at >= minute || now < at) beginning.delete(known);
    beginning.set(session, now);
  }

  async function refused(key: string, session: string, why: string, told: string): Promise<string> {
    const known = counting.get(key);
    if (known !== undefined) {
      known.count += 1;
      return told;
    }
    counting.set(key, { session, why, count: 0, timer: clock.after(minute, () => void write(key).catch(failed)) });
    await store.commit([{ type: 'requests_refused', session, count: 1, why }]);
    return told;
  }

  async function write(key: string): Promise<void> {
    const known = counting.get(key);
    counting.delete(key);
    known?.timer.dispose();
    if (known === undefined || known.count === 0) return;
    await store.commit([{ type: 'requests_refused', session: known.session, count: known.count, why: known.why }]);
  }

  return {
    async refuse(session, what) {
      const task = budgets.find(session);
      if (session !== '' && task === undefined && !budgets.isUnderWay(session) && !beginning.has(session)) {
        const begun = limits.take('standard', 'tasks');
        if (!begun.ok) return refused('tasks', '', tooManyTasks, `${tooManyTasks} ${wait(begun)}`);
        noteBeginning(session);
      }
      // On record stands when requests were settled; of those since the gate was opened it knows itself when they came
      const before = what === 'request' && task !== undefined && task.minute.startedAt <= openedAt ? task.minute : undefined;
      const taken = limits.take('standard', `${what} ${session}`, before);
      if (taken.ok) return undefined;
      const why = `At most ${perMinute.standard} ${things[what]} a minute.`;
      return refused(`${what} ${session}`, session, why, `${why} ${wait(taken)}`);
    },
    async dispose() {
      await Promise.all([...counting.keys()].map((key) => write(key).catch(failed)));
    },
  };
}

const things = { request: 'requests', part: 'requests', report: 'reports', 'no request': 'requests', note: 'notes of files' } as const;

function wait(answer: LimitAnswer): string {
  return answer.ok ? '' : `Wait ${answer.waitSeconds} s.`;
}
