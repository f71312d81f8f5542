import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

/**
 * Remembers what a disk may lose in a power cut: of each file what came after its last fsync, of each folder the names that came
 * or went after its last fsync. Watches the calls of this process below the given folders, so it must be made before anything
 * that uses `node:fs` is loaded. Linux only.
 */
export class SimulatedDisk {
  readonly #roots: readonly string[];
  /** What surely is in each file, by inode */
  readonly #contents = new Map<number, Buffer>();
  /** Which names surely are in each folder */
  readonly #names = new Map<string, ReadonlyMap<string, number>>();
  readonly #random: () => number;
  /** Asked before each call that makes something safe or gives it a name */
  onCall: () => void = () => undefined;

  constructor(roots: readonly string[], random: () => number) {
    this.#roots = roots;
    this.#random = random;
    for (const root of roots) this.#names.set(root, new Map());
    this.#watch();
  }

  /** Writes one of the states that a power cut could leave now to `target`, one folder per root */
  cut(target: string): void {
    this.#roots.forEach((root, index) => this.#copy(root, path.join(target, String(index))));
  }

  #copy(folder: string, target: string): void {
    fs.mkdirSync(target, { recursive: true });
    const names = this.#random() < 0.5 && fs.existsSync(folder) ? namesIn(folder) : (this.#names.get(folder) ?? new Map<string, number>());
    for (const [name, inode] of names) {
      const from = path.join(folder, name);
      if (this.#isFolder(from, inode)) this.#copy(from, path.join(target, name));
      else fs.writeFileSync(path.join(target, name), this.#content(from, inode), { mode: 0o600 });
    }
  }

  #isFolder(file: string, inode: number): boolean {
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    return found?.ino === inode && found.isDirectory();
  }

  /** The safe content, or what was written since as well, or a part of that */
  #content(file: string, inode: number): Buffer {
    const safe = this.#contents.get(inode) ?? Buffer.alloc(0);
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    if (found?.ino !== inode || this.#random() < 0.5) return safe;
    const current = fs.readFileSync(file);
    if (current.length <= safe.length || this.#random() < 0.5) return current;
    return current.subarray(0, safe.length + Math.floor(this.#random() * (current.length - safe.length)));
  }

  #isInside(file: string): boolean {
    return this.#roots.some((root) => file === root || file.startsWith(`${root}/`));
  }

  #safe(descriptor: number): void {
    const file = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
    if (!this.#isInside(file)) return;
    const found = fs.fstatSync(descriptor);
    if (found.isDirectory()) this.#names.set(file, namesIn(file));
    else this.#contents.set(found.ino, fs.readFileSync(`/proc/self/fd/${descriptor}`));
  }

  #watch(): void {
    const { fsyncSync, fsync, renameSync, openSync, linkSync } = fs;
    fs.fsyncSync = (descriptor) => {
      this.onCall();
      fsyncSync(descriptor);
      this.#safe(descriptor);
    };
    const watched = (descriptor: number, done: fs.NoParamCallback): void => {
      this.onCall();
      fsync(descriptor, (error) => {
        if (error === null) this.#safe(descriptor);
        done(error);
      });
    };
    fs.fsync = Object.assign(watched, { __promisify__: fsync.__promisify__ });
    fs.renameSync = (from, to) => {
      this.onCall();
      renameSync(from, to);
      this.onCall();
    };
    fs.linkSync = (from, to) => {
      linkSync(from, to);
      this.onCall();
    };
    fs.openSync = (file, ...rest) => {
      const descriptor = openSync(file, ...rest);
      // A number that another file had before; what was safe of that one is not of this
      const found = fs.fstatSync(descriptor);
      if (found.isFile() && found.size === 0 && this.#isInside(path.resolve(String(file)))) this.#contents.delete(found.ino);
      return descriptor;
    };
    syncBuiltinESMExports();
  }
}

function namesIn(folder: string): ReadonlyMap<string, number> {
  return new Map(fs.readdirSync(folder).map((name) => [name, fs.lstatSync(path.join(folder, name)).ino]));
}
