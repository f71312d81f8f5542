import type { Word } from './command.ts';
import type { Splitting } from './scope.ts';
import type { Value } from './state.ts';

/** A word of a command after the shell's expansions, as far as they are certain */
export interface ExpandedWord extends Word {
  /**
   * Where `text` is null: what the word would be if variables from outside were empty and constant substitutions gave what
   * they say. Never trusted; read beside the word so that guardrails and denies hold
   */
  readonly guess: string | null;
  /** A quoted `~` at the start: a file name, not the home */
  readonly plainTilde?: boolean;
  /** What a process substitution feeds: constant text, null when only known at run time */
  readonly fed?: string | null;
}

/** Longer values are not followed */
const longestValue = 4096;

/** Fields are collected at most; a word that unfolds into more is not read */
const mostFields = 256;

/** A word of which nothing is known before it runs */
export function unknownWord(raw: string): ExpandedWord {
  return { text: null, guess: null, raw, glob: false, quoted: false };
}

/** Builds the words that one word of the line becomes */
export class Fields {
  /** No splitting: everything is one field, also when empty */
  whole = false;
  private readonly raw: string;
  private readonly out: ExpandedWord[];
  private readonly startCount: number;
  private text: string | null = '';
  private guess: string | null = '';
  private glob = false;
  private quoted = false;
  private started = false;
  private plainTilde = false;
  private fed: string | null | undefined;

  constructor(raw: string, out: ExpandedWord[]) {
    this.raw = raw;
    this.out = out;
    this.startCount = out.length;
  }

  literal(text: string, quoted: boolean, glob = false): void {
    if (quoted && this.text === '' && text.startsWith('~')) this.plainTilde = true;
    if (this.text !== null) this.text += text;
    if (this.guess !== null) this.guess += text;
    this.quoted ||= quoted;
    this.glob ||= glob;
    this.started ||= quoted || text !== '';
  }

  unknown(guess: string | null, quoted: boolean): void {
    this.text = null;
    this.guess = guess === null || this.guess === null ? null : this.guess + guess;
    this.quoted ||= quoted;
    this.started = true;
  }

  feeds(text: string | null): void {
    this.fed = text;
  }

  /** Adds a known value; unquoted it is split at white space and may be a pattern */
  value(value: Value, guess: string | null, quoted: boolean, splitting: Splitting): void {
    if (value.text === null || value.text.length > longestValue || (splitting === 'unknown' && !quoted)) {
      this.unknown(guess === null || guess.length > longestValue ? null : guess, quoted);
      return;
    }
    if (quoted || splitting === 'none') {
      this.literal(value.text, quoted, value.glob === true);
      return;
    }
    const pieces = value.text.split(/[ \t\n]+/);
    pieces.forEach((piece, index) => {
      if (index > 0) this.end();
      if (piece !== '') this.literal(piece, false, value.glob === true || /[*?[]/.test(piece));
    });
  }

  /** Ends the field; an unquoted empty one is no field */
  end(): void {
    if (this.started || (this.whole && this.out.length === this.startCount)) {
      if (this.out.length - this.startCount < mostFields) {
        this.out.push({
          text: this.text, guess: this.guess, raw: this.raw, glob: this.glob, quoted: this.quoted,
          ...(this.plainTilde ? { plainTilde: true } : undefined),
          ...(this.fed === undefined ? undefined : { fed: this.fed }),
        });
      } else {
        const last = this.out.length - 1;
        this.out[last] = unknownWord(this.raw);
      }
    }
    this.text = '';
    this.guess = '';
    this.glob = false;
    this.quoted = false;
    this.started = false;
    this.plainTilde = false;
    this.fed = undefined;
  }
}
