import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HeldFolder } from '../tools/files/heldFolder.ts';
import { holdFolder } from '../tools/files/holdFolder.ts';
import { isToolError } from '../tools/toolError.ts';
import { type PlaceHolder, type ProtectedEntries, protectedEntries } from './protectedEntries.ts';
import type { SandboxSettings } from './sandbox.ts';

/** How long to wait for another run that is putting up or taking down place holders, in milliseconds */
const longestWait = 5_000;

/** What protects a workspace while one command runs */
export interface Protection {
  readonly entries: ProtectedEntries;
  /** Names that no place holder was put up for: what covers them has to be mounted there, which makes a folder of that name */
  readonly covers: readonly string[];
  /** Takes down the place holders, unless another run still leans on them; what cannot be done now is left to the next run */
  release(): Promise<void>;
}

/**
 * Puts place holders where protected files are missing, so that a read-only mount can cover them. Runs of several windows
 * share them: each leaves a note of itself, and the last one takes down what any of them put up. What a run that was
 * killed left behind goes with the next.
 *
 * @param mountsMakeFolders the caller mounts something over each name right in the workspace, by which a folder is made there.
 * Deeper ones are put up all the same: only the workspace itself is there whatever becomes of links. So are all where the
 * workspace is another user's: who mounts in a namespace of users may make nothing there, whatever we may
 */
export async function protectWorkspace(workspace: string, userFolder: string, also: readonly string[] = [], mountsMakeFolders = false): Promise<Protection> {
  const folder = path.join(userFolder, 'sandbox', createHash('sha256').update(workspace).digest('hex').slice(0, 32));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const note = path.join(folder, `${process.pid}-${nextNote()}.run`);
  const made = await alone(folder, () => {
    const standing = readdirSync(folder).some(isNote) ? stillStanding(folder) : new Set<string>();
    const looked = protectedEntries(workspace, also, standing);
    // Noted before it is put up: what is killed between the two leaves a name too many, never one too few
    writeFileSync(note, JSON.stringify(looked.missing), { mode: 0o600 });
    const left = mountsMakeFolders && statSync(workspace).uid === process.geteuid?.();
    const covers = looked.missing.filter(({ path: file, text }) => left && text === undefined && path.dirname(file) === workspace);
    const missing = looked.missing.filter((holder) => !covers.includes(holder));
    try {
      putUp(missing, standing);
    } catch (error) {
      takeDownFor(folder, note);
      throw error;
    }
    return { entries: { ...looked, missing }, covers: covers.map((holder) => holder.path) };
  });
  let released = false;
  return {
    ...made,
    async release() {
      if (released) return;
      released = true;
      await alone(folder, () => takeDownFor(folder, note));
    },
  };
}

/** A folder with nothing in it, to cover a name with; made where it is missing */
export function emptyFolder(userFolder: string): string {
  const folder = path.join(userFolder, 'sandbox', 'nothing');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Whether a file tells of place holders */
function isNote(name: string): boolean {
  return name.endsWith('.run') || name === leftName;
}

/** The place holders of runs that go on; those of others are taken down first */
function stillStanding(folder: string): ReadonlySet<string> {
  clearLeft(folder);
  return new Set(readdirSync(folder).filter(isNote).flatMap((name) => readList(path.join(folder, name)).map((holder) => holder.path)));
}

/** Protects all that a run may write to: the workspace, and folders besides it that it may write to */
export async function protectWritten({ workspace, userFolder, readOnly, alsoProtected, extraMounts = [] }: SandboxSettings, mountsMakeFolders = false): Promise<Protection> {
  const written = extraMounts.filter(({ writable }) => writable).map((mount) => mount.path);
  const made = await Promise.allSettled([...(readOnly === true ? [] : [protectWorkspace(workspace, userFolder, alsoProtected, mountsMakeFolders)]), ...written.map((folder) => protectWorkspace(folder, userFolder, [], mountsMakeFolders))]);
  const protections = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const release = async (): Promise<void> => void (await Promise.all(protections.map((each) => each.release())));
  const failed = made.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    await release();
    throw failed.reason;
  }
  const found = protections.map(({ entries }) => entries);
  return {
    entries: { held: found.flatMap(({ held }) => held), readOnly: found.flatMap((each) => each.readOnly), missing: found.flatMap(({ missing }) => missing) },
    covers: protections.flatMap(({ covers }) => covers), release,
  };
}

