import { type Dirent, readdirSync } from 'node:fs';
import { fileError } from '../toolError.ts';
import type { HeldFolder } from './heldFolder.ts';

/** One entry below a folder; the folder it lies in is held while it is looked at */
export interface Entry {
  readonly folder: HeldFolder;
  readonly name: string;
  /** `link` is never followed; `other`: a pipe, a socket, a device */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** The entries of a held folder, by name */
export function entriesOf(folder: HeldFolder): readonly Entry[] {
  try {
    const entries = readdirSync(folder.at(''), { withFileTypes: true });
    return entries.map((entry) => ({ folder, name: entry.name, kind: kindOf(entry) })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw fileError(error, folder.path);
  }
}

/** Everything below a held folder, each folder before what lies in it. `into` says which folders are looked into; links never are */
export function* entriesBelow(folder: HeldFolder, into: (entry: Entry) => boolean = () => true): Generator<Entry> {
  for (const entry of entriesOf(folder)) {
    yield entry;
    if (entry.kind !== 'folder' || !into(entry)) continue;
    const inner = folder.openFolder(entry.name);
    try {
      yield* entriesBelow(inner, into);
    } finally {
      inner.close();
    }
  }
}

function kindOf(entry: Dirent): Entry['kind'] {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}
