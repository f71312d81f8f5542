import type { Decision } from '../core/decision.ts';
import type { Entry, RecordedEntry } from './entry.ts';

/** All types of entries, in the order they are offered */
export const entryTypes = [
  'decision', 'approval_asked', 'approval_settled', 'late_answer', 'rule_added', 'rule_removed', 'settings_changed', 'approve_all',
  'file_noted', 'manifest_reviewed', 'script_reviewed', 'result', 'budget_granted', 'task_stopped', 'requests_refused', 'state_doubted', 'state_confirmed', 'problem',
  'channel_message', 'channel_handled', 'channel_user', 'channel_code', 'channel_cursor', 'channel_offer', 'channel_limited', 'channel_removed', 'channel_status', 'channel_event',
] as const satisfies readonly Entry['type'][];

/** Which entries of the record are wanted; what is absent does not matter, texts match anywhere and whatever their case */
export interface EntryFilter {
  readonly types?: readonly Entry['type'][];
  /** Milliseconds since 1970, from `from` up to but not with `to` */
  readonly from?: number;
  readonly to?: number;
  /** Who asked, or who changed or answered something */
  readonly actor?: string;
  readonly tool?: string;
  /** What became of a request; `ask`: a person was asked */
  readonly decision?: Decision;
  /** Anywhere in the entry */
  readonly text?: string;
}

/** Makes the test for a filter */
export function entryTest({ types, from = -Infinity, to = Infinity, actor, tool, decision, text }: EntryFilter): (recorded: RecordedEntry) => boolean {
  const wantedActor = actor?.toLowerCase() ?? '';
  const wantedTool = tool?.toLowerCase() ?? '';
  const wantedText = text?.toLowerCase() ?? '';
  return ({ at, entry }) => {
    if (at < from || at >= to) return false;
    if (types !== undefined && types.length > 0 && !types.includes(entry.type)) return false;
    if (decision !== undefined && (entry.type !== 'decision' || (decision === 'ask' ? entry.evaluated !== 'ask' : entry.decision !== decision))) return false;
    if (wantedTool !== '' && !(toolOf(entry)?.toLowerCase().includes(wantedTool) ?? false)) return false;
    if (wantedActor !== '' && !actorsOf(entry).some((name) => name.toLowerCase().includes(wantedActor))) return false;
    return wantedText === '' || textsIn(entry).some((value) => value.toLowerCase().includes(wantedText));
  };
}

/** The tool an entry is about */
export function toolOf(entry: Entry): string | undefined {
  if (entry.type === 'decision') return entry.request.tool;
  return entry.type === 'approval_asked' ? entry.approval.request.tool : undefined;
}

/** Everybody who had a part in an entry: who asked, in which session, who answered or changed it */
export function actorsOf(entry: Entry): readonly string[] {
  const request = entry.type === 'decision' ? entry.request : entry.type === 'approval_asked' ? entry.approval.request : undefined;
  const session = 'session' in entry ? entry.session : entry.type === 'approval_asked' ? entry.approval.session : undefined;
  const by = 'by' in entry ? entry.by : undefined;
  return [request?.actor?.name, request?.actor?.kind, by, session, ...channelActors(entry)].filter((name) => name !== undefined);
}

/** The channel and the person an entry is about, by name and platform id */
function channelActors(entry: Entry): readonly (string | undefined)[] {
  if (!('channel' in entry)) return [];
  if (!('user' in entry) || entry.user === undefined) return [entry.channel];
  return typeof entry.user === 'string' ? [entry.channel, entry.user] : [entry.channel, entry.user.id, entry.user.name];
}

/** All texts of a value, however deep */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
