import type { Section, Slices } from '../../shared/sections.ts';
import type { OpenFolder } from '../folders.ts';
import { agentsSlice } from './sections/agents.ts';
import { auditSlice } from './sections/audit.ts';
import { channelsSlice } from './sections/channels.ts';
import { guardrailsSlice } from './sections/guardrails.ts';
import { limitsSlice } from './sections/limits.ts';
import { overviewSlice } from './sections/overview.ts';
import { pendingSlice } from './sections/pending.ts';
import { rulesSlice } from './sections/rules.ts';
import { tryItSlice } from './sections/tryIt.ts';

/** Makes what each section shows */
export const slices: { readonly [S in Section]: (folder: OpenFolder) => Slices[S] | Promise<Slices[S]> } = {
  overview: overviewSlice,
  pending: pendingSlice,
  rules: rulesSlice,
  tryIt: tryItSlice,
  guardrails: guardrailsSlice,
  audit: auditSlice,
  agents: agentsSlice,
  channels: channelsSlice,
  limits: limitsSlice,
};
