import type { HostClass } from '../core/action.ts';
import type { EvaluatedAction, Evaluation } from '../core/decide/evaluation.ts';
import { isInside } from '../core/describe/path.ts';
import type { Surroundings } from '../core/surroundings.ts';

/**
 * Whether "approve all for this session" answers this request (spec 7): readable commands and plain fetches that ask only
 * because of the mode, and what such a command writes in the workspace. Everything else is still asked: deletes, exports,
 * location, guarded places, secrets, places outside, MCP tools, ask rules, what cannot be read.
 */
export function coveredByApproveAll(evaluation: Evaluation, place: Pick<Surroundings, 'workspace' | 'platform'>): boolean {
  const asking = evaluation.actions.filter((evaluated) => evaluated.decision === 'ask');
  return evaluation.decision === 'ask' && asking.length > 0 && asking.every((evaluated) => covered(evaluated, place));
}

/** Not among them: hosts that hand out credentials of the machine, or that nobody can tell */
const plainHosts: ReadonlySet<HostClass> = new Set(['public', 'private', 'loopback']);

function covered({ action, reason, rule }: EvaluatedAction, place: Pick<Surroundings, 'workspace' | 'platform'>): boolean {
  if (reason.type !== 'mode' || rule !== undefined || action.uncertain !== undefined || action.guardrail !== undefined) return false;
  switch (action.kind) {
    case 'exec':
      return action.class !== 'unreadable';
    case 'fetch':
      return action.hostClass !== undefined && plainHosts.has(action.hostClass);
    case 'write':
      return action.owner !== undefined && isInside(action.path, place.workspace, place.platform);
    default:
      return false;
  }
}