/** The run of this note is over */
function takeDownFor(folder: string, note: string): void {
  keepForLast(folder, note);
  clearLeft(folder);
}

let notes = 0;
function nextNote(): number {
  notes += 1;
  return notes;
}

function putUp(holders: readonly PlaceHolder[], standing: ReadonlySet<string>): void {
  for (const [parent, inIt] of byParent(holders)) {
    const folder = holdFolder(parent, false);
    try {
      for (const { path: file, text } of inIt) make(folder.at(path.basename(file)), text, standing.has(file));
    } finally {
      folder.close();
    }
  }
}

function make(own: string, text: string | undefined, mayStand: boolean): void {
  try {
    if (text === undefined) mkdirSync(own, { mode: 0o755 });
    else writeFileSync(own, text, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    if (!mayStand || (error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * The folders that place holders lie in, inner ones first. Each is held while something is done in it: a command that goes on may
 * put a link on the way to it
 */
function byParent(holders: readonly PlaceHolder[]): readonly (readonly [parent: string, inIt: readonly PlaceHolder[]])[] {
  const parents = new Map<string, PlaceHolder[]>();
  for (const holder of holders) {
    const parent = path.dirname(holder.path);
    parents.set(parent, [...(parents.get(parent) ?? []), holder]);
  }
  return [...parents].toSorted(([a], [b]) => b.length - a.length);
}

/** Names of place holders that runs put up; those of ended runs stand in `left` */
const leftName = 'left.json';

function keepForLast(folder: string, note: string): void {
  const left = path.join(folder, leftName);
  const before = readList(left);
  if (before.length > 0) writeFileSync(note, JSON.stringify([...before, ...readList(note)]), { mode: 0o600 });
  renameSync(note, left);
}

/** Where no run is left that leans on them, takes down all place holders */
function clearLeft(folder: string): void {
  const runs = readdirSync(folder).filter((name) => name.endsWith('.run'));
  const living = runs.filter((name) => isAlive(Number.parseInt(name, 10)));
  for (const name of runs) if (!living.includes(name)) keepForLast(folder, path.join(folder, name));
  if (living.length > 0) return;
  takeDown(readList(path.join(folder, leftName)));
  rmSync(path.join(folder, leftName), { force: true });
}

function takeDown(holders: readonly PlaceHolder[]): void {
  for (const [parent, inIt] of byParent(holders)) {
    const folder = holdIfThere(parent);
    try {
      for (const { path: file, text } of inIt) if (folder !== undefined) takeOff(folder.at(path.basename(file)), text);
    } finally {
      folder?.close();
    }
  }
}

/** Only what is as we made it: a folder that got something in it, or a file with another text, is somebody's now */
function takeOff(own: string, text: string | undefined): void {
  try {
    if (text === undefined) rmdirSync(own);
    else if (readFileSync(own, 'utf8') === text) unlinkSync(own);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'ENOTDIR', 'EEXIST', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Nothing where it is gone, or a link now */
function holdIfThere(folder: string): HeldFolder | undefined {
  try {
    return holdFolder(folder, false);
  } catch (error) {
    if (isToolError(error) && ['not_found', 'not_a_folder', 'changed'].includes(error.code)) return undefined;
    throw error;
  }
}

function readList(file: string): PlaceHolder[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PlaceHolder[];
  } catch (error) {
    // Not there, or cut short by a crash: nothing that could be taken down by it
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Does `work` while no other process, nor another run of this one, is at the same place */
async function alone<Result>(folder: string, work: () => Result): Promise<Result> {
  const lock = path.join(folder, 'lock');
  for (const began = performance.now(); performance.now() - began < longestWait; await new Promise((resolve) => setTimeout(resolve, 2))) {
    if (!tryLock(lock)) continue;
    try {
      return work();
    } finally {
      unlinkSync(lock);
    }
  }
  throw new Error(`another run has been busy at ${folder} for too long`);
}

function tryLock(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Held for a moment only: an old one belongs to a process that was killed
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > longestWait / 2) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
