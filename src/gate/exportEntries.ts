import type { RecordedEntry } from './entry.ts';
import { actorsOf, toolOf } from './entryFilter.ts';
import { shownEntry } from './shownEntry.ts';

/** Forms the record can be handed out in */
export const exportFormats = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const columns = ['sequence', 'time', 'type', 'decision', 'evaluated', 'settled_by', 'actor', 'session', 'tool', 'actions', 'reason', 'rule', 'answer', 'by', 'entry'] as const;

/** What stands before the first entry */
export function exportHead(format: ExportFormat): string {
  return format === 'csv' ? csvLine(columns) : '';
}

/** One entry with its line end: a JSON value with all there is to show, or a line of RFC 4180 with the same in its last column */
export function exportEntry({ sequence, at, entry }: RecordedEntry, format: ExportFormat): string {
  const time = new Date(at).toISOString();
  if (format === 'jsonl') return `${JSON.stringify({ sequence, at, time, ...shownEntry(entry) })}\n`;
  const decided = entry.type === 'decision' ? entry : undefined;
  const cells: Readonly<Record<(typeof columns)[number], string>> = {
    sequence: String(sequence),
    time,
    type: entry.type,
    decision: decided?.decision ?? '',
    evaluated: decided?.evaluated ?? '',
    settled_by: decided?.settledBy ?? '',
    actor: actorsOf(entry)[0] ?? '',
    session: decided?.session ?? '',
    tool: toolOf(entry) ?? '',
    actions: decided?.actions.map(({ kind, target, decision }) => `${decision} ${kind} ${target}`).join('\n') ?? '',
    reason: decided?.reason.summary ?? '',
    rule: decided?.reason.rule ?? ('rule' in entry && typeof entry.rule === 'object' ? entry.rule.id : ''),
    answer: 'answer' in entry ? (entry.answer ?? '') : '',
    by: 'by' in entry ? (entry.by ?? '') : '',
    entry: JSON.stringify(shownEntry(entry)),
  };
  return csvLine(columns.map((column) => cells[column]));
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * A cell in quotes where it needs them (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front, so that
 * text an agent wrote is never run by whoever opens the file.
 */
function csvCell(text: string): string {
  const safe = /^[\s\u0000]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
