import * as vscode from 'vscode';
import type { RecordedEntry } from '../gate/entry.ts';
import { replayed } from '../gate/replay.ts';
import { AuditReader } from '../node/store/auditReader.ts';
import { userFolder } from '../node/userFolder.ts';
import { isOpen, type Folders, type OpenFolder } from './folders.ts';

/** Newest entries that use is counted over: what the store keeps in memory, so that a snapshot costs no file */
export const countedOver = 2_000;

interface Kept {
  readonly sequence: number;
  readonly entries: readonly RecordedEntry[];
}

const recent = new WeakMap<OpenFolder, Kept>();
const decisions = new WeakMap<OpenFolder, Kept>();
const readers = new WeakMap<OpenFolder, AuditReader>();

/** The newest entries of a folder's record, newest first; read again only when there is a new one */
export function recentEntries(folder: OpenFolder): Promise<readonly RecordedEntry[]> {
  return keptIn(recent, folder, () => folder.store.history({ limit: countedOver }));
}

/** After this long a folder that was opened has come to rest, milliseconds */
const resting = 1_000;

/** Reads the newest entries of each folder once, a little after it was opened, so that the panel need not wait for files */
export function readAhead(folders: Folders, failed: (error: unknown) => void): vscode.Disposable {
  const seen = new WeakSet<OpenFolder>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const follow = (): void => {
    for (const folder of folders.all) {
      if (!isOpen(folder) || seen.has(folder)) continue;
      seen.add(folder);
      const timer = setTimeout(() => {
        timers.delete(timer);
        recentEntries(folder).catch(failed);
      }, resting);
      timers.add(timer);
    }
  };
  const subscription = folders.onDidChange(follow);
  return new vscode.Disposable(() => {
    subscription.dispose();
    for (const timer of timers) clearTimeout(timer);
  });
}

/** The decisions that an edit is tried on, newest first */
export function recentDecisions(folder: OpenFolder): Promise<readonly RecordedEntry[]> {
  return keptIn(decisions, folder, () => folder.store.history({ types: ['decision'], limit: replayed }));
}

/** The reader of a folder's whole record; one, so that what it has read is read once */
export function auditReader(folder: OpenFolder): AuditReader {
  const known = readers.get(folder);
  if (known !== undefined) return known;
  const reader = new AuditReader(folder.path, userFolder());
  readers.set(folder, reader);
  return reader;
}

async function keptIn(kept: WeakMap<OpenFolder, Kept>, folder: OpenFolder, read: () => Promise<readonly RecordedEntry[]>): Promise<readonly RecordedEntry[]> {
  const [newest] = await folder.store.history({ limit: 1 });
  const sequence = newest?.sequence ?? 0;
  const known = kept.get(folder);
  if (known?.sequence === sequence) return known.entries;
  const entries = await read();
  kept.set(folder, { sequence, entries });
  return entries;
}
