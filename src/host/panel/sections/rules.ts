import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { trustedCommandRules } from '../../../core/policy/trustedCommands.ts';
import { analyseRules, type RuleMark } from '../../../core/rules/analysis.ts';
import { ruleSources, type Rule, type RuleSource } from '../../../core/rules/rule.ts';
import { readManifest } from '../../../core/schema/manifest.ts';
import { visible } from '../../../core/visible.ts';
import { chooseRules, type ListedRule } from '../../../gate/ruleTable.ts';
import { holdsSecret } from '../../../gate/secretText.ts';
import { ruleUses } from '../../../gate/usage.ts';
import { placedFingerprint } from '../../../node/store/manifest.ts';
import { ruleColumns, type RuleDraft, type RuleQuery, type RuleRow, type RulesRequests, type RulesSlice } from '../../../shared/rules.ts';
import type { OpenFolder } from '../../folders.ts';
import { shownScope } from '../../fromFolder.ts';
import { sessionName } from '../../tree/treeNodes.ts';
import { countedOver, recentEntries } from '../folderRecord.ts';
import type { HandlersOf } from '../handler.ts';
import { draftSchema, effectOf, gateDraft, readDraft } from '../trying.ts';

const by = 'editor';
/** Characters of a scope or reason that a row shows; longer ones are cut with their length */
const longestShown = 2_000;
const mostSessions = 50;

interface Analysed {
  /** What it was made of; all the same means nothing has changed */
  readonly of: readonly unknown[];
  readonly revision: number;
  readonly rules: readonly Rule[];
  readonly marks: ReadonlyMap<string, readonly RuleMark[]>;
}

const analysed = new WeakMap<OpenFolder, Analysed>();
let revisions = 0;

/** All rules of a folder with what is to be known of each; made anew only when one changed, or a minute went by where some expire */
function analysedRules(folder: OpenFolder): Analysed {
  const { settings, workspaceRules, profileRules, managedRules, manifest } = folder.store.state;
  const trusted = settings.guardrails.autoApproveTrustedCommands ? trustedCommandRules(settings.guardrails.trustedCommandPatterns).rules : [];
  const rules = [...managedRules, ...workspaceRules, ...manifest.rules, ...profileRules, ...trusted];
  const minute = rules.some(({ expiresAt }) => expiresAt !== undefined) ? Math.floor(Date.now() / 60_000) : 0;
  const of = [settings, workspaceRules, profileRules, managedRules, manifest, minute, vscode.workspace.isTrusted];
  const known = analysed.get(folder);
  if (known !== undefined && known.of.every((part, index) => part === of[index])) return known;
  const counting = rules.filter((rule) => counts(folder, rule));
  const marks = analyseRules(counting, { place: folder.surroundings, mode: settings.mode, now: Date.now(), holdsSecret });
  const made = { of, revision: (revisions += 1), rules, marks };
  analysed.set(folder, made);
  return made;
}

/** An allow of the repository counts only where the workspace is trusted and the file reviewed */
function counts({ store }: OpenFolder, { effect, source }: Rule): boolean {
  return effect !== 'allow' || source !== 'workspace_manifest' || (vscode.workspace.isTrusted && store.state.manifest.reviewed);
}

export async function rulesSlice(folder: OpenFolder): Promise<RulesSlice> {
  const { rules, revision } = analysedRules(folder);
  const entries = await recentEntries(folder);
  const { workspaceRules } = folder.store.state;
  const sessions = new Set(workspaceRules.flatMap((rule) => (typeof rule.metadata?.['session'] === 'string' ? [rule.metadata['session']] : [])));
  for (const { entry } of entries) if (entry.type === 'decision' && sessions.size < mostSessions) sessions.add(entry.session);
  return {
    revision: `${revision} ${entries[0]?.sequence ?? 0}`,
    total: rules.length,
    countedOver: Math.min(countedOver, entries.length),
    manifest: manifestState(folder),
    sessions: [...sessions],
  };
}

const id = z.string().check(z.maxLength(40_000));

function manifestState({ store, surroundings }: OpenFolder): RulesSlice['manifest'] {
  const { manifest, workspaceRules } = store.state;
  const state = manifest.hash === undefined ? 'none' : manifest.reviewed ? 'reviewed' : 'unreviewed';
  const reviewed = state === 'unreviewed' ? store.reviewedText() : undefined;
  const counts = { state, rules: manifest.rules.length, allows: manifest.rules.filter(({ effect }) => effect === 'allow').length } as const;
  if (reviewed === undefined) return counts;
  const print = (rule: Rule): string => placedFingerprint(rule, surroundings);
  // Our own rules stand in the file too and are none of the repository's
  const ours = new Set(workspaceRules.map(print));
  const before = new Set(readManifest(reviewed).rules.map(print).filter((rule) => !ours.has(rule)));
  const now = new Set(manifest.rules.map(print));
  return { ...counts, since: { added: [...now].filter((rule) => !before.has(rule)).length, removed: [...before].filter((rule) => !now.has(rule)).length } };
}

/** What of the rules is looked at, as the page sends it */
export const querySchema = z.strictObject({
  search: z.string().check(z.maxLength(2_000)), effect: z.optional(z.enum(['allow', 'ask', 'deny'])), source: z.optional(z.enum(ruleSources)), mark: z.optional(z.enum(['marked', 'unused'])),
  sort: z.enum(ruleColumns), descending: z.boolean(), limit: z.int().check(z.minimum(1), z.maximum(1_000)),
});

