import { type Stats, lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { ToolError } from '../toolError.ts';
import { type HeldFolder, makeMissing, moved } from './heldFolder.ts';

/** A folder that is held by its name alone, for systems without handles of folders: looked at again before each step */
export class NamedFolder implements HeldFolder {
  readonly path: string;
  readonly #stats: Stats;

  constructor(canonical: string) {
    this.path = canonical;
    this.#stats = lstatSync(canonical);
    if (this.#stats.isSymbolicLink()) throw moved(canonical);
    if (!this.#stats.isDirectory()) throw new ToolError('not_a_folder', `${canonical} is no folder.`);
    this.verify();
  }

  at(name: string): string {
    this.verify();
    return path.join(this.path, name);
  }

  openFolder(name: string): HeldFolder {
    return new NamedFolder(path.join(this.path, name));
  }

  makeFolder(name: string): HeldFolder {
    makeMissing(this, name);
    return this.openFolder(name);
  }

  verify(): void {
    const now = lstatSync(this.path);
    if (now.ino !== this.#stats.ino || now.dev !== this.#stats.dev || realpathSync.native(this.path) !== this.path) throw moved(this.path);
  }

  close(): void {
    // Nothing is held open
  }
}
