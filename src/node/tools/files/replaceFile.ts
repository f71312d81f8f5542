import { randomBytes } from 'node:crypto';
import { type Stats, closeSync, constants, fchmodSync, fchownSync, fstatSync, fsync, lstatSync, renameSync, rmSync, write } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ToolError, fileError } from '../toolError.ts';
import type { HeldFolder } from './heldFolder.ts';
import { openEntry } from './openEntry.ts';

const writeSome = promisify(write);
const sync = promisify(fsync);

/** Mode of a new file, before the umask */
const newMode = 0o666;

/** What stands under a name, links not followed; nothing where there is none */
export function lookAt(folder: HeldFolder, name: string): Stats | undefined {
  try {
    return lstatSync(folder.at(name), { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, path.join(folder.path, name));
  }
}

/**
 * Puts a file in place of what stands under a name: whole or not at all, with the mode and the owner of the file before.
 * Only one step, the last, changes anything that others see.
 *
 * @param before what stood there when the caller looked; something else there now is a `changed`
 */
export async function replaceFile(folder: HeldFolder, name: string, bytes: Uint8Array, before: Stats | undefined, mode = newMode): Promise<void> {
  const shown = path.join(folder.path, name);
  if (before !== undefined && !before.isFile()) throw notOrdinary(before, shown);
  const draft = `.cowork-${randomBytes(8).toString('hex')}.tmp`;
  let descriptor: number | undefined;
  let placed = false;
  try {
    // Not readable by others before it has the mode of the file it replaces
    descriptor = openEntry(folder, draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, before === undefined ? mode : 0o600);
    if (before !== undefined) keepOwner(descriptor, before, shown);
    for (let done = 0; done < bytes.length; ) done += (await writeSome(descriptor, bytes, done)).bytesWritten;
    await sync(descriptor);
    folder.verify();
    if (!isSame(before, lookAt(folder, name))) throw new ToolError('changed', `${shown} was changed by somebody else meanwhile; nothing was written. Read it again.`);
    renameSync(folder.at(draft), folder.at(name));
    placed = true;
    folder.verify();
  } catch (error) {
    throw fileError(error, shown);
  } finally {
    if (descriptor !== undefined) {
      closeSync(descriptor);
      if (!placed) rmSync(folder.at(draft), { force: true });
    }
  }
}

/** Whether nobody changed the file between two looks at it */
export function isSame(before: Stats | undefined, now: Stats | undefined): boolean {
  if (before === undefined || now === undefined) return before === now;
  return before.ino === now.ino && before.dev === now.dev && before.size === now.size && before.mtimeMs === now.mtimeMs && before.ctimeMs === now.ctimeMs;
}

function keepOwner(descriptor: number, before: Stats, shown: string): void {
  if (process.platform === 'win32') return;
  const own = fstatSync(descriptor);
  try {
    if (own.uid !== before.uid || own.gid !== before.gid) fchownSync(descriptor, before.uid, before.gid);
  } catch (error) {
    throw new ToolError('failed', `${shown} belongs to another user or group, which would be lost; nothing was written.`, { cause: error });
  }
  // Not what lets a program run as its owner: that was given to the content before
  fchmodSync(descriptor, before.mode & 0o777);
}

function notOrdinary(stats: Stats, shown: string): ToolError {
  if (stats.isDirectory()) return new ToolError('not_a_file', `${shown} is a folder.`);
  if (stats.isSymbolicLink()) return new ToolError('changed', `${shown} is a link now; nothing was done.`);
  return new ToolError('not_a_file', `${shown} is no ordinary file.`);
}
