import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Replaces a file so that after a crash either the old or the new content is there, never a mixture: write beside it, fsync,
 * rename, fsync the folder. A link in its place is replaced, not followed. `beforeRename` runs when the new bytes are safe.
 */
export function replaceFile(file: string, content: string | Uint8Array, beforeRename?: () => void): void {
  const temporary = `${file}.new`;
  // Whatever stands there, also a folder, came with a crash or a repository; links in it are removed, not followed
  rmSync(temporary, { force: true, recursive: true });
  // Exclusive: whoever puts a link there in between makes this fail
  const descriptor = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
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

/** Makes renames and new names in a folder safe against a power cut; Windows has no such call and does so by itself */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
