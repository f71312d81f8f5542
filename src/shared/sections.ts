import type { GuardrailsSlice } from './guardrails.ts';
import type { LimitsSlice } from './limits.ts';
import type { OverviewSlice } from './overview.ts';
import type { PendingSlice } from './pending.ts';

/** What each section shows; the host makes it, the view draws it. Only the slice of the section on screen is sent */
export interface Slices {
  readonly overview: OverviewSlice;
  readonly pending: PendingSlice;
  readonly guardrails: GuardrailsSlice;
  readonly limits: LimitsSlice;
}
export type Section = keyof Slices;

/** The sections in the order of the navigation */
export const sections = ['overview', 'pending', 'guardrails', 'limits'] as const satisfies readonly Section[];
