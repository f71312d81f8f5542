import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readSync, realpathSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { NotedFile, ProvenanceKind } from '../gate/provenance.ts';
import { largestHashed } from './fileHash.ts';

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
  const folder = madeFolder(workspace);
  let from: number | undefined;
  let made: { readonly file: string; readonly descriptor: number } | undefined;
  let done = false;
  try {
    from = openSync(source, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(from);
    if (!found.isFile()) throw new ImportError(`${source} is no file; import its files one by one.`);
    if (found.size > largestHashed) throw new ImportError(`${source} is larger than ${largestHashed / 1024 ** 2} MB, which is not imported.`);
    made = newFile(folder, plainName(path.basename(source)));
    const { sha256, size } = copy(from, made.descriptor, source);
    done = true;
    return { path: made.file, sha256, size, kind, label: source };
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(`${source} cannot be imported (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, { cause: error });
  } finally {
    if (from !== undefined) closeSync(from);
    if (made !== undefined) {
      closeSync(made.descriptor);
      if (!done) rmSync(made.file, { force: true });
    }
  }
}

/**
 * The same for bytes that come without a file, as from a browser. Throws an `ImportError`.
 *
 * @param name anybody's word
 */
export function importBytes(name: string, bytes: Uint8Array, workspace: string, kind: ProvenanceKind): NotedFile {
  if (bytes.length > largestHashed) throw new ImportError(`${name} is larger than ${largestHashed / 1024 ** 2} MB, which is not imported.`);
  const { file, descriptor } = newFile(madeFolder(workspace), plainName(name));
  let done = false;
  try {
    writeAll(descriptor, bytes);
    done = true;
    return { path: file, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, kind, label: name };
  } catch (error) {
    throw new ImportError(`${name} cannot be imported (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, { cause: error });
  } finally {
    closeSync(descriptor);
    if (!done) rmSync(file, { force: true });
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written, bytes.length - written);
}

/** The folder for imports; refused where it is a link, which could lead to a protected place in the workspace as well as out of it */
function madeFolder(workspace: string): string {
  const folder = path.join(workspace, importFolder);
  try {
    mkdirSync(folder, { recursive: true });
    if (!lstatSync(folder).isDirectory()) throw new ImportError(`“${importFolder}” is a link, so nothing was imported; remove it.`);
    return realpathSync.native(folder);
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(`“${importFolder}” cannot be made in the workspace (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, { cause: error });
  }
}

/** Neither hidden nor read as configuration by a program that looks for its name, whatever the file was called */
function plainName(name: string): string {
  const plain = name.replaceAll(/[\0-\x1f\x7f/\\:*?"<>|]/g, '_').replace(/^[.\s]+/, '').replace(/[.\s]+$/, '').slice(0, 150);
  return plain === '' ? 'file' : plain;
}

function newFile(folder: string, name: string): { readonly file: string; readonly descriptor: number } {
  const { name: stem, ext } = path.parse(name);
  for (let number = 1; number <= mostOfOneName; number += 1) {
    const file = path.join(folder, number === 1 ? name : `${stem} (${number})${ext}`);
    try {
      return { file, descriptor: openSync(file, 'wx', 0o644) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
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
