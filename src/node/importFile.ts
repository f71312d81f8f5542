import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { errorText } from '../gate/errorText.ts';
import type { NotedFile, ProvenanceKind } from '../gate/provenance.ts';
import { largestHashed } from './fileHash.ts';
import type { HeldFolder } from './tools/files/heldFolder.ts';
import { holdFolder } from './tools/files/holdFolder.ts';
import { openEntry } from './tools/files/openEntry.ts';
import { isToolError } from './tools/toolError.ts';

/** Where imported files go, relative to the workspace folder */
export const importFolder = 'imported';

const portion = 1024 * 1024;
/** Files of one name in the folder before a person has to tidy up */
const mostOfOneName = 1_000;

/** A file cannot be imported; the message is one sentence for people */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/**
 * Copies a file from anywhere into the workspace's folder for imports, under a name that was free, not executable, and says
 * what was copied. The copy is what was read: a source that changes meanwhile makes no difference. Throws an `ImportError`.
 *
 * @param workspace canonical and absolute
 */
export function importFile(source: string, workspace: string, kind: ProvenanceKind): NotedFile {
  let from: number | undefined;
  try {
    from = openSync(source, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const opened = from;
    const found = fstatSync(opened);
    if (!found.isFile()) throw new ImportError(`${source} is no file; import its files one by one.`);
    if (found.size > largestHashed) throw new ImportError(`${source} is larger than ${largestHashed / 1024 ** 2} MB, which is not imported.`);
    return intoNewFile(workspace, plainName(path.basename(source)), (file, to) => ({ path: file, ...copy(opened, to, source), kind, label: source }));
  } catch (error) {
    throw importError(error, source);
  } finally {
    if (from !== undefined) closeSync(from);
  }
}

/**
 * The same for bytes that come without a file, as from a browser. Throws an `ImportError`.
 *
 * @param name anybody's word
 */
export function importBytes(name: string, bytes: Uint8Array, workspace: string, kind: ProvenanceKind): NotedFile {
  if (bytes.length > largestHashed) throw new ImportError(`${name} is larger than ${largestHashed / 1024 ** 2} MB, which is not imported.`);
  try {
    return intoNewFile(workspace, plainName(name), (file, to) => {
      writeAll(to, bytes);
      return { path: file, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, kind, label: name };
    });
  } catch (error) {
    throw importError(error, name);
  }
}

function importError(error: unknown, shown: string): ImportError {
  if (error instanceof ImportError) return error;
  return new ImportError(`${shown} cannot be imported (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, { cause: error });
}

/**
 * Fills a new file in the folder for imports; one that could not be filled does not stay. The folder is held meanwhile: a link
 * that takes its place leads nowhere.
 */
function intoNewFile(workspace: string, name: string, fill: (file: string, descriptor: number) => NotedFile): NotedFile {
  const folder = madeFolder(workspace);
  try {
    const { free, descriptor } = newFile(folder, name);
    let done = false;
    try {
      const noted = fill(path.join(folder.path, free), descriptor);
      folder.verify();
      done = true;
      return noted;
    } finally {
      closeSync(descriptor);
      if (!done) rmSync(folder.at(free), { force: true });
    }
  } finally {
    folder.close();
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written, bytes.length - written);
}

/** The folder for imports; refused where it is a link, which could lead to a protected place in the workspace as well as out of it */
function madeFolder(workspace: string): HeldFolder {
  try {
    return holdFolder(path.join(workspace, importFolder), true);
  } catch (error) {
    if (isToolError(error) && error.code === 'changed') throw new ImportError(`“${importFolder}” is a link, so nothing was imported; remove it.`, { cause: error });
    throw new ImportError(`“${importFolder}” cannot be made in the workspace (${errorText(error)}).`, { cause: error });
  }
}

/** Neither hidden nor read as configuration by a program that looks for its name, whatever the file was called */
function plainName(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, '_').replace(/^[.\s]+/, '').replace(/[.\s]+$/, '').slice(0, 150);
  return plain === '' ? 'file' : plain;
}

function newFile(folder: HeldFolder, name: string): { readonly free: string; readonly descriptor: number } {
  const { name: stem, ext } = path.parse(name);
  for (let number = 1; number <= mostOfOneName; number += 1) {
    const free = number === 1 ? name : `${stem} (${number})${ext}`;
    try {
      return { free, descriptor: openEntry(folder, free, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644) };
    } catch (error) {
      if (!isToolError(error) || error.code !== 'exists') throw error;
    }
  }
  throw new ImportError(`There are ${mostOfOneName} files named ${name} in “${importFolder}”; remove some.`);
}

function copy(from: number, to: number, source: string): { readonly sha256: string; readonly size: number } {
  const hash = createHash('sha256');
  const bytes = Buffer.allocUnsafe(portion);
  let size = 0;
  for (let read = -1; read !== 0; size += read) {
    read = readSync(from, bytes, 0, bytes.length, size);
    // It may grow without end while it is read
    if (size + read > largestHashed) throw new ImportError(`${source} is larger than ${largestHashed / 1024 ** 2} MB, which is not imported.`);
    hash.update(bytes.subarray(0, read));
    writeAll(to, bytes.subarray(0, read));
  }
  return { sha256: hash.digest('hex'), size };
}
