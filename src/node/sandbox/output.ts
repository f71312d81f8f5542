import { StringDecoder } from 'node:string_decoder';
import { maskOutput, safeCut } from './outputSecrets.ts';
import { outputCap, truncationMark } from './sandbox.ts';

/** Read beyond the cap so that a credential that lies across it is seen whole, in characters */
const margin = 8 * 1024;
/** Taken in at once, in bytes */
const portion = 16 * 1024;

/** One output stream of a command: decoded, masked, capped. What comes after the cap is taken and forgotten */
export class Output {
  readonly #decoder = new StringDecoder('utf8');
  readonly #tell: (text: string) => void;
  readonly #cap: number;
  #waiting = '';
  #told: string[] = [];
  #bytes = 0;
  #truncated = false;

  constructor(tell: (text: string) => void, cap = outputCap) {
    this.#tell = tell;
    this.#cap = cap;
  }

  get truncated(): boolean {
    return this.#truncated;
  }

  push(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length && !this.#truncated; start += portion) this.#take(this.#decoder.write(bytes.subarray(start, start + portion)));
  }

  /** Nothing more comes; returns all that was kept */
  end(): string {
    if (!this.#truncated) {
      this.#waiting += this.#decoder.end();
      this.#hand(maskOutput(this.#waiting));
    }
    return this.#told.join('');
  }

  #take(text: string): void {
    this.#waiting += text;
    // Without white space in what is new there is no new place to cut
    const cut = /\s/.test(text) ? safeCut(this.#waiting) : 0;
    if (cut > 0) {
      const masked = maskOutput(this.#waiting.slice(0, cut));
      this.#waiting = this.#waiting.slice(cut);
      this.#hand(masked);
    }
    if (this.#waiting.length > this.#cap + margin) {
      // A credential that does not end, or a line as long: what follows might be its rest
      this.#hand(maskOutput(this.#waiting));
      if (!this.#truncated) this.#truncate('');
    }
  }

  #hand(text: string): void {
    if (text === '' || this.#truncated) return;
    const bytes = Buffer.from(text);
    const room = this.#cap - this.#bytes;
    if (bytes.length > room) return this.#truncate(wholeCharacters(bytes, room));
    this.#bytes += bytes.length;
    this.#keep(text);
  }

  #truncate(last: string): void {
    this.#truncated = true;
    this.#waiting = '';
    this.#keep(`${last}${truncationMark}`);
  }

  #keep(text: string): void {
    this.#told.push(text);
    this.#tell(text);
  }
}

/** The first bytes of UTF-8 as text, without a character cut in two */
function wholeCharacters(bytes: Buffer, most: number): string {
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
