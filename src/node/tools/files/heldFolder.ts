import { lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ToolError, fileError } from '../toolError.ts';

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

/** Makes a folder in a held one; nothing where one is there */
export function makeMissing(folder: HeldFolder, name: string): void {
  try {
    mkdirSync(folder.at(name));
  } catch (error) {
    // Whether what stands there is a folder shows when it is opened
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    // Where nothing may be made, some systems refuse even this much
    if (lstatSync(folder.at(name), { throwIfNoEntry: false })?.isDirectory() !== true) throw fileError(error, path.join(folder.path, name));
  }
}

/** The refusal where a path no longer leads to what was decided about */
export function moved(shown: string): ToolError {
  return new ToolError('changed', `${shown} is no longer where it was when this was decided; nothing was done.`);
}
