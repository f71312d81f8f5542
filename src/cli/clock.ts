import type { Clock } from '../gate/ports.ts';

/** The machine's clock; its timers do not keep the program running */
export const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds).unref();
    return { dispose: () => clearTimeout(timer) };
  },
};
