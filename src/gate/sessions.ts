import type { Request } from '../core/request.ts';
import type { RecentRead } from './ports.ts';

/** Sessions with everything in memory; the least recently used one gives way (its secrets stay known) */
const mostSessions = 500;
/** Put-away sessions whose secrets are still known one by one */
const mostRemembered = 5_000;
const mostFingerprints = 1_000;
/** Reads kept for export prompts (spec 7) */
const mostRecentReads = 12;
/** Secrets kept by name; one is as good as many for deciding, the rest is for the prompt */
const mostSecrets = 50;

/** What the gate knows of one agent session */
export interface Session {
  readonly id: string;
  /** "Approve all for this session" is on */
  approveAll: boolean;
  /** Canonical paths of secrets it has read, oldest first */
  readonly holds: readonly string[];
  /** Sensitive and untrusted files it read, newest first, by path */
  readonly recentReads: readonly RecentRead[];
  denials(fingerprint: string): { consecutive: number; total: number };
  countDenial(fingerprint: string): void;
  /** Ends the run of denials; the total stays (cowork-facts 1.7) */
  countSuccess(fingerprint: string): void;
  /** Notes a sensitive or untrusted read; a secret is held from now on. Returns whether this is news */
  noteRead(path: string, why: RecentRead['why'], at: number): boolean;
}

export interface Sessions {
  of(id: string): Session;
  /** Sessions with approve-all on */
  approvingAll(): readonly string[];
  stopApprovingAll(id?: string): void;
  /** What sessions read before cannot be told: each that is new from now on counts as holding a secret */
  doubt(): void;
}

/**
 * The session a request belongs to. The agent's kind and name are part of it, so that two agents that both count their
 * sessions 1, 2, 3 never share a grant; without a session of its own, all calls of one agent are one session.
 */
export function sessionOf(request: Request): string {
  const { kind = 'agent', name = '', session = '' } = request.actor ?? {};
  return [kind, name, session].map(encodeURIComponent).join('/');
}

type Kept = { holds: readonly string[]; recentReads: readonly RecentRead[] };

/**
 * The sessions of one workspace, bounded.
 *
 * INVARIANT: putting a session away never loosens: the secrets it read stay known, and where even that list is full,
 * every session that is new from then on counts as holding one.
 */
export function createSessions(): Sessions {
  const live = new Map<string, LiveSession>();
  const putAway = new Map<string, Kept>();
  let forgotten: Kept | undefined;

  function makeRoom(): void {
    if (live.size < mostSessions) return;
    const [oldest] = live.values();
    if (oldest === undefined) return;
    live.delete(oldest.id);
    if (oldest.holds.length === 0) return;
    if (putAway.size >= mostRemembered) forgotten ??= { holds: oldest.holds, recentReads: oldest.recentReads };
    else putAway.set(oldest.id, { holds: oldest.holds, recentReads: oldest.recentReads });
  }

  return {
    doubt() {
      forgotten = { holds: ['what it read earlier is not known'], recentReads: [] };
    },
    of(id) {
      const known = live.get(id);
      if (known !== undefined) {
        // Last in the map is the most recently used
        live.delete(id);
        live.set(id, known);
        return known;
      }
      makeRoom();
      const session = new LiveSession(id, putAway.get(id) ?? forgotten);
      putAway.delete(id);
      live.set(id, session);
      return session;
    },
    approvingAll: () => [...live.values()].filter((session) => session.approveAll).map((session) => session.id),
    stopApprovingAll(id) {
      for (const session of live.values()) if (id === undefined || session.id === id) session.approveAll = false;
    },
  };
}

class LiveSession implements Session {
  readonly id: string;
  approveAll = false;
  #holds: readonly string[];
  #recentReads: readonly RecentRead[];
  readonly #denials = new Map<string, { consecutive: number; total: number }>();

  constructor(id: string, kept: Kept | undefined) {
    this.id = id;
    this.#holds = kept?.holds ?? [];
    this.#recentReads = kept?.recentReads ?? [];
  }

  get holds(): readonly string[] {
    return this.#holds;
  }

  get recentReads(): readonly RecentRead[] {
    return this.#recentReads;
  }

  denials(fingerprint: string): { consecutive: number; total: number } {
    return this.#denials.get(fingerprint) ?? { consecutive: 0, total: 0 };
  }

  countDenial(fingerprint: string): void {
    const { consecutive, total } = this.denials(fingerprint);
    this.#denials.delete(fingerprint);
    if (this.#denials.size >= mostFingerprints) {
      // A lost count only keeps a denial a denial
      const [oldest] = this.#denials.keys();
      if (oldest !== undefined) this.#denials.delete(oldest);
    }
    this.#denials.set(fingerprint, { consecutive: consecutive + 1, total: total + 1 });
  }

  countSuccess(fingerprint: string): void {
    const { total } = this.denials(fingerprint);
    if (total > 0) this.#denials.set(fingerprint, { consecutive: 0, total });
  }

  noteRead(path: string, why: RecentRead['why'], at: number): boolean {
    this.#recentReads = [{ path, why, at }, ...this.#recentReads.filter((read) => read.path !== path)].slice(0, mostRecentReads);
    if (why !== 'secret' || this.#holds.includes(path)) return false;
    this.#holds = [...this.#holds, path].slice(-mostSecrets);
    return true;
  }
}
