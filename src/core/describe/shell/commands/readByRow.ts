import type { CommandContext, Word } from '../command.ts';
import type { Draft } from './draft.ts';
import { tableOf, useOfOperand } from './optionTable.ts';
import type { Option, Table } from './optionTable.ts';
import type { GivenOption, Parsed, Row, Use } from './row.ts';

/** Reads the words after `at` (the program or verb word) by a row, `above` being the tables of the rows above, nearest first */
export function readByRow(row: Row, words: readonly Word[], at: number, context: CommandContext, draft: Draft, above: readonly Table[] = []): void {
  const table = tableOf(row);
  const reader = new WordReader(table, words, at, context, draft, row.inherits === true ? above : []);
  reader.read();
  draft.here ??= row.here;
  if (reader.showsOnly) {
    draft.shows();
    return;
  }
  if (table.verbs !== undefined) {
    const verbAt = reader.operands[0];
    if (verbAt !== undefined) {
      reader.applyOptions();
      row.also?.(reader, draft);
      readVerb(table, verbAt, words, context, draft, [table, ...above]);
      return;
    }
  }
  const own = typeof row.class === 'function' ? row.class(reader) : row.class ?? 'other';
  if (own !== 'read') draft.worsen(own, namedAtOf(row, reader.operands, at, words.length));
  reader.applyOptions();
  reader.applyOperands();
  row.also?.(reader, draft);
}

function namedAtOf(row: Row, operands: readonly number[], at: number, count: number): number {
  if (row.named === 'all') return count - 1;
  if (row.named === 'operand') return operands[0] ?? at;
  if (row.named === 'last') return operands.at(-1) ?? at;
  return at;
}

function readVerb(table: Table, verbAt: number, words: readonly Word[], context: CommandContext, draft: Draft, above: readonly Table[]): void {
  const text = words[verbAt]?.text ?? null;
  if (text === null) {
    draft.reading.push(...restOf(words, verbAt));
    draft.worsen('other', Infinity);
    draft.unknown('its verb is only known when it runs', Infinity);
    return;
  }
  if (text.startsWith('+') && verbAt + 1 < words.length) {
    // `cargo +nightly test` picks another tool chain first
    draft.worsen('other', verbAt + 1);
    readVerb(table, verbAt + 1, words, context, draft, above);
    return;
  }
  const name = table.verbs?.has(text) === true ? table.verbNames.get(text) ?? text : table.row.verbsShorten === true ? shortened(table, text) : undefined;
  const verb = name === undefined ? undefined : table.verbs?.get(name);
  if (name === undefined || verb === undefined) {
    draft.reading.push(...restOf(words, verbAt));
    if (draft.runs === undefined) draft.worsen('other', verbAt);
    pathLikeOperands(words, verbAt + 1, draft);
    return;
  }
  draft.reading.push(name);
  if (verb.commands === undefined) draft.reading.push(...restOf(words, verbAt + 1));
  readByRow(verb, words, verbAt, context, draft, above);
  if (verb.commands !== undefined && draft.reading.length < 3) draft.reading.push(...restOf(words, verbAt + 1));
}

/** The verb that `text` is the beginning of, where it is only one */
function shortened(table: Table, text: string): string | undefined {
  let found: string | undefined;
  for (const [spelling] of table.verbs ?? []) {
    if (!spelling.startsWith(text)) continue;
    const name = table.verbNames.get(spelling) ?? spelling;
    if (found !== undefined && found !== name) return undefined;
    found = name;
  }
  return found;
}

/** The words from `from` on as rules see them */
export function restOf(words: readonly Word[], from: number): string[] {
  const rest: string[] = [];
  for (let i = from; i < words.length; i += 1) rest.push(words[i]?.text ?? words[i]?.raw ?? '');
  return rest;
}

