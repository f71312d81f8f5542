import { closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import path from 'node:path';
import { ToolError, fileError } from '../toolError.ts';

/** `O_PATH` of Linux: a folder is held without the right to list it */
const pathOnly = 0o10000000;
/** `O_NOFOLLOW_ANY` of macOS: no link anywhere on the way */
const noLinkAnywhere = 0x20000000;

/** Whether files can be reached through the handle of their folder, as on Linux with `/proc` */
const throughHandles = process.platform === 'linux' && existsSync('/proc/self/fd');

/**
 * A folder that is held while something is done in it, so that it is done there whatever becomes of the links on the way.
 *
 * On Linux every step of the way is opened from the one before without following links, and entries are reached through the
 * handle: no exchange of a link can lead elsewhere. Other systems have no such way: there the path is compared with the folder
 * as it was before and after each step, and files are opened first and looked at then, before anything is read or written.
 */
export interface HeldFolder {
  /** Canonical path that was decided about */
  readonly path: string;
  /** Where an entry is reached for calls of the file system; `''` for the folder itself. Not for people */
  at(name: string): string;
  /** Opens a folder in it, which must be no link */
  openFolder(name: string): HeldFolder;
  /** Makes a folder in it, if there is none, and opens it */
  makeFolder(name: string): HeldFolder;
  /** Throws where the folder no longer stands where it was */
  verify(): void;
  close(): void;
}

/**
 * Opens the folder of a canonical path and calls; closes it whatever happens.
 *
 * @param make also makes the folders that are missing
 */
export async function withFolder<Value>(canonical: string, use: (folder: HeldFolder) => Promise<Value>, make = false): Promise<Value> {
  const folder = holdFolder(canonical, make);
  try {
    return await use(folder);
  } finally {
    folder.close();
  }
}

/** Opens the folder a canonical path lies in, and calls with the name in it */
export function withParent<Value>(canonical: string, use: (folder: HeldFolder, name: string) => Promise<Value>, make = false): Promise<Value> {
  const native = path.resolve(canonical);
  const parent = path.dirname(native);
  if (parent === native) throw new ToolError('bad_input', 'This is the root of the file system.');
  return withFolder(parent, (folder) => use(folder, path.basename(native)), make);
}

function holdFolder(canonical: string, make: boolean): HeldFolder {
  const native = path.resolve(canonical);
  const { root } = path.parse(native);
  const names = native.slice(root.length).split(path.sep).filter((name) => name !== '');
  try {
    let folder: HeldFolder = throughHandles ? new LinuxFolder(root, openSync(root, pathOnly | constants.O_DIRECTORY)) : new NamedFolder(root);
    for (const name of names) {
      const before = folder;
      try {
        folder = make ? before.makeFolder(name) : before.openFolder(name);
      } finally {
        before.close();
      }
    }
    return folder;
  } catch (error) {
    throw fileError(error, canonical);
  }
}

class LinuxFolder implements HeldFolder {
  readonly path: string;
  readonly #handle: number;

  constructor(canonical: string, handle: number) {
    this.path = canonical;
    this.#handle = handle;
  }

  at(name: string): string {
    return `/proc/self/fd/${this.#handle}/${name}`;
  }

  openFolder(name: string): HeldFolder {
    const inner = path.join(this.path, name);
    try {
      return new LinuxFolder(inner, openSync(this.at(name), pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW));
    } catch (error) {
      throw fileError(error, inner);
    }
  }

  makeFolder(name: string): HeldFolder {
    makeMissing(this, name);
    return this.openFolder(name);
  }

  verify(): void {
    // A folder that was itself moved is still held; what is done in it would be done at its new place
    if (readlinkSync(`/proc/self/fd/${this.#handle}`) !== this.path) throw moved(this.path);
  }

  close(): void {
    closeSync(this.#handle);
  }
}

class NamedFolder implements HeldFolder {
  readonly path: string;
  readonly #stats: Stats;

  constructor(canonical: string) {
    this.path = canonical;
    this.#stats = lstatSync(canonical);
    if (this.#stats.isSymbolicLink()) throw moved(canonical);
    if (!this.#stats.isDirectory()) throw new ToolError('not_a_folder', `${canonical} is no folder.`);
    this.verify();
  }

  at(name: string): string {
    this.verify();
    return path.join(this.path, name);
  }

  openFolder(name: string): HeldFolder {
    return new NamedFolder(path.join(this.path, name));
  }

  makeFolder(name: string): HeldFolder {
    makeMissing(this, name);
    return this.openFolder(name);
  }

  verify(): void {
    const now = lstatSync(this.path);
    if (now.ino !== this.#stats.ino || now.dev !== this.#stats.dev || realpathSync.native(this.path) !== this.path) throw moved(this.path);
  }

  close(): void {
    // Nothing is held open
  }
}

function makeMissing(folder: HeldFolder, name: string): void {
  try {
    mkdirSync(folder.at(name));
  } catch (error) {
    // Whether what stands there is a folder shows when it is opened. Outside of what may be written even this much is refused
    if (lstatSync(folder.at(name), { throwIfNoEntry: false })?.isDirectory() !== true) throw fileError(error, path.join(folder.path, name));
  }
}

function moved(shown: string): ToolError {
  return new ToolError('changed', `${shown} is no longer where it was when this was decided; nothing was done.`);
}

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
