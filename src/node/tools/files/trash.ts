import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { HeldFolder } from './heldFolder.ts';

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
export function desktopTrash(now: () => Date, home: string = homedir(), dataHome: string | undefined = process.env['XDG_DATA_HOME']): Trash {
  const own = path.join(dataHome !== undefined && path.isAbsolute(dataHome) ? dataHome : path.join(home, '.local/share'), 'Trash');
  return {
    async put(folder, name) {
      const original = path.join(folder.path, name);
      if (putInto(own, folder, name, original, now())) return true;
      const top = topOf(folder.path);
      return putInto(path.join(top, `.Trash-${process.getuid?.() ?? 0}`), folder, name, path.relative(top, original), now());
    },
  };
}

/** False where this trash is on another disk or cannot be used */
function putInto(trash: string, folder: HeldFolder, name: string, original: string, at: Date): boolean {
  try {
    for (const part of ['files', 'info']) mkdirSync(path.join(trash, part), { recursive: true, mode: 0o700 });
    const free = reserve(trash, name, `[Trash Info]\nPath=${encodeURI(original)}\nDeletionDate=${localTime(at)}\n`);
    if (free === undefined) return false;
    try {
      renameSync(folder.at(name), path.join(trash, 'files', free));
      return true;
    } catch (error) {
      rmSync(path.join(trash, 'info', `${free}.trashinfo`), { force: true });
      throw error;
    }
  } catch (error) {
    if (['EXDEV', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Takes a name that is free by writing what the trash notes about it */
function reserve(trash: string, name: string, note: string): string | undefined {
  for (let count = 1; count <= mostAlike; count += 1) {
    const { name: stem, ext } = path.parse(name);
    const free = count === 1 ? name : `${stem}.${count}${ext}`;
    try {
      writeFileSync(path.join(trash, 'info', `${free}.trashinfo`), note, { flag: 'wx', mode: 0o600 });
      return free;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return undefined;
}

/** The folder at which the disk of a folder is mounted */
function topOf(folder: string): string {
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
