import type { Evaluation } from '../core/decide/evaluation.ts';
import type { Entry } from './entry.ts';
import type { Approval, Clock, Disposable, Prompter, Store } from './ports.ts';
import { recordedApproval, recordedRequest, recordedText, sameData } from './recorded.ts';

/** Open questions one workspace and one session may have at a time; beyond, the newcomer is denied at once */
export const mostPending = { workspace: 200, session: 50 } as const;
/** How long a question of a window that is gone waits to be asked again by the same request */
const graceForAskers = 30_000;
const mostSettledRemembered = 500;

type SettledEntry = Extract<Entry, { type: 'approval_settled' }>;

/** How a question ended. `answer` carries what the person's answer means; the rest explain themselves */
export type Ending<Answered> =
  | { readonly kind: 'answered'; readonly answered: Answered }
  | { readonly kind: 'covered'; readonly evaluation: Evaluation; readonly by?: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'withdrawn' };

export type Asked<Answered> =
  | { readonly asked: true; readonly approval: Approval; readonly ending: Ending<Answered> }
  | { readonly asked: false; readonly why: string };

/** A question before it has its id and times */
export type NewQuestion = Omit<Approval, 'id' | 'askedAt' | 'expiresAt'>;

interface Waiter<Answered> {
  resolve(asked: Asked<Answered>): void;
  reject(error: unknown): void;
}

interface Open<Answered> {
  approval: Approval;
  readonly key: string;
  readonly waiters: Set<Waiter<Answered>>;
  readonly timer: Disposable;
  /** Aborted when the card of this question must go; renewed when the question changes */
  shown: AbortController;
}

export interface Approvals<Answered> {
  readonly pending: readonly Approval[];
  get(id: string): Approval | undefined;
  /** Puts a question and waits for its ending; the same question of the same session is put once */
  ask(question: NewQuestion, signal?: AbortSignal): Promise<Asked<Answered>>;
  /**
   * Ends an open question: its card goes at once, the entries are recorded, then everyone who waits is told.
   * Rejects when it could not be recorded; those who wait are rejected too.
   */
  end(id: string, ending: Ending<Answered>, settled: Omit<SettledEntry, 'type' | 'approval'>, before?: readonly Entry[]): Promise<void>;
  /** Ends an open question with a failure; whoever waits is rejected with `error` */
  fail(id: string, error: unknown): void;
  /** Puts an open question anew because what the request would do has changed */
  renew(id: string, now: Pick<Approval, 'evaluation' | 'mayApproveAll' | 'budget'>): void;
  attach(prompter: Prompter): Disposable;
  /** How a settled question ended, in one sentence; `undefined` when it is unknown here */
  howSettled(id: string): string | undefined;
  close(): Promise<void>;
}

export interface ApprovalsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: () => string;
  /** Milliseconds until a question turns into a denial */
  readonly timeout: number;
  readonly changed: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The questions that wait for a person. Each is on disk before anyone sees it and until it is settled.
 *
 * INVARIANT: a question ends exactly once, and everyone who waits for it is told.
 */
