import { ChannelError, type ChannelSurroundings } from './channel.ts';

/** First and longest wait between two attempts, in milliseconds */
const shortest = 1_000;
const longest = 60_000;
/** A connection that lasted this long, in milliseconds, was no attempt that failed */
const steadyAfter = 30_000;

/** Milliseconds to wait after so many losses in a row: doubles up to a minute, half of it left to chance so that not all return at once */
export function backoff(losses: number, random: number): number {
  const whole = Math.min(longest, shortest * 2 ** Math.min(losses - 1, 10));
  return Math.round(whole / 2 + (whole / 2) * random);
}

/**
 * Connects, and connects again after every loss, until the signal is aborted or the platform refuses for good. Never rejects.
 *
 * `connect` holds one connection: it calls `up` with the bot's name when it stands, resolves when it is time for a new one, and
 * rejects when it was lost. A `ChannelError` `refused` or `secret` ends it all: trying again would not help. A connection that
 * lasted and is renewed as the protocol wants it was never lost, so nobody is told.
 */
export async function keepConnected(surroundings: ChannelSurroundings, signal: AbortSignal, connect: (up: (as: string) => void) => Promise<void>): Promise<void> {
  let attempt = 0;
  let losses = 0;
  let renews = false;
  while (!signal.aborted) {
    attempt += 1;
    if (!renews) surroundings.changed({ state: 'connecting', attempt });
    renews = false;
    let since: number | undefined;
    let reason = 'The platform asked for a new connection.';
    try {
      await connect((as) => {
        since = surroundings.now();
        surroundings.changed({ state: 'connected', as });
      });
      renews = true;
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof ChannelError && (error.code === 'refused' || error.code === 'secret')) {
        surroundings.changed({ state: 'failed', reason: error.message });
        return;
      }
      // Anything else may hold what nobody should read
      reason = error instanceof ChannelError ? error.message : 'A message could not be taken in.';
    }
    const lasted = since !== undefined && surroundings.now() - since >= steadyAfter;
    if (since !== undefined) attempt = 0;
    losses = lasted ? 1 : losses + 1;
    renews &&= lasted;
    if (renews) continue;
    const pause = backoff(losses, surroundings.random());
    surroundings.changed({ state: 'waiting', reason, retryAt: surroundings.now() + pause });
    await sleepOrEnd(surroundings, pause, signal);
  }
  surroundings.changed({ state: 'disconnected' });
}

async function sleepOrEnd(surroundings: ChannelSurroundings, pause: number, signal: AbortSignal): Promise<void> {
  try {
    await surroundings.sleep(pause, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
