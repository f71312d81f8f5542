import { isStricter } from '../../core/decision.ts';
import { defaultSettings } from '../../core/policy/policy.ts';
import type { PolicySettings } from '../../core/policy/policy.ts';
import { tightenedSettings } from '../../core/policy/tightenedSettings.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { ruleFingerprint } from '../../core/rules/ruleScope.ts';
import { type ChannelsFacts, applyChannelEntry, doubtedChannels } from '../../gate/channelState.ts';
import type { Entry } from '../../gate/entry.ts';
import type { Approval } from '../../gate/ports.ts';
import { type NotedFile, withNoted } from '../../gate/provenance.ts';
import { type TaskUse, applyTaskEntry, withoutGrants } from '../../gate/taskUse.ts';

/** What the journal's entries add up to, for one workspace. Frozen by habit: every change makes a new one */
export interface Facts {
  readonly settings: PolicySettings;
  /** `workspace_db` and `session` rules, oldest first */
  readonly rules: readonly Rule[];
  /** Approvals asked and not settled, oldest first */
  readonly pending: readonly Approval[];
  /** By channel; absent where there was never one */
  readonly channels?: ChannelsFacts;
  /** Files that came from outside, oldest first; absent where there was never one */
  readonly noted?: readonly NotedFile[];
  /** What tasks have used; absent where there was never one */
  readonly tasks?: readonly TaskUse[];
  /** What does not count until a person confirms it */
  readonly doubt?: Doubt;
}

/** History was cut or changed: denies may be missing, so what loosens is put aside until a person confirms it */
export interface Doubt {
  readonly code: string;
  readonly message: string;
  /** The `allow` rules of before */
  readonly rules: readonly Rule[];
  readonly settings: PolicySettings;
  /** Settings a person changed since; they hold either way */
  readonly changes: readonly Partial<PolicySettings>[];
}

export const noFacts: Facts = { settings: defaultSettings, rules: [], pending: [] };

/** Grants for a session that carry no end are forgotten after a day */
const longestSession = 24 * 60 * 60 * 1000;

/** The facts after one more entry of some time, in milliseconds since 1970; pure. Gives the same object where nothing changed */
export function applyEntry(facts: Facts, entry: Entry, at: number): Facts {
  const before = facts.tasks ?? [];
  const tasks = applyTaskEntry(before, entry, at);
  return applyOther(tasks === before ? facts : { ...facts, tasks }, entry);
}

function applyOther(facts: Facts, entry: Entry): Facts {
  switch (entry.type) {
    case 'decision':
      return useRules(facts, entry.actions.map((action) => action.rule));
    case 'approval_asked':
      return { ...facts, pending: [...facts.pending.filter((approval) => approval.id !== entry.approval.id), entry.approval] };
    case 'approval_settled': {
      const pending = facts.pending.filter((approval) => approval.id !== entry.approval);
      return pending.length === facts.pending.length ? facts : { ...facts, pending };
    }
    case 'rule_added':
      return isOurs(entry.rule) ? { ...facts, rules: [...without(facts.rules, entry.rule), entry.rule] } : facts;
    case 'rule_removed': {
      if (!isOurs(entry.rule)) return facts;
      const rules = without(facts.rules, entry.rule);
      const doubt = facts.doubt && { ...facts.doubt, rules: without(facts.doubt.rules, entry.rule) };
      return { ...facts, rules, ...(doubt && { doubt }) };
    }
    case 'settings_changed':
      return {
        ...facts,
        settings: { ...facts.settings, ...entry.change },
        ...(facts.doubt && { doubt: { ...facts.doubt, changes: [...facts.doubt.changes, entry.change] } }),
      };
    case 'state_doubted':
      return raiseDoubt(facts, entry.code, entry.message);
    case 'state_confirmed':
      return settleDoubt(facts);
    case 'file_noted':
      return { ...facts, noted: withNoted(facts.noted ?? [], entry.file) };
    case 'late_answer':
    case 'approve_all':
    case 'manifest_reviewed':
    case 'script_reviewed':
    case 'result':
    case 'budget_granted':
    case 'task_stopped':
    case 'requests_refused':
    case 'problem':
      return facts;
    case 'channel_message':
    case 'channel_handled':
    case 'channel_user':
    case 'channel_code':
    case 'channel_cursor':
    case 'channel_offer':
    case 'channel_limited':
    case 'channel_removed':
    case 'channel_status':
    case 'channel_event': {
      const before = facts.channels ?? {};
      const channels = applyChannelEntry(before, entry);
      return channels === before ? facts : { ...facts, channels };
    }
  }
}

