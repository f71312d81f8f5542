import type { Clock } from './ports.ts';

/** How often something may happen within one minute; fixed, not configurable (spec 9) */
export const perMinute = { settings: 5, expensive: 10 } as const;
export type LimitKind = keyof typeof perMinute;

const windowLength = 60_000;
/** Windows kept at once; when full, the oldest goes only if it has run out, else the newcomer waits */
const mostWindows = 1_000;

/** Answer of a limit: go ahead, or how many whole seconds to wait */
export type LimitAnswer = { readonly ok: true } | { readonly ok: false; readonly waitSeconds: number; readonly most: number };

export interface Limits {
  /** Counts one use of `kind` by `who` in its current minute */
  take(kind: LimitKind, who: string): LimitAnswer;
}

/** Fixed one-minute windows, one for each kind and user of it */
export function createLimits(clock: Clock): Limits {
  const windows = new Map<string, { startedAt: number; used: number }>();

  return {
    take(kind, who) {
      const now = clock.now();
      const key = `${kind} ${who}`;
      const most = perMinute[kind];
      let window = windows.get(key);
      // A clock that was set back must not keep a window open for ever
      if (window !== undefined && (now - window.startedAt >= windowLength || now < window.startedAt)) {
        windows.delete(key);
        window = undefined;
      }
      if (window === undefined) {
        if (windows.size >= mostWindows) dropFinished(windows, now);
        if (windows.size >= mostWindows) return { ok: false, waitSeconds: windowLength / 1_000, most };
        window = { startedAt: now, used: 0 };
        windows.set(key, window);
      }
      if (window.used >= most) {
        return { ok: false, waitSeconds: Math.max(1, Math.ceil((window.startedAt + windowLength - now) / 1_000)), most };
      }
      window.used += 1;
      return { ok: true };
    },
  };
}

function dropFinished(windows: Map<string, { startedAt: number; used: number }>, now: number): void {
  for (const [key, window] of windows) {
    if (now - window.startedAt >= windowLength || now < window.startedAt) windows.delete(key);
  }
}
