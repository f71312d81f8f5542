import type { Decision, Reason } from '../core/decision.ts';
import type { Answer } from '../core/decide/evaluation.ts';
import type { PolicySettings } from '../core/policy/policy.ts';
import type { Request } from '../core/request.ts';
import type { Rule, RuleScope } from '../core/rules/rule.ts';
import type { ChannelOffer, ChannelUser, LimitedSender, PairingCode, RecordedChat } from './channelState.ts';
import type { Approval, Verdict } from './ports.ts';
import type { NotedFile } from './provenance.ts';
import type { Use } from './taskUse.ts';

/** A line of the journal: everything that changes the state and everything worth auditing is one of these */
export type Entry =
  | {
      readonly type: 'decision';
      readonly request: Request;
      readonly session: string;
      readonly decision: 'allow' | 'deny';
      /** What the policy said before a person was asked */
      readonly evaluated: Decision;
      readonly reason: Reason;
      readonly scope?: RuleScope;
      readonly actions: readonly RecordedAction[];
      readonly settledBy: Verdict['settledBy'];
      readonly approval?: string;
      readonly answer?: Answer;
      readonly by?: string;
      readonly comment?: string;
      /** The request that was allowed, where a person edited it */
      readonly edited?: Request;
      readonly fingerprint: string;
      /** Canonical paths of the secrets it read, where it was allowed; the session holds them from then on (spec 5) */
      readonly secrets?: readonly string[];
      /** Canonical paths of the untrusted files it read, where it was allowed (spec 7) */
      readonly untrusted?: readonly string[];
      /** It is part of a tool's call that was decided before, such as a redirect; the task's budget counts the call only */
      readonly part?: true;
    }
  | { readonly type: 'approval_asked'; readonly approval: Approval }
  | {
      readonly type: 'approval_settled';
      readonly approval: string;
      /** `covered`: the policy or a grant changed while it was open, and now answers it without a person */
      readonly outcome: 'answered' | 'timeout' | 'withdrawn' | 'covered' | 'failed';
      readonly answer?: Answer;
      readonly by?: string;
      readonly comment?: string;
      /** Id of the rule that covered it */
      readonly rule?: string;
    }
  /** An answer that came after the approval was settled; it changed nothing */
  | { readonly type: 'late_answer'; readonly approval: string; readonly answer: Answer; readonly by: string }
  | { readonly type: 'rule_added'; readonly rule: Rule; readonly by: string }
  | { readonly type: 'rule_removed'; readonly rule: Rule; readonly by: string }
  | { readonly type: 'settings_changed'; readonly change: Partial<PolicySettings>; readonly by: string }
  /** "Approve all for this session" was switched; it lives in memory only, so a restart ends it (spec 7) */
  | { readonly type: 'approve_all'; readonly session: string; readonly on: boolean; readonly by: string }
  /** A file came from outside: imported, dropped, pasted or attached (spec 7) */
  | { readonly type: 'file_noted'; readonly file: NotedFile; readonly by: string }
  | { readonly type: 'manifest_reviewed'; readonly hash: string; readonly by: string }
  /** A person reviewed the policy script; without `hash` they took all their reviews of it back */
  | { readonly type: 'script_reviewed'; readonly hash?: string; readonly by: string }
  /** What the agent said came of an allowed request */
  | { readonly type: 'result'; readonly requestId: string | number; readonly ok: boolean; readonly summary?: string; readonly use?: ReportedUse }
  /** A person lets a task go on, up to so much of each kind (spec 9), in the units of `TaskUse` */
  | { readonly type: 'budget_granted'; readonly session: string; readonly upTo: Partial<Use>; readonly by: string }
  /** A person ended a task that had used up a budget */
  | { readonly type: 'task_stopped'; readonly session: string; readonly by: string }
  /** Requests over a limit of requests in a minute: the first of a minute when it comes, the others together when it is over */
  | { readonly type: 'requests_refused'; readonly session: string; readonly count: number; readonly why: string }
  /** The history was cut or changed outside: what loosens stops counting until a person confirms it */
  | { readonly type: 'state_doubted'; readonly code: string; readonly message: string }
  | { readonly type: 'state_confirmed'; readonly by: string }
  | { readonly type: 'problem'; readonly code: string; readonly message: string }
  /** A message of a channel, in or out (spec 8); codes and credentials are taken out of its text */
  | {
      readonly type: 'channel_message';
      readonly channel: string;
      readonly direction: 'incoming' | 'outgoing';
      readonly at: number;
      readonly chat: RecordedChat;
      /** Who said it; of an outgoing one the person it is for, where it is for one */
      readonly user?: { readonly id: string; readonly name?: string };
      readonly messageId?: string;
      /** Of an incoming one: names the update for ever */
      readonly key?: string;
      readonly text: string;
      readonly attachments?: readonly RecordedAttachment[];
      /** What was not a plain message */
      readonly how?: 'pressed' | 'edited' | 'forwarded';
      /** It is for an agent, which has not got it yet */
      readonly waiting?: true;
      /** The question it puts */
      readonly approval?: string;
    }
  /** An agent has got these messages */
  | { readonly type: 'channel_handled'; readonly channel: string; readonly keys: readonly string[] }
  /** A person of a channel, whole, as they stand from now on */
  | { readonly type: 'channel_user'; readonly channel: string; readonly user: ChannelUser; readonly why: 'paired' | 'wrong_code' | 'locked' | 'unlocked' | 'revoked' | 'forgiven'; readonly by: string }
  /** The channel's one pairing code from now on; without `code` none lives any more */
  | { readonly type: 'channel_code'; readonly channel: string; readonly code?: PairingCode; readonly why: 'made' | 'wrong_code' | 'used' | 'spent' | 'withdrawn'; readonly by: string }
  | { readonly type: 'channel_cursor'; readonly channel: string; readonly cursor: string }
  /** The channel was taken away, with its people and all that was open */
  | { readonly type: 'channel_removed'; readonly channel: string; readonly by: string }
  /** A question was put to somebody, or is no longer */
  | { readonly type: 'channel_offer'; readonly channel: string; readonly offer: ChannelOffer; readonly open: boolean }
  /** A sender was over the limit: what more they send in this window is not read */
  | { readonly type: 'channel_limited'; readonly channel: string; readonly limited: LimitedSender }
  /** The connection came or went; `as`: the bot's name on the platform */
  | { readonly type: 'channel_status'; readonly channel: string; readonly state: 'connected' | 'waiting' | 'failed' | 'disconnected'; readonly message: string; readonly as?: string }
  /** Something worth telling: a refusal, a message that could not be sent */
  | { readonly type: 'channel_event'; readonly channel: string; readonly code: string; readonly message: string; readonly user?: string; readonly chat?: string; readonly approval?: string };

/** What somebody says a task has used, checked: whole numbers, tokens and millionths of a US dollar */
export interface ReportedUse {
  readonly session: string;
  /** What it was used for; absent where no request of the task has the id */
  readonly tool?: string;
  readonly tokens: number;
  readonly cost: number;
}

/** A file that came with a message */
export interface RecordedAttachment {
  readonly name: string;
  readonly size?: number;
  /** What the adapter needs to fetch it, without what would let anybody else */
  readonly reference: string;
}

export interface RecordedAction {
  readonly kind: string;
  readonly target: string;
  readonly decision: Decision;
  readonly reason: Reason;
  readonly rule?: string;
}

/** An entry as it stands in the journal */
export interface RecordedEntry {
  /** 1, 2, 3, … without a gap */
  readonly sequence: number;
  /** Milliseconds since 1970 */
  readonly at: number;
  readonly entry: Entry;
}
