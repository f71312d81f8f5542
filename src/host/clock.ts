import type { Clock } from '../gate/ports.ts';

/** The machine's clock for the gate and the store */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return { dispose: () => clearTimeout(timer) };
    },
  };
}
