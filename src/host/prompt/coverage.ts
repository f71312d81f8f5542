import { describe } from '../../core/describe/describe.ts';
import type { Described } from '../../core/action.ts';
import type { RuleScope } from '../../core/rules/rule.ts';
import type { OpenFolder } from '../folders.ts';
import { scopeFits } from './scopeFits.ts';

/** Decisions looked at to tell how much a scope would cover */
const mostRequests = 200;

/** The newest recorded requests of a folder, read as the gate reads them */
export async function recentRequests(folder: OpenFolder): Promise<readonly Described[]> {
  const recorded = await folder.store.history({ types: ['decision'], limit: mostRequests });
  return recorded.flatMap(({ entry }) => (entry.type === 'decision' ? [describe(entry.request, folder.surroundings)] : []));
}

/** How many of these requests have an action that the scope fits; a rule of it would not answer all of them (spec 7) */
export function coveredRequests(scope: RuleScope, requests: readonly Described[], folder: OpenFolder): number {
  return requests.filter((described) => scopeFits(scope, described, folder.surroundings)).length;
}
