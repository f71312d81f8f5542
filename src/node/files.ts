import { type Stats, closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { hashOfFile } from './fileHash.ts';
import type { Files } from '../core/surroundings.ts';

/** As many links in a row as Linux follows (path_resolution(7)) */
const mostLinks = 40;
const largestText = 1024 * 1024;

/** The file system of this machine, as reading a request sees it; nothing is cached, since a link may change between two requests */
export function nodeFiles(): Files {
  return { resolve: (absolutePath) => resolve(absolutePath), readText, hashOf: hashOfFile };
}

/**
 * The canonical form of a path whose tail may not exist. A link that leads nowhere yet is followed all the same, because
 * writing through it creates the file it names: with `w -> /etc/cron.d/x`, `resolve('/ws/w')` is `/etc/cron.d/x`. `..` behind a
 * link goes to the parent of what the link names, as the system itself walks.
 */
function resolve(absolutePath: string, links = 0): string | undefined {
  if (!path.isAbsolute(absolutePath) || absolutePath.includes('\0')) return undefined;
  const missing: string[] = [];
  let current = absolutePath;
  try {
    for (;;) {
      const found = look(current);
      if (found === undefined) {
        const parent = path.dirname(current);
        if (parent === current) return undefined;
        missing.push(path.basename(current));
        current = parent;
        continue;
      }
      const real = realpath(current);
      if (real !== undefined) return slashes(missing.reduceRight((folder, name) => path.join(folder, name), real));
      if (!found.isSymbolicLink() || links >= mostLinks) return undefined;
      const target = readlinkSync(current);
      const led = path.isAbsolute(target) ? target : `${realpathSync.native(path.dirname(current))}/${target}`;
      return resolve([led, ...missing.toReversed()].join('/'), links + 1);
    }
  } catch {
    // A loop, no permission, a name that is too long: where the path leads cannot be told
    return undefined;
  }
}

/** `undefined` where there is nothing, also below something that is no folder */
export function look(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** `undefined` where a link on the way leads to nothing */
function realpath(existing: string): string | undefined {
  try {
    return realpathSync.native(existing);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function slashes(text: string): string {
  return path.sep === '\\' ? text.replaceAll('\\', '/') : text;
}

function readText(absolutePath: string): string | undefined {
  let descriptor: number | undefined;
  try {
    // Without waiting: a named pipe in place of package.json must not stop the gate
    descriptor = openSync(absolutePath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size, isFile } = ((stats) => ({ size: stats.size, isFile: stats.isFile() }))(fstatSync(descriptor));
    return isFile && size <= largestText ? readFileSync(descriptor, 'utf8') : undefined;
  } catch {
    // Not there or not readable; the caller asks a person then
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
