import { join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { importFormats, importRules } from '../../../agents/importRules/importRules.ts';
import type { ImportOrigin } from '../../../agents/importRules/preview.ts';
import type { Decision } from '../../../core/decision.ts';
import type { Rule, RuleScope } from '../../../core/rules/rule.ts';
import { readManifest, writeManifest } from '../../../core/schema/manifest.ts';
import { visible } from '../../../core/visible.ts';
import { withoutDoubles } from '../../../gate/answering.ts';
import type { RuleDraft as GateDraft } from '../../../gate/changes.ts';
import { readRuleDraft } from '../../../gate/reading.ts';
import { importKinds, type FoundFile, type ImportingRequests, type ImportKind, type ImportPreview, type ImportRow, type ImportSource } from '../../../shared/importing.ts';
import type { OpenFolder } from '../../folders.ts';
import { shownScope } from '../../fromFolder.ts';
import { findImportFiles, readImportFile, type ImportFile } from '../importFiles.ts';
import type { HandlersOf } from '../handler.ts';
import { findRules, querySchema } from './rules.ts';

const by = 'editor';
/** Rows of a preview; a file with more is cut and told */
const mostRows = 2_000;
const longestShown = 300;

/** A rule as a file gives it */
type Given = Pick<Rule, 'effect' | 'scope' | 'reason' | 'expiresAt' | 'usesLeft' | 'examples'>;

/** An entry of a file, before it is known where its rules would be kept */
interface ReadRow {
  readonly at: string;
  readonly text: string;
  readonly rules: readonly Given[];
  readonly fit: 'exact' | 'narrower' | 'wider' | 'left_out';
  readonly why?: string;
}

interface ReadFile {
  readonly id: string;
  readonly file: string;
  readonly rows: readonly ReadRow[];
  readonly problems: readonly string[];
}

/** Files that were found lately, of any kind, since answers may overtake each other; and the one that was read last. The page names them and hands in no text of its own */
const found = new WeakMap<OpenFolder, ReadonlyMap<string, ImportFile>>();
const mostFound = 200;
const read = new WeakMap<OpenFolder, ReadFile>();

const kind = z.enum(importKinds);
const source = z.enum(['workspace_db', 'profile']);
const id = z.string().check(z.maxLength(200));
const ruleIds = z.array(z.string().check(z.maxLength(40_000))).check(z.maxLength(1_000));

export const importingHandlers: HandlersOf<ImportingRequests> = {
  findImports: {
    params: z.strictObject({ kind }),
    async run(params, { folder }) {
      const files = (await findImportFiles(params.kind, folder.path)).map((file) => [crypto.randomUUID() as string, file] as const);
      found.set(folder, new Map([...(found.get(folder) ?? []), ...files].slice(-mostFound)));
      return { files: files.map(([fileId, { name }]): FoundFile => ({ id: fileId, name: visible(name) })) };
    },
  },
  previewImport: {
    params: z.strictObject({ kind, source, file: z.optional(id) }),
    async run({ file, ...params }, { folder }) {
      const chosen = file === undefined ? await chooseFile(params.kind, folder) : found.get(folder)?.get(file);
      if (chosen === undefined) {
        if (file !== undefined) throw new Error(vscode.l10n.t('This file is no longer in the list. Choose it again.'));
        return {};
      }
      const made = await readFile(params.kind, chosen, folder);
      read.set(folder, made);
      return { preview: previewOf(made, params.source, folder) };
    },
  },
  placeImport: {
    params: z.strictObject({ id, source }),
    run: (params, { folder }) => previewOf(lastRead(folder, params.id), params.source, folder),
  },
  importRules: {
    params: z.strictObject({ id, source, rows: z.array(z.int().check(z.minimum(0))).check(z.maxLength(mostRows)) }),
    async run(params, { folder }) {
      const { rows } = lastRead(folder, params.id);
      const chosen = new Set(params.rows);
      const drafts = newRules(rows.flatMap((row, index) => (chosen.has(index) ? row.rules : [])), params.source, folder);
      if (drafts.length === 0) return { ok: false, reason: vscode.l10n.t('Nothing to add: choose at least one that is not there yet.') };
      return folder.gate.changeRules({ add: drafts }, by);
    },
  },
  removeRules: {
    params: z.strictObject({ ids: ruleIds }),
    run: ({ ids }, { folder }) => folder.gate.changeRules({ remove: ids }, by),
  },
  exportRules: {
    params: z.strictObject({ query: querySchema }),
    async run({ query }, { folder }) {
      const own = (await findRules(folder, query)).map(({ rule }) => rule).filter((rule) => rule.source === 'workspace_db' || rule.source === 'profile');
      if (own.length === 0) return { ok: false, reason: vscode.l10n.t('None of these rules is your own, so there is nothing to export. Change the filters.') };
      const chosen = await vscode.window.showSaveDialog({
        defaultUri: vscode.Uri.file(join(folder.path, 'permissions.json')), title: vscode.l10n.t('Export Rules'), saveLabel: vscode.l10n.t('Export'), filters: { JSON: ['json'] },
      });
      if (chosen === undefined) return { ok: false, reason: '' };
      await vscode.workspace.fs.writeFile(chosen, Buffer.from(writeManifest(own, folder.path)));
      return { ok: true, file: visible(chosen.fsPath), count: own.length };
    },
  },
};

async function chooseFile(of: ImportKind, folder: OpenFolder): Promise<ImportFile | undefined> {
  const [chosen] = (await vscode.window.showOpenDialog({
    canSelectFiles: true, canSelectFolders: false, canSelectMany: false, defaultUri: vscode.Uri.file(folder.path),
    title: vscode.l10n.t('File with rules of {0}', kindTitle(of)), openLabel: vscode.l10n.t('Show What It Brings'),
  })) ?? [];
  if (chosen === undefined) return undefined;
  if (chosen.scheme !== 'file') throw new Error(vscode.l10n.t('Choose a file on the disk of this machine.'));
  const origin: ImportOrigin = chosen.fsPath.startsWith(`${folder.path}/`) ? 'project' : 'user';
  return { name: chosen.fsPath, path: chosen.fsPath, origin };
}

/** Reads a file whatever is in it; what it cannot take apart is a problem of the preview */
async function readFile(of: ImportKind, file: ImportFile, folder: OpenFolder): Promise<ReadFile> {
  const head = { id: crypto.randomUUID(), file: visible(file.name) };
  let text: string;
  try {
    text = await readImportFile(file);
  } catch (error) {
    return { ...head, rows: [], problems: [vscode.l10n.t('The file cannot be read: {0}', visible(error instanceof Error ? error.message : String(error)))] };
  }
  const { rows, problems } = of === 'permissions' ? readOwn(text) : readOthers(of, text, file.origin, folder);
  if (rows.length <= mostRows) return { ...head, rows, problems };
  return { ...head, rows: rows.slice(0, mostRows), problems: [...problems, vscode.l10n.t('The file has {0} entries; the first {1} are shown.', rows.length, mostRows)] };
}

function readOwn(text: string): Pick<ReadFile, 'rows' | 'problems'> {
  const { rules, problems } = readManifest(text);
  return {
    problems: problems.map(({ message }) => visible(message)),
    rows: rules.map(({ effect, scope, reason, expiresAt, usesLeft, examples }, index): ReadRow => ({
      at: `rules[${index}]`, text: '', fit: 'exact',
      rules: [{ effect, scope, ...(reason === undefined ? {} : { reason }), ...(expiresAt === undefined ? {} : { expiresAt }), ...(usesLeft === undefined ? {} : { usesLeft }), ...(examples === undefined ? {} : { examples }) }],
    })),
  };
}

function readOthers(of: ImportKind, text: string, origin: ImportOrigin, folder: OpenFolder): Pick<ReadFile, 'rows' | 'problems'> {
  const format = importFormats.find(({ id: known }) => known === of);
  if (format === undefined) throw new Error(vscode.l10n.t('Files of this kind cannot be read.'));
  const { lines, problems } = importRules(format, text, folder.surroundings, origin);
  const reason = vscode.l10n.t('From {0}', format.title);
  return {
    problems: problems.map(({ message }) => visible(message)),
    rows: lines.map(({ at, text: written, rules, fit, why }): ReadRow => ({ at, text: written, fit, ...(why === undefined ? {} : { why }), rules: rules.map((rule) => ({ ...rule, reason })) })),
  };
}

function lastRead(folder: OpenFolder, wanted: string): ReadFile {
  const last = read.get(folder);
  if (last?.id !== wanted) throw new Error(vscode.l10n.t('Another file was read since. Look at this one again.'));
  return last;
}

function previewOf({ id: name, file, rows, problems }: ReadFile, to: ImportSource, folder: OpenFolder): ImportPreview {
  return { id: name, file, problems, rows: rows.map((row) => rowOf(row, to, folder)) };
}

function rowOf({ at, text, rules, fit, why }: ReadRow, to: ImportSource, folder: OpenFolder): ImportRow {
  const isThere = rules.length > 0 && newRules(rules, to, folder).length === 0;
  const reason = isThere ? vscode.l10n.t('Is there already.') : why;
  return {
    at: cut(visible(at)), text: cut(visible(text)), state: isThere ? 'there' : rules.length === 0 ? 'left_out' : fit,
    becomes: rules.map(({ effect, scope }): { readonly effect: Decision; readonly scope: string } => ({ effect, scope: cut(shown(scope, folder)) })),
    ...(reason === undefined ? {} : { why: visible(reason) }),
  };
}

/** Those of the rules that would be new in this place, as the gate takes them */
function newRules(rules: readonly Given[], to: ImportSource, folder: OpenFolder): readonly GateDraft[] {
  const { workspaceRules, profileRules } = folder.store.state;
  const drafts = rules.map((rule): GateDraft => ({ ...rule, source: to }));
  const made = drafts.map((draft, index): Rule => {
    const whole = { ...draft, id: String(index), createdAt: 0 };
    const normal = readRuleDraft(whole, folder.surroundings);
    // One that the gate will refuse is left to it, with its reason
    return normal.ok ? { ...normal.rule, id: String(index) } : whole;
  });
  const fresh = new Set(withoutDoubles(made, [...workspaceRules, ...profileRules]).map(({ id: index }) => Number(index)));
  return drafts.filter((_, index) => fresh.has(index));
}

function shown(scope: RuleScope, folder: OpenFolder): string {
  return shownScope(scope, folder.path, vscode.l10n);
}

function kindTitle(of: ImportKind): string {
  return of === 'permissions' ? 'permissions.json' : (importFormats.find(({ id: known }) => known === of)?.title ?? of);
}

function cut(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}… (${text.length})` : text;
}
