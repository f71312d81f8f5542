import { StringDecoder } from 'node:string_decoder';

/** Largest message either side accepts, in bytes; a whole file may be in a write request */
export const messageLimit = 16 * 1024 * 1024;

/** A peer that breaks the framing: a message over the cap, or bytes that are no JSON */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/**
 * Cuts a byte stream into newline-delimited messages.
 *
 * INVARIANT: holds at most `limit` characters; a longer message throws `ProtocolError` before it is kept.
 */
export class LineSplitter {
  /** Characters a message may have; may be changed between two messages */
  limit: number;
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #held = 0;

  constructor(limit: number = messageLimit) {
    this.limit = limit;
  }

  /** The messages that are complete with these bytes, in order, each cut off when it is asked for; blank lines are dropped */
  *push(bytes: Buffer): Generator<string, void> {
    let text = this.#decoder.write(bytes);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const last = text.slice(0, end);
      this.#admit(last.length);
      const line = this.#parts.join('') + last;
      this.#parts = [];
      this.#held = 0;
      text = text.slice(end + 1);
      if (line.trim() !== '') yield line;
    }
    if (text !== '') {
      this.#admit(text.length);
      this.#parts.push(text);
    }
  }

  #admit(length: number): void {
    this.#held += length;
    if (this.#held > this.limit) throw new ProtocolError(`A message is longer than ${this.limit} bytes.`);
  }
}
