import type { Row, Use } from './row.ts';

/** An option of a row after its text is taken apart */
export interface Option {
  readonly id: string;
  readonly value: 'none' | 'needed' | 'attached';
  readonly use: Use;
  /** The words after it are operands */
  readonly ends: boolean;
}

/** A row made ready for lookups */
export interface Table {
  readonly row: Row;
  /** Short options by letter, or for style `long` all by name */
  readonly short: ReadonlyMap<string, Option>;
  readonly long: ReadonlyMap<string, Option>;
  readonly head: readonly Use[];
  readonly repeated: Use | undefined;
  readonly tail: readonly Use[];
  readonly verbs: ReadonlyMap<string, Row> | undefined;
  /** Verbs by their other spellings */
  readonly verbNames: ReadonlyMap<string, string>;
  /** Some option can do more than reading, so a word that may turn out to be an option is no read */
  readonly risky: boolean;
}

const tables = new WeakMap<Row, Table>();

/** The lookups of a row, made on first need and kept */
export function tableOf(row: Row): Table {
  let table = tables.get(row);
  if (table === undefined) {
    table = makeTable(row);
    tables.set(row, table);
  }
  return table;
}

function makeTable(row: Row): Table {
  const short = new Map<string, Option>();
  const long = new Map<string, Option>();
  let risky = false;
  for (const written of (row.options ?? '').split(/\s+/u)) {
    if (written === '') continue;
    const ends = written.endsWith('!');
    const token = ends ? written.slice(0, -1) : written;
    const colon = token.lastIndexOf(':');
    const use = colon > 0 ? (token.slice(colon + 1) as Use) : 'data';
    let names = colon > 0 ? token.slice(0, colon) : token;
    const ending = names.at(-1);
    const value = ending === '=' ? 'needed' : ending === '?' ? 'attached' : 'none';
    if (value !== 'none') names = names.slice(0, -1);
    if (use !== 'data' && use !== 'noted' && use !== 'shows' && use !== 'recursive' && use !== 'read' && use !== 'tree') risky = true;
    const list = names.split(',');
    const id = (list.at(-1) ?? '').replace(/^-+/u, '');
    for (const name of list) {
      if (name.startsWith('--')) long.set(name.slice(2), { id, value, use, ends });
      else if (row.style === 'long' || name === '-#') short.set(name.slice(1), { id, value, use, ends });
      else for (const letter of name.slice(1)) short.set(letter, { id: name.length === 2 ? id : letter, value, use, ends });
    }
  }
  const head: Use[] = [];
  const tail: Use[] = [];
  let repeated: Use | undefined;
  for (const token of (row.operands ?? 'data*').split(' ')) {
    if (token.endsWith('*')) repeated = token.slice(0, -1) as Use;
    else if (repeated === undefined) head.push(token as Use);
    else tail.push(token as Use);
  }
  return { row, short, long, head, repeated, tail, verbs: row.commands ? verbsOf(row, row.commands) : undefined, verbNames: verbNamesOf(row), risky };
}

function verbsOf(row: Row, commands: readonly Row[]): ReadonlyMap<string, Row> {
  const verbs = new Map<string, Row>();
  for (const command of commands) for (const name of command.names.split(' ')) verbs.set(name, command);
  for (const [from, to] of verbNamesOf(row)) {
    const command = verbs.get(to);
    if (command !== undefined) verbs.set(from, command);
  }
  return verbs;
}

function verbNamesOf(row: Row): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const alias of (row.verbAliases ?? '').split(' ')) {
    const [from, to] = alias.split('=');
    if (from !== undefined && to !== undefined) names.set(from, to);
  }
  return names;
}

/** Use of operand `index` of `count` */
export function useOfOperand(table: Table, index: number, count: number): Use {
  const fromEnd = count - index;
  if (table.tail.length > 0 && fromEnd <= table.tail.length && count > table.head.length) {
    return table.tail[table.tail.length - fromEnd] ?? 'other';
  }
  return table.head[index] ?? table.repeated ?? 'other';
}