export function createApprovals<Answered>(options: ApprovalsOptions): Approvals<Answered> {
  const { store, clock, ids, timeout, changed, failed } = options;
  const open = new Map<string, Open<Answered>>();
  const byKey = new Map<string, Open<Answered>>();
  const prompters = new Set<Prompter>();
  const settled = new Map<string, string>();
  const orphans = new Map<string, { readonly approval: Approval; readonly timer: Disposable }>();
  /** Endings on their way to disk */
  const underWay = new Set<Promise<unknown>>();
  let closing = false;

  for (const approval of store.state.pending) adopt(approval);

  /** A question of a window that is gone: nobody waits for its answer, until the same request comes again */
  function adopt(approval: Approval): void {
    const left = approval.expiresAt - clock.now();
    const outcome = left > 0 ? 'withdrawn' : 'timeout';
    const giveUp = (): void => {
      orphans.delete(approval.id);
      remember(approval.id, outcome === 'timeout' ? 'It timed out and was denied.' : 'The window that asked was closed, so the question was withdrawn.');
      inBackground(store.commit([{ type: 'approval_settled', approval: approval.id, outcome }]));
    };
    orphans.set(approval.id, { approval, timer: clock.after(Math.max(0, Math.min(graceForAskers, left)), giveUp) });
  }

  /** The question a request left open in a window that is gone */
  function takeOrphan({ request, session, evaluation }: NewQuestion): Approval | undefined {
    if (request.id === undefined) return undefined;
    for (const { approval, timer } of orphans.values()) {
      const sameAsker = approval.session === session && approval.request.id === request.id && approval.expiresAt > clock.now();
      // On disk stands what the record keeps of a question, so that is what is compared
      if (!sameAsker || approval.evaluation.fingerprint !== recordedText(evaluation.fingerprint)) continue;
      if (!sameData(approval.request, recordedRequest(request))) continue;
      timer.dispose();
      orphans.delete(approval.id);
      return approval;
    }
    return undefined;
  }

  function remember(id: string, sentence: string): void {
    settled.set(id, sentence);
    const [oldest] = settled.keys();
    if (settled.size > mostSettledRemembered && oldest !== undefined) settled.delete(oldest);
  }

  function inBackground(work: Promise<unknown>): void {
    const watched = work.catch(failed).finally(() => underWay.delete(watched));
    underWay.add(watched);
  }

  /** Shows a question to everyone who can show it; when nobody could, it fails rather than wait unseen */
  function show(question: Open<Answered>, to: Iterable<Prompter>): void {
    let broken: unknown;
    let working = 0;
    for (const prompter of to) {
      // Answered at once by the one before
      if (question.shown.signal.aborted) return;
      try {
        const shown: unknown = prompter.ask(question.approval, question.shown.signal);
        working += 1;
        if (shown instanceof Promise) inBackground(shown.catch((error: unknown) => lost(question, prompter, error)));
      } catch (error) {
        broken = error;
        failed(error);
      }
    }
    if (broken !== undefined && working === 0) fail(question.approval.id, broken);
  }

  /** A prompter that failed after it had seemed to work */
  function lost(question: Open<Answered>, prompter: Prompter, error: unknown): void {
    failed(error);
    if ([...prompters].every((other) => other === prompter)) fail(question.approval.id, error);
  }

  function take(id: string): Open<Answered> | undefined {
    const question = open.get(id);
    if (question === undefined) return undefined;
    open.delete(id);
    if (byKey.get(question.key) === question) byKey.delete(question.key);
    question.timer.dispose();
    question.shown.abort();
    changed();
    return question;
  }

  async function end(id: string, ending: Ending<Answered>, how: Omit<SettledEntry, 'type' | 'approval'>, before: readonly Entry[] = []): Promise<void> {
    const question = take(id);
    if (question === undefined) return;
    remember(id, sentenceOf(how));
    try {
      await store.commit([...before, { type: 'approval_settled', approval: id, ...how }]);
    } catch (error) {
      remember(id, 'It could not be recorded, so the request was denied.');
      for (const waiter of question.waiters) waiter.reject(error);
      throw error;
    }
    for (const waiter of question.waiters) waiter.resolve({ asked: true, approval: question.approval, ending });
  }

  function fail(id: string, error: unknown): void {
    const question = take(id);
    if (question === undefined) return;
    remember(id, 'Asking failed, so the request was denied.');
    inBackground(store.commit([{ type: 'approval_settled', approval: id, outcome: 'failed' }]));
    for (const waiter of question.waiters) waiter.reject(error);
  }

  function wait(question: Open<Answered>, signal: AbortSignal | undefined): Promise<Asked<Answered>> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        if (!question.waiters.delete(waiter)) return;
        signal?.removeEventListener('abort', stop);
        if (question.waiters.size === 0) inBackground(end(question.approval.id, { kind: 'withdrawn' }, { outcome: 'withdrawn' }));
        resolve({ asked: true, approval: question.approval, ending: { kind: 'withdrawn' } });
      };
      const waiter: Waiter<Answered> = {
        resolve: (asked) => {
          signal?.removeEventListener('abort', stop);
          resolve(asked);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', stop);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      question.waiters.add(waiter);
      signal?.addEventListener('abort', stop);
    });
  }

  function refusal(session: string): string | undefined {
    if (closing) return 'The workspace is being closed. Ask again when it is open.';
    if (open.size >= mostPending.workspace) return `${mostPending.workspace} questions already wait in this workspace. Ask again when some are answered.`;
    const own = [...open.values()].filter((question) => question.approval.session === session).length;
    if (own >= mostPending.session) return `${mostPending.session} questions of this session already wait. Ask again when some are answered.`;
    return undefined;
  }

  async function ask(asked: NewQuestion, signal?: AbortSignal): Promise<Asked<Answered>> {
    const key = questionKey(asked);
    const already = byKey.get(key);
    if (already !== undefined) return wait(already, signal);

    const why = refusal(asked.session);
    if (why !== undefined) return { asked: false, why };

    const left = takeOrphan(asked);
    const now = clock.now();
    const approval: Approval = {
      ...asked,
      id: left?.id ?? ids(),
      askedAt: left?.askedAt ?? now,
      expiresAt: left?.expiresAt ?? now + timeout,
    };
    const question: Open<Answered> = {
      approval,
      key,
      waiters: new Set(),
      timer: clock.after(Math.max(0, approval.expiresAt - now), () => inBackground(end(approval.id, { kind: 'timeout' }, { outcome: 'timeout' }))),
      shown: new AbortController(),
    };
    // The place is taken before the first wait, so that a flood cannot slip in between
    open.set(approval.id, question);
    byKey.set(key, question);
    const [ending] = await Promise.all([wait(question, signal), put(question, left !== undefined)]);
    return ending;
  }

  /** Brings a new question to disk, then to people; never rejects */
  async function put(question: Open<Answered>, onDisk: boolean): Promise<void> {
    const { approval } = question;
    try {
      if (!onDisk) await store.commit([{ type: 'approval_asked', approval: recordedApproval(approval) }]);
    } catch (error) {
      // Nothing of it is on disk, so there is nothing to settle there
      for (const waiter of take(approval.id)?.waiters ?? []) waiter.reject(error);
    }
    if (open.get(approval.id) !== question) return;
    changed();
    show(question, prompters);
  }

  return {
    get pending() {
      return [...open.values()].map((question) => question.approval);
    },
    get: (id) => open.get(id)?.approval,
    ask,
    end,
    fail,
    renew(id, now) {
      const question = open.get(id);
      if (question === undefined) return;
      question.approval = { ...question.approval, ...now };
      question.shown.abort();
      question.shown = new AbortController();
      changed();
      show(question, prompters);
    },
    attach(prompter) {
      prompters.add(prompter);
      for (const question of [...open.values()]) show(question, [prompter]);
      return { dispose: () => void prompters.delete(prompter) };
    },
    howSettled: (id) => settled.get(id) ?? (orphans.has(id) ? 'The window that asked was closed.' : undefined),
    async close() {
      closing = true;
      for (const { timer } of orphans.values()) timer.dispose();
      for (const id of [...open.keys()]) inBackground(end(id, { kind: 'withdrawn' }, { outcome: 'withdrawn' }));
      await Promise.all(underWay);
    },
  };
}

/**
 * Two requests with the same key get one prompt. All of the request counts, not only its effect: two writes of one file
 * with different text are two questions, since the person sees the text of only one. About its budget a task is asked once.
 */
function questionKey({ request, evaluation, session, budget }: NewQuestion): string {
  if (budget !== undefined) return JSON.stringify([session, 'budget']);
  const { id: _, ...rest } = request;
  return JSON.stringify([session, evaluation.fingerprint, rest]);
}

function sentenceOf(how: Omit<SettledEntry, 'type' | 'approval'>): string {
  switch (how.outcome) {
    case 'answered':
      return `Already answered${how.by === undefined ? '' : ` by ${how.by}`}: ${(how.answer ?? '').replace('_', ' ')}.`;
    case 'timeout':
      return 'It timed out and was denied.';
    case 'withdrawn':
      return 'The agent no longer waits for it.';
    case 'covered':
      return 'A change of the policy has settled it.';
    case 'failed':
      return 'Asking failed, so the request was denied.';
  }
}
