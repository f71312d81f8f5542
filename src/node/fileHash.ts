import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Files beyond this are not read for their hash, in bytes; what is imported is no larger */
export const largestHashed = 64 * 1024 * 1024;
const portion = 1024 * 1024;

/** See `Files.hashOf`. A pipe or a device is neither waited for nor read */
export function hashOfFile(file: string, sizes: ReadonlySet<number>): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size } = fstatSync(descriptor);
    if (!fstatSync(descriptor).isFile() || size > largestHashed || !sizes.has(size)) return undefined;
    const hash = createHash('sha256');
    const bytes = Buffer.allocUnsafe(Math.min(portion, size + 1));
    for (let at = 0, read = -1; read !== 0; at += read) {
      read = readSync(descriptor, bytes, 0, bytes.length, at);
      // It grows while it is read: then it is another file than the one of that size
      if (at + read > size) return undefined;
      hash.update(bytes.subarray(0, read));
    }
    return hash.digest('hex');
  } catch {
    // Not there, or not ours to read: then a read of it fails too
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
