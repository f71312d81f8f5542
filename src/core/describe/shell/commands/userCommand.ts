import { Draft } from './draft.ts';
import type { CommandContext, Effect, Word } from '../command.ts';
import { readByRow } from './readByRow.ts';
import type { Parsed, Row } from './row.ts';
import type { UserDeed, UserOperands } from './userDeeds.ts';

/**
 * A row that the user adds to the table of commands. Of a program the table does not know it says all there is; of one it
 * knows it can only make the reading stricter, so a built-in row is never loosened.
 */
export interface UserCommand {
  /** The program, and perhaps verbs right after it: `acme`, `acme deploy` */
  readonly command: string;
  readonly does: UserDeed;
  /** Options it may be given: `-q`, `--quiet`, `--depth=` with a value, `--out=:write` with what that value is. Any other asks */
  readonly options?: readonly string[];
  /** Unless given: what goes with `does`, and paths that are read for all else */
  readonly operands?: UserOperands;
  /** Lines that the row must read as it says, and lines that it must not; checked when it is saved */
  readonly examples: { readonly match: readonly string[]; readonly notMatch: readonly string[] };
}

/** A user's row made ready for reading */
export interface UserRow {
  readonly given: UserCommand;
  /** The words of `command` */
  readonly words: readonly string[];
  readonly row: Row;
}

/** Rows of the user by the name of the program, lower case; of each program the ones with most words first */
export type UserRows = ReadonlyMap<string, readonly UserRow[]>;

/** Whether a row says that a command may run where reads and tests may; such a row never counts for a program of the table */
export function loosens({ does }: UserCommand): boolean {
  return does === 'read' || does === 'test' || does === 'fetch';
}

export function makeUserRow(given: UserCommand): UserRow {
  const words = given.command.split(' ');
  const use = given.operands ?? usualOperands[given.does] ?? 'read';
  const options = given.options ?? [];
  const row: Row = {
    names: words[0] ?? '',
    class: given.does === 'fetch' ? 'read' : given.does === 'read' || given.does === 'test' ? given.does : 'other',
    // `-name` with one dash and more letters is a way of writing all options (`go`, `terraform`)
    ...(options.some((option) => /^-[^-=:][^=:]/u.test(option)) ? { style: 'long' as const } : undefined),
    options: options.map(optionOfRow).join(' '),
    operands: `${use === 'fetch' ? 'url' : use}*`,
    also: (parsed, draft) => finish(given, parsed, draft),
  };
  return { given, words, row };
}

const usualOperands: Partial<Record<UserDeed, UserOperands>> = { fetch: 'fetch', write: 'write', delete: 'delete' };

function optionOfRow(option: string): string {
  return option.replace(/:fetch$/u, ':url').replace(/:exec$/u, ':other');
}

/** What the columns of a row cannot say of a deed */
function finish({ command, does }: UserCommand, parsed: Parsed, draft: Draft): void {
  const reached = draft.effects.some((effect) => effect.kind === 'fetch');
  if (does === 'fetch' && !reached) draft.fetch(undefined, parsed.at, { provider: command });
  if (does === 'export' && !reached) draft.exports(undefined, parsed.at, { provider: command });
  draft.effects = draft.effects.map((effect): Effect => {
    if (effect.kind === 'fetch') return does === 'export' ? { ...effect, kind: 'export' } : { ...effect, download: true };
    return effect.kind === 'delete' ? { ...effect, recursive: true } : effect;
  });
}

/** Rows ready for reading; what they say was checked before */
export function makeUserRows(commands: readonly UserCommand[]): UserRows | undefined {
  if (commands.length === 0) return undefined;
  const rows = new Map<string, UserRow[]>();
  for (const row of commands.map(makeUserRow)) {
    const name = row.row.names.toLowerCase();
    rows.set(name, [...(rows.get(name) ?? []), row].sort((a, b) => b.words.length - a.words.length));
  }
  return rows;
}

/** The user's row that says what a command of a program unknown to the table does: the one that names most of its leading words */
export function findUserRow(name: string, words: readonly Word[], { userRows, platform }: CommandContext): UserRow | undefined {
  const found = userRows?.get(name.toLowerCase());
  return found?.find((row) => (platform !== 'linux' || row.words[0] === name) && row.words.every((word, at) => at === 0 || isPlainly(words[at], word)));
}

function isPlainly(word: Word | undefined, text: string): boolean {
  return word !== undefined && word.text === text && !word.glob;
}

/** Adds what the user's stricter rows say of a command, also where options or unknown words stand before the verbs; `but` was read already */
export function tightenByUserRows(name: string, words: readonly Word[], context: CommandContext, draft: Draft, but: UserRow | undefined): void {
  for (const row of context.userRows?.get(name.toLowerCase()) ?? []) {
    if (row === but || loosens(row.given)) continue;
    const at = lastVerb(row.words, words);
    if (at === undefined) continue;
    const own = new Draft();
    own.base = draft.base;
    readByRow(row.row, words, at, context, own);
    draft.worsen(own.class, own.namedAt);
    draft.effects.push(...own.effects);
    draft.readByUserRow(row.given.command);
  }
}

/** Where the last of a row's verbs stands, all of them in order; a word that is only known at run time may be all that are left */
function lastVerb(wanted: readonly string[], words: readonly Word[]): number | undefined {
  let next = 1;
  let at = 0;
  for (let i = 1; i < words.length && next < wanted.length; i += 1) {
    const word = words[i];
    if (word === undefined || word.text === null || word.glob) return i;
    if (word.text !== wanted[next]) continue;
    next += 1;
    at = i;
  }
  return next >= wanted.length ? at : undefined;
}
