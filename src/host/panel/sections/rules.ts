import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { ruleSources, type Rule } from '../../../core/rules/rule.ts';
import { readManifest } from '../../../core/schema/manifest.ts';
import { visible } from '../../../core/visible.ts';
import type { RecordedEntry } from '../../../gate/entry.ts';
import { chooseRules, type ListedRule } from '../../../gate/ruleTable.ts';
import { ruleUses } from '../../../gate/usage.ts';
import { ruleFingerprint } from '../../../core/rules/ruleScope.ts';
import { placedFingerprint } from '../../../node/store/manifest.ts';
import { ruleColumns, type RuleDraft, type RuleQuery, type RuleRow, type RulesRequests, type RulesSlice } from '../../../shared/rules.ts';
import { analysedRules, cutText, markText, ruleCounts, sourceName } from '../../analysedRules.ts';
import type { OpenFolder } from '../../folders.ts';
import { shownScope } from '../../fromFolder.ts';
import { sessionName } from '../../tree/treeNodes.ts';
import { countedOver, recentEntries } from '../../folderRecord.ts';
import type { HandlersOf } from '../handler.ts';
import { draftSchema, effectOf, gateDraft, readDraft } from '../trying.ts';

const by = 'editor';
const mostSessions = 50;
/** Entries that a rule has to be left out of before that means anything */
const enoughToTell = 200;

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
    ...(folder.store.state.script === undefined ? {} : { script: folder.store.state.script.review }),
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
  const listed = rules.map((rule): ListedRule => ({ rule, text: cutText(shownScope(rule.scope, folder.path, vscode.l10n)), marks: marks.get(rule.id) ?? [], use: uses.get(rule.id) }));
  return chooseRules(listed, choice);
}

export const rulesHandlers: HandlersOf<RulesRequests> = {
  findRules: {
    params: querySchema,
    async run(query, { folder }) {
      const found = await findRules(folder, query);
      const { rules } = analysedRules(folder);
      const entries = await recentEntries(folder);
      return { found: found.length, rows: found.slice(0, query.limit).map((one) => rowOf(folder, one, rules, entries)) };
    },
  },
  tryRule: {
    params: z.strictObject({ draft: draftSchema, replaces: z.optional(id) }),
    async run({ draft, replaces }, { folder }) {
      const read = readDraft(folder, draft, replaces);
      if ('problem' in read) return read;
      const effect = await effectOf(folder, { add: [read.rule], ...(replaces === undefined ? {} : { remove: [replaces] }) });
      return { covers: cutText(shownScope(read.rule.scope, folder.path, vscode.l10n)), effect };
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
      const replaced = replaces === undefined ? undefined : ownRule(folder, replaces);
      const kept = replaced === undefined || !isSame(replaced, read.rule) ? {} : unseenParts(replaced);
      keepRemoved(folder, replaced === undefined ? [] : [replaced]);
      const outcome = await folder.gate.changeRules({ add: [{ ...gateDraft(draft), ...kept }], remove: replaces === undefined ? [] : [replaces] }, by);
      if (!outcome.ok) return outcome;
      const [made] = outcome.added;
      return { ok: true, ...(made === undefined ? {} : { id: made }) };
    },
  },
  removeRule: {
    params: z.strictObject({ id }),
    run({ id: gone }, { folder }) {
      const rule = ownRule(folder, gone);
      keepRemoved(folder, rule === undefined ? [] : [rule]);
      return folder.gate.removeRule(gone, by);
    },
  },
  restoreRule: {
    params: z.strictObject({ id, replaces: z.optional(id) }),
    async run({ id: gone, replaces }, { folder }) {
      const rule = removed.get(folder)?.get(gone);
      if (rule === undefined) return { ok: false, reason: vscode.l10n.t('This rule is no longer remembered. Write it anew.') };
      const { id: _, createdAt: __, source, ...whole } = rule;
      if (source !== 'session' && source !== 'workspace_db' && source !== 'profile') throw new Error(`A rule of ${source} was remembered.`);
      const outcome = await folder.gate.changeRules({ add: [{ ...whole, source }], remove: replaces === undefined ? [] : [replaces] }, by);
      return outcome.ok ? { ok: true } : outcome;
    },
  },
};

/** Rules that were removed or replaced here last, to bring them back with all that no form shows, such as the script a rule is tied to */
const removed = new WeakMap<OpenFolder, Map<string, Rule>>();
const mostRemoved = 50;

function keepRemoved(folder: OpenFolder, rules: readonly Rule[]): void {
  const known = removed.get(folder) ?? new Map<string, Rule>();
  for (const rule of rules) known.set(rule.id, rule);
  for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - mostRemoved))) known.delete(oldest);
  removed.set(folder, known);
}

function ownRule({ store }: OpenFolder, wanted: string): Rule | undefined {
  return [...store.state.workspaceRules, ...store.state.profileRules].find((rule) => rule.id === wanted);
}

/** Whether an edit leaves what a rule says and where it holds */
function isSame(before: Rule, after: Rule): boolean {
  return before.source === after.source && before.metadata?.['session'] === after.metadata?.['session'] && ruleFingerprint(before) === ruleFingerprint(after);
}

/** What a rule keeps over such an edit, and that no form shows */
function unseenParts({ examples, metadata }: Rule): Pick<Rule, 'examples' | 'metadata'> {
  return { ...(examples === undefined ? {} : { examples }), ...(metadata === undefined ? {} : { metadata }) };
}

function rowOf(folder: OpenFolder, { rule, text, marks, use }: ListedRule, all: readonly Rule[], entries: readonly RecordedEntry[]): RuleRow {
  const session = rule.metadata?.['session'];
  const draft = draftOf(rule);
  const inactive = ruleCounts(folder, rule) ? [] : [{ kind: 'inactive', text: vscode.workspace.isTrusted ? vscode.l10n.t('Does not count until you review the repository’s rules.') : vscode.l10n.t('Does not count until you trust this workspace and review its rules.') }];
  return {
    id: rule.id, effect: rule.effect, scope: text, source: rule.source, sourceName: sourceName(rule.source),
    ...(typeof session === 'string' ? { session: sessionName(session) } : {}),
    ...(rule.reason === undefined ? {} : { reason: cutText(visible(rule.reason)) }),
    createdAt: rule.createdAt,
    ...(rule.expiresAt === undefined ? {} : { expiresAt: rule.expiresAt }),
    ...(rule.usesLeft === undefined ? {} : { usesLeft: rule.usesLeft }),
    hits: use?.hits ?? 0,
    ...(use === undefined ? {} : { lastUsed: use.lastUsed }),
    marks: [...inactive, ...marks.map((mark) => ({ kind: mark.kind, text: markText(mark, folder, all) })), ...(use === undefined && isOlder(rule, entries) ? [{ kind: 'unused', text: vscode.l10n.t('Matched nothing in the last {0} entries of the record.', entries.length) }] : [])],
    ...(draft === undefined ? {} : { draft }),
  };
}

/** Whether a rule was there for all that use is counted over, and that is enough to say something */
function isOlder({ createdAt, source }: Rule, entries: readonly RecordedEntry[]): boolean {
  const oldest = entries.at(-1);
  return source !== 'legacy_guardrails' && entries.length >= enoughToTell && oldest !== undefined && createdAt < oldest.at;
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
