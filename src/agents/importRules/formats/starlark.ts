/** A value of a call, as far as rules hold them; lists may hold lists */
export type StarlarkValue = string | number | boolean | null | readonly StarlarkValue[];

/** A call at the top of a file: `name(key=value, …)` */
export interface StarlarkCall {
  /** Counted from 1 */
  readonly line: number;
  readonly text: string;
  readonly name: string;
  readonly values: ReadonlyMap<string, StarlarkValue>;
}

/** Something at the top of a file that is no such call */
export interface StarlarkOther {
  readonly line: number;
  readonly text: string;
  readonly name: undefined;
}

/** Deepest nesting of lists */
const deepest = 8;

/**
 * Reads the calls of a rule file, which is Starlark, as far as they are plain: named values that are texts, numbers,
 * `True`, `False`, `None` or lists of them. Anything else (loops, variables, positions) comes back as what it is, and
 * reading goes on at the next line that begins at the margin.
 */
export function readStarlark(text: string): readonly (StarlarkCall | StarlarkOther)[] {
  const found: (StarlarkCall | StarlarkOther)[] = [];
  const reader = new Reader(text);
  for (reader.blanks(); !reader.ended; reader.blanks()) {
    const { line, at } = reader;
    try {
      const call = reader.call();
      found.push({ line, text: reader.since(at), ...call });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      reader.toNextMargin(at);
      found.push({ line, text: reader.since(at), name: undefined });
    }
  }
  return found;
}

class Reader {
  readonly #text: string;
  #line = 1;
  #counted = 0;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get ended(): boolean {
    return this.at >= this.#text.length;
  }

  /** Counted on from where it was asked last, so that a long file is gone over once */
  get line(): number {
    this.#line += this.#text.slice(this.#counted, this.at).split('\n').length - 1;
    this.#counted = this.at;
    return this.#line;
  }

  since(start: number): string {
    return this.#text.slice(start, this.at).trim();
  }

  /** Passes over blanks, line ends and comments */
  blanks(): void {
    this.#take(/(?:[\s;]|\\\n|#[^\n]*)*/y);
  }

  toNextMargin(start: number): void {
    const next = /\n(?=[^\s#)\]}])/g;
    next.lastIndex = start;
    const found = next.exec(this.#text);
    this.at = found === null ? this.#text.length : found.index;
  }

  call(): { readonly name: string; readonly values: ReadonlyMap<string, StarlarkValue> } {
    const name = this.#take(/[A-Za-z_]\w*/y);
    const values = new Map<string, StarlarkValue>();
    if (name === '') throw new SyntaxError('no name');
    this.#sign('(');
    while (!this.#has(')')) {
      this.blanks();
      const key = this.#take(/[A-Za-z_]\w*/y);
      if (key === '' || values.has(key)) throw new SyntaxError('no name of a value');
      this.#sign('=');
      values.set(key, this.#value(0));
      if (!this.#has(',')) {
        this.#sign(')');
        break;
      }
    }
    return { name, values };
  }

  #value(depth: number): StarlarkValue {
    this.blanks();
    if (this.#has('[') || this.#has('(')) return this.#list(depth);
    const word = this.#take(/[A-Za-z_]\w*(?=[^\w"'])|-?\d+/y);
    if (word === 'True' || word === 'False') return word === 'True';
    if (word === 'None') return null;
    if (/^-?\d/.test(word)) return Number(word);
    if (word !== '') throw new SyntaxError('a variable');
    return this.#string();
  }

  #list(depth: number): readonly StarlarkValue[] {
    if (depth >= deepest) throw new SyntaxError('nested too deeply');
    const end = this.#text[this.at - 1] === '[' ? ']' : ')';
    const items: StarlarkValue[] = [];
    while (!this.#has(end)) {
      items.push(this.#value(depth + 1));
      if (!this.#has(',')) {
        this.#sign(end);
        break;
      }
    }
    return items;
  }

  #string(): string {
    const raw = this.#take(/r(?=["'])/y) !== '';
    const quote = this.#take(/"""|'''|"|'/y);
    if (quote === '') throw new SyntaxError('no value');
    const start = this.at;
    for (; !this.ended; this.at += 1) {
      if (this.#text.startsWith(quote, this.at)) {
        const inner = this.#text.slice(start, this.at);
        this.at += quote.length;
        return raw ? inner : inner.replaceAll(/\\(.)/gs, (_, sign: string) => unescaped(sign));
      }
      if (this.#text[this.at] === '\\') this.at += 1;
      else if (this.#text[this.at] === '\n' && quote.length === 1) break;
    }
    throw new SyntaxError('a text without an end');
  }

  /** Whether this sign comes next; it is passed over then */
  #has(sign: string): boolean {
    this.blanks();
    if (this.#text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  #sign(sign: string): void {
    if (!this.#has(sign)) throw new SyntaxError(`no ${sign}`);
  }

  #take(what: RegExp): string {
    what.lastIndex = this.at;
    const found = what.exec(this.#text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }
}

/** The escapes that a rule could need; others would be a character that nobody sees, and make the text unreadable */
function unescaped(sign: string): string {
  if (sign === 'n') return '\n';
  if (sign === 't') return '\t';
  if ('\\\'"'.includes(sign)) return sign;
  throw new SyntaxError('an escape');
}
