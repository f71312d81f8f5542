import { hash } from 'node:crypto';
import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from './durable.ts';
import type { Head } from './chain.ts';

/** What the user's folder remembers of a workspace's journal, so that a rewritten or older one is seen */
export interface AnchorFacts {
  /** The last line that is safe on disk */
  readonly head: Head;
  /** SHA-256 of the checkpoints that may be found, newest first; two around a rename */
  readonly databases: readonly string[];
  /** Sequence of the last entry that the newest of them shows */
  readonly saved: number;
}

const slotSize = 1024;

/**
 * The anchor file: two fixed slots, written in turns, each with a check sum. A torn write leaves the other slot, and no write
 * allocates or renames, so anchoring costs microseconds beside the journal's fsync. It is not synced with each commit: after a
 * power cut it may lag behind the journal, which is told apart from a journal that lags behind its anchor.
 */
export class Anchor {
  readonly #descriptor: number;
  #turn: number;
  #facts: AnchorFacts;

  private constructor(descriptor: number, turn: number, facts: AnchorFacts) {
    this.#descriptor = descriptor;
    this.#turn = turn;
    this.#facts = facts;
  }

  /** Opens for writing; makes the file where there is none */
  static open(record: string, otherwise: AnchorFacts): Anchor {
    const file = path.join(record, 'anchor');
    makeFolder(path.dirname(record), 0o700);
    makeFolder(record, 0o700);
    if (readSlots(file) === undefined) {
      replaceFile(file, Buffer.concat([slot(1, otherwise), Buffer.alloc(slotSize, ' ')]));
    }
    const newest = readSlots(file);
    if (newest === undefined) throw new Error(`${file} cannot be read back`);
    return new Anchor(openSync(file, constants.O_RDWR), newest.turn, newest.facts);
  }

  /** What is remembered, without opening for writing; `undefined` when nothing is */
  static read(record: string): AnchorFacts | undefined {
    return readSlots(path.join(record, 'anchor'))?.facts;
  }

  get facts(): AnchorFacts {
    return this.#facts;
  }

  write(facts: AnchorFacts): void {
    this.#turn += 1;
    writeSync(this.#descriptor, slot(this.#turn, facts), 0, slotSize, (this.#turn % 2) * slotSize);
    this.#facts = facts;
  }

  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function slot(turn: number, facts: AnchorFacts): Buffer {
  const text = JSON.stringify({ turn, ...facts });
  const line = `${hash('sha256', text)} ${text}`;
  if (line.length >= slotSize) throw new Error('the anchor does not fit its slot');
  return Buffer.from(`${line.padEnd(slotSize - 1)}\n`);
}

function readSlots(file: string): { turn: number; facts: AnchorFacts } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(2 * slotSize);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    const slots = [0, 1].map((n) => readSlot(bytes.toString('utf8', n * slotSize, Math.min(length, (n + 1) * slotSize))));
    return slots.filter((found) => found !== undefined).sort((a, b) => b.turn - a.turn)[0];
  } finally {
    closeSync(descriptor);
  }
}

function readSlot(text: string): { turn: number; facts: AnchorFacts } | undefined {
  const line = text.trimEnd();
  const json = line.slice(65);
  if (hash('sha256', json) !== line.slice(0, 64)) return undefined;
  // The check sum held, so this is what `slot` wrote
  const { turn, ...facts } = JSON.parse(json) as { turn: number } & AnchorFacts;
  return { turn, facts };
}
