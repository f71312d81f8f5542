import type { BudgetKind } from '../core/policy/budgets.ts';
import type { SandboxChoice } from '../core/policy/sandboxChoice.ts';
import type { Done } from './messages.ts';

export type { BudgetKind, SandboxChoice };
export type SandboxName = SandboxChoice['kind'];

/** Where allowed commands run, and limits that hold here, each with its value in words */
export interface LimitsSlice {
  readonly sandbox: SandboxChoice;
  /** Every kind of sandbox, the one that decides for itself first */
  readonly kinds: readonly { readonly kind: SandboxName; readonly name: string; readonly detail: string }[];
  /** The largest file that tools read or write, in megabytes, and what may be set */
  readonly fileSize: { readonly megabytes: number; readonly least: number; readonly most: number };
  /** What a task may use before a person is asked for more, and what may be set */
  readonly budgets: readonly BudgetField[];
  /** The tasks of now, newest first */
  readonly tasks: readonly RunningTask[];
  readonly limits: readonly { readonly name: string; readonly value: string; readonly detail: string }[];
}

/** One budget as it is set */
export interface BudgetField {
  readonly kind: BudgetKind;
  readonly name: string;
  readonly detail: string;
  readonly on: boolean;
  /** Requests, tokens, or US dollars */
  readonly amount: number;
  readonly least: number;
  readonly most: number;
}

/** A task and how far it is with its budgets; its texts have hidden characters made visible */
export interface RunningTask {
  readonly session: string;
  readonly name: string;
  /** First and newest request, milliseconds since 1970 */
  readonly since: number;
  readonly last: number;
  readonly stopped: boolean;
  /** `share` from 0 to 1; `low`: most of it is used */
  readonly bars: readonly { readonly kind: BudgetKind; readonly text: string; readonly share: number; readonly used: boolean; readonly low: boolean }[];
  /** What was used for what, most first */
  readonly tools: readonly string[];
  /** What a person may give it now, in words; absent where it has enough */
  readonly more?: string;
}

/** Whether a kind of sandbox works on this machine */
export interface SandboxCheck {
  readonly kind: SandboxName;
  readonly works: boolean;
  /** Why not, or, of `auto`, which one it takes; hidden characters made visible */
  readonly detail: string;
}

export interface LimitsRequests {
  readonly setFileSize: { readonly params: { readonly megabytes: number }; readonly result: Done };
  readonly setBudget: { readonly params: { readonly kind: BudgetKind; readonly on: boolean; readonly amount: number }; readonly result: Done };
  /** Gives a task more of what it has used up, or lets one go on that was stopped */
  readonly grantBudget: { readonly params: { readonly session: string }; readonly result: Done };
  /** Runs `true` in every kind; takes a few seconds */
  readonly checkSandboxes: { readonly params: Record<string, never>; readonly result: { readonly checks: readonly SandboxCheck[] } };
  /** Changes parts of the choice; the editor itself asks about what isolates less */
  readonly setSandbox: { readonly params: { readonly change: Partial<SandboxChoice> }; readonly result: Done };
}
