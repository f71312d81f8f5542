import * as z from 'zod/mini';
import type { ChannelSurroundings } from './channel.ts';

/** Name of the lane that holds up all others */
export const everyLane = '*';

/** Milliseconds that are waited where a platform says "too many" and not how long */
const unsaidPause = 1_000;

const seconds = z.coerce.number().check(z.minimum(0));
const answerSchema = z.object({
  retry_after: z.optional(seconds),
  parameters: z.optional(z.object({ retry_after: z.optional(seconds) })),
});

/** How long a "too many requests" asks to wait, in milliseconds: `Retry-After`, Discord's and Telegram's own fields, whichever is longest */
export function askedPause(header: string | null, body: unknown): number {
  const answer = answerSchema.safeParse(body).data;
  const said = [header ?? undefined, answer?.retry_after, answer?.parameters?.retry_after].flatMap((value) => {
    const read = value === undefined ? undefined : seconds.safeParse(value).data;
    return read === undefined ? [] : [read * 1_000];
  });
  return said.length === 0 ? unsaidPause : Math.ceil(Math.max(...said));
}

/**
 * Holds calls back while a platform asked for a pause, by lane (one limit of the platform's each).
 *
 * INVARIANT: a pause ends when it was slept through, whatever the clock says by then; a clock that jumps never makes it longer.
 */
export class RateLimit {
  readonly #surroundings: Pick<ChannelSurroundings, 'now' | 'sleep'>;
  readonly #pauses = new Map<string, { readonly since: number; readonly length: number }>();

  constructor(surroundings: Pick<ChannelSurroundings, 'now' | 'sleep'>) {
    this.#surroundings = surroundings;
  }

  /** From now on calls of this lane wait, `length` in milliseconds */
  pause(lane: string, length: number): void {
    this.#pauses.set(lane, { since: this.#surroundings.now(), length });
  }

  /** Milliseconds until this lane is open */
  left(lane: string): number {
    return Math.max(...[everyLane, lane].map((held) => this.#leftOf(this.#pauses.get(held))));
  }

  /** Resolves when this lane is open; rejects with the signal's reason */
  async pass(lane: string, signal: AbortSignal): Promise<void> {
    for (const held of new Set([everyLane, lane])) {
      const pause = this.#pauses.get(held);
      if (pause === undefined) continue;
      const left = this.#leftOf(pause);
      if (left > 0) await this.#surroundings.sleep(left, signal);
      if (this.#pauses.get(held) === pause) this.#pauses.delete(held);
    }
    signal.throwIfAborted();
  }
  #leftOf(pause: { readonly since: number; readonly length: number } | undefined): number {
    return pause === undefined ? 0 : Math.min(pause.length, Math.max(0, pause.since + pause.length - this.#surroundings.now()));
  }
}
