import type { AgentsRequests } from './agents.ts';
import type { AuditRequests } from './audit.ts';
import type { ChannelsRequests } from './channels.ts';
import type { GuardrailsRequests } from './guardrails.ts';
import type { ImportingRequests } from './importing.ts';
import type { LimitsRequests } from './limits.ts';
import type { OverviewRequests } from './overview.ts';
import type { PendingRequests } from './pending.ts';
import type { RulesRequests } from './rules.ts';
import type { Section, Slices } from './sections.ts';
import type { TryItRequests } from './tryIt.ts';

/** Whether a change was made, and if not, why, in one sentence */
export type Done = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** One kind of request: what is asked with, and what comes back */
export interface RequestKind {
  readonly params: unknown;
  readonly result: unknown;
}

/** Every request of the panel; each is answered, failures too */
export interface Requests extends OverviewRequests, PendingRequests, RulesRequests, ImportingRequests, TryItRequests, GuardrailsRequests, AuditRequests, LimitsRequests, ChannelsRequests, AgentsRequests {}
export type Method = keyof Requests;

/** From the panel to the host */
export type PanelMessage =
  /** The page is up, or a person went to a section or folder: send what it shows */
  | { readonly type: 'show'; readonly section: Section; readonly folder?: string }
  | { readonly type: 'request'; readonly id: number; readonly method: Method; readonly params: unknown }
  /** The answer is no longer wanted; the request is answered all the same */
  | { readonly type: 'cancel'; readonly id: number };

/** From the host to the panel */
export type HostMessage =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  /** Go to a section, as a command or link wants it */
  | { readonly type: 'goTo'; readonly section: Section }
  | { readonly type: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  /** How far a long request came; `total` is absent where nobody knows it */
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total?: number };

/** Everything on screen, whole: the frame and the slice of one section; no slice where no folder is open */
export type Snapshot = {
  readonly [S in Section]: Frame & { readonly section: S; readonly slice?: Slices[S] };
}[Section];

/** What stands around every section */
export interface Frame {
  /** The folder whose policy is shown; absolute path */
  readonly folder: string;
  readonly folders: readonly { readonly path: string; readonly name: string }[];
  readonly trusted: boolean;
  readonly pendingCount: number;
  /** Id of the question that came last; another one is news even where as many wait as before */
  readonly newestQuestion?: string;
  /** What is wrong with the state, one sentence each; `closed`: nothing can be recorded, so everything is denied */
  readonly problems: readonly { readonly text: string; readonly closed: boolean }[];
}
