import { visible } from '../core/visible.ts';
import type { Entry, RecordedEntry } from '../gate/entry.ts';
import { entryTypes } from '../gate/entryFilter.ts';
import { entryText } from '../gate/entryText.ts';
import { exportEntry, exportFormats, exportHead } from '../gate/exportEntries.ts';
import { shownEntry } from '../gate/shownEntry.ts';
import { userFolder } from '../node/userFolder.ts';
import { withStore } from './ownGate.ts';
import { surroundingsOf, workspaceFolder } from './place.ts';
import { type Console, type Flags, type Verb, UsageError, commonDetails, textFlag } from './verb.ts';

const usualLimit = 100;

/** `audit list|verify|export`: the record of the workspace */
export const auditVerb: Verb = {
  usage: 'audit list [--limit N] [--type TYPE] | audit verify | audit export [--format FORMAT] [--type TYPE]',
  summary: 'show the record, newest first, check that nobody changed it, or hand it out whole',
  details: [
    `--limit N         how many entries (${usualLimit})`,
    '--format FORMAT   of an export: jsonl (the default) or csv',
    '--type TYPE       only entries of this type: decision, rule_added, settings_changed, problem, …',
    '',
    ...commonDetails,
    '',
    'audit export prints every entry, oldest first; in CSV, what a spreadsheet would run as a formula has an apostrophe in front.',
    'audit verify exits with 1 where the record does not hold, and names the first line that does not.',
  ],
  options: { limit: { type: 'string' }, type: { type: 'string' }, format: { type: 'string' } },
  async run([what, ...words], flags, console) {
    if (words.length === 0 && what === 'list') return list(flags, console);
    if (words.length === 0 && what === 'verify') return verify(flags, console);
    if (words.length === 0 && what === 'export') return exportAll(flags, console);
    throw new UsageError('say “audit list”, “audit verify” or “audit export”');
  },
};

function typeFlag(flags: Flags): Entry['type'] | undefined {
  const given = textFlag(flags, 'type');
  const type = entryTypes.find((known) => known === given);
  if (given !== undefined && type === undefined) throw new UsageError(`“${given}” is no type of entry; use one of ${entryTypes.join(', ')}`);
  return type;
}

async function list(flags: Flags, console: Console): Promise<number> {
  const type = typeFlag(flags);
  const text = textFlag(flags, 'limit') ?? String(usualLimit);
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('--limit needs a whole number above 0');
  const entries = await withStore(flags, console, (store) => store.history({ limit: Number(text), ...(type === undefined ? {} : { types: [type] }) }));
  await console.print(entries.map((entry) => `${flags['json'] === true ? JSON.stringify({ ...entry, entry: shownEntry(entry.entry) }) : lineOf(entry)}\n`).join(''));
  return 0;
}

function lineOf({ sequence, at, entry }: RecordedEntry): string {
  return `${String(sequence).padStart(6)}  ${new Date(at).toISOString()}  ${entry.type.padEnd(16)}  ${entryText(entry)}`;
}

async function exportAll(flags: Flags, console: Console): Promise<number> {
  const { AuditReader } = await import('../node/store/auditReader.ts');
  const format = exportFormats.find((known) => known === (textFlag(flags, 'format') ?? 'jsonl'));
  if (format === undefined) throw new UsageError(`--format is one of ${exportFormats.join(', ')}`);
  const type = typeFlag(flags);
  const reader = new AuditReader(surroundingsOf(workspaceFolder(flags, console)).workspace, userFolder());
  await console.print(exportHead(format));
  for await (const entries of reader.all(type === undefined ? {} : { types: [type] })) {
    await console.print(entries.map((entry) => exportEntry(entry, format)).join(''));
  }
  return 0;
}

async function verify(flags: Flags, console: Console): Promise<number> {
  const { verifyChain } = await import('../node/store/verifyChain.ts');
  const report = await verifyChain(surroundingsOf(workspaceFolder(flags, console)).workspace, userFolder());
  if (flags['json'] === true) {
    await console.print(`${JSON.stringify(report)}\n`);
  } else if (report.ok) {
    await console.print(`The record holds: ${report.entries} entries, none changed, none missing.\n`);
  } else {
    const { file, line, why } = report.firstBad ?? { file: 'the record', line: 1, why: 'it cannot be read' };
    await console.print(`The record does not hold: ${visible(file)}, line ${line}: ${why}. ${report.entries} entries before it do.\n`);
  }
  return report.ok ? 0 : 1;
}
