import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import type { EntryLine, Head, Line, Opening, SealKey } from './chain.ts';
import { openLine } from './chain.ts';
import { openPlainFile } from './storeFolder.ts';

/** One journal file as read back */
export interface Segment {
  /** Head of the file; `undefined` when its first line is not ours */
  readonly opening?: Opening;
  /** The chain before the first entry */
  readonly start?: Head & { readonly previous: string };
  /** Entries that follow each other without a break */
  readonly lines: readonly EntryLine[];
  /** The chain after them */
  readonly head?: Head;
  /** Bytes of the first line */
  readonly openingBytes: number;
  /** Bytes up to and with the last unbroken line */
  readonly goodBytes: number;
  /** Where the first line stands that does not follow, counted from 1; a last line without its end is such a line too */
  readonly brokenAt?: number;
  /** Entries behind the break that carry our seal all the same */
  readonly behind: readonly EntryLine[];
}

const chunkSize = 1024 * 1024;
/** No line of ours is longer, in bytes (an opening with half a million rules); a file that holds a longer one is not read on */
const longestLine = 256 * 1024 * 1024;
/** How much is read of what nobody vouches for: of a first line without an anchor, and behind a break */
const doubtfulBytes = 64 * 1024 * 1024;
/** How each line of ours begins */
const lineStart = Buffer.from('{"sequence":');

/**
 * Reads a journal file line by line, as a stream, so that its size does not matter. `undefined` when there is none.
 * With `ownOnly` it stops at a first line that is not ours. Throws a `FolderError` for anything but a plain file.
 */
export function readSegment(file: string, key: SealKey, options: { readonly ownOnly: boolean }): Segment | undefined {
  const descriptor = openPlainFile(file, constants.O_RDONLY);
  if (descriptor === undefined) return undefined;
  try {
    const size = fstatSync(descriptor).size;
    let opening: Opening | undefined;
    let start: Segment['start'];
    let head: Head | undefined;
    let openingBytes = 0;
    let goodBytes = 0;
    let brokenAt: number | undefined;
    const lines: EntryLine[] = [];
    const behind: EntryLine[] = [];
    let number = 0;
    let readable = options.ownOnly ? doubtfulBytes : longestLine;
    for (const { text, end, whole } of linesOf(descriptor, size, () => readable)) {
      number += 1;
      if (brokenAt !== undefined && end - goodBytes > doubtfulBytes) break;
      const line = whole ? openLine(key, text) : undefined;
      if (brokenAt === undefined && line !== undefined && follows(line, head)) {
        if ('opening' in line) {
          opening = line.opening;
          openingBytes = end;
          start = { sequence: line.sequence, at: line.at, hash: line.hash, previous: line.previous };
        } else {
          lines.push(line);
        }
        head = { sequence: line.sequence, at: line.at, hash: line.hash };
        goodBytes = end;
        readable = longestLine;
        continue;
      }
      brokenAt ??= number;
      if (number === 1 && options.ownOnly) break;
      if (line !== undefined && 'entry' in line) behind.push(line);
    }
    return {
      ...(opening && { opening }),
      ...(start && { start }),
      ...(head && { head }),
      ...(brokenAt !== undefined && { brokenAt }),
      lines,
      behind,
      openingBytes,
      goodBytes,
    };
  } finally {
    closeSync(descriptor);
  }
}

/** The first line must be an opening; every other one must name the line before it and count on */
function follows(line: Line, head: Head | undefined): boolean {
  if (head === undefined) return 'opening' in line;
  return 'entry' in line && line.previous === head.hash && line.sequence === head.sequence + 1;
}

/**
 * Lines of an open file with the byte offset behind each; `whole` is false for a last one without its line end, and for one
 * that does not begin like ours or is longer than `longest`, after which nothing more is read
 */
function* linesOf(descriptor: number, size: number, longest: () => number): Generator<{ text: string; end: number; whole: boolean }> {
  let rest: Buffer[] = [];
  let restLength = 0;
  let offset = 0;
  while (offset < size) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkSize, size - offset));
    const length = readSync(descriptor, chunk, 0, chunk.length, offset);
    if (length === 0) break;
    if (offset === 0 && !chunk.subarray(0, Math.min(length, lineStart.length)).equals(lineStart)) {
      yield { text: '', end: size, whole: false };
      return;
    }
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1 && at < length; at = chunk.indexOf(10, from)) {
      const text = Buffer.concat([...rest, chunk.subarray(from, at)]).toString('utf8');
      rest = [];
      restLength = 0;
      from = at + 1;
      yield { text, end: offset + from, whole: true };
    }
    rest.push(chunk.subarray(from, length));
    restLength += length - from;
    offset += length;
    if (restLength > longest()) {
      yield { text: '', end: offset, whole: false };
      return;
    }
  }
  if (restLength > 0) yield { text: '', end: offset, whole: false };
}
