import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HeldFolder } from '../tools/files/heldFolder.ts';
import { holdFolder, withParent } from '../tools/files/holdFolder.ts';
import { isToolError } from '../tools/toolError.ts';
import { type PlaceHolder, type ProtectedEntries, protectedEntries } from './protectedEntries.ts';
import type { SandboxSettings } from './sandbox.ts';

/** How long to wait for another run that is putting up or taking down place holders, in milliseconds */
const longestWait = 5_000;

/** What protects a workspace while one command runs */
export interface Protection {
  readonly entries: ProtectedEntries;
  /** Takes down the place holders, unless another run still leans on them; what cannot be done now is left to the next run */
  release(): Promise<void>;
}

/**
 * Puts place holders where protected files are missing, so that a read-only mount can cover them. Runs of several windows
 * share them: each leaves a note of itself, and the last one takes down what any of them put up. What a run that was
 * killed left behind goes with the next.
 */
export async function protectWorkspace(workspace: string, userFolder: string, also: readonly string[] = []): Promise<Protection> {
  const folder = path.join(userFolder, 'sandbox', createHash('sha256').update(workspace).digest('hex').slice(0, 32));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const note = path.join(folder, `${process.pid}-${nextNote()}.run`);
  const entries = await alone(folder, async () => {
    const standing = readdirSync(folder).some(isNote) ? stillStanding(folder) : new Set<string>();
    const looked = protectedEntries(workspace, also, standing);
    // Noted before it is put up: what is killed between the two leaves a name too many, never one too few
    writeFileSync(note, JSON.stringify(looked.missing), { mode: 0o600 });
    // All at once, and beside whatever the caller does meanwhile: on a busy disk each takes its time
    const put = await Promise.allSettled(looked.missing.map((holder) => putUp(holder, standing.has(holder.path))));
    const failed = put.find((each) => each.status === 'rejected');
    if (failed === undefined) return looked;
    takeDownFor(folder, note);
    throw failed.reason;
  });
  let released = false;
  return {
    entries,
    async release() {
      if (released) return;
      released = true;
      await alone(folder, () => Promise.resolve(takeDownFor(folder, note)));
    },
  };
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
export async function protectWritten({ workspace, userFolder, readOnly, alsoProtected, extraMounts = [] }: SandboxSettings): Promise<Protection> {
  const written = extraMounts.filter(({ writable }) => writable).map((mount) => mount.path);
  const made = await Promise.allSettled([...(readOnly === true ? [] : [protectWorkspace(workspace, userFolder, alsoProtected)]), ...written.map((folder) => protectWorkspace(folder, userFolder))]);
  const protections = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const release = async (): Promise<void> => void (await Promise.all(protections.map((each) => each.release())));
  const failed = made.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    await release();
    throw failed.reason;
  }
  const found = protections.map(({ entries }) => entries);
  return { entries: { held: found.flatMap(({ held }) => held), readOnly: found.flatMap((each) => each.readOnly), missing: found.flatMap(({ missing }) => missing) }, release };
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

/** Through the held folder: a command that goes on may put a link on the way to it */
async function putUp({ path: file, text }: PlaceHolder, mayStand: boolean): Promise<void> {
  try {
    await withParent(file, (folder, name) => (text === undefined ? mkdir(folder.at(name), { mode: 0o755 }) : writeFile(folder.at(name), text, { flag: 'wx', mode: 0o644 })));
  } catch (error) {
    if (!mayStand || (error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Names of place holders that runs put up; those of ended runs stand in `left` */
const leftName = 'left.json';

function keepForLast(folder: string, note: string): void {
  const left = [...readList(path.join(folder, leftName)), ...readList(note)];
  writeFileSync(path.join(folder, leftName), JSON.stringify(left), { mode: 0o600 });
  unlinkSync(note);
}

/** Where no run is left that leans on them, takes down all place holders */
function clearLeft(folder: string): void {
  const runs = readdirSync(folder).filter((name) => name.endsWith('.run'));
  const living = runs.filter((name) => isAlive(Number.parseInt(name, 10)));
  for (const name of runs) if (!living.includes(name)) keepForLast(folder, path.join(folder, name));
  if (living.length > 0) return;
  for (const holder of readList(path.join(folder, leftName)).toReversed()) takeDown(holder);
  rmSync(path.join(folder, leftName), { force: true });
}

function takeDown({ path: file, text }: PlaceHolder): void {
  let folder: HeldFolder | undefined;
  try {
    folder = holdFolder(path.dirname(file), false);
    const own = folder.at(path.basename(file));
    // Only what is as we made it: a folder that got something in it, or a file with another text, is somebody's now
    if (text === undefined) rmdirSync(own);
    else if (readFileSync(own, 'utf8') === text) unlinkSync(own);
  } catch (error) {
    // What it stood in is gone, or a link now
    if (isToolError(error) && ['not_found', 'not_a_folder', 'changed'].includes(error.code)) return;
    if (!['ENOENT', 'ENOTEMPTY', 'ENOTDIR', 'EEXIST', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    folder?.close();
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
async function alone<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  for (const began = performance.now(); performance.now() - began < longestWait; await new Promise((resolve) => setTimeout(resolve, 2))) {
    if (!tryLock(folder)) continue;
    try {
      return await work();
    } finally {
      unlock(folder);
    }
  }
  throw new Error(`another run has been busy at ${folder} for too long`);
}

function tryLock(folder: string): boolean {
  const lock = path.join(folder, 'lock');
  try {
    mkdirSync(lock, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Held for a moment only: an old one belongs to a process that was killed
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > longestWait / 2) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function unlock(folder: string): void {
  rmdirSync(path.join(folder, 'lock'));
}
