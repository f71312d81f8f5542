import type { AgentsSlice } from './agents.ts';
import type { AuditSlice } from './audit.ts';
import type { ChannelsSlice } from './channels.ts';
import type { GuardrailsSlice } from './guardrails.ts';
import type { LimitsSlice } from './limits.ts';
import type { OverviewSlice } from './overview.ts';
import type { PendingSlice } from './pending.ts';
import type { RulesSlice } from './rules.ts';
import type { TryItSlice } from './tryIt.ts';

/** What each section shows; the host makes it, the view draws it. Only the slice of the section on screen is sent */
export interface Slices {
  readonly overview: OverviewSlice;
  readonly pending: PendingSlice;
  readonly rules: RulesSlice;
  readonly tryIt: TryItSlice;
  readonly guardrails: GuardrailsSlice;
  readonly audit: AuditSlice;
  readonly agents: AgentsSlice;
  readonly channels: ChannelsSlice;
  readonly limits: LimitsSlice;
}
export type Section = keyof Slices;

/** The sections in the order of the navigation */
export const sections = ['overview', 'pending', 'rules', 'tryIt', 'guardrails', 'audit', 'agents', 'channels', 'limits'] as const satisfies readonly Section[];
