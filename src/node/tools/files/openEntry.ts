import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { ToolError, fileError } from '../toolError.ts';
import { throughHandles } from './handleFolder.ts';
import { type HeldFolder, moved } from './heldFolder.ts';

/** `O_NOFOLLOW_ANY` of macOS: no link anywhere on the way */
const noLinkAnywhere = 0x20000000;

/** Opens an entry without following a link and without waiting; the descriptor is the caller's to close. Throws a `ToolError` where it is no file at that place */
export function openEntry(folder: HeldFolder, name: string, flags: number, mode?: number): number {
  const shown = path.join(folder.path, name);
  let descriptor: number | undefined;
  try {
    const never = process.platform === 'darwin' ? noLinkAnywhere : (constants.O_NOFOLLOW ?? 0);
    descriptor = openSync(folder.at(name), flags | never | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0), mode);
    checkOpened(folder, name, descriptor);
    return descriptor;
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw fileError(error, shown);
  }
}

/** What was opened is what was decided about: a file, and still at that place */
function checkOpened(folder: HeldFolder, name: string, descriptor: number): void {
  const shown = path.join(folder.path, name);
  const stats = fstatSync(descriptor);
  if (stats.isDirectory()) throw new ToolError('not_a_file', `${shown} is a folder.`);
  if (!stats.isFile()) throw new ToolError('not_a_file', `${shown} is no ordinary file.`);
  folder.verify();
  if (throughHandles) {
    const place = readlinkSync(`/proc/self/fd/${descriptor}`);
    if (place !== shown && place !== `${shown} (deleted)`) throw moved(shown);
    return;
  }
  const named = lstatSync(shown);
  if (named.ino !== stats.ino || named.dev !== stats.dev) throw moved(shown);
}
