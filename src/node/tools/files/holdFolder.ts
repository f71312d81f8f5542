import path from 'node:path';
import { ToolError, fileError } from '../toolError.ts';
import { holdRoot, throughHandles } from './handleFolder.ts';
import type { HeldFolder } from './heldFolder.ts';
import { NamedFolder } from './namedFolder.ts';

/**
 * Opens the folder of a canonical path and calls; closes it whatever happens.
 *
 * @param make also makes the folders that are missing
 */
export async function withFolder<Value>(canonical: string, use: (folder: HeldFolder) => Promise<Value>, make = false): Promise<Value> {
  const folder = holdFolder(canonical, make);
  try {
    return await use(folder);
  } finally {
    folder.close();
  }
}

/** Opens the folder a canonical path lies in, and calls with the name in it */
export function withParent<Value>(canonical: string, use: (folder: HeldFolder, name: string) => Promise<Value>, make = false): Promise<Value> {
  const native = path.resolve(canonical);
  const parent = path.dirname(native);
  if (parent === native) throw new ToolError('bad_input', 'This is the root of the file system.');
  return withFolder(parent, (folder) => use(folder, path.basename(native)), make);
}

/** Opens the folder of a canonical path; it is the caller's to close */
export function holdFolder(canonical: string, make: boolean): HeldFolder {
  const native = path.resolve(canonical);
  const { root } = path.parse(native);
  const names = native.slice(root.length).split(path.sep).filter((name) => name !== '');
  try {
    let folder: HeldFolder = throughHandles ? holdRoot(root) : new NamedFolder(root);
    for (const name of names) {
      const before = folder;
      try {
        folder = make ? before.makeFolder(name) : before.openFolder(name);
      } finally {
        before.close();
      }
    }
    return folder;
  } catch (error) {
    throw fileError(error, canonical);
  }
}
