import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { RecordedEntry } from '../../gate/entry.ts';
import { type EntryFilter, entryTest } from '../../gate/entryFilter.ts';
import type { SealKey } from './chain.ts';
import { journalKey } from './key.ts';
import { readSegment } from './segment.ts';
import { FolderError, type StoreFolder, closedSegment, closedSegments, folderExists, openPlainFile, storeFolder } from './storeFolder.ts';

/** A part of a search: what was found, and where to go on */
export interface Found {
  /** Newest first, or oldest first where that was asked for */
  readonly entries: readonly RecordedEntry[];
  /** Go on below this sequence; absent when the whole record was looked through */
  readonly next?: number;
}

/** Where a search is: the time of the entries it looks at, and how many of all it has behind it */
export type SearchProgress = (done: number, total: number) => void;

interface File {
  readonly file: string;
  /** The entry before its first one, and when that was */
  readonly before: number;
  readonly at: number;
  readonly closed: boolean;
}

/** Files that are kept as they were read */
const mostKept = 4;

/**
 * Reads the record of a workspace folder for people, a page at a time, without the store and without writing. What a page costs does
 * not grow with the record: the numbers at the head of each file tell which one to read. A file that cannot be read is passed over;
 * `verifyChain` names it. Entries without this machine's seal are never handed out.
 */
export class AuditReader {
  readonly #place: StoreFolder;
  readonly #key: SealKey;
  readonly #heads = new Map<string, { readonly before: number; readonly at: number }>();
  readonly #kept = new Map<string, readonly RecordedEntry[]>();

  /** `folder` is the canonical workspace folder */
  constructor(folder: string, userFolder: string) {
    this.#place = storeFolder(folder);
    this.#key = journalKey(userFolder, folder);
  }

  /** Number of the newest entry, which is how many there are; 0 for none */
  newest(): number {
    const last = this.#files().at(-1);
    return last === undefined ? 0 : (this.#read(last).at(-1)?.sequence ?? last.before);
  }

  /** Entries with a number below `before`, newest first; what is missing in the record is missing here */
  page(before: number, limit: number): readonly RecordedEntry[] {
    const found: RecordedEntry[] = [];
    for (const file of this.#files().reverse()) {
      if (found.length >= limit) break;
      if (file.before + 1 >= before) continue;
      const entries = this.#read(file);
      for (let index = Math.min(entries.length, before - file.before - 1) - 1; index >= 0 && found.length < limit; index--) {
        const entry = entries[index];
        if (entry !== undefined && entry.sequence < before) found.push(entry);
      }
    }
    return found;
  }

  /** Looks for entries below a number, newest first, until `limit` are found. Stops with the signal's reason when it is aborted */
  async search(filter: EntryFilter, before: number, limit: number, progress?: SearchProgress, signal?: AbortSignal): Promise<Found> {
    const wanted = entryTest(filter);
    const found: RecordedEntry[] = [];
    const files = this.#files().reverse();
    const total = Math.min(before - 1, this.newest());
    for (const file of files) {
      if (file.before + 1 >= before || (filter.to !== undefined && file.at >= filter.to && file.before > 0)) continue;
      signal?.throwIfAborted();
      const entries = this.#read(file);
      for (let index = entries.length - 1; index >= 0; index--) {
        const entry = entries[index];
        if (entry === undefined || entry.sequence >= before || !wanted(entry)) continue;
        found.push(entry);
        if (found.length >= limit) return { entries: found, next: entry.sequence };
      }
      progress?.(total - file.before, total);
      // The clock only ever goes on between files of the record, so all older ones are too old as well
      if (filter.from !== undefined && file.before > 0 && file.at < filter.from) break;
      await setImmediate();
    }
    return { entries: found };
  }

  /** All entries that are wanted, oldest first, file by file */
  async *all(filter: EntryFilter, progress?: SearchProgress, signal?: AbortSignal): AsyncGenerator<readonly RecordedEntry[]> {
    const wanted = entryTest(filter);
    const total = this.newest();
    for (const file of this.#files()) {
      signal?.throwIfAborted();
      const entries = this.#read(file);
      yield entries.filter(wanted);
      progress?.(Math.min(total, file.before + entries.length), total);
      await setImmediate();
    }
  }

  /** The files of the record, oldest first */
  #files(): File[] {
    if (!this.#isThere()) return [];
    const paths = [...closedSegments(this.#place).map((number) => ({ file: closedSegment(this.#place, number), closed: true })), { file: this.#place.journal, closed: false }];
    const files: File[] = [];
    for (const { file, closed } of paths) {
      const head = (closed ? this.#heads.get(file) : undefined) ?? readHead(file);
      if (head === undefined || head.before < (files.at(-1)?.before ?? 0)) continue;
      if (closed) this.#heads.set(file, head);
      files.push({ file, closed, ...head });
    }
    return files;
  }

  #isThere(): boolean {
    try {
      return folderExists(this.#place);
    } catch (error) {
      if (error instanceof FolderError) return false;
      throw error;
    }
  }

  #read(file: File): readonly RecordedEntry[] {
    // The open file grows, and gives way to another when it is closed
    const key = file.closed ? file.file : `${file.file} ${file.before} ${sizeOf(file.file)}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const entries = readEntries(file.file, this.#key);
    this.#kept.set(key, entries);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
    return entries;
  }
}

function readEntries(file: string, key: SealKey): readonly RecordedEntry[] {
  try {
    return readSegment(file, key, { ownOnly: true })?.lines.map(({ sequence, at, entry }) => ({ sequence, at, entry })) ?? [];
  } catch (error) {
    if (error instanceof FolderError) return [];
    throw error;
  }
}

/** Number and time at the head of a file; only to find the way, so they need no seal */
function readHead(file: string): { readonly before: number; readonly at: number } | undefined {
  return withFile(file, (descriptor) => {
    const start = Buffer.alloc(64);
    const text = start.toString('latin1', 0, readSync(descriptor, start, 0, start.length, 0));
    const found = /^\{"sequence":(\d{1,15}),"at":(\d{1,15}),/.exec(text);
    return found === null ? undefined : { before: Number(found[1]), at: Number(found[2]) };
  });
}

function sizeOf(file: string): number {
  return withFile(file, (descriptor) => fstatSync(descriptor).size) ?? 0;
}

function withFile<Value>(file: string, use: (descriptor: number) => Value): Value | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openPlainFile(file, constants.O_RDONLY);
    return descriptor === undefined ? undefined : use(descriptor);
  } catch (error) {
    if (error instanceof FolderError) return undefined;
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