/** Every rule that a query finds, in its order */
export async function findRules(folder: OpenFolder, { limit: _, ...choice }: RuleQuery): Promise<readonly ListedRule[]> {
  const { rules, marks } = analysedRules(folder);
  const uses = ruleUses(await recentEntries(folder));
  const listed = rules.map((rule): ListedRule => ({ rule, text: cut(shownScope(rule.scope, folder.path)), marks: marks.get(rule.id) ?? [], use: uses.get(rule.id) }));
  return chooseRules(listed, choice);
}

export const rulesHandlers: HandlersOf<RulesRequests> = {
  findRules: {
    params: querySchema,
    async run(query, { folder }) {
      const found = await findRules(folder, query);
      const { rules } = analysedRules(folder);
      return { found: found.length, rows: found.slice(0, query.limit).map((one) => rowOf(folder, one, rules)) };
    },
  },
  tryRule: {
    params: z.strictObject({ draft: draftSchema, replaces: z.optional(id) }),
    async run({ draft, replaces }, { folder }) {
      const read = readDraft(folder, draft, replaces);
      if ('problem' in read) return read;
      const effect = await effectOf(folder, { add: [read.rule], ...(replaces === undefined ? {} : { remove: [replaces] }) });
      return { covers: cut(shownScope(read.rule.scope, folder.path)), effect };
    },
  },
  tryWithout: {
    params: z.strictObject({ id }),
    run: ({ id: gone }, { folder }) => effectOf(folder, { remove: [gone] }),
  },
  addRule: {
    params: z.strictObject({ draft: draftSchema, replaces: z.optional(id) }),
    async run({ draft, replaces }, { folder }) {
      const read = readDraft(folder, draft, replaces);
      if ('problem' in read) return { ok: false, reason: read.problem };
      const outcome = await folder.gate.changeRules({ add: [gateDraft(draft)], remove: replaces === undefined ? [] : [replaces] }, by);
      if (!outcome.ok) return outcome;
      const [made] = outcome.added;
      return { ok: true, ...(made === undefined ? {} : { id: made }) };
    },
  },
  removeRule: {
    params: z.strictObject({ id }),
    run: ({ id: gone }, { folder }) => folder.gate.removeRule(gone, by),
  },
};

function rowOf(folder: OpenFolder, { rule, text, marks, use }: ListedRule, all: readonly Rule[]): RuleRow {
  const session = rule.metadata?.['session'];
  const draft = draftOf(rule);
  const inactive = counts(folder, rule) ? [] : [{ kind: 'inactive', text: vscode.workspace.isTrusted ? vscode.l10n.t('Does not count until you review the repository’s rules.') : vscode.l10n.t('Does not count until you trust this workspace and review its rules.') }];
  return {
    id: rule.id, effect: rule.effect, scope: text, source: rule.source, sourceName: sourceName(rule.source),
    ...(typeof session === 'string' ? { session: sessionName(session) } : {}),
    ...(rule.reason === undefined ? {} : { reason: cut(visible(rule.reason)) }),
    createdAt: rule.createdAt,
    ...(rule.expiresAt === undefined ? {} : { expiresAt: rule.expiresAt }),
    ...(rule.usesLeft === undefined ? {} : { usesLeft: rule.usesLeft }),
    hits: use?.hits ?? 0,
    ...(use === undefined ? {} : { lastUsed: use.lastUsed }),
    marks: [...inactive, ...marks.map((mark) => ({ kind: mark.kind, text: markText(mark, folder, all) }))],
    ...(draft === undefined ? {} : { draft }),
  };
}

/** A rule as it can be written again; absent for those that are not the person's own */
function draftOf({ source, effect, scope, reason, expiresAt, usesLeft, metadata }: Rule): RuleDraft | undefined {
  if (source !== 'session' && source !== 'workspace_db' && source !== 'profile') return undefined;
  const session = metadata?.['session'];
  return {
    source, effect, scope,
    ...(reason === undefined ? {} : { reason }), ...(expiresAt === undefined ? {} : { expiresAt }), ...(usesLeft === undefined ? {} : { usesLeft }),
    ...(typeof session === 'string' ? { session } : {}),
  };
}

function markText(mark: RuleMark, folder: OpenFolder, all: readonly Rule[]): string {
  const name = (other: string): string => {
    const rule = all.find(({ id: known }) => known === other);
    return rule === undefined ? visible(other) : `${effectWord(rule.effect)} ${cut(shownScope(rule.scope, folder.path))} (${sourceName(rule.source)})`;
  };
  switch (mark.kind) {
    case 'shadowed': return vscode.l10n.t('Never decides: {0} always answers first.', name(mark.by));
    case 'contradicts': return vscode.l10n.t('Contradicts {0}, which answers first.', name(mark.by));
    case 'redundant': return vscode.l10n.t('Adds nothing: {0} says the same.', name(mark.by));
    case 'expired': return vscode.l10n.t('No longer counts: its time or its uses are over.');
    case 'secret': return vscode.l10n.t('Holds what looks like a credential. Remove it and write it without.');
    case 'unreadable': return mark.message;
  }
}

function effectWord(effect: Rule['effect']): string {
  return { allow: vscode.l10n.t('Allow'), ask: vscode.l10n.t('Ask'), deny: vscode.l10n.t('Deny') }[effect];
}

function sourceName(source: RuleSource): string {
  return {
    managed: vscode.l10n.t('Administrator'), session: vscode.l10n.t('Session'), workspace_db: vscode.l10n.t('Workspace'), workspace_manifest: vscode.l10n.t('Repository'),
    profile: vscode.l10n.t('Profile'), legacy_guardrails: vscode.l10n.t('Trusted commands'), legacy_builtin_settings: vscode.l10n.t('Built-in'),
  }[source];
}

function cut(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}… (${text.length})` : text;
}
