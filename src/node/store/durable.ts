import { closeSync, constants, fchmodSync, fsyncSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Replaces a file so that after a crash either the old or the new content is there, never a mixture: write beside it, fsync,
 * rename, fsync the folder. A link in its place is replaced, not followed. `beforeRename` runs when the new bytes are safe.
 * For its owner alone; a `shared` file keeps the rights it has, or gets those that the user gives to new files.
 */
export function replaceFile(file: string, content: string | Uint8Array, { shared = false, beforeRename }: { readonly shared?: boolean; readonly beforeRename?: () => void } = {}): void {
  const temporary = `${file}.new`;
  // Whatever stands there, also a folder, came with a crash or a repository; links in it are removed, not followed
  rmSync(temporary, { force: true, recursive: true });
  // Exclusive: whoever puts a link there in between makes this fail
  const descriptor = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, shared ? 0o666 : 0o600);
  try {
    const before = shared ? lstatSync(file, { throwIfNoEntry: false }) : undefined;
    if (before !== undefined) fchmodSync(descriptor, before.mode & 0o777);
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  beforeRename?.();
  renameSync(temporary, file);
  syncFolder(path.dirname(file));
}

/**
 * Makes a folder, and those above it that are missing, so that a power cut does not take them and all in them away. Its own name
 * is synced also when it is there: whoever made it may have died before.
 */
export function makeFolder(folder: string, mode: number): void {
  const first = mkdirSync(folder, { recursive: true, mode }) ?? folder;
  for (let made = folder; ; made = path.dirname(made)) {
    syncFolder(path.dirname(made));
    if (made === first || made === path.dirname(made)) return;
  }
}

/** Makes renames and new names in a folder safe against a power cut; Windows has no such call and does so by itself */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, constants.O_RDONLY);
    fsyncSync(descriptor);
  } catch (error) {
    // Folders above ours that may not be read, and file systems that know no syncing of folders: nothing more can be done
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
