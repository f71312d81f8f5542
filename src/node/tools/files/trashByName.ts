import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { ToolError } from '../toolError.ts';
import type { HeldFolder } from './heldFolder.ts';
import type { Trash } from './trash.ts';

/**
 * A trash that can only be told a name, as systems have it. The entry first goes, through the held folder, into a folder beside it
 * that nobody could know the name of: a link that takes the place of a folder on the way leads to where there is no such name.
 *
 * @param remove puts what has this path into the trash; false where there is none for it
 */
export function trashByName(remove: (file: string) => Promise<boolean>): Trash {
  return {
    async put(folder, name) {
      const aside = `.cowork-${randomBytes(12).toString('hex')}`;
      mkdirSync(folder.at(aside), { mode: 0o700 });
      const held = folder.openFolder(aside);
      let [moved, gone] = [false, false];
      try {
        renameSync(folder.at(name), held.at(name));
        moved = true;
        gone = (await remove(path.join(held.path, name))) && lstatSync(held.at(name), { throwIfNoEntry: false }) === undefined;
        return gone;
      } finally {
        try {
          if (moved && !gone) putBack(held, folder, name);
        } finally {
          held.close();
        }
        rmdirSync(folder.at(aside));
      }
    },
  };
}

/** Where something else took its place meanwhile, neither is lost: the entry stays where it is, and that is said */
function putBack(from: HeldFolder, to: HeldFolder, name: string): void {
  if (lstatSync(to.at(name), { throwIfNoEntry: false }) !== undefined) {
    throw new ToolError('changed', `The trash did not take it, and something else stands at ${path.join(to.path, name)} now; it is kept at ${path.join(from.path, name)}.`);
  }
  renameSync(from.at(name), to.at(name));
}
