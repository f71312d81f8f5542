import { closeSync, constants, existsSync, lstatSync, openSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { ToolError, fileError } from '../toolError.ts';
import { type HeldFolder, makeMissing, moved } from './heldFolder.ts';

/** `O_PATH` of Linux: a folder is held without the right to list it */
const pathOnly = 0o10000000;

/** Whether files can be reached through the handle of their folder, as on Linux with `/proc` */
export const throughHandles = process.platform === 'linux' && existsSync('/proc/self/fd');

/** The root of the file system, held by a handle */
export function holdRoot(root: string): HeldFolder {
  return new HandleFolder(root, openSync(root, pathOnly | constants.O_DIRECTORY));
}

class HandleFolder implements HeldFolder {
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
      return new HandleFolder(inner, openSync(this.at(name), pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW));
    } catch (error) {
      // `ENOTDIR` is what a link gives, and what a file gives that was named as a folder
      const isFile = (error as NodeJS.ErrnoException).code === 'ENOTDIR' && lstatSync(this.at(name), { throwIfNoEntry: false })?.isSymbolicLink() === false;
      throw isFile ? new ToolError('not_a_folder', `${inner} is no folder.`) : fileError(error, inner);
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
