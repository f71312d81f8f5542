import { compilePolicy, compileSessionRules } from '../core/policy/compilePolicy.ts';
import type { Policy } from '../core/policy/compilePolicy.ts';
import { tightenedSettings } from '../core/policy/tightenedSettings.ts';
import type { Rule } from '../core/rules/rule.ts';
import type { RuleIndex } from '../core/rules/ruleIndex.ts';
import type { Surroundings } from '../core/surroundings.ts';
import type { StoredState } from './ports.ts';

/** The compiled policy that stands now; a new object exactly when something that shapes decisions changed */
export interface StandingPolicy {
  current(): Policy;
  /** Compiled rules of one session, with `extra` ones to try out; `undefined` when there are none */
  sessionRules(session: string, extra?: readonly Rule[]): RuleIndex | undefined;
}

interface Compiled {
  /** What was looked at last; all the same means nothing has changed */
  readonly seen: readonly unknown[];
  /** What the policy was made of */
  readonly parts: readonly unknown[];
  readonly lasting: readonly Rule[];
  readonly policy: Policy;
}

/** Sessions whose compiled rules are kept */
const mostSessions = 500;

/**
 * Compiles the stored state whole and swaps the result whole. Parts are compared by identity, lasting rules one by one and
 * only when a rule came or went, so that a grant for a session or a new approval does not compile 100,000 rules again.
 */
export function createStandingPolicy(state: () => StoredState, trusted: () => boolean, surroundings: () => Surroundings): StandingPolicy {
  let compiled: Compiled | undefined;
  let sessions: { readonly rules: readonly Rule[]; readonly by: Map<string, RuleIndex | undefined> } = { rules: [], by: new Map() };

  function compile(session: string, extra: readonly Rule[]): RuleIndex | undefined {
    const own = state().workspaceRules.filter((rule) => rule.source === 'session' && rule.metadata?.['session'] === session);
    return own.length + extra.length === 0 ? undefined : compileSessionRules([...own, ...extra], surroundings());
  }

  return {
    current() {
      const { settings, workspaceRules, profileRules, managedRules, manifest } = state();
      const isTrusted = trusted();
      const parts = [settings, profileRules, managedRules, manifest.rules, manifest.reviewed, isTrusted];
      const seen = [...parts, workspaceRules];
      if (compiled !== undefined && same(compiled.seen, seen)) return compiled.policy;
      const lasting = workspaceRules.filter((rule) => rule.source !== 'session');
      if (compiled !== undefined && same(compiled.parts, parts) && same(compiled.lasting, lasting)) {
        compiled = { ...compiled, seen };
        return compiled.policy;
      }
      const raw = {
        ...(isTrusted ? settings : tightenedSettings(settings)),
        rules: [...managedRules, ...lasting, ...manifest.rules, ...profileRules],
      };
      const policy = compilePolicy(raw, surroundings(), { repositoryAllows: isTrusted && manifest.reviewed });
      compiled = { seen, parts, lasting, policy };
      return policy;
    },
    sessionRules(session, extra = []) {
      const { workspaceRules } = state();
      if (extra.length > 0) return compile(session, extra);
      if (sessions.rules !== workspaceRules || sessions.by.size >= mostSessions) sessions = { rules: workspaceRules, by: new Map() };
      if (!sessions.by.has(session)) sessions.by.set(session, compile(session, []));
      return sessions.by.get(session);
    },
  };
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
