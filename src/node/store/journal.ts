import { closeSync, constants, fstatSync, fsync, fsyncSync, ftruncateSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Anchor } from './anchor.ts';
import { type Head, type Opening, type SealKey, sealLine } from './chain.ts';
import { syncFolder } from './durable.ts';
import type { Facts } from './facts.ts';
import { FolderError, type StoreFolder, closedSegment, nextJournal, openPlainFile, setAside } from './storeFolder.ts';

const synced = promisify(fsync);

/** The active journal file, open for appending. One writer at a time: the caller queues */
export class Journal {
  readonly #place: StoreFolder;
  readonly #key: SealKey;
  readonly #anchor: Anchor;
  #descriptor: number;
  #inode: number;
  #size: number;
  #openingSize: number;
  #segment: number;
  #head: Head;

  private constructor(place: StoreFolder, key: SealKey, anchor: Anchor, at: { descriptor: number; size: number; openingSize: number; segment: number; head: Head }) {
    this.#place = place;
    this.#key = key;
    this.#anchor = anchor;
    this.#descriptor = at.descriptor;
    this.#inode = fstatSync(at.descriptor).ino;
    this.#size = at.size;
    this.#openingSize = at.openingSize;
    this.#segment = at.segment;
    this.#head = at.head;
  }

  /** Goes on with the file that is there, cut to `usable` bytes */
  static resume(place: StoreFolder, key: SealKey, anchor: Anchor, from: { usable: { bytes: number; opening: number }; segment: number; head: Head }): Journal {
    const descriptor = openPlainFile(place.journal, constants.O_WRONLY | constants.O_APPEND);
    if (descriptor === undefined) throw new FolderError(`${place.journal} went away while it was opened`, place.journal);
    if (fstatSync(descriptor).size !== from.usable.bytes) {
      ftruncateSync(descriptor, from.usable.bytes);
      fsyncSync(descriptor);
    }
    return new Journal(place, key, anchor, { descriptor, size: from.usable.bytes, openingSize: from.usable.opening, segment: from.segment, head: from.head });
  }

  /** Begins a new file behind the end of a chain */
  static begin(place: StoreFolder, key: SealKey, anchor: Anchor, from: { segment: number; after: Head; facts: Facts; now: number }): Journal {
    const opened = beginFile(place, key, { segment: from.segment, before: from.after, facts: from.facts, now: from.now });
    renameSync(nextJournal(place), place.journal);
    syncFolder(place.folder);
    return new Journal(place, key, anchor, { ...opened, segment: from.segment });
  }

  get head(): Head {
    return this.#head;
  }

  /** Bytes of entries since the opening */
  get length(): number {
    return this.#size - this.#openingSize;
  }

  /** Bytes that the opening takes; a file is not closed before its entries outweigh it */
  get openingSize(): number {
    return this.#openingSize;
  }

  /**
   * Appends sealed lines and waits until they are safe on disk; `stillOurs` is asked in between. After a failure the file is
   * as it was before, and nothing of the lines counts.
   */
  async append(text: string, head: Head, stillOurs: () => boolean): Promise<void> {
    const bytes = Buffer.from(text);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
      const safe = synced(this.#descriptor);
      // Looked at while the disk works
      const inPlace = this.#isInPlace(stillOurs);
      await safe;
      if (!inPlace) throw new FolderError(`${this.#place.journal} was removed or replaced while it was in use`, this.#place.journal);
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#size);
      throw error;
    }
    this.#size += bytes.length;
    this.#head = head;
    this.#anchor.write({ ...this.#anchor.facts, head });
  }

  #isInPlace(stillOurs: () => boolean): boolean {
    try {
      return stillOurs() && lstatSync(this.#place.journal).ino === this.#inode;
    } catch {
      // Gone, or the way to it is
      return false;
    }
  }

  /** Closes this file under its number and begins the next one, whose opening carries `facts` */
  rotate(facts: Facts, now: number): void {
    const closed = closedSegment(this.#place, this.#segment);
    if (lstatSync(closed, { throwIfNoEntry: false }) !== undefined) setAside(closed, 'foreign', now);
    const next = beginFile(this.#place, this.#key, { segment: this.#segment + 1, before: this.#head, facts, now });
    renameSync(this.#place.journal, closed);
    renameSync(nextJournal(this.#place), this.#place.journal);
    syncFolder(this.#place.folder);
    closeSync(this.#descriptor);
    this.#descriptor = next.descriptor;
    this.#inode = fstatSync(next.descriptor).ino;
    this.#size = next.size;
    this.#openingSize = next.openingSize;
    this.#head = next.head;
    this.#segment += 1;
    this.#anchor.write({ ...this.#anchor.facts, head: next.head });
    this.#anchor.sync();
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Writes a file with nothing but its opening, safe on disk, under the name of the next journal */
function beginFile(place: StoreFolder, key: SealKey, from: { segment: number; before: Head; facts: Facts; now: number }): { descriptor: number; size: number; openingSize: number; head: Head } {
  const file = nextJournal(place);
  const { text, head } = sealLine(key, from.before, Math.max(from.now, from.before.at), 'opening', JSON.stringify({ segment: from.segment, facts: from.facts } satisfies Opening));
  const bytes = Buffer.from(`${text}\n`);
  rmSync(file, { force: true, recursive: true });
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND, 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } catch (error) {
    closeSync(descriptor);
    rmSync(file, { force: true });
    throw error;
  }
  return { descriptor, size: bytes.length, openingSize: bytes.length, head };
}
