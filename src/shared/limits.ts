import type { SandboxChoice } from '../core/policy/sandboxChoice.ts';
import type { Done } from './messages.ts';

export type { SandboxChoice };
export type SandboxName = SandboxChoice['kind'];

/** Where allowed commands run, and limits that hold here, each with its value in words */
export interface LimitsSlice {
  readonly sandbox: SandboxChoice;
  /** Every kind of sandbox, the one that decides for itself first */
  readonly kinds: readonly { readonly kind: SandboxName; readonly name: string; readonly detail: string }[];
  /** The largest file that tools read or write, in megabytes, and what may be set */
  readonly fileSize: { readonly megabytes: number; readonly least: number; readonly most: number };
  readonly limits: readonly { readonly name: string; readonly value: string; readonly detail: string }[];
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
  /** Runs `true` in every kind; takes a few seconds */
  readonly checkSandboxes: { readonly params: Record<string, never>; readonly result: { readonly checks: readonly SandboxCheck[] } };
  /** Changes parts of the choice; the editor itself asks about what isolates less */
  readonly setSandbox: { readonly params: { readonly change: Partial<SandboxChoice> }; readonly result: Done };
}