/** Words of an unknown program that look like paths or addresses count as read and fetched, so that denies hold */
export function pathLikeOperands(words: readonly Word[], from: number, draft: Draft): void {
  for (let i = from; i < words.length; i += 1) {
    const word = words[i];
    if (word?.text === null || word?.text === undefined) continue;
    let text = word.text;
    if (text.startsWith('-') || /^[A-Za-z_][A-Za-z0-9_.-]*=/u.test(text)) {
      const equals = text.indexOf('=');
      if (equals < 0) continue;
      text = text.slice(equals + 1);
    }
    if (text.startsWith('@')) text = text.slice(1);
    if (/^(?:https?|ftps?|wss?|ssh|git):\/\//iu.test(text)) draft.fetch(text, i);
    else if (looksLikePath(text)) draft.path('read', text, word, i);
  }
}

/** Whether a bare word is written like a path: holds a slash, or starts with `.` or `~` */
export function looksLikePath(text: string): boolean {
  return text.length > 0 && text.length < 4096 && (text.includes('/') || text.startsWith('.') || text.startsWith('~')) && !/[\n\0]/u.test(text);
}

/** Whether a folder is written so that it lies below the present one: relative, without `..` */
export function staysBelow(text: string): boolean {
  return !/^(?:[/\\~]|[A-Za-z]:|file:)/u.test(text) && !/(?:^|[/\\])\.\.(?:[/\\]|$)/u.test(text);
}

/** The certain beginning of a word that is only known at run time, quotes taken off */
export function certainStart(word: Word): string {
  return /^["']?([A-Za-z0-9_./@%+,:=~^-]*)/u.exec(word.raw)?.[1] ?? '';
}

/** Whether a word that is only known at run time may become several, options among them */
export function maySplit(word: Word): boolean {
  if (word.text !== null || /^\$(?:[?#$!]|\{#\w+\})$/u.test(word.raw)) return false;
  if (!word.quoted || /\$\{?[@*]|\[[@*]\]/u.test(word.raw)) return true;
  return /[$`]/u.test(word.raw.replace(/"(?:\\.|[^"\\])*"|'[^']*'/gu, ''));
}

class WordReader implements Parsed {
  readonly words: readonly Word[];
  readonly context: CommandContext;
  readonly at: number;
  readonly options: GivenOption[] = [];
  readonly operands: number[] = [];
  showsOnly = false;
  readonly #table: Table;
  readonly #above: readonly Table[];
  readonly #draft: Draft;
  readonly #used: Use[] = [];
  readonly #last = new Map<string, GivenOption>();
  /** After an unlisted option it is not known what the next words are */
  #unsure = false;
  /** No option follows */
  #ended = false;

  constructor(table: Table, words: readonly Word[], at: number, context: CommandContext, draft: Draft, above: readonly Table[]) {
    this.#table = table;
    this.words = words;
    this.at = at;
    this.context = context;
    this.#draft = draft;
    this.#above = above;
  }

  has(id: string): boolean {
    return this.#last.has(id);
  }

  option(id: string): GivenOption | undefined {
    return this.#last.get(id);
  }

  operand(index: number): string | null | undefined {
    const at = this.operands[index];
    return at === undefined ? undefined : this.words[at]?.text;
  }

  read(): void {
    const { words } = this;
    const { row } = this.#table;
    const stops = row.stops === true || this.#table.verbs !== undefined;
    this.#ended = row.style === 'words';
    for (let i = this.at + 1; i < words.length; i += 1) {
      const word = words[i];
      if (word === undefined) break;
      const { text } = word;
      if (this.#ended) {
        this.operands.push(i);
        if (maySplit(word)) this.#uncertainWord(i, true);
      } else if (text === null) {
        i = this.#unknownWord(i, word);
        if (stops && this.operands.length > 0) this.#ended = true;
      } else if (text.length < 2 || !text.startsWith('-')) {
        if (word.glob && this.#table.risky && /^[*?[]/u.test(text)) this.#draft.worsen('other', i);
        this.operands.push(i);
        if (stops) this.#ended = true;
      } else if (text === '--') {
        this.#ended = true;
      } else if (row.style === 'long') {
        i = this.#longStyle(i, text);
      } else if (text.startsWith('--')) {
        i = this.#longOption(i, text);
      } else {
        i = this.#shortOptions(i, text);
      }
    }
  }

  /** A word that is only known at run time, where an option may stand. Returns the index reached */
  #unknownWord(i: number, word: Word): number {
    const start = certainStart(word);
    if (start.startsWith('-')) {
      const equals = start.indexOf('=');
      const option = equals > 0 && start.startsWith('--') ? this.#findLong(start.slice(2, equals)) : undefined;
      if (option === undefined) this.#uncertainWord(i, false);
      else this.#give(option, i, null, i);
      if (maySplit(word)) this.#draft.worsen('other', i);
    } else {
      this.operands.push(i);
      if (start === '' || maySplit(word)) this.#uncertainWord(i, false);
    }
    return i;
  }

  /** `data` programs without risky options may get any word; for all others it is a question */
  #uncertainWord(i: number, operand: boolean): void {
    if (!operand && (this.#table.risky || this.#table.row.anyOption !== true)) this.#draft.worsen('other', i);
  }

  #findLong(name: string): Option | undefined {
    const own = this.#table.long.get(name);
    if (own !== undefined) return own;
    for (const table of this.#above) {
      const found = table.long.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #findShort(letter: string): Option | undefined {
    const own = this.#table.short.get(letter);
    if (own !== undefined) return own;
    for (const table of this.#above) {
      const found = table.short.get(letter);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #longOption(i: number, text: string): number {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text.slice(2) : text.slice(2, equals);
    const option = this.#findLong(name);
    if (option === undefined) {
      this.#unlisted(i, name, equals < 0 ? undefined : text.slice(equals + 1));
      return i;
    }
    if (equals >= 0) return this.#give(option, i, text.slice(equals + 1), i);
    if (option.value === 'needed') return this.#giveNext(option, i);
    return this.#give(option, i, undefined, i);
  }

  #longStyle(i: number, text: string): number {
    const bare = text.startsWith('--') ? text.slice(2) : text.slice(1);
    const equals = bare.indexOf('=');
    const name = equals < 0 ? bare : bare.slice(0, equals);
    const option = this.#findShort(name) ?? this.#findLong(name);
    if (option === undefined) {
      this.#unlisted(i, name, equals < 0 ? undefined : bare.slice(equals + 1));
      return i;
    }
    if (equals >= 0) return this.#give(option, i, bare.slice(equals + 1), i);
    if (option.value === 'needed') return this.#giveNext(option, i);
    return this.#give(option, i, undefined, i);
  }

  #shortOptions(i: number, text: string): number {
    for (let k = 1; k < text.length; k += 1) {
      const letter = text[k] ?? '';
      const option = this.#findShort(letter) ?? (letter >= '0' && letter <= '9' ? this.#findShort('#') : undefined);
      if (option === undefined) {
        this.#unlisted(i, letter, undefined);
        return i;
      }
      if (option.value === 'none') {
        this.#give(option, i, undefined, i);
        continue;
      }
      const attached = text.slice(k + 1);
      if (attached !== '') return this.#give(option, i, attached, i);
      if (option.value === 'needed') return this.#giveNext(option, i);
      this.#give(option, i, undefined, i);
    }
    return i;
  }

  /** An option the row does not list, perhaps a long one cut short: takes the effects of all it could be */
  #unlisted(i: number, name: string, value: string | undefined): void {
    const { row } = this.#table;
    if (row.anyOption !== true) this.#unsure = true;
    if (row.anyOption === true && !this.#table.risky) return;
    let candidates = 0;
    if (name.length > 1) {
      for (const table of [this.#table, ...this.#above]) {
        for (const [long, option] of table.long) {
          if (!long.startsWith(name)) continue;
          candidates += 1;
          this.#give(option, i, value ?? (option.value === 'needed' ? this.words[i + 1]?.text : undefined), i);
        }
      }
    }
    // What follows may be its value: an allow must name that too
    const next = this.words[i + 1];
    const named = value === undefined && next !== undefined && next.text?.startsWith('-') !== true ? i + 1 : i;
    if (candidates > 0 || row.anyOption !== true) this.#draft.worsen('other', named);
    if (value !== undefined && looksLikePath(value)) this.#draft.path('read', value, undefined, i);
  }

  #giveNext(option: Option, i: number): number {
    const next = this.words[i + 1];
    if (next === undefined) {
      this.#give(option, i, undefined, i);
      return i;
    }
    if (maySplit(next) || next.glob) this.#uncertainWord(i + 1, !this.#table.risky);
    return this.#give(option, i, next.text, i + 1);
  }

  #give(option: Option, at: number, value: string | null | undefined, valueAt: number): number {
    const given = { id: option.id, at, value, valueAt };
    this.options.push(given);
    this.#last.set(option.id, given);
    this.#used.push(option.use);
    if (option.ends) this.#ended = true;
    if (option.use === 'shows') this.showsOnly ||= this.operands.length === 0 && !this.#unsure;
    else if (option.use === 'recursive') this.#draft.recursive = true;
    return valueAt;
  }

  applyOptions(): void {
    for (let k = 0; k < this.options.length; k += 1) {
      const option = this.options[k];
      const use = this.#used[k];
      if (option === undefined || use === undefined || use === 'data' || use === 'noted') continue;
      this.#apply(use, option.value === undefined ? undefined : option.value, option.valueAt, false);
    }
  }

  applyOperands(): void {
    const count = this.operands.length;
    for (let k = 0; k < count; k += 1) {
      const at = this.operands[k];
      if (at === undefined) continue;
      const word = this.words[at];
      const use = useOfOperand(this.#table, k, count);
      if (this.#table.row.class === 'test') this.#applyTested(word, use, at);
      if (use === 'data' || use === 'noted') continue;
      if (word?.glob && this.#table.repeated === undefined && this.#table.head[k + 1] !== undefined) {
        this.#draft.worsen('other', at);
        this.#draft.unknown(`${word.raw} may be several files`, at);
      }
      this.#apply(use, word?.text, at, true);
      if (use === 'command') return;
    }
  }

  /** What is tested or checked runs, so it has to lie in the workspace; `@file` stands for options in a file */
  #applyTested(word: Word | undefined, use: Use, at: number): void {
    const text = word?.text;
    if (typeof text !== 'string') return;
    if (text.startsWith('@') && use === 'read') this.#draft.worsen('other', at);
    if (looksLikePath(text) && !staysBelow(text)) this.#draft.path('read', text.replace(/::.*$|\/\.\.\.$/u, ''), word, at, { confined: true });
  }

  #apply(use: Use, value: string | null | undefined, at: number, operand: boolean): void {
    const draft = this.#draft;
    const word = this.words[at];
    const reads = this.#table.row.class === 'read' || this.#table.row.named === 'last';
    switch (use) {
      case 'read': case 'tree': case 'write': case 'delete':
        if (value === undefined) {
          if (use === 'write' || use === 'delete') draft.worsen('other', at);
          return;
        }
        if (value === '-') return;
        if (use === 'write' || use === 'delete') {
          if (!(use === 'write' && value !== null && isSink(value))) draft.worsen('other', operand && !reads ? this.at : at);
        }
        draft.path(use === 'tree' ? 'read' : use, value, operand ? word : undefined, use === 'write' && operand && !reads ? this.at : at, use === 'tree' ? { recursive: true } : undefined);
        return;
      case 'url': case 'host':
        draft.fetch(value, at);
        return;
      case 'other':
        draft.worsen('other', at);
        return;
      case 'program':
        draft.worsen('other', at);
        if (value !== undefined && value !== null && (looksLikePath(value) || /\.\w+$/u.test(value))) draft.path('read', value, undefined, at);
        return;
      case 'runs':
        draft.worsen('other', at);
        draft.run({ kind: 'script', text: value ?? null, namedAt: at, shell: 'bash' });
        return;
      case 'code':
        draft.worsen('unreadable', at);
        draft.run({ kind: 'code', language: this.#table.row.language ?? this.words[0]?.text ?? '', namedAt: at });
        return;
      case 'config':
        if (value === undefined || value === null || !usualConfig.test(value) || !staysBelow(value)) draft.worsen('other', at);
        if (value !== undefined) draft.path('read', value, undefined, at, { confined: true });
        return;
      case 'plain':
        if (typeof value !== 'string' || !/^[\w-]*(?:,[\w-]+)*$/u.test(value)) draft.worsen('other', at);
        return;
      case 'base':
        if (value === undefined || value === null) {
          draft.worsen('other', at);
          draft.unknown('the folder it runs in is only known when it runs', at);
          return;
        }
        draft.path('read', value, undefined, at, { confined: true });
        draft.base = draft.base === undefined || !staysBelow(value) ? value : `${draft.base}/${value}`;
        return;
      case 'command':
        draft.run({ kind: 'words', from: at });
        return;
      default:
    }
  }
}

/** Names that configuration files of build and test tools go by */
const usualConfig = /^(?:[\w.-]+\/)*\.?(?:jest|vitest|vite|eslint|prettier|playwright|cypress|tsconfig|jsconfig|mocharc|babel|webpack|rollup|biome|dprint|ruff|mypy|pytest|pyproject|tox|setup|stylelint|commitlint|oxlint|karma|wdio|golangci|rubocop|phpunit|phpstan|clippy|rustfmt|swiftlint|flake8|pylint|coverage)[\w.-]*$/iu;

/** Files that swallow or show what is written to them */
function isSink(path: string): boolean {
  return path === '/dev/null' || path === '/dev/stdout' || path === '/dev/stderr' || path === '/dev/tty';
}
