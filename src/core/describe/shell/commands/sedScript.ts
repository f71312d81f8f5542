import type { Draft } from './draft.ts';

/**
 * Reads a `sed` script and adds to the draft what its commands do beyond printing: `e` and `s///e` run programs, `w`,
 * `W` and `s///w` write files, `r` and `R` read them. A script it does not fully understand counts as running anything.
 *
 * `1e rm x` → runs `rm x` · `s/a/b/w out` → writes `out` · `s/a/b/g;p` → nothing
 */
export function analyseSed(script: string | null, at: number, draft: Draft, sandbox: boolean): void {
  if (script === null) {
    draft.worsen('other', at);
    draft.unknown('its script is only known when it runs', at);
    return;
  }
  const reader = new SedReader(script, at, draft, sandbox);
  if (!reader.read()) {
    draft.worsen('other', at);
    draft.unknown('its script could not be read', at);
  }
}

class SedReader {
  readonly #text: string;
  readonly #at: number;
  readonly #draft: Draft;
  readonly #sandbox: boolean;
  #i = 0;

  constructor(text: string, at: number, draft: Draft, sandbox: boolean) {
    this.#text = text;
    this.#at = at;
    this.#draft = draft;
    this.#sandbox = sandbox;
  }

  /** False where the script is not understood */
  read(): boolean {
    const text = this.#text;
    let steps = 0;
    while (this.#i < text.length) {
      if ((steps += 1) > 10_000) return false;
      this.#skip(/[\s;{}]/u);
      if (this.#i >= text.length) return true;
      if (text[this.#i] === '#') {
        this.#line();
        continue;
      }
      if (!this.#addresses()) return false;
      if (!this.#command()) return false;
    }
    return true;
  }

  #skip(pattern: RegExp): void {
    while (this.#i < this.#text.length && pattern.test(this.#text[this.#i] ?? '')) this.#i += 1;
  }

  /** The rest of the line, past its end */
  #line(): string {
    let end = this.#text.indexOf('\n', this.#i);
    if (end < 0) end = this.#text.length;
    const rest = this.#text.slice(this.#i, end);
    this.#i = end + 1;
    return rest;
  }

  #addresses(): boolean {
    if (!this.#address()) return false;
    this.#skip(/[ \t]/u);
    if (this.#text[this.#i] === ',') {
      this.#i += 1;
      this.#skip(/[ \t]/u);
      const before = this.#i;
      if (this.#text[this.#i] === '+' || this.#text[this.#i] === '~') this.#i += 1;
      if (!this.#address() || this.#i === before) return false;
    }
    this.#skip(/[ \t!]/u);
    return true;
  }

  #address(): boolean {
    const c = this.#text[this.#i] ?? '';
    if (c >= '0' && c <= '9') {
      this.#skip(/[0-9]/u);
      if (this.#text[this.#i] === '~') {
        this.#i += 1;
        this.#skip(/[0-9]/u);
      }
      return true;
    }
    if (c === '$') {
      this.#i += 1;
      return true;
    }
    if (c === '/' || c === '\\') {
      if (c === '\\') this.#i += 1;
      const delimiter = this.#text[this.#i] ?? '';
      this.#i += 1;
      if (!this.#until(delimiter, true)) return false;
      this.#skip(/[IM]/u);
    }
    return true;
  }

  /** Moves past the next unescaped delimiter; inside `[…]` of a pattern it does not count */
  #until(delimiter: string, pattern: boolean): boolean {
    const text = this.#text;
    if (delimiter === '' || delimiter === '\n' || delimiter === '\\') return false;
    let bracket = -1;
    for (let k = this.#i; k < text.length; k += 1) {
      const c = text[k] ?? '';
      if (bracket < 0 && c === '\\') {
        k += 1;
      } else if (pattern && bracket < 0 && c === '[') {
        // Implementations differ on whether a delimiter in a bracket ends the pattern: only what both read alike is read
        bracket = k;
        if (text[k + 1] === '^') k += 1;
        if (text[k + 1] === ']') k += 1;
      } else if (bracket >= 0 && c === ']') {
        if (text.slice(bracket, k).includes(delimiter)) return false;
        bracket = -1;
      } else if (bracket < 0 && c === delimiter) {
        this.#i = k + 1;
        return true;
      }
    }
    return false;
  }

  #command(): boolean {
    const c = this.#text[this.#i] ?? '';
    this.#i += 1;
    switch (c) {
      case '{': case '}':
        return true;
      case '=': case 'd': case 'D': case 'g': case 'G': case 'h': case 'H': case 'n': case 'N': case 'p': case 'P': case 'x': case 'z': case 'F':
        return this.#ends();
      case 'l': case 'L': case 'q': case 'Q':
        this.#skip(/[ \t0-9]/u);
        return this.#ends();
      case 'b': case 't': case 'T': case ':':
        this.#skip(/[^\n;}]/u);
        return true;
      case 'a': case 'i': case 'c':
        this.#textArgument();
        return true;
      case 's':
        return this.#substitute();
      case 'y': {
        const delimiter = this.#text[this.#i] ?? '';
        this.#i += 1;
        return this.#until(delimiter, false) && this.#until(delimiter, false) && this.#ends();
      }
      case 'r': case 'R':
        this.#file('read');
        return true;
      case 'w': case 'W':
        this.#file('write');
        return true;
      case 'e':
        this.#executes(this.#line().trim());
        return true;
      case 'v':
        this.#skip(/[^\n;]/u);
        return true;
      default:
        return false;
    }
  }

  #ends(): boolean {
    this.#skip(/[ \t]/u);
    const c = this.#text[this.#i];
    return c === undefined || c === ';' || c === '\n' || c === '}' || c === '#';
  }

  #textArgument(): void {
    for (;;) {
      const line = this.#line();
      if (!line.endsWith('\\') || this.#i > this.#text.length) return;
    }
  }

  #substitute(): boolean {
    const delimiter = this.#text[this.#i] ?? '';
    this.#i += 1;
    if (!this.#until(delimiter, true) || !this.#until(delimiter, false)) return false;
    for (;;) {
      const c = this.#text[this.#i] ?? '';
      if (/[gpiImM0-9]/u.test(c)) {
        this.#i += 1;
      } else if (c === 'e') {
        this.#i += 1;
        this.#executes('');
      } else if (c === 'w') {
        this.#i += 1;
        this.#file('write');
        return true;
      } else {
        return this.#ends();
      }
    }
  }

  #file(kind: 'read' | 'write'): void {
    const name = this.#line().trim();
    if (name === '' || name === '/dev/stdout' || name === '/dev/stderr' || name === '/dev/stdin') return;
    if (kind === 'write') this.#draft.worsen('other', this.#at);
    this.#draft.path(kind, name, undefined, this.#at);
  }

  #executes(command: string): void {
    if (this.#sandbox) return;
    this.#draft.worsen('other', this.#at);
    if (command === '') this.#draft.unknown('it runs each line as a command', this.#at);
    else this.#draft.run({ kind: 'script', text: command, namedAt: this.#at, shell: 'bash' });
  }
}
