import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { visible } from '../../../core/visible.ts';
import type { RecordedEntry } from '../../../gate/entry.ts';
import { actorsOf, type EntryFilter, toolOf } from '../../../gate/entryFilter.ts';
import { entryText } from '../../../gate/entryText.ts';
import { exportEntry, exportHead } from '../../../gate/exportEntries.ts';
import { shownEntry } from '../../../gate/shownEntry.ts';
import { verifyChain } from '../../../node/store/verifyChain.ts';
import { userFolder } from '../../../node/userFolder.ts';
import { auditTypes, type AuditDetail, type AuditFilter, type AuditRequests, type AuditRow, type AuditSlice } from '../../../shared/audit.ts';
import type { OpenFolder } from '../../folders.ts';
import { effectWord, sourceName } from '../../analysedRules.ts';
import { shownActionTarget, shownScope } from '../../fromFolder.ts';
import { auditReader } from '../../folderRecord.ts';
import { answerName } from '../../prompt/answerRow.ts';
import { said } from '../../said.ts';
import { settledBy } from '../../tree/treeNodes.ts';
import { deedWord } from '../deedWord.ts';
import type { HandlersOf } from '../handler.ts';

const longestLine = 400;
const longestJson = 200_000;
const mostActions = 100;
const mostTargets = 10;

export async function auditSlice({ store }: OpenFolder): Promise<AuditSlice> {
  const [newest] = await store.history({ limit: 1 });
  return { newest: newest?.sequence ?? 0 };
}

const name = z.optional(z.string().check(z.maxLength(2_000)));
const time = z.optional(z.number());
const filterSchema = z.strictObject({ type: z.optional(z.enum(auditTypes)), decision: z.optional(z.enum(['allow', 'ask', 'deny'])), actor: name, tool: name, text: name, from: time, to: time });
const before = z.number().check(z.minimum(0));
const limit = z.int().check(z.minimum(1), z.maximum(500));

export const auditHandlers: HandlersOf<AuditRequests> = {
  auditPage: {
    params: z.strictObject({ before, limit }),
    run: (page, { folder }) => ({ rows: auditReader(folder).page(page.before, page.limit).map((entry) => rowOf(entry, folder)) }),
  },
  auditSearch: {
    params: z.strictObject({ filter: filterSchema, before, limit }),
    async run({ filter, ...page }, { folder, progress, signal }) {
      const { entries, next } = await auditReader(folder).search(entryFilter(filter), page.before, page.limit, progress, signal);
      return { rows: entries.map((entry) => rowOf(entry, folder)), ...(next === undefined ? {} : { next }) };
    },
  },
  auditDetail: {
    params: z.strictObject({ sequence: z.int().check(z.minimum(1)) }),
    run({ sequence }, { folder }) {
      const [entry] = auditReader(folder).page(sequence + 1, 1);
      if (entry?.sequence !== sequence) throw new Error(vscode.l10n.t('This entry cannot be read. Verify the record to see why.'));
      return detailOf(entry, folder);
    },
  },
  verifyAudit: {
    params: z.strictObject({}),
    async run(_, { folder, progress, signal }) {
      const total = auditReader(folder).newest();
      const { ok, entries, firstBad } = await verifyChain(folder.path, userFolder(), (done) => progress(done, total), signal);
      if (ok) return { holds: true, entries, text: vscode.l10n.t('The record holds: {0} entries, none changed, none missing.', entries) };
      const text = firstBad === undefined
        ? vscode.l10n.t('The record does not hold.')
        : vscode.l10n.t('The record does not hold at {0}, line {1}: {2}. The {3} entries before it hold.', basename(firstBad.file), firstBad.line, firstBad.why, entries);
      return { holds: false, entries, text };
    },
  },
  exportAudit: {
    params: z.strictObject({ format: z.enum(['jsonl', 'csv']), filter: filterSchema }),
    async run({ format, filter }, { folder, progress, signal }) {
      const chosen = await vscode.window.showSaveDialog({
        defaultUri: vscode.Uri.file(join(folder.path, `audit.${format}`)), title: vscode.l10n.t('Export the Record'), saveLabel: vscode.l10n.t('Export'),
        filters: format === 'csv' ? { CSV: ['csv'] } : { 'JSON Lines': ['jsonl'] },
      });
      if (chosen === undefined) return { ok: false, reason: '' };
      if (chosen.scheme !== 'file') return { ok: false, reason: vscode.l10n.t('Choose a place on the disk of this machine.') };
      const lines = async function* lines(): AsyncGenerator<string> {
        yield exportHead(format);
        for await (const entries of auditReader(folder).all(entryFilter(filter), progress, signal)) yield entries.map((entry) => exportEntry(entry, format)).join('');
      };
      // Whole or not at all: a file that was there stays until the new one is complete
      const part = `${chosen.fsPath}.part-${crypto.randomUUID()}`;
      try {
        await pipeline(Readable.from(lines()), createWriteStream(part, { flags: 'wx', mode: 0o600 }), { signal });
        await rename(part, chosen.fsPath);
      } catch (error) {
        await rm(part, { force: true });
        if (signal.aborted) return { ok: false, reason: vscode.l10n.t('The export was stopped; nothing was written.') };
        return { ok: false, reason: vscode.l10n.t('The record could not be written to {0}: {1}', visible(chosen.fsPath), error instanceof Error ? error.message : String(error)) };
      }
      return { ok: true, file: visible(chosen.fsPath) };
    },
  },
};

