import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

/** Who holds a lock */
export interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** When the process started, where that can be told; a reused process id has another */
  readonly started?: string;
}

/** A lock that is held */
export interface HeldLock {
  /** Whether the file is still the one we made; cheap enough for every commit */
  holds(): boolean;
  /** Shows owners on other machines that we are there; false when the lock is no longer ours */
  beat(): boolean;
  release(): void;
}

/** A lock of another machine counts as left behind when it was not touched for this long, in milliseconds */
const foreignPatience = 60_000;

/**
 * Takes the lock file, or tells who has it. At most one process ever holds it: making the file is a `link`, which only one can
 * win, and a lock that was left behind is inherited by whoever first makes `lock.after-<its id>`. Where that heir dies in the
 * middle, its own id has an heir in turn. An heir looks at the lock again before it replaces it, so one that slept is harmless.
 */
export function takeLock(file: string): { readonly held: HeldLock } | { readonly owner: Owner } {
  const mine: Owner = { id: randomBytes(16).toString('hex'), pid: process.pid, host: hostname(), ...startOf(process.pid) };
  const temporary = `${file}.${mine.id}`;
  try {
    writeFileSync(temporary, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
    for (;;) {
      if (linkIfFree(temporary, file)) return { held: held(file, mine) };
      const found = readOwner(file);
      if (found === undefined) continue;
      const outcome = inherit(file, temporary, found, mine);
      if (outcome === 'again') continue;
      return outcome === 'mine' ? { held: held(file, mine) } : { owner: outcome };
    }
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Walks from the owner of the lock along its dead heirs; the live one at the end has it, or else we do */
function inherit(file: string, temporary: string, first: Owner, mine: Owner): Owner | 'mine' | 'again' {
  const steps: string[] = [];
  let last: Owner = first;
  for (;;) {
    if (isAlive(last, last === first ? file : heirFile(file, steps.at(-1) ?? ''))) return last;
    const next = heirFile(file, last.id);
    if (linkIfFree(temporary, next)) break;
    const heir = readOwner(next);
    if (heir === undefined) return 'again';
    steps.push(last.id);
    last = heir;
  }
  steps.push(last.id);
  if (readOwner(file)?.id !== first.id) {
    rmSync(heirFile(file, last.id), { force: true });
    return 'again';
  }
  // Nobody else may replace the lock now: they would need the name that is ours
  const replacement = `${temporary}.lock`;
  writeFileSync(replacement, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
  renameSync(replacement, file);
  for (const id of steps.toReversed()) rmSync(heirFile(file, id), { force: true });
  return 'mine';
}

function heirFile(file: string, id: string): string {
  return `${file}.after-${id}`;
}

/** Files that processes left behind which died while they tried; those that are trying now made theirs a moment ago */
function sweep(file: string): void {
  const folder = path.dirname(file);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${path.basename(file)}.`)) continue;
    const found = lstatSync(path.join(folder, name), { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > foreignPatience) rmSync(path.join(folder, name), { force: true, recursive: true });
  }
}

function held(file: string, mine: Owner): HeldLock {
  sweep(file);
  const inode = lstatSync(file).ino;
  const holds = (): boolean => lstatSync(file, { throwIfNoEntry: false })?.ino === inode;
  return {
    holds,
    beat() {
      if (!holds() || readOwner(file)?.id !== mine.id) return false;
      utimesSync(file, new Date(), new Date());
      return true;
    },
    release() {
      if (readOwner(file)?.id === mine.id) rmSync(file, { force: true });
    },
  };
}

/** Makes `to` a second name of `from`; false when `to` is taken */
function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links (exFAT, some shares)
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
  }
  try {
    writeFileSync(to, readFileSync(from), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Who a lock file names; `undefined` when it is gone. What cannot be read has an owner that never lived, so it is inherited */
function readOwner(file: string): Owner | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const nobody = { id: `unreadable-${path.basename(file)}-${found.ino}`, pid: 0, host: hostname() };
  if (!found.isFile() || found.size > 4096) return nobody;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { id, pid, host, started } = JSON.parse(text) as Record<string, unknown>;
    if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id) || typeof pid !== 'number' || typeof host !== 'string') return nobody;
    return { id, pid, host, ...(typeof started === 'string' && { started }) };
  } catch {
    // Not JSON: written by somebody else, or half written where there are no hard links
    return nobody;
  }
}

function isAlive(owner: Owner, file: string): boolean {
  if (owner.host !== hostname()) {
    const touched = lstatSync(file, { throwIfNoEntry: false })?.mtimeMs;
    return touched !== undefined && Date.now() - touched < foreignPatience;
  }
  if (!Number.isInteger(owner.pid) || owner.pid <= 0) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to somebody else
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // Where the start can be told, a lock without it is none of ours: a repository that ships one must not keep us out
  const { started } = startOf(owner.pid);
  return started === undefined || owner.started === started;
}

/** Field 22 of /proc/<pid>/stat (proc(5)), counted behind the program's name, which may hold spaces and brackets */
function startOf(pid: number): { readonly started?: string } {
  if (process.platform !== 'linux') return {};
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    // Ticks count from the start of the machine, so they are only worth something together with which start that was
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return ticks === undefined ? {} : { started: `${boot}:${ticks}` };
  } catch {
    // Gone in between, or /proc is not mounted: then the process id alone decides
    return {};
  }
}
