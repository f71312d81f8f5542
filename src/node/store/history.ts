import type { RecordedEntry } from '../../gate/entry.ts';
import type { HistoryFilter } from '../../gate/ports.ts';
import type { SealKey } from './chain.ts';
import { type Segment, readSegment } from './segment.ts';
import { FolderError, type StoreFolder, closedSegment, closedSegments, folderExists } from './storeFolder.ts';

/** Entries handed out where the caller names no number */
const usual = 1000;

/**
 * Recorded entries, newest first: from memory as far as it reaches, then from the journal's files, backwards. A file that cannot
 * be read is passed over; `verifyChain` names it.
 */
export function readHistory(place: StoreFolder, key: SealKey, recent: readonly RecordedEntry[], filter: HistoryFilter): readonly RecordedEntry[] {
  const limit = filter.limit ?? usual;
  const found: RecordedEntry[] = [];
  const wanted = ({ sequence, entry }: RecordedEntry): boolean =>
    (filter.before === undefined || sequence < filter.before) && (filter.types === undefined || filter.types.includes(entry.type));
  const take = (entries: readonly RecordedEntry[]): void => {
    for (let index = entries.length - 1; index >= 0 && found.length < limit; index -= 1) {
      const recorded = entries[index];
      if (recorded !== undefined && wanted(recorded)) found.push({ sequence: recorded.sequence, at: recorded.at, entry: recorded.entry });
    }
  };
  take(recent);
  let oldest = recent[0]?.sequence ?? Number.POSITIVE_INFINITY;
  if (oldest === 1 || !isThere(place)) return found;
  const files = [place.journal, ...closedSegments(place).toReversed().map((number) => closedSegment(place, number))];
  for (const file of files) {
    if (found.length >= limit) break;
    const lines = read(file, key)?.lines.filter(({ sequence }) => sequence < oldest) ?? [];
    take(lines);
    oldest = lines[0]?.sequence ?? oldest;
  }
  return found;
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