function entryFilter({ type, ...filter }: AuditFilter): EntryFilter {
  return { ...filter, ...(type === undefined ? {} : { types: auditTypes.filter((known) => known === type) }) };
}

function rowOf({ sequence, at, entry }: RecordedEntry, folder: OpenFolder): AuditRow {
  const decided = entry.type === 'decision' ? entry : undefined;
  const text = lineOf(entry, folder);
  return {
    sequence, at, type: entry.type,
    ...(decided === undefined ? {} : { decision: decided.decision, asked: decided.evaluated === 'ask' }),
    actor: cut(visible(actorsOf(entry)[0] ?? ''), 100), tool: cut(visible(toolOf(entry) ?? ''), 100), text: cut(text, longestLine),
  };
}

/** What an entry is about, without the ids that only programs need */
function lineOf(entry: RecordedEntry['entry'], folder: OpenFolder): string {
  const targets = (actions: readonly { readonly kind: string; readonly target: string }[]): string => actions.slice(0, mostTargets).map((action) => shownActionTarget(action, folder.path)).join(', ');
  switch (entry.type) {
    case 'decision': return targets(entry.actions);
    case 'approval_asked': return targets(entry.approval.evaluation.actions.map(({ action }) => action));
    case 'approval_settled': return visible([outcomeName(entry), entry.comment].filter((part) => part !== undefined).join(': '));
    case 'rule_added':
    case 'rule_removed': return `${effectWord(entry.rule.effect)}: ${shownScope(entry.rule.scope, folder.path, vscode.l10n)} (${sourceName(entry.rule.source)})`;
    case 'settings_changed': return visible(Object.entries(entry.change).map(([key, value]) => (typeof value === 'object' ? key : `${key}: ${String(value)}`)).join(', '));
    case 'result': return visible(entry.summary ?? (entry.ok ? vscode.l10n.t('done') : vscode.l10n.t('failed')));
    default: return entryText(entry);
  }
}

function detailOf({ sequence, at, entry }: RecordedEntry, folder: OpenFolder): AuditDetail {
  const known = (label: string, value: string | undefined): readonly (readonly [string, string])[] => (value === undefined || value === '' ? [] : [[label, cut(visible(value), longestLine * 10)]]);
  const facts = [
    ...known(vscode.l10n.t('Number'), String(sequence)),
    ...known(vscode.l10n.t('Time'), new Date(at).toLocaleString()),
    ...known(vscode.l10n.t('Who'), actorsOf(entry).join(', ')),
    ...(entry.type !== 'decision' ? known(vscode.l10n.t('What'), entryText(entry)) : [
      ...known(vscode.l10n.t('Tool'), entry.request.tool),
      ...known(vscode.l10n.t('Policy said'), effectWord(entry.evaluated)),
      ...known(vscode.l10n.t('Decided'), `${effectWord(entry.decision)} (${settledBy(entry, vscode.l10n)})`),
      ...known(vscode.l10n.t('Why'), said(entry.reason.summary, vscode.l10n)),
      ...known(vscode.l10n.t('Rule'), entry.reason.rule),
      ...known(vscode.l10n.t('Answer'), entry.answer === undefined ? undefined : answerName(entry.answer, vscode.l10n)),
      ...known(vscode.l10n.t('Answered by'), entry.by),
      ...known(vscode.l10n.t('Comment'), entry.comment),
    ]),
  ];
  const actions = entry.type !== 'decision' ? [] : entry.actions.slice(0, mostActions).map((action) => ({ decision: action.decision, what: `${deedWord(action.kind)} ${cut(shownActionTarget(action, folder.path), longestLine * 5)}`, why: said(action.reason.summary, vscode.l10n) }));
  const shown = entry.type === 'decision' ? { request: entry.request, ...(entry.edited === undefined ? {} : { edited: entry.edited }) } : shownEntry(entry);
  return { facts, actions, json: cut(JSON.stringify(shown, undefined, 2).split('\n').map((line) => visible(line.trimStart()).padStart(visible(line.trimStart()).length + line.length - line.trimStart().length)).join('\n'), longestJson) };
}

/** How a question ended, in the person's language */
function outcomeName({ outcome, answer }: Extract<RecordedEntry['entry'], { type: 'approval_settled' }>): string {
  if (answer !== undefined) return answerName(answer, vscode.l10n);
  return {
    answered: vscode.l10n.t('Answered'), timeout: vscode.l10n.t('Nobody answered in time'), withdrawn: vscode.l10n.t('The agent took it back'),
    covered: vscode.l10n.t('Answered by a rule'), failed: vscode.l10n.t('Denied because something failed'),
  }[outcome];
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length})` : text;
}
