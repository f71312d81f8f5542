import type { Decision, Reason } from '../core/decision.ts';
import type { Evaluation } from '../core/decide/evaluation.ts';
import { evaluate } from '../core/evaluate.ts';
import type { PolicySettings } from '../core/policy/policy.ts';
import type { Request } from '../core/request.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { Surroundings } from '../core/surroundings.ts';
import type { RecordedEntry } from './entry.ts';
import type { StoredState } from './ports.ts';
import type { StandingPolicy } from './standingPolicy.ts';

/** Recorded decisions that an edited policy is tried on */
export const replayed = 500;

/** Decisions between two rests: a few milliseconds */
const together = 10;

/** A change of the policy that is only tried: nothing of it is stored */
export interface PolicyEdit {
  readonly add?: readonly Rule[];
  /** Ids */
  readonly remove?: readonly string[];
  readonly settings?: Partial<PolicySettings>;
}

/** A recorded request that the edited policy answers otherwise */
export interface Flip {
  readonly sequence: number;
  readonly at: number;
  readonly request: Request;
  readonly from: Decision;
  readonly to: Decision;
  /** Why the edited policy answers so */
  readonly reason: Reason;
}

/** What trying came to */
export interface Replay {
  /** Decisions that were tried */
  readonly tried: number;
  /** Decisions whose request the record keeps only in part, so that they cannot be tried */
  readonly leftOut: number;
  /** Newest first */
  readonly flips: readonly Flip[];
}

/** The stored state as the edit would leave it */
export function editedState(state: StoredState, { add = [], remove = [], settings = {} }: PolicyEdit): StoredState {
  const gone = new Set(remove);
  const stays = ({ id }: Rule): boolean => !gone.has(id);
  const profile = add.filter(({ source }) => source === 'profile');
  const workspace = add.filter(({ source }) => source !== 'profile');
  return {
    ...state,
    settings: { ...state.settings, ...settings },
    workspaceRules: remove.length + workspace.length === 0 ? state.workspaceRules : [...state.workspaceRules.filter(stays), ...workspace],
    profileRules: remove.length + profile.length === 0 ? state.profileRules : [...state.profileRules.filter(stays), ...profile],
  };
}

/**
 * Decides recorded requests by two policies and tells where they differ; `recorded` is newest first. Both decide now, so that only
 * the edit shows and not what else changed since. Counts of earlier denials are left out; what a session had read by then is not.
 *
 * @param rest awaited again and again, so that whoever waits for a verdict meanwhile gets it
 */
export async function replay(recorded: readonly RecordedEntry[], surroundings: Surroundings, now: number, before: StandingPolicy, after: StandingPolicy, rest: () => Promise<void>): Promise<Replay> {
  const sessions = new Map<string, string[]>();
  const flips: Flip[] = [];
  let tried = 0;
  let leftOut = 0;
  const decideBy = (standing: StandingPolicy, request: Request, session: string): Evaluation => {
    const rules = standing.sessionRules(session);
    return evaluate(request, surroundings, standing.current(), { now, holds: sessions.get(session) ?? [], ...(rules === undefined ? {} : { rules }) });
  };
  for (const { sequence, at, entry } of recorded.toReversed()) {
    if (entry.type !== 'decision') continue;
    const { denials: _, ...request } = entry.edited ?? entry.request;
    if (request.tool === '' || isCut(request)) {
      leftOut += 1;
    } else {
      if (tried % together === 0) await rest();
      tried += 1;
      const from = decideBy(before, request, entry.session).decision;
      const { decision: to, reason } = decideBy(after, request, entry.session);
      if (from !== to) flips.push({ sequence, at, request, from, to, reason });
    }
    if (entry.decision === 'allow' && entry.secrets !== undefined) sessions.set(entry.session, [...(sessions.get(entry.session) ?? []), ...entry.secrets]);
  }
  return { tried, leftOut, flips: flips.reverse() };
}

/** The keys whose value a decision is made from; of a written file's text the record may keep the start only */
const decisive: ReadonlySet<string> = new Set(['command', 'path', 'url', 'file_path', 'cmd', 'script', 'input', 'patch']);

/** The record cut the request where it matters */
function isCut({ input = {} }: Request): boolean {
  if (typeof input['omitted'] === 'string') return true;
  return Object.entries(input).some(([key, value]) => decisive.has(key) && typeof value === 'string' && (/… \(\d+ characters\)$/.test(value) || value.includes('[secret removed]')));
}
