import type { Capability, Decision, Mode } from '../core/decision.ts';
import type { RuleScope } from '../core/rules/rule.ts';
import type { Done } from './messages.ts';

export type { Capability, Decision, Mode, RuleScope };

/** The mode, what it means, what tools may touch, and whether all is well */
export interface OverviewSlice {
  readonly mode: Mode;
  /** `counts: false`: the folder is not trusted, so only what is tighter than the defaults counts */
  readonly counts: boolean;
  readonly modes: readonly { readonly mode: Mode; readonly name: string; readonly effect: string }[];
  /** The table of modes: a row for each kind of action, a decision for each mode in the order of `modes` */
  readonly table: readonly { readonly action: string; readonly decisions: readonly Decision[] }[];
  readonly capabilities: readonly { readonly capability: Capability; readonly name: string; readonly effect: string; readonly on: boolean }[];
  readonly allowedPaths: readonly string[];
  readonly unrestricted: boolean;
  readonly checks: readonly Check[];
  readonly today: Today;
}

/** What was decided since midnight */
export interface Today {
  readonly counts: Readonly<Record<Decision, number>>;
  /** Questions by what they were about, most first */
  readonly asked: readonly { readonly name: string; readonly count: number }[];
  /** What was asked about most; `scope`: what a rule that answers it would be about */
  readonly often: readonly { readonly text: string; readonly count: number; readonly scope?: RuleScope }[];
  /** Counted from the newest decisions; there were more today */
  readonly cut: boolean;
}

/** One line of the check list (spec 12) */
export interface Check {
  readonly id: string;
  readonly state: 'pass' | 'warn' | 'fail';
  readonly title: string;
  readonly detail: string;
  /** Where it is mended: a section of this panel, or a command of the editor that `runFix` starts */
  readonly fix?: { readonly label: string; readonly section?: 'guardrails' | 'pending' | 'overview' | 'limits' | 'channels'; readonly command?: FixCommand };
}

/** Commands that buttons of the panel may start */
export const fixCommands = ['reviewRepositoryRules', 'compareReviewedRules', 'reviewPolicyScript', 'confirmState', 'reopenStore', 'verifyRecord', 'manageTrust', 'openPolicyFile'] as const;
export type FixCommand = (typeof fixCommands)[number];

export interface OverviewRequests {
  readonly setMode: { readonly params: { readonly mode: Mode }; readonly result: Done };
  readonly setCapability: { readonly params: { readonly capability: Capability; readonly on: boolean }; readonly result: Done };
  /** Opens the editor's folder picker; what is chosen is added */
  readonly pickAllowedPath: { readonly params: Record<string, never>; readonly result: Done & { readonly added?: string } };
  readonly addAllowedPath: { readonly params: { readonly path: string }; readonly result: Done };
  readonly removeAllowedPath: { readonly params: { readonly path: string }; readonly result: Done };
  readonly setUnrestricted: { readonly params: { readonly on: boolean }; readonly result: Done };
  readonly runFix: { readonly params: { readonly command: FixCommand }; readonly result: Done };
}
