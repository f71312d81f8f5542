import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from './durable.ts';

/** Where everything lies in `.cowork/policy` of one workspace folder */
export interface StoreFolder {
  /** Canonical workspace folder */
  readonly workspace: string;
  readonly cowork: string;
  readonly folder: string;
  readonly journal: string;
  readonly database: string;
  readonly manifest: string;
  /** The policy script, where the repository has one */
  readonly script: string;
  readonly lock: string;
}

export function storeFolder(workspace: string): StoreFolder {
  const cowork = path.join(workspace, '.cowork');
  const folder = path.join(cowork, 'policy');
  return {
    workspace,
    cowork,
    folder,
    journal: path.join(folder, 'journal.ndjson'),
    database: path.join(folder, 'policy.db'),
    manifest: path.join(folder, 'permissions.json'),
    script: path.join(folder, 'policy.js'),
    lock: path.join(folder, 'lock'),
  };
}

/** Where the journal that comes next is written before it takes its place */
export function nextJournal(place: StoreFolder): string {
  return `${place.journal}.new`;
}

/** Closed segment number `n`, from 1 */
export function closedSegment(place: StoreFolder, n: number): string {
  return path.join(place.folder, `journal-${n}.ndjson`);
}

/** Numbers of the closed segments that are there, ascending */
export function closedSegments(place: StoreFolder): number[] {
  if (!existsSync(place.folder)) return [];
  return readdirSync(place.folder)
    .map((name) => /^journal-([1-9]\d{0,8})\.ndjson$/.exec(name)?.[1])
    .filter((number) => number !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Thrown where something of a hostile or unknown form stands where our folder should be */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly file: string;
  constructor(message: string, file: string) {
    super(message);
    this.file = file;
  }
}

/** Whether the folder is there; throws a `FolderError` where it, or the way to it, is a link or no folder */
export function folderExists(place: StoreFolder): boolean {
  for (const folder of [place.cowork, place.folder]) {
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return false;
    if (found.isSymbolicLink()) throw new FolderError(`${folder} is a link, so nothing is read or recorded there; replace it by a folder`, folder);
    if (!found.isDirectory()) throw new FolderError(`${folder} is not a folder, so nothing can be recorded there; move it away`, folder);
  }
  return true;
}

/** What is for others to see, and so goes into git */
const ignored = '*\n!.gitignore\n!permissions.json\n!policy.js\n';
/** What was written before there were policy scripts */
const ignoredBefore = '*\n!.gitignore\n!permissions.json\n';

/** Creates the folder for its owner alone, and the `.gitignore` that keeps all but the mirror and the script out of git */
export function createFolder(place: StoreFolder): void {
  // Looked at before and after: neither a link that is there nor one that comes in between is gone through unseen
  folderExists(place);
  makeFolder(place.cowork, 0o777);
  makeFolder(place.folder, 0o700);
  folderExists(place);
  const ignore = path.join(place.folder, '.gitignore');
  const found = lstatSync(ignore, { throwIfNoEntry: false });
  if (found === undefined || (found.isFile() && found.size === ignoredBefore.length && readFileSync(ignore, 'utf8') === ignoredBefore)) replaceFile(ignore, ignored);
}

/**
 * The bytes of a plain file, or `undefined` when there is none. Links, pipes and devices, and files over `largest` bytes,
 * are a `FolderError`: nothing in a workspace may lead a reader elsewhere, make it wait, or fill its memory.
 */
export function readPlainFile(file: string, largest: number): Buffer | undefined {
  const descriptor = openPlainFile(file, constants.O_RDONLY);
  if (descriptor === undefined) return undefined;
  try {
    if (fstatSync(descriptor).size > largest) throw new FolderError(`${file} is larger than ${largest < 1024 ** 2 ? `${largest / 1024} KiB` : `${Math.floor(largest / 1024 ** 2)} MiB`}; move it away`, file);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Opens a plain file without following a link at its end; `undefined` when there is none */
export function openPlainFile(file: string, flags: number): number | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new FolderError(`${file} is ${found.isSymbolicLink() ? 'a link' : 'no plain file'}; replace it by a plain file or remove it`, file);
  // It may have become something else since the look: the flags hold for what is really opened. Windows has neither flag
  const descriptor = openSync(file, flags | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  const opened = fstatSync(descriptor);
  if (opened.isFile() && opened.ino === found.ino) return descriptor;
  closeSync(descriptor);
  throw new FolderError(`${file} changed while it was opened; try again`, file);
}

/** Renames something out of the way as `<name>.<label>-<time>` and returns the new path; renaming never follows a link */
export function setAside(file: string, label: 'foreign' | 'broken', now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  for (let attempt = 0; ; attempt += 1) {
    const aside = `${file}.${label}-${stamp}${attempt === 0 ? '' : `-${attempt}`}`;
    if (lstatSync(aside, { throwIfNoEntry: false }) !== undefined) continue;
    renameSync(file, aside);
    return aside;
  }
}
