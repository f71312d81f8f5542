import type { Answer, Evaluation } from '../core/decide/evaluation.ts';
import type { Mode } from '../core/decision.ts';
import type { PolicySettings } from '../core/policy/policy.ts';
import type { Request } from '../core/request.ts';
import type { Rule, RuleScope } from '../core/rules/rule.ts';
import type { UsedUp } from './budgets.ts';
import type { ChannelsFacts } from './channelState.ts';
import type { Entry, RecordedEntry } from './entry.ts';
import type { NotedFile, UntrustedSource } from './provenance.ts';
import type { TaskUse } from './taskUse.ts';

/** Anything that can be put away */
export interface Disposable {
  dispose(): void;
}

/** Milliseconds since 1970, and timers that can be cancelled; handed in so that tests own the time */
export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): Disposable;
}

/** Something that is wrong with the state, for people: what, where, and how to mend it. Never a reason to loosen */
export interface Problem {
  readonly code: string;
  /** One sentence that names file, place and mend */
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The repository's own rules file as last read */
export interface Manifest {
  /** SHA-256 of the exact bytes, hex; `undefined` when there is no file */
  readonly hash: string | undefined;
  /** All its readable rules, source `workspace_manifest`; those equal to a workspace rule of ours are left out */
  readonly rules: readonly Rule[];
  /** A person reviewed exactly this hash on this machine */
  readonly reviewed: boolean;
}

/** The repository's policy script as last read (spec 1, stage 4) */
export interface PolicyScript {
  /**
   * `new`: nobody has reviewed one on this machine, so it does nothing · `reviewed`: a person reviewed exactly this text ·
   * `changed`: a person reviewed another one, or this one cannot be read; it may not run, and what it held up is not let go
   */
  readonly review: 'new' | 'reviewed' | 'changed';
  /** SHA-256 of the exact bytes, hex; absent where there is no file, or none that can be read */
  readonly hash?: string;
  readonly text?: string;
  /** Why it cannot be read; a sentence without its full stop */
  readonly unreadable?: string;
}

/** Everything the store knows, one frozen object per change; readers never see half */
export interface StoredState {
  readonly settings: PolicySettings;
  /** `workspace_db` and `session` rules; session rules carry `metadata.session` */
  readonly workspaceRules: readonly Rule[];
  /** The user's own rules, outside the workspace */
  readonly profileRules: readonly Rule[];
  /** The administrator's rules */
  readonly managedRules: readonly Rule[];
  readonly manifest: Manifest;
  /** Absent where there is none and none was reviewed; the same object until something of it changes */
  readonly script?: PolicyScript;
  /** Approvals asked and not settled, oldest first; they outlive the window */
  readonly pending: readonly Approval[];
  readonly problems: readonly Problem[];
  /** Files that came from outside, oldest first, at most 5,000 (spec 7) */
  readonly noted?: readonly NotedFile[];
  /** What tasks have used, the one that used something last at the end */
  readonly tasks?: readonly TaskUse[];
  /** What the record adds up to for each channel, by its id */
  readonly channels?: ChannelsFacts;
  /** Why nothing can be recorded (read-only folder, another owner, full disk); while set, every verdict is deny */
  readonly closedBecause?: Problem;
}

/** The durable state of one workspace folder */
export interface Store {
  readonly state: StoredState;
  onDidChange(listener: (state: StoredState) => void): Disposable;
  /**
   * Applies and records the entries in order. Resolves when every line is on disk (fsync, shared by concurrent calls).
   * Rejects with a `StoreError`; then nothing of it is applied.
   */
  commit(entries: readonly Entry[]): Promise<void>;
  /** Recorded entries, newest first */
  history(filter?: HistoryFilter): Promise<readonly RecordedEntry[]>;
  /** Reads the manifest again (after a change on disk) */
  reloadManifest(): Promise<void>;
  /** Writes the checkpoint, lets go of the lock. Safe to call twice */
  close(): Promise<void>;
}

export interface HistoryFilter {
  readonly types?: readonly Entry['type'][];
  readonly limit?: number;
  readonly before?: number;
}

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.message, options);
    this.problem = problem;
  }
}

/** A pending question to a person */
export interface Approval {
  readonly id: string;
  readonly request: Request;
  readonly evaluation: Evaluation;
  readonly session: string;
  readonly askedAt: number;
  /** When it turns into a denial, milliseconds since 1970 (5 minutes after asking) */
  readonly expiresAt: number;
  /** Sources read recently in the session that matter for an export: sensitive and untrusted ones, newest first, at most 12 */
  readonly recentReads: readonly RecentRead[];
  /** "Approve all for this session" would answer it, so it may be offered */
  readonly mayApproveAll?: boolean;
  /** The question is whether a task that used up a budget gets more: allow grants, deny ends the task (spec 9) */
  readonly budget?: UsedUp;
}

export interface RecentRead {
  readonly path: string;
  readonly why: 'secret' | 'untrusted';
  readonly at: number;
}

/** A person's answer to an approval */
export interface ApprovalAnswer {
  readonly answer: Answer;
  /** Who answered: `editor`, or a channel and user */
  readonly by: string;
  /** Text for the agent */
  readonly comment?: string;
  /** The scopes to remember instead of the inferred ones, one per asking action, in order */
  readonly scopes?: readonly RuleScope[];
  /** The request with an edited command or input; decided again before it runs */
  readonly edited?: Request;
}

/** Where questions are put to people. Several may be attached; the first valid answer wins and the others are told */
export interface Prompter {
  /** A new question; `signal` aborts when it was settled elsewhere, timed out or was withdrawn */
  ask(approval: Approval, signal: AbortSignal): void;
}

/** What leaves the gate. Never `ask`: whoever asked gets an answer it can act on */
export interface Verdict {
  readonly id: Request['id'];
  readonly decision: 'allow' | 'deny';
  /** One sentence for the agent: why, and what would help */
  readonly message: string;
  readonly evaluation: Evaluation;
  /** What settled it: the policy itself, a person, a time-out, or a failure */
  readonly settledBy: 'policy' | 'person' | 'timeout' | 'withdrawn' | 'failure';
  readonly answer?: Answer;
  readonly comment?: string;
  /** Untrusted files that the allowed request reads; `message` says so too */
  readonly untrusted?: readonly UntrustedSource[];
  /** The request as the person edited it; this one was allowed, not the first */
  readonly edited?: Request;
}

/** A change of settings a person asked for */
export type SettingsChange = Partial<PolicySettings> & { readonly mode?: Mode };
