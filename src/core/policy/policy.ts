import type { Capability, Mode } from '../decision.ts';
import type { UserCommand } from '../describe/shell/commands/userCommand.ts';
import type { Rule } from '../rules/rule.ts';
import type { ChannelsSettings } from './channelSettings.ts';
import type { SandboxChoice } from './sandboxChoice.ts';

/** Everything that shapes a decision, as stored and as in a policy file (design, command line contract) */
export interface PolicySettings {
  readonly mode: Mode;
  readonly permissions: Readonly<Record<Capability, boolean>>;
  /** Absolute folders outside the workspace that tools may touch */
  readonly allowedPaths: readonly string[];
  readonly unrestrictedFileAccess: boolean;
  readonly guardrails: {
    /** Regular expressions, at most 50 of 500 characters */
    readonly customBlockedPatterns: readonly string[];
    readonly autoApproveTrustedCommands: boolean;
    /** Added to the 44 defaults */
    readonly trustedCommandPatterns: readonly string[];
  };
  /** Places a user added to the built-in lists (spec 5) */
  readonly protectedPlaces: { readonly sealed: readonly string[]; readonly guarded: readonly string[] };
  /** Rows that the user adds to the table of commands, one for each `command`; never taken from the repository */
  readonly commands: readonly UserCommand[];
  /** Channels that are set up, by their id (spec 8); absent is none */
  readonly channels?: ChannelsSettings;
  /** Where allowed commands run; absent is the default */
  readonly sandbox?: SandboxChoice;
  readonly limits: Readonly<Record<string, unknown>>;
}

/** The spec's defaults (spec 3, 4, 6) */
export const defaultSettings: PolicySettings = {
  mode: 'default',
  permissions: { read: true, write: true, delete: false, shell: false, network: true },
  allowedPaths: [],
  unrestrictedFileAccess: false,
  guardrails: { customBlockedPatterns: [], autoApproveTrustedCommands: false, trustedCommandPatterns: [] },
  protectedPlaces: { sealed: [], guarded: [] },
  commands: [],
  limits: {},
};

/** A policy before it is compiled */
export interface RawPolicy extends PolicySettings {
  readonly rules: readonly Rule[];
}
