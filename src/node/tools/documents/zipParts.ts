import { strFromU8, unzipSync } from 'fflate';
import { DocumentError } from './document.ts';

/** What may be unpacked of one document, in bytes */
const mostUnpacked = 64 * 1024 * 1024;
/** A part that unpacks to more than so many times its size is no document's; small ones are let be */
const mostRatio = 200;
const smallPart = 1024 * 1024;
const mostEntries = 10_000;

/** Unpacks the parts of a document that are wanted, as text; refuses what unpacks to more than a document does */
export function zipParts(bytes: Uint8Array, wanted: (name: string) => boolean): ReadonlyMap<string, string> {
  let unpacked = 0;
  let entries = 0;
  const parts = unzipSync(bytes, {
    filter({ name, size, originalSize }) {
      entries += 1;
      if (entries > mostEntries) throw new DocumentError('It holds more parts than a document does.');
      if (!wanted(name)) return false;
      unpacked += originalSize;
      const bomb = unpacked > mostUnpacked || (originalSize > smallPart && originalSize > size * mostRatio);
      if (bomb) throw new DocumentError(`It would unpack to more than a document does (over ${mostUnpacked / 1024 ** 2} MB, or ${mostRatio} times its size).`);
      return true;
    },
  });
  return new Map(Object.entries(parts).map(([name, part]) => [name, strFromU8(part)]));
}