/** Whether a rule is kept here: the others live in the user's, the administrator's or the repository's file */
export function isOurs(rule: Rule): boolean {
  return rule.source === 'workspace_db' || rule.source === 'session';
}

/** Two entries mean the same rule when they have one id, or one source, session, effect and scope */
export function sameRule(a: Rule, b: Rule): boolean {
  if (a.id === b.id) return true;
  return a.source === b.source && a.metadata?.['session'] === b.metadata?.['session'] && fingerprintOf(a) === fingerprintOf(b);
}

const fingerprints = new WeakMap<Rule, string>();

/** The core's fingerprint, worked out once per rule */
export function fingerprintOf(rule: Rule): string {
  const known = fingerprints.get(rule);
  if (known !== undefined) return known;
  const made = ruleFingerprint(rule);
  fingerprints.set(rule, made);
  return made;
}

function without(rules: readonly Rule[], rule: Rule): readonly Rule[] {
  const kept = rules.filter((other) => !sameRule(other, rule));
  return kept.length === rules.length ? rules : kept;
}

/**
 * Counts a decision against the rules that answered it. Only an `allow` is used up: otherwise an agent could wear a `deny` out
 * by trying again and again.
 */
function useRules(facts: Facts, used: readonly (string | undefined)[]): Facts {
  const limited = limitedRules(facts.rules);
  const counted = used.filter((id) => id !== undefined && limited.has(id));
  return counted.length === 0 ? facts : { ...facts, rules: facts.rules.flatMap((rule) => (counted.includes(rule.id) ? usedOnce(rule) : [rule])) };
}

const limitedIn = new WeakMap<readonly Rule[], ReadonlySet<string>>();

/** Ids of the rules that are used up, worked out once per list, so that a decision costs the same however many rules there are */
export function limitedRules(rules: readonly Rule[]): ReadonlySet<string> {
  const known = limitedIn.get(rules);
  if (known !== undefined) return known;
  const made = new Set(rules.filter((rule) => rule.usesLeft !== undefined && rule.effect === 'allow').map((rule) => rule.id));
  limitedIn.set(rules, made);
  return made;
}

/** The rule with one use less; nothing when that was its last */
export function usedOnce(rule: Rule): readonly Rule[] {
  if (rule.usesLeft === undefined || rule.effect !== 'allow') return [rule];
  return rule.usesLeft <= 1 ? [] : [{ ...rule, usesLeft: rule.usesLeft - 1 }];
}

/** Without the rules that have ended; for the time of opening, in milliseconds since 1970 */
export function dropEnded(facts: Facts, now: number): Facts {
  const rules = facts.rules.filter((rule) => {
    if (rule.expiresAt !== undefined) return rule.expiresAt > now;
    return rule.source !== 'session' || rule.createdAt + longestSession > now;
  });
  return rules.length === facts.rules.length ? facts : { ...facts, rules };
}

function raiseDoubt(facts: Facts, code: string, message: string): Facts {
  const allows = facts.rules.filter((rule) => rule.effect === 'allow');
  return {
    ...facts,
    rules: facts.rules.filter((rule) => rule.effect !== 'allow'),
    settings: tightenedSettings(facts.settings),
    ...(facts.channels && { channels: doubtedChannels(facts.channels) }),
    ...(facts.tasks && { tasks: withoutGrants(facts.tasks) }),
    doubt: {
      code,
      message,
      rules: [...(facts.doubt?.rules ?? []), ...allows],
      settings: facts.doubt?.settings ?? facts.settings,
      changes: facts.doubt?.changes ?? [],
    },
  };
}

function settleDoubt(facts: Facts): Facts {
  if (facts.doubt === undefined) return facts;
  const { doubt, ...rest } = facts;
  return {
    ...rest,
    settings: doubt.changes.reduce<PolicySettings>((settings, change) => ({ ...settings, ...change }), doubt.settings),
    rules: [...doubt.rules.filter((rule) => !rest.rules.some((other) => sameRule(other, rule))), ...rest.rules],
  };
}

/** An entry of doubtful standing, if it can only tighten: a new `deny` or `ask`, an `allow` taken away, somebody kept out of a channel, a settled approval */
export function tightens(entry: Entry): boolean {
  if (entry.type === 'rule_added') return isOurs(entry.rule) && isStricter(entry.rule.effect, 'allow');
  if (entry.type === 'rule_removed') return isOurs(entry.rule) && entry.rule.effect === 'allow';
  if (entry.type === 'channel_user') return entry.user.state !== 'paired';
  return entry.type === 'approval_settled' || entry.type === 'file_noted' || entry.type === 'task_stopped';
}
