import { setImmediate } from 'node:timers/promises';
import { Anchor } from './anchor.ts';
import type { Head } from './chain.ts';
import { journalKey } from './key.ts';
import { type Segment, readSegment } from './segment.ts';
import { FolderError, closedSegment, closedSegments, folderExists, storeFolder } from './storeFolder.ts';
import { workspaceRecord } from './workspaceRecord.ts';

/** What reading the whole record showed */
export interface ChainReport {
  readonly ok: boolean;
  /** Entries that hold, from the first one on */
  readonly entries: number;
  /** The first place that does not hold */
  readonly firstBad?: { readonly file: string; readonly line: number; readonly why: string };
}

/**
 * Reads the whole record of a workspace folder and checks that each line carries this machine's seal, names the line before it,
 * counts on without a gap, and that the end is the one this machine remembers. Writes nothing.
 * `folder` is the canonical workspace folder. Stops with the signal's reason when it is aborted.
 */
export async function verifyChain(folder: string, userFolder: string, onProgress?: (entries: number) => void, signal?: AbortSignal): Promise<ChainReport> {
  const place = storeFolder(folder);
  const key = journalKey(userFolder, folder);
  // Before the journal: a writer that is at work meanwhile only makes the journal longer
  const anchor = Anchor.read(workspaceRecord(userFolder, folder));
  let head: Head | undefined;
  let anchored = anchor === undefined || anchor.head.sequence === 0;
  const files = folderExists(place) ? [...closedSegments(place).map((number) => ({ file: closedSegment(place, number), number })), { file: place.journal, number: undefined }] : [];
  let expected = 1;
  for (const { file, number } of files) {
    const bad = (line: number, why: string): ChainReport => ({ ok: false, entries: head?.sequence ?? 0, firstBad: { file, line, why } });
    signal?.throwIfAborted();
    let segment: Segment | undefined;
    try {
      segment = readSegment(file, key, { ownOnly: false });
    } catch (error) {
      if (error instanceof FolderError) return bad(1, error.message);
      throw error;
    }
    if (segment === undefined) return bad(1, 'the file is missing');
    if (segment.opening === undefined || segment.start === undefined) return bad(1, 'the first line does not carry the seal of this machine and folder');
    if (segment.opening.segment !== expected || (number !== undefined && number !== expected)) return bad(1, `this is file ${segment.opening.segment} of the record, but file ${expected} should follow`);
    if (head === undefined ? segment.start.sequence !== 0 : segment.start.previous !== head.hash) return bad(1, 'the file does not go on where the one before it ends');
    if (segment.brokenAt !== undefined) return { ...bad(segment.brokenAt, 'the line was changed, or does not follow the one before it'), entries: segment.head?.sequence ?? 0 };
    head = segment.head;
    anchored ||= [segment.start, ...segment.lines].some(({ sequence, hash }) => sequence === anchor?.head.sequence && hash === anchor.head.hash);
    anchored ||= segment.start.sequence === anchor?.head.sequence && segment.start.previous === anchor.head.hash;
    expected += 1;
    onProgress?.(head?.sequence ?? 0);
    await setImmediate();
  }
  const entries = head?.sequence ?? 0;
  if (!anchored) return { ok: false, entries, firstBad: { file: place.journal, line: 1, why: `the record does not hold entry ${anchor?.head.sequence} that this machine remembers` } };
  return { ok: true, entries };
}
