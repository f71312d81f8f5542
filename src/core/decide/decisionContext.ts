import type { Action, Described, NetworkAction, PathAction } from '../action.ts';
import type { Policy } from '../policy/compilePolicy.ts';
import type { Mode } from '../decision.ts';
import { foldPath } from '../describe/path.ts';
import type { PlaceHit } from '../policy/protectedPlaces.ts';
import type { Request } from '../request.ts';
import type { RuleIndex } from '../rules/ruleIndex.ts';
import { pathSegments } from '../rules/ruleIndex.ts';
import type { SessionFacts } from './session.ts';

/** One request on its way through the stages */
export interface DecisionContext {
  readonly request: Request;
  readonly described: Described;
  readonly policy: Policy;
  readonly session: SessionFacts;
  readonly mode: Mode;
  /** The policy's rules, then the session's */
  readonly indexes: readonly RuleIndex[];
  /** Where a tool that goes to an address goes; other tools may carry one that they do not heed */
  readonly destination: NetworkAction | undefined;
}

/** One action with what several stages need to know of it, worked out once */
export interface Subject {
  readonly action: Action;
  readonly index: number;
  /** Of a path */
  readonly segments: readonly string[];
  /** The path lies where tools may touch files: workspace, temporary folder, allowed paths, or anywhere where unrestricted */
  readonly within: boolean;
  /** The secret that a read reads */
  readonly secret: PlaceHit | undefined;
}

/** Tools whose own action is going to the address in their input */
const goingTools: ReadonlySet<string> = new Set(['browser_navigate', 'open_url', 'canvas_open_url']);

/** The single destination of a tool that goes to an address */
export function destinationOf(described: Described): NetworkAction | undefined {
  if (!goingTools.has(described.tool)) return undefined;
  let found: NetworkAction | undefined;
  for (const action of described.actions) {
    if (action.kind !== 'fetch' && action.kind !== 'export') continue;
    if (found !== undefined && found.host !== action.host) return undefined;
    found = action;
  }
  return found?.host === undefined ? undefined : found;
}

const noSegments: readonly string[] = [];

/** Works out what the stages need to know of an action */
export function subjectOf(context: DecisionContext, action: Action, index: number): Subject {
  if (action.kind !== 'read' && action.kind !== 'write' && action.kind !== 'delete') {
    return { action, index, segments: noSegments, within: true, secret: undefined };
  }
  const { policy } = context;
  const segments = pathSegments(action.path, policy.place);
  return {
    action,
    index,
    segments,
    within: policy.settings.unrestrictedFileAccess || isWithin(policy, action),
    secret: action.kind === 'read' ? policy.places.forRead(action, segments) : undefined,
  };
}

function isWithin(policy: Policy, action: PathAction): boolean {
  const path = foldPath(action.path, policy.place.platform);
  for (const folder of policy.folders) {
    if (path.startsWith(folder) && (path.length === folder.length || folder.endsWith('/') || path.charCodeAt(folder.length) === 0x2f)) return true;
  }
  return false;
}
