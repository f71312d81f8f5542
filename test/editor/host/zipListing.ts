/** A file in an archive */
export interface ZipEntry {
  readonly name: string;
  /** Unpacked, in bytes */
  readonly size: number;
}

const entryMark = 0x02014b50;
const entryLength = 46;

/** The central directory of a zip archive, as the archive itself lists it (APPNOTE 4.3.12) */
export function zipListing(bytes: Buffer): readonly ZipEntry[] {
  const endMark = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
  const end = bytes.lastIndexOf(endMark);
  if (end < 0) throw new Error('this is no zip archive');
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  while (bytes.readUInt32LE(at) === entryMark) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + entryLength, at + entryLength + nameLength);
    entries.push({ name, size: bytes.readUInt32LE(at + 24) });
    at += entryLength + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}
