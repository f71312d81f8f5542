import type { RecordedEntry } from '../../gate/entry.ts';
import type { HistoryFilter } from '../../gate/ports.ts';
import type { SealKey } from './chain.ts';
import { type Segment, readSegment } from './segment.ts';
import { FolderError, type StoreFolder, closedSegment, closedSegments, folderExists } from './storeFolder.ts';

/** Entries handed out where the caller names no number */
export const usualLimit = 1000;

/**
 * Recorded entries, newest first: from memory as far as it reaches, then from the journal's files, backwards. A file that cannot
 * be read is passed over; `verifyChain` names it.
 *
 * @param recent the newest entries, oldest first
 */
export function readHistory(place: StoreFolder, key: SealKey, recent: readonly RecordedEntry[], filter: HistoryFilter): readonly RecordedEntry[] {
  const limit = filter.limit ?? usualLimit;
  const found: RecordedEntry[] = [];
  take(recent, filter, limit, found);
  let oldest = recent[0]?.sequence ?? Number.POSITIVE_INFINITY;
  if (oldest === 1 || !isThere(place)) return found;
  const files = [place.journal, ...closedSegments(place).toReversed().map((number) => closedSegment(place, number))];
  for (const file of files) {
    if (found.length >= limit) break;
    const lines = read(file, key)?.lines.filter(({ sequence }) => sequence < oldest) ?? [];
    take(lines, filter, limit, found);
    oldest = lines[0]?.sequence ?? oldest;
  }
  return found;
}

/** Those of the entries in memory, newest first */
export function recentHistory(recent: readonly RecordedEntry[], filter: HistoryFilter): readonly RecordedEntry[] {
  const found: RecordedEntry[] = [];
  take(recent, filter, filter.limit ?? usualLimit, found);
  return found;
}

function take(entries: readonly RecordedEntry[], { before, types }: HistoryFilter, limit: number, found: RecordedEntry[]): void {
  for (let index = entries.length - 1; index >= 0 && found.length < limit; index -= 1) {
    const recorded = entries[index];
    if (recorded === undefined || (before !== undefined && recorded.sequence >= before) || (types !== undefined && !types.includes(recorded.entry.type))) continue;
    found.push({ sequence: recorded.sequence, at: recorded.at, entry: recorded.entry });
  }
}

function isThere(place: StoreFolder): boolean {
  try {
    return folderExists(place);
  } catch (error) {
    if (error instanceof FolderError) return false;
    throw error;
  }
}

function read(file: string, key: SealKey): Segment | undefined {
  try {
    return readSegment(file, key, { ownOnly: true });
  } catch (error) {
    if (error instanceof FolderError) return undefined;
    throw error;
  }
}
