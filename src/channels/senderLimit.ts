import type { Clock } from '../gate/ports.ts';

/** Messages a minute that are read of one sender (spec 9, cowork-facts 1.19) */
export const perSender = 30;
/** Messages a minute that are read of all who are not paired, together, so that many senders do not add up to a flood */
export const perStrangers = 120;
const windowLength = 60_000;
/** Senders that are counted at once; beyond, strangers wait until windows have run out */
const mostSenders = 2_000;

interface Window {
  readonly startedAt: number;
  used: number;
  refused: number;
}

/** What a limit says: go ahead, or when the window ends. `first`: nobody was told yet in this window */
export type Taken = { readonly ok: true } | { readonly ok: false; readonly first: boolean; readonly startedAt: number; readonly until: number };

/** Counts what senders of one channel send, in fixed windows of a minute. Refusing costs nothing but a look in a map */
export class SenderLimit {
  readonly #clock: Clock;
  readonly #senders = new Map<string, Window>();
  #strangers: Window = { startedAt: 0, used: 0, refused: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(sender: string, paired: boolean): Taken {
    const now = this.#clock.now();
    const own = this.#window(sender, now, paired);
    if (own === undefined) return refusal(this.#strangersNow(now));
    if (own.used >= perSender) return refusal(own);
    if (!paired) {
      const all = this.#strangersNow(now);
      if (all.used >= perStrangers) return refusal(all);
      all.used += 1;
    }
    own.used += 1;
    return { ok: true };
  }

  /** Messages of a sender that were refused in the window that is running */
  refused(sender: string): number {
    return this.#senders.get(sender)?.refused ?? 0;
  }

  /** There is always room for the paired, or a flood of strangers would shut them out */
  #window(sender: string, now: number, paired: boolean): Window | undefined {
    const known = this.#senders.get(sender);
    if (known !== undefined && !isOver(known, now)) return known;
    if (known === undefined && !paired && this.#senders.size >= mostSenders) {
      for (const [other, window] of this.#senders) if (isOver(window, now)) this.#senders.delete(other);
      if (this.#senders.size >= mostSenders) return undefined;
    }
    const fresh = { startedAt: now, used: 0, refused: 0 };
    this.#senders.set(sender, fresh);
    return fresh;
  }

  #strangersNow(now: number): Window {
    if (isOver(this.#strangers, now)) this.#strangers = { startedAt: now, used: 0, refused: 0 };
    return this.#strangers;
  }
}

/** A clock that was set back must not keep a window open for ever */
function isOver({ startedAt }: Window, now: number): boolean {
  return now - startedAt >= windowLength || now < startedAt;
}

function refusal(window: Window): Taken {
  window.refused += 1;
  return { ok: false, first: window.refused === 1, startedAt: window.startedAt, until: window.startedAt + windowLength };
}
