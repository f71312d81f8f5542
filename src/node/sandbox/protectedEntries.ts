import { readdirSync } from 'node:fs';
import path from 'node:path';
import { builtInPlaces } from '../../core/policy/protectedPlaces.ts';
import { isGlob, wildcardsOverlap } from '../../core/rules/globMatch.ts';
import { look } from '../files.ts';

/** What must hold in a workspace while a command runs in it; paths are absolute */
export interface ProtectedEntries {
  /** Folders that stay writable but must not be renamed, since something protected lies in them. Outer ones first */
  readonly held: readonly string[];
  /** There, and only to be read */
  readonly readOnly: readonly string[];
  /** Not there, and not to be made: a place holder stands there while the command runs */
  readonly missing: readonly PlaceHolder[];
}

export interface PlaceHolder {
  readonly path: string;
  /** Text of a file; a folder where there is none */
  readonly text?: string;
}

/** What is mounted read only */
export function readOnlyPlaces(entries: ProtectedEntries | undefined): readonly string[] {
  return [...(entries?.readOnly ?? []), ...(entries?.missing ?? []).map((holder) => holder.path)];
}

/** All that is mounted by itself */
export function placesOf(entries: ProtectedEntries | undefined): readonly string[] {
  return [...(entries?.held ?? []), ...readOnlyPlaces(entries)];
}

/** In how many folders protected files below the top are looked for, the nearest first: looking takes time before every run */
const mostFolders = 2_000;
const passedOver: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', '.cache', '.venv', 'venv', 'target', 'dist', 'build']);

/** Places of spec 5 that stand by name in a workspace, as segments; a home or the system are not seen in a sandbox at all */
const named: readonly (readonly string[])[] = builtInPlaces
  .filter(({ kind, pattern }) => kind !== 'secret' && !/^(?:~|\/|[A-Za-z]:)/.test(pattern) && pattern !== '.git')
  .map(({ pattern }) => pattern.split('/'));
/** Names behind a wildcard that are known well enough to keep from being made */
const spelledOut: readonly (readonly string[])[] = [['.env'], ['.env.local'], ['.env.production'], ['.env.development']];
/**
 * Missing start-up files of shells do no harm in a workspace: a home is never one (see `bubblewrapSandbox`). Place holders
 * for all of them would only be in the way
 */
const onlyInHomes: ReadonlySet<string> = new Set([
  '.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile', '.zshrc', '.zshenv', '.zprofile', '.zlogin', '.zlogout', '.kshrc', '.cshrc', '.tcshrc', '.inputrc', '.config', 'profile.ps1',
]);
/** Git reads all its settings and hooks from where this file of a repository says */
const commonFolder: PlaceHolder = { path: 'commondir', text: '.' };

/** A protected place cannot be kept from being changed */
export class UnprotectableError extends Error {
  override readonly name = 'UnprotectableError';
}

/**
 * Looks at the workspace and says what to hold, as it is now. Throws an `UnprotectableError` where a protected place is a
 * link: a link cannot be held, so a command could put something else in its place.
 *
 * `standing` are place holders of other runs: they count as missing still.
 *
 * Below the top only what is there is protected, in the nearest 2,000 folders, however deep.
 */
export function protectedEntries(workspace: string, also: readonly string[] = [], standing: ReadonlySet<string> = new Set()): ProtectedEntries {
  const held = new Set<string>();
  const readOnly = new Set<string>();
  const missing = new Map<string, PlaceHolder>();

  const protect = (folder: string, segments: readonly string[], alsoMissing: boolean): void => {
    let current = folder;
    for (const [index, segment] of segments.entries()) {
      if (isGlob(segment)) {
        for (const name of namesIn(current)) if (wildcardsOverlap(segment, name.toLowerCase())) protect(current, [name, ...segments.slice(index + 1)], alsoMissing);
        return;
      }
      current = path.join(current, segment);
      const found = look(current);
      if (found?.isSymbolicLink() === true) throw new UnprotectableError(`${current} is a link, which cannot be kept from being changed while a command runs; put a real file or folder there.`);
      const last = index === segments.length - 1;
      if (found === undefined || standing.has(current)) {
        if (alsoMissing) missing.set(current, { path: current });
        return;
      }
      if (last || !found.isDirectory()) {
        readOnly.add(current);
        return;
      }
      held.add(current);
    }
  };

  const protectGit = (folder: string, alsoMissing: boolean): void => {
    const git = path.join(folder, '.git');
    const found = look(git);
    if (found?.isDirectory() !== true || standing.has(git)) {
      protect(folder, ['.git'], alsoMissing);
      return;
    }
    // Here what is missing counts in every repository: git runs what it finds
    for (const place of named) if (place[0] === '.git') protect(folder, place, true);
    protect(folder, ['.git', 'worktrees'], false);
    const common = path.join(git, commonFolder.path);
    if (look(common) === undefined || standing.has(common)) missing.set(common, { ...commonFolder, path: common });
    else protect(folder, ['.git', commonFolder.path], false);
    held.add(git);
  };

  const protectIn = (folder: string, top: boolean): void => {
    protectGit(folder, top);
    for (const place of named) if (place[0] !== '.git') protect(folder, place, top && !onlyInHomes.has(place[0] ?? ''));
    if (top) for (const place of spelledOut) protect(folder, place, true);
  };

  protectIn(workspace, true);
  for (const text of also) {
    const segments = path.relative(workspace, path.resolve(workspace, text)).split(path.sep);
    if (segments[0] !== '..' && segments[0] !== '') protect(workspace, segments, true);
  }
  for (const folder of foldersBelow(workspace)) protectBelow(folder);

  function protectBelow({ folder, names }: Below): void {
    if (names.includes('.git')) protectGit(folder, false);
    for (const place of named) {
      const first = place[0] ?? '';
      if (first === '.git' || !names.some((name) => (isGlob(first) ? wildcardsOverlap(first, name.toLowerCase()) : first === name))) continue;
      protect(folder, place, false);
    }
  }

  const inReadOnly = (file: string): boolean => [...readOnly, ...missing.keys()].some((other) => file !== other && file.startsWith(`${other}${path.sep}`));
  return {
    held: [...held].filter((file) => !inReadOnly(file)).toSorted((a, b) => a.length - b.length),
    readOnly: [...readOnly].filter((file) => !inReadOnly(file)),
    missing: [...missing.values()].filter(({ path: file }) => !inReadOnly(file)).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

interface Below {
  readonly folder: string;
  readonly names: readonly string[];
}

function* foldersBelow(workspace: string): Generator<Below> {
  let level: readonly string[] = [workspace];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      if (depth > 0) {
        seen += 1;
        if (seen > mostFolders) return;
      }
      const entries = entriesOf(folder);
      if (depth > 0) yield { folder, names: entries.map(({ name }) => name) };
      for (const entry of entries) if (entry.isDirectory() && !passedOver.has(entry.name)) next.push(path.join(folder, entry.name));
    }
    level = next;
  }
}

function namesIn(folder: string): readonly string[] {
  return entriesOf(folder).map(({ name }) => name);
}

function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch (error) {
    if (['EACCES', 'ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}
