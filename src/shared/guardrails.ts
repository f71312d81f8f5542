import type { UserCommand } from '../core/describe/shell/commands/userCommand.ts';
import { userDeeds, type UserDeed } from '../core/describe/shell/commands/userDeeds.ts';
import type { Done } from './messages.ts';

export { userDeeds, type UserDeed };

/** What no rule or mode lifts, and what a person added to it */
export interface GuardrailsSlice {
  /** Commands that are always denied, with the reason the gate gives for each */
  readonly blocked: readonly { readonly example: string; readonly why: string }[];
  readonly patterns: readonly string[];
  readonly mostPatterns: number;
  readonly autoApproveTrusted: boolean;
  readonly trustedDefaults: readonly string[];
  readonly trustedOwn: readonly string[];
  readonly places: readonly { readonly kind: 'sealed' | 'guarded' | 'secret'; readonly pattern: string; readonly why: string }[];
  /** The person’s own rules that allow a host */
  readonly allowedDomains: readonly { readonly id: string; readonly domain: string; readonly where: string }[];
  /** The person’s own rows for the table of commands; `shown` is safe to show */
  readonly commands: readonly { readonly row: UserCommand; readonly shown: string; readonly details: string }[];
  readonly ownPlaces: { readonly sealed: readonly string[]; readonly guarded: readonly string[] };
}

export interface GuardrailsRequests {
  /** Says whether a pattern can be used, and whether it would block the sample command */
  readonly testPattern: {
    readonly params: { readonly pattern: string; readonly sample: string };
    readonly result: { readonly problem?: string; readonly blocks?: boolean };
  };
  readonly setPatterns: { readonly params: { readonly patterns: readonly string[] }; readonly result: Done };
  readonly setTrusted: { readonly params: { readonly on?: boolean; readonly own?: readonly string[] }; readonly result: Done };
  readonly addCommand: { readonly params: { readonly row: UserCommand }; readonly result: Done };
  readonly removeCommand: { readonly params: { readonly command: string }; readonly result: Done };
  readonly setOwnPlaces: { readonly params: { readonly kind: 'sealed' | 'guarded'; readonly patterns: readonly string[] }; readonly result: Done };
}
