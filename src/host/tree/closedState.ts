import { defaultSettings } from '../../core/policy/policy.ts';
import type { Problem, StoredState } from '../../gate/ports.ts';

/** The state of a folder that could not be opened: nothing in it, and why */
export function closedState(problem: Problem): StoredState {
  return {
    settings: defaultSettings, workspaceRules: [], profileRules: [], managedRules: [],
    manifest: { hash: undefined, rules: [], reviewed: false }, pending: [], problems: [], closedBecause: problem,
  };
}
