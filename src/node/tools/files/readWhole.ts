import { closeSync, constants, fstatSync, read, type Stats } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ToolError, fileError } from '../toolError.ts';
import type { HeldFolder } from './heldFolder.ts';
import { withParent } from './holdFolder.ts';
import { openEntry } from './openEntry.ts';

const readSome = promisify(read);
/** Taken in at once, in bytes */
const portion = 1024 * 1024;

/** A whole file, and what it was when it was read */
export interface WholeFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/** Reads the file of a canonical path; refuses one beyond `largest` bytes, also one that grows meanwhile */
export function readWhole(canonical: string, largest: number): Promise<WholeFile> {
  return withParent(canonical, (folder, name) => readEntry(folder, name, largest));
}

/** As `readWhole`, of an entry of a held folder */
export async function readEntry(folder: HeldFolder, name: string, largest: number): Promise<WholeFile> {
  const shown = path.join(folder.path, name);
  const descriptor = openEntry(folder, name, constants.O_RDONLY);
  try {
    const stats = fstatSync(descriptor);
    if (stats.size > largest) throw tooLarge(shown, largest);
    const parts: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await readSome(descriptor, Buffer.allocUnsafe(Math.min(portion, largest + 1 - length)), 0, Math.min(portion, largest + 1 - length), length);
      if (bytesRead === 0) return { bytes: Buffer.concat(parts), stats };
      parts.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
      if (length > largest) throw tooLarge(shown, largest);
    }
  } catch (error) {
    throw fileError(error, shown);
  } finally {
    closeSync(descriptor);
  }
}

/** The refusal of a file, or of a text that would become one */
export function tooLarge(shown: string, largest: number): ToolError {
  return new ToolError('too_large', `${shown} is larger than the ${Math.floor(largest / 1024 ** 2)} MB that tools may read or write (the limit maxFileSizeMB).`);
}
