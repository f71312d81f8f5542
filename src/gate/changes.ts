import type { Place } from '../core/policy/place.ts';
import type { Rule } from '../core/rules/rule.ts';
import { previewScope } from '../core/rules/ruleScope.ts';
import { readSettingsChange } from '../core/schema/policyFile.ts';
import { scopeTexts, withoutDoubles } from './answering.ts';
import type { Entry } from './entry.ts';
import type { Limits } from './limits.ts';
import { StoreError } from './ports.ts';
import type { Clock, SettingsChange, Store } from './ports.ts';
import { readRuleDraft } from './reading.ts';
import { holdsSecret } from './secretText.ts';

/** A rule a person writes by hand; the gate gives it its id and time */
export type RuleDraft = Omit<Rule, 'id' | 'createdAt' | 'source'> & { readonly source: 'session' | 'workspace_db' | 'profile' };

/** Whether a change was made, and if not, why */
export type ChangeOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export interface ChangesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: () => string;
  readonly limits: Limits;
  readonly trusted: () => boolean;
  readonly place: () => Place;
}

export interface Changes {
  changeSettings(change: SettingsChange, by: string): Promise<ChangeOutcome>;
  addRule(draft: RuleDraft, by: string): Promise<ChangeOutcome>;
  removeRule(id: string, by: string): Promise<ChangeOutcome>;
  reviewManifest(hash: string, by: string): Promise<ChangeOutcome>;
  /** Records entries; a failure becomes a reason */
  commit(entries: readonly Entry[]): Promise<ChangeOutcome>;
}

/** Changes of the policy a person makes: checked, counted (five a minute, spec 9), recorded */
export function createChanges({ store, clock, ids, limits, trusted, place }: ChangesOptions): Changes {
  async function commit(entries: readonly Entry[]): Promise<ChangeOutcome> {
    if (entries.length === 0) return { ok: true };
    try {
      await store.commit(entries);
      return { ok: true };
    } catch (error) {
      const what = error instanceof StoreError ? error.problem.message : error instanceof Error ? error.message : String(error);
      return no(`The change could not be recorded, so nothing changed. ${what}`);
    }
  }

  async function limited(entry: Entry): Promise<ChangeOutcome> {
    const limit = limits.take('settings', 'workspace');
    return limit.ok ? commit([entry]) : no(`At most ${limit.most} changes of settings a minute. Wait ${limit.waitSeconds} s.`);
  }

  return {
    commit,
    async changeSettings(change, by) {
      const read = readSettingsChange(change, store.state.settings);
      return read.ok ? limited({ type: 'settings_changed', change: read.value, by }) : no(read.message);
    },
    async addRule(draft, by) {
      const rule: unknown = { ...draft, id: ids(), createdAt: clock.now() };
      const read = readRuleDraft(rule, place());
      if (!read.ok) return read;
      const { effect, source, scope, metadata } = read.rule;
      if (effect === 'allow' && !trusted()) return no('Rules that allow can be added once you trust this workspace.');
      if (source === 'session' && typeof metadata?.['session'] !== 'string') return no('A rule for a session has to name its session (metadata.session).');
      if (scopeTexts(scope).some(holdsSecret)) return no('The rule would keep a credential. Write it without.');
      const known = [...store.state.workspaceRules, ...store.state.profileRules];
      if (withoutDoubles([read.rule], known).length === 0) return no(`This rule is there already: ${effect} ${previewScope(scope)}.`);
      return limited({ type: 'rule_added', rule: read.rule, by });
    },
    async removeRule(id, by) {
      const { workspaceRules, profileRules, managedRules, manifest } = store.state;
      const rule = [...workspaceRules, ...profileRules].find((own) => own.id === id);
      if (rule !== undefined) return limited({ type: 'rule_removed', rule, by });
      if (managedRules.some((other) => other.id === id)) return no('This rule is set by the administrator of this machine.');
      if (manifest.rules.some((other) => other.id === id)) return no('This rule belongs to the repository. Remove it from .cowork/policy/permissions.json.');
      return no('There is no such rule; it may be gone already.');
    },
    async reviewManifest(hash, by) {
      const { manifest } = store.state;
      if (!trusted()) return no('The rules of the repository can be reviewed once you trust this workspace.');
      if (manifest.hash === undefined) return no('This workspace has no permissions.json to review.');
      if (manifest.hash !== hash) return no('permissions.json has changed since it was shown. Look at it again.');
      return commit([{ type: 'manifest_reviewed', hash, by }]);
    },
  };
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
