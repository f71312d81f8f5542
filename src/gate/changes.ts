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
import type { Use } from './taskUse.ts';

/** A rule a person writes by hand; the gate gives it its id and time */
export type RuleDraft = Omit<Rule, 'id' | 'createdAt' | 'source'> & { readonly source: 'session' | 'workspace_db' | 'profile' };

/** Whether a change was made, and if not, why */
export type ChangeOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Rules that go and rules that come, as one change: all of it is made and recorded, or none */
export interface RulesChange {
  /** Ids of the person's own rules */
  readonly remove?: readonly string[];
  readonly add?: readonly RuleDraft[];
}

/** Like `ChangeOutcome`; `added`: the ids of the rules that came, in the order they were given */
export type RulesOutcome = { readonly ok: true; readonly added: readonly string[] } | { readonly ok: false; readonly reason: string };

/** More at once is no work of a person */
const mostAtOnce = 1_000;

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
  changeRules(change: RulesChange, by: string): Promise<RulesOutcome>;
  reviewManifest(hash: string, by: string): Promise<ChangeOutcome>;
  /** Without a hash, all reviews of the policy script are taken back */
  reviewScript(hash: string | undefined, by: string): Promise<ChangeOutcome>;
  /** Lets a task go on, up to so much */
  grantBudget(session: string, upTo: Partial<Use>, by: string): Promise<ChangeOutcome>;
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

  async function limited(entries: readonly Entry[]): Promise<ChangeOutcome> {
    const limit = limits.take('settings', 'workspace');
    return limit.ok ? commit(entries) : no(`At most ${limit.most} changes of settings a minute. Wait ${limit.waitSeconds} s.`);
  }

  /** The rule of a draft, or why it cannot be kept beside the rules that stay */
  function readRule(draft: RuleDraft, stays: readonly Rule[]): { readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly reason: string } {
    const read = readRuleDraft({ ...draft, id: ids(), createdAt: clock.now() }, place());
    if (!read.ok) return read;
    const { rule } = read;
    if (rule.effect === 'allow' && !trusted()) return no('Rules that allow can be added once you trust this workspace.');
    if (rule.source === 'session' && typeof rule.metadata?.['session'] !== 'string') return no('A rule for a session has to name its session (metadata.session).');
    if (scopeTexts(rule.scope).some(holdsSecret)) return no('The rule would keep a credential. Write it without.');
    if (withoutDoubles([rule], stays).length === 0) return no(`This rule is there already: ${rule.effect} ${previewScope(rule.scope)}.`);
    return { ok: true, rule };
  }

  /** The person's own rule with this id, or why it cannot be removed */
  function findOwn(id: string): { readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly reason: string } {
    const { workspaceRules, profileRules, managedRules, manifest } = store.state;
    const rule = [...workspaceRules, ...profileRules].find((own) => own.id === id);
    if (rule !== undefined) return { ok: true, rule };
    if (managedRules.some((other) => other.id === id)) return no('This rule is set by the administrator of this machine.');
    if (manifest.rules.some((other) => other.id === id)) return no('This rule belongs to the repository. Remove it from .cowork/policy/permissions.json.');
    return no('There is no such rule; it may be gone already.');
  }

  return {
    commit,
    async changeSettings(change, by) {
      const read = readSettingsChange(change, store.state.settings);
      return read.ok ? limited([{ type: 'settings_changed', change: read.value, by }]) : no(read.message);
    },
    async changeRules({ remove = [], add = [] }, by) {
      if (remove.length + add.length > mostAtOnce) return no(`At most ${mostAtOnce} rules can be changed at once.`);
      const gone: Rule[] = [];
      for (const id of new Set(remove)) {
        const found = findOwn(id);
        if (!found.ok) return found;
        gone.push(found.rule);
      }
      const stays = [...store.state.workspaceRules, ...store.state.profileRules].filter((rule) => !gone.includes(rule));
      const come: Rule[] = [];
      for (const draft of add) {
        const read = readRule(draft, [...stays, ...come]);
        if (!read.ok) return read;
        come.push(read.rule);
      }
      const entries = [...gone.map((rule): Entry => ({ type: 'rule_removed', rule, by })), ...come.map((rule): Entry => ({ type: 'rule_added', rule, by }))];
      const outcome: ChangeOutcome = entries.length === 0 ? { ok: true } : await limited(entries);
      return outcome.ok ? { ok: true, added: come.map(({ id }) => id) } : outcome;
    },
    grantBudget: (session, upTo, by) => limited([{ type: 'budget_granted', session, upTo, by }]),
    async reviewManifest(hash, by) {
      const { manifest } = store.state;
      if (!trusted()) return no('The rules of the repository can be reviewed once you trust this workspace.');
      if (manifest.hash === undefined) return no('This workspace has no permissions.json to review.');
      if (manifest.hash !== hash) return no('permissions.json has changed since it was shown. Look at it again.');
      return commit([{ type: 'manifest_reviewed', hash, by }]);
    },
    async reviewScript(hash, by) {
      const { script } = store.state;
      if (hash === undefined) return script === undefined || script.review === 'new' ? no('No policy script was reviewed in this workspace.') : commit([{ type: 'script_reviewed', by }]);
      if (!trusted()) return no('The policy script can be reviewed once you trust this workspace.');
      if (script?.hash === undefined) return no('This workspace has no policy.js to review.');
      if (script.hash !== hash) return no('policy.js has changed since it was shown. Look at it again.');
      return commit([{ type: 'script_reviewed', hash, by }]);
    },
  };
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
