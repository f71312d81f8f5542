import type { Clock } from '../gate/ports.ts';

/** Messages a minute that are read of one sender (spec 9, cowork-facts 1.19) */
export const perSender = 30;
/** Messages a minute that are read of all who are not paired, together, so that many senders do not add up to a flood */
export const perStrangers = 120;
/**
 * The first messages of each stranger in a minute; what they send beyond may use up only half of what is read of all, so that a few
 * who write much leave room for many who write little
 */
const first = 3;
const windowLength = 60_000;
/** Senders that are counted at once, at most some 600 bytes each; beyond, strangers wait until windows have run out */
const mostSenders = 2_000;

interface Window {
  readonly startedAt: number;
  used: number;
  refused: number;
}

/** What all strangers used together */
interface Shared extends Window {
  /** Of those, what was beyond somebody's first ones */
  beyond: number;
}

/** What a limit says: go ahead, or when the window ends. `first`: nobody was told yet in this window; `own`: the sender alone wrote too much */
export type Taken = { readonly ok: true } | { readonly ok: false; readonly first: boolean; readonly own: boolean; readonly startedAt: number; readonly until: number };

/** Counts what senders of one channel send, in fixed windows of a minute. Refusing costs nothing but a look in a map */
export class SenderLimit {
  readonly #clock: Clock;
  readonly #senders = new Map<string, Window>();
  #strangers: Shared = { startedAt: 0, used: 0, refused: 0, beyond: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param apart does not count among the strangers: known people, and whoever is about to become one */
  take(sender: string, apart: boolean): Taken {
    const now = this.#clock.now();
    const own = this.#window(sender, now, apart);
    if (own === undefined) return refusal(this.#strangersNow(now), false);
    if (own.used >= perSender) return refusal(own, true);
    if (!apart) {
      const all = this.#strangersNow(now);
      const isBeyond = own.used >= first;
      if (all.used >= perStrangers) return refusal(all, false);
      if (isBeyond && all.beyond >= perStrangers / 2) return refusal(own, false);
      all.used += 1;
      if (isBeyond) all.beyond += 1;
    }
    own.used += 1;
    return { ok: true };
  }

  /** Messages of a sender that were refused in the window that is running */
  refused(sender: string): number {
    return this.#senders.get(sender)?.refused ?? 0;
  }

  /** There is always room for those apart, or a flood of strangers would shut them out */
  #window(sender: string, now: number, apart: boolean): Window | undefined {
    const known = this.#senders.get(sender);
    if (known !== undefined && !isOver(known, now)) return known;
    if (known === undefined && !apart && this.#senders.size >= mostSenders) {
      for (const [other, window] of this.#senders) if (isOver(window, now)) this.#senders.delete(other);
      if (this.#senders.size >= mostSenders) return undefined;
    }
    const fresh = { startedAt: now, used: 0, refused: 0 };
    this.#senders.set(sender, fresh);
    return fresh;
  }

  #strangersNow(now: number): Shared {
    if (isOver(this.#strangers, now)) this.#strangers = { startedAt: now, used: 0, refused: 0, beyond: 0 };
    return this.#strangers;
  }
}

/** A clock that was set back must not keep a window open for ever */
function isOver({ startedAt }: Window, now: number): boolean {
  return now - startedAt >= windowLength || now < startedAt;
}

function refusal(window: Window, own: boolean): Taken {
  window.refused += 1;
  return { ok: false, first: window.refused === 1, own, startedAt: window.startedAt, until: window.startedAt + windowLength };
}
