import { lstatSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { ToolError } from '../toolError.ts';
import type { HeldFolder } from './heldFolder.ts';
import { withFolder } from './holdFolder.ts';

/** Where deleted files go, so that a person can have them back */
export interface Trash {
  /** Takes an entry out of its folder; false where it has no place for it, and then nothing was done */
  put(folder: HeldFolder, name: string): Promise<boolean>;
}

/** How many names of the same spelling the trash keeps apart before it gives up */
const mostAlike = 1_000;

/**
 * The trash of Linux desktops (freedesktop.org, Trash specification 1.0): the home's, or the one at the top of the disk that
 * the file is on. One rename through the handle of the folder, so that nothing else can be taken.
 */
export function desktopTrash(now: () => Date, home: string = homedir(), dataHome: string | undefined = process.env['XDG_DATA_HOME'], topOf: (folder: string) => string = topOfDisk): Trash {
  const data = dataHome !== undefined && path.isAbsolute(dataHome) ? dataHome : path.join(home, '.local/share');
  return {
    async put(folder, name) {
      const original = path.join(folder.path, name);
      if (await putInto(() => ownFolder(data), 'Trash', folder, name, original, now())) return true;
      const top = topOf(folder.path);
      return putInto(() => top, `.Trash-${process.getuid?.() ?? 0}`, folder, name, path.relative(top, original), now());
    },
  };
}

/** The user's folder for data, which may be a link that they made */
function ownFolder(data: string): string {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return realpathSync.native(data);
}

/**
 * False where this trash is on another disk or cannot be used.
 *
 * INVARIANT: no link is followed on the way into it. At the top of a disk it may lie in the workspace itself, and a link there
 * would lead what is deleted to a place that is protected.
 *
 * @param parent gives the canonical folder that the trash lies in
 */
async function putInto(parent: () => string, trashName: string, folder: HeldFolder, name: string, original: string, at: Date): Promise<boolean> {
  const open: HeldFolder[] = [];
  try {
    return await withFolder(parent(), async (place) => {
      const trash = openOwn(place, trashName, open);
      const [files, info] = [openOwn(trash, 'files', open), openOwn(trash, 'info', open)];
      const free = reserve(info, name, `[Trash Info]\nPath=${encodeURI(original)}\nDeletionDate=${localTime(at)}\n`);
      if (free === undefined) return false;
      try {
        renameSync(folder.at(name), files.at(free));
        return true;
      } catch (error) {
        rmSync(info.at(`${free}.trashinfo`), { force: true });
        throw error;
      }
    });
  } catch (error) {
    if (['EXDEV', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ELOOP', 'ENOSPC'].includes(codeOf(error) ?? '')) return false;
    throw error;
  } finally {
    for (const each of open) each.close();
  }
}

/** Opens a folder of the trash, made where it is missing; refuses a link, and a folder of somebody else who could read in it */
function openOwn(place: HeldFolder, name: string, open: HeldFolder[]): HeldFolder {
  try {
    mkdirSync(place.at(name), { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const folder = place.openFolder(name);
  open.push(folder);
  const owner = lstatSync(folder.at('.')).uid;
  if (owner !== (process.getuid?.() ?? owner)) throw Object.assign(new Error(`${folder.path} belongs to somebody else.`), { code: 'EPERM' });
  return folder;
}

/** The system's code, also of what was made a `ToolError` of */
function codeOf(error: unknown): string | undefined {
  const { code } = (error instanceof ToolError ? error.cause : error) as NodeJS.ErrnoException;
  return code;
}

/** Takes a name that is free by writing what the trash notes about it */
function reserve(info: HeldFolder, name: string, note: string): string | undefined {
  for (let count = 1; count <= mostAlike; count += 1) {
    const { name: stem, ext } = path.parse(name);
    const free = count === 1 ? name : `${stem}.${count}${ext}`;
    try {
      writeFileSync(info.at(`${free}.trashinfo`), note, { flag: 'wx', mode: 0o600 });
      return free;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  return undefined;
}

/** The folder at which the disk of a folder is mounted */
function topOfDisk(folder: string): string {
  const { dev } = statSync(folder);
  let top = folder;
  for (let parent = path.dirname(top); parent !== top && statSync(parent).dev === dev; parent = path.dirname(top)) top = parent;
  return top;
}

/** `2026-11-23T09:30:00`, as the specification wants it */
function localTime(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
