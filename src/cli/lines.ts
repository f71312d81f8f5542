/** A line of input: its text, or why it has none */
export type InputLine = { readonly text: string } | { readonly code: 'bad_utf8' | 'too_long'; readonly message: string };

/** Longer lines are passed over without being kept in memory, in bytes */
const longestLine = 64 * 1024 * 1024;

/** Cuts a stream of bytes into lines; each call gives the lines that are complete, `end` the last one where it lacks its end */
export class LineCutter {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #longest: number;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(longest = longestLine) {
    this.#longest = longest;
  }

  push(bytes: Uint8Array): readonly InputLine[] {
    const lines: InputLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      this.#keep(bytes.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
    return lines;
  }

  end(): readonly InputLine[] {
    return this.#length === 0 ? [] : [this.#take()];
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#longest) this.#parts = [];
    else this.#parts.push(part);
  }

  #take(): InputLine {
    const [first] = this.#parts;
    const bytes = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    const tooLong = this.#length > this.#longest;
    this.#parts = [];
    this.#length = 0;
    if (tooLong) return { code: 'too_long', message: `The line is longer than ${this.#longest} bytes.` };
    try {
      return { text: this.#decoder.decode(bytes) };
    } catch (error) {
      if (error instanceof TypeError) return { code: 'bad_utf8', message: 'The line is not UTF-8.' };
      throw error;
    }
  }
}
