import { visible } from '../core/visible.ts';
import type { Entry, RecordedEntry } from '../gate/entry.ts';
import { userFolder } from '../node/userFolder.ts';
import { withStore } from './ownGate.ts';
import { surroundingsOf, workspaceFolder } from './place.ts';
import { type Console, type Flags, type Verb, UsageError, commonDetails, textFlag } from './verb.ts';

const usualLimit = 100;

/** `audit list|verify`: the record of the workspace */
export const auditVerb: Verb = {
  usage: 'audit list [--limit N] [--type TYPE] | audit verify',
  summary: 'show the record, newest first, or check that nobody changed it',
  details: [
    `--limit N         how many entries (${usualLimit})`,
    '--type TYPE       only entries of this type: decision, rule_added, settings_changed, problem, …',
    '',
    ...commonDetails,
    '',
    'audit verify exits with 1 where the record does not hold, and names the first line that does not.',
  ],
  options: { limit: { type: 'string' }, type: { type: 'string' } },
  async run([what, ...words], flags, console) {
    if (words.length === 0 && what === 'list') return list(flags, console);
    if (words.length === 0 && what === 'verify') return verify(flags, console);
    throw new UsageError('say “audit list” or “audit verify”');
  },
};

const entryTypes: Readonly<Record<Entry['type'], true>> = {
  decision: true, approval_asked: true, approval_settled: true, late_answer: true, rule_added: true, rule_removed: true, settings_changed: true,
  approve_all: true, manifest_reviewed: true, result: true, state_doubted: true, state_confirmed: true, problem: true,
};

function isEntryType(text: string): text is Entry['type'] {
  return Object.hasOwn(entryTypes, text);
}

async function list(flags: Flags, console: Console): Promise<number> {
  const type = textFlag(flags, 'type');
  if (type !== undefined && !isEntryType(type)) throw new UsageError(`“${type}” is no type of entry; use one of ${Object.keys(entryTypes).join(', ')}`);
  const text = textFlag(flags, 'limit') ?? String(usualLimit);
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('--limit needs a whole number above 0');
  const entries = await withStore(flags, console, (store) => store.history({ limit: Number(text), ...(type === undefined ? {} : { types: [type] }) }));
  await console.print(entries.map((entry) => `${flags['json'] === true ? JSON.stringify(entry) : lineOf(entry)}\n`).join(''));
  return 0;
}

function lineOf({ sequence, at, entry }: RecordedEntry): string {
  return `${String(sequence).padStart(6)}  ${new Date(at).toISOString()}  ${entry.type.padEnd(16)}  ${visible(textOf(entry))}`;
}

function textOf(entry: Entry): string {
  switch (entry.type) {
    case 'decision':
      return `${entry.decision} ${entry.request.tool}: ${entry.actions.map(({ kind, target }) => `${kind} ${target}`).join(', ')} (${entry.settledBy}; ${entry.reason.summary})`;
    case 'approval_asked':
      return `${entry.approval.id} ${entry.approval.request.tool}`;
    case 'approval_settled':
      return `${entry.approval} ${entry.outcome}${entry.answer === undefined ? '' : ` ${entry.answer}`}${entry.by === undefined ? '' : ` by ${entry.by}`}`;
    case 'late_answer':
      return `${entry.approval} ${entry.answer} by ${entry.by}`;
    case 'rule_added':
    case 'rule_removed':
      return `${entry.rule.effect} ${JSON.stringify(entry.rule.scope)} ${entry.rule.source} by ${entry.by}`;
    case 'settings_changed':
      return `${JSON.stringify(entry.change)} by ${entry.by}`;
    case 'approve_all':
      return `${entry.on ? 'on' : 'off'} for ${entry.session} by ${entry.by}`;
    case 'manifest_reviewed':
      return `${entry.hash} by ${entry.by}`;
    case 'result':
      return `${entry.requestId} ${entry.ok ? 'done' : 'failed'}${entry.summary === undefined ? '' : `: ${entry.summary}`}`;
    case 'state_confirmed':
      return `by ${entry.by}`;
    case 'state_doubted':
    case 'problem':
      return `${entry.code}: ${entry.message}`;
  }
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
