import type { Decision } from '../core/decision.ts';
import type { Done } from './messages.ts';

/** What stands around the record; its rows are asked for */
export interface AuditSlice {
  /** Number of the newest entry, which is how many there are */
  readonly newest: number;
}

/** One entry in a line; all texts have hidden characters made visible and are cut to a line's worth */
export interface AuditRow {
  readonly sequence: number;
  /** Milliseconds since 1970 */
  readonly at: number;
  readonly type: string;
  /** Of a decision: what became of it, and whether a person was asked */
  readonly decision?: 'allow' | 'deny';
  readonly asked?: boolean;
  readonly actor: string;
  readonly tool: string;
  readonly text: string;
}

/** What is looked for; absent means anything */
export interface AuditFilter {
  readonly type?: string;
  readonly decision?: Decision;
  readonly actor?: string;
  readonly tool?: string;
  readonly text?: string;
  /** Milliseconds since 1970, from `from` up to but not with `to` */
  readonly from?: number;
  readonly to?: number;
}

/** Types of entries, as the filter offers them */
export const auditTypes = [
  'decision', 'approval_asked', 'approval_settled', 'late_answer', 'rule_added', 'rule_removed', 'settings_changed', 'approve_all',
  'file_noted', 'manifest_reviewed', 'script_reviewed', 'result', 'budget_granted', 'task_stopped', 'requests_refused', 'state_doubted', 'state_confirmed', 'problem',
  'channel_message', 'channel_handled', 'channel_user', 'channel_code', 'channel_cursor', 'channel_offer', 'channel_limited', 'channel_removed', 'channel_status', 'channel_event',
] as const;

/** Everything about one entry, in words */
export interface AuditDetail {
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Of a decision: what the request does */
  readonly actions: readonly { readonly decision: Decision; readonly what: string; readonly why: string }[];
  /** The entry, or the request of a decision, as JSON */
  readonly json: string;
}

export interface AuditRequests {
  /** Entries below a number, newest first */
  readonly auditPage: { readonly params: { readonly before: number; readonly limit: number }; readonly result: { readonly rows: readonly AuditRow[] } };
  /** The next that fit, newest first; `next` is where to go on */
  readonly auditSearch: {
    readonly params: { readonly filter: AuditFilter; readonly before: number; readonly limit: number };
    readonly result: { readonly rows: readonly AuditRow[]; readonly next?: number };
  };
  readonly auditDetail: { readonly params: { readonly sequence: number }; readonly result: AuditDetail };
  /** Reads the whole record and checks it; tells how far it is */
  readonly verifyAudit: { readonly params: Record<string, never>; readonly result: { readonly holds: boolean; readonly entries: number; readonly text: string } };
  /** Asks where to, then writes what fits, oldest first; tells how far it is */
  readonly exportAudit: { readonly params: { readonly format: 'jsonl' | 'csv'; readonly filter: AuditFilter }; readonly result: Done & { readonly file?: string } };
}
