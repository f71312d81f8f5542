import type { Clock } from './ports.ts';

/** How often something may happen within one minute; fixed, not configurable (spec 9) */
export const perMinute = { settings: 5, expensive: 10, standard: 60 } as const;
export type LimitKind = keyof typeof perMinute;

const windowLength = 60_000;
/** Windows kept at once; when full, the oldest goes only if it has run out, else the newcomer waits */
const mostWindows = 5_000;

/** A minute that has begun, and what was used of it */
export interface Window {
  /** Milliseconds since 1970 */
  readonly startedAt: number;
  readonly used: number;
}

/** Answer of a limit: go ahead, or how many whole seconds to wait */
export type LimitAnswer = { readonly ok: true } | { readonly ok: false; readonly waitSeconds: number; readonly most: number };

export interface Limits {
  /**
   * Counts one use of `kind` by `who` in its current minute
   *
   * @param before what the record says of it, for a gate that was opened within that minute
   */
  take(kind: LimitKind, who: string, before?: Window): LimitAnswer;
}

/** Fixed one-minute windows, one for each kind and user of it */
export function createLimits(clock: Clock): Limits {
  const windows = new Map<string, { startedAt: number; used: number }>();

  return {
    take(kind, who, before) {
      const now = clock.now();
      const key = `${kind} ${who}`;
      const most = perMinute[kind];
      let window = windows.get(key);
      if (window !== undefined && isOver(window, now)) {
        windows.delete(key);
        window = undefined;
      }
      if (window === undefined) {
        if (windows.size >= mostWindows) dropFinished(windows, now);
        if (windows.size >= mostWindows) return { ok: false, waitSeconds: windowLength / 1_000, most };
        window = before === undefined || isOver(before, now) ? { startedAt: now, used: 0 } : { ...before };
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

/** A clock that was set back must not keep a window open for ever */
function isOver({ startedAt }: Window, now: number): boolean {
  return now - startedAt >= windowLength || now < startedAt;
}

function dropFinished(windows: Map<string, Window>, now: number): void {
  for (const [key, window] of windows) if (isOver(window, now)) windows.delete(key);
}
