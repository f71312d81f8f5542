import { readlinkSync, renameSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { stopIfCancelled } from '../cancelled.ts';
import { ToolError, fileError } from '../toolError.ts';
import { entriesOf } from './entriesBelow.ts';
import type { HeldFolder } from './heldFolder.ts';
import { readEntry } from './readWhole.ts';
import { lookAt, replaceFile } from './replaceFile.ts';

/** What bounds a copy of many files */
export interface CopyLimits {
  /** Bytes of one file */
  readonly largest: number;
  readonly signal: AbortSignal | undefined;
}

/** Copies a file, or a folder with all in it, to a name where nothing or an ordinary file stands. Links are copied as links */
export async function copyEntry(from: HeldFolder, name: string, to: HeldFolder, newName: string, limits: CopyLimits): Promise<void> {
  stopIfCancelled(limits.signal);
  const stats = lookAt(from, name);
  const shown = path.join(from.path, name);
  if (stats === undefined) throw new ToolError('not_found', `${shown} is not there.`);
  if (stats.isSymbolicLink()) return copyLink(from, name, to, newName);
  if (!stats.isDirectory()) {
    const { bytes, stats: read } = await readEntry(from, name, limits.largest);
    return replaceFile(to, newName, bytes, lookAt(to, newName), read.mode & 0o777);
  }
  const [source, target] = [from.openFolder(name), to.makeFolder(newName)];
  try {
    for (const entry of entriesOf(source)) await copyEntry(source, entry.name, target, entry.name, limits);
  } finally {
    source.close();
    target.close();
  }
}

function copyLink(from: HeldFolder, name: string, to: HeldFolder, newName: string): void {
  try {
    symlinkSync(readlinkSync(from.at(name)), to.at(newName));
  } catch (error) {
    throw fileError(error, path.join(to.path, newName));
  }
}

/** Removes an entry for good, a folder with all in it; links are removed, not what they lead to */
export function removeEntry(folder: HeldFolder, name: string): void {
  try {
    if (lookAt(folder, name)?.isDirectory() !== true) return unlinkSync(folder.at(name));
    const inner = folder.openFolder(name);
    try {
      for (const entry of entriesOf(inner)) removeEntry(inner, entry.name);
    } finally {
      inner.close();
    }
    rmdirSync(folder.at(name));
  } catch (error) {
    throw fileError(error, path.join(folder.path, name));
  }
}

/** Moves an entry; copies and removes where the new place is on another disk */
export async function moveEntry(from: HeldFolder, name: string, to: HeldFolder, newName: string, limits: CopyLimits): Promise<void> {
  from.verify();
  to.verify();
  try {
    renameSync(from.at(name), to.at(newName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw fileError(error, path.join(from.path, name));
    await copyEntry(from, name, to, newName, limits);
    removeEntry(from, name);
  }
}
