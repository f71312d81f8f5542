import type { Clock } from '../gate/ports.ts';

/**
 * The machine's clock for the gate.
 *
 * @param longest upper bound for timers, milliseconds; only a development host sets it, to see a time-out without waiting
 */
export function systemClock(longest = Number.POSITIVE_INFINITY): Clock {
  return {
    now: () => Date.now(),
    after: (milliseconds, run) => {
      const timer = setTimeout(run, Math.min(milliseconds, longest));
      return { dispose: () => clearTimeout(timer) };
    },
  };
}
