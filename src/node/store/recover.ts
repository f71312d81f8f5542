import { constants as fileConstants, copyFileSync, lstatSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Entry, RecordedEntry } from '../../gate/entry.ts';
import type { Problem } from '../../gate/ports.ts';
import type { AnchorFacts } from './anchor.ts';
import type { Head, SealKey } from './chain.ts';
import { syncFolder } from './durable.ts';
import { type Facts, applyEntry, dropEnded, noFacts, tightens } from './facts.ts';
import { type Segment, readSegment } from './segment.ts';
import { FolderError, type StoreFolder, closedSegment, closedSegments, folderExists, nextJournal, setAside } from './storeFolder.ts';

/** What a folder's history adds up to when it is opened */
export interface Loaded {
  readonly facts: Facts;
  /** End of the trusted chain; absent where there is none yet */
  readonly head?: Head;
  /** Number that the active file gets when it is closed */
  readonly segment: number;
  /** Bytes of `journal.ndjson` that hold, and of its opening; absent where a new file must be made */
  readonly usable?: { readonly bytes: number; readonly opening: number };
  /** Entries of the file that was read, oldest first */
  readonly recent: readonly RecordedEntry[];
  /** What opening found, to be recorded first */
  readonly toRecord: readonly Entry[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the history of a workspace folder, trusting only what carries this machine's seal.
 *
 * - A last line that was cut off by a crash was never acknowledged: it is cut off and noted.
 * - A line that was changed, a history that is shorter than its anchor or another than the anchored one: what came before the
 *   break is kept, of what came behind only what tightens, and everything that loosens waits for a person (`state_doubted`).
 * - Files without our seal came with the repository or from another machine: set aside, reported, never read.
 *
 * INVARIANT: nothing in the folder can make the outcome looser than what this machine wrote itself.
 * `repair` makes the changes on disk; without it the folder is only looked at.
 */
export function load(place: StoreFolder, key: SealKey, anchor: AnchorFacts | undefined, options: { readonly repair: boolean; readonly now: number }): Loaded {
  const found = folderExists(place) ? findHistory(place, key, anchor, options) : { foreign: [], segment: 1 };
  const { base, active } = found;
  const problems = found.foreign.map(foreignProblem);
  const notes: Entry[] = problems.map(({ code, message }) => ({ type: 'problem', code, message }));

  let facts = base?.opening?.facts ?? noFacts;
  for (const line of base?.lines ?? []) facts = applyEntry(facts, line.entry, line.at);
  facts = dropEnded(facts, Math.max(options.now, base?.head?.at ?? 0));

  const behind = active?.behind ?? [];
  const doubt = doubtOf(place, base, active, anchor);
  if (doubt !== undefined) {
    notes.push({ type: 'state_doubted', ...doubt });
    notes.push(...behind.map((line) => line.entry).filter(tightens));
  } else if (active?.brokenAt !== undefined) {
    notes.push({ type: 'problem', code: 'line_torn', message: `Line ${active.brokenAt} of ${place.journal} was cut off while it was written; it had not been acknowledged and was removed` });
  }
  if (options.repair && active !== undefined && active === base && active.brokenAt !== undefined && doubt !== undefined) keepCopy(place.journal, options.now);
  if (!options.repair) for (const note of notes) facts = applyEntry(facts, note, options.now);

  return {
    facts,
    ...(base?.head && { head: base.head }),
    segment: found.segment,
    ...(base !== undefined && base === active && { usable: { bytes: base.goodBytes, opening: base.openingBytes } }),
    recent: (base?.lines ?? []).map(({ sequence, at, entry }) => ({ sequence, at, entry })),
    toRecord: notes,
    problems,
  };
}

interface History {
  /** `journal.ndjson`, where any of it is ours */
  readonly active?: Segment;
  /** The file that the state is read from: the active one, or the last closed one where its opening cannot be read */
  readonly base?: Segment;
  readonly segment: number;
  /** Files that are not ours, where they lie now */
  readonly foreign: readonly string[];
}

function findHistory(place: StoreFolder, key: SealKey, anchor: AnchorFacts | undefined, options: { readonly repair: boolean; readonly now: number }): History {
  const foreign: string[] = [];
  const reject = (file: string): undefined => {
    foreign.push(options.repair ? setAside(file, 'foreign', options.now) : file);
    return undefined;
  };
  // Without an anchor nothing here was ever ours, as a rule: one line tells, however large the file is
  const readOurs = (file: string, otherwise: (file: string) => undefined): Segment | undefined => {
    try {
      const segment = readSegment(file, key, { ownOnly: anchor === undefined });
      if (segment === undefined) return undefined;
      return segment.opening !== undefined || segment.behind.length > 0 ? segment : otherwise(file);
    } catch (error) {
      if (!(error instanceof FolderError)) throw error;
      return otherwise(file);
    }
  };
  const read = (file: string): Segment | undefined => readOurs(file, reject);

  let active = read(place.journal);
  // One that is not ours, or not whole, is a leftover that the next file replaces
  if (active === undefined) active = finishRotation(place, readOurs(nextJournal(place), () => undefined), options.repair);
  else if (options.repair) rmSync(nextJournal(place), { force: true, recursive: true });
  if (active?.opening !== undefined) {
    const { segment } = active.opening;
    for (const number of closedSegments(place)) if (number >= segment) reject(closedSegment(place, number));
    return { active, base: active, segment, foreign };
  }

  let base: Segment | undefined;
  let newest = 0;
  for (const number of closedSegments(place).toReversed()) {
    const segment = read(closedSegment(place, number));
    if (segment?.opening === undefined) continue;
    newest = Math.max(newest, number);
    base ??= segment;
  }
  // A journal whose head was changed is evidence, not history
  if (active !== undefined && options.repair) setAside(place.journal, 'broken', options.now);
  return { ...(active && { active }), ...(base && { base }), segment: newest + 1, foreign };
}

/** A crash between the two renames of a rotation leaves the next file without its name */
function finishRotation(place: StoreFolder, segment: Segment | undefined, repair: boolean): Segment | undefined {
  const next = nextJournal(place);
  if (segment?.opening === undefined) return undefined;
  if (repair && lstatSync(place.journal, { throwIfNoEntry: false }) === undefined) {
    renameSync(next, place.journal);
    syncFolder(place.folder);
  }
  return segment;
}

/** Why the history cannot be taken as complete; `undefined` when it can */
function doubtOf(place: StoreFolder, base: Segment | undefined, active: Segment | undefined, anchor: AnchorFacts | undefined): { code: string; message: string } | undefined {
  const mend = 'Allow rules and loosened settings of before do not count until you confirm them';
  if (active?.opening === undefined && active !== undefined) {
    return { code: 'history_changed', message: `The first line of ${place.journal} was changed. ${mend}` };
  }
  const head = base?.head;
  if (head === undefined) {
    if (anchor === undefined || anchor.head.sequence === 0) return undefined;
    return { code: 'history_missing', message: `The history in ${place.folder} is gone: ${anchor.head.sequence} entries were recorded. ${mend}` };
  }
  if (active !== undefined && active.behind.length > 0) {
    return { code: 'history_changed', message: `Line ${active.brokenAt ?? 0} of ${place.journal} was changed. ${mend}` };
  }
  if (anchor === undefined) {
    return { code: 'anchor_missing', message: `This machine's own note about ${place.folder} is gone, so nobody can tell whether its history is complete. ${mend}` };
  }
  if (anchor.head.sequence > head.sequence) {
    return { code: 'history_cut', message: `${place.journal} ends at entry ${head.sequence}, but ${anchor.head.sequence} were recorded: it was cut or replaced by an older copy. ${mend}` };
  }
  const hashes = hashesAt(base, anchor.head.sequence);
  if (hashes.length > 0 && !hashes.includes(anchor.head.hash)) {
    return { code: 'history_replaced', message: `${place.journal} is not the history that was recorded up to entry ${anchor.head.sequence}. ${mend}` };
  }
  return undefined;
}

/** The hashes the chain has after entry `sequence`: a new file's opening has the number of the entry before it */
function hashesAt(segment: Segment | undefined, sequence: number): string[] {
  const start = segment?.start;
  if (start !== undefined && start.sequence === sequence) return [start.hash, start.previous];
  const line = segment?.lines[sequence - (segment.lines[0]?.sequence ?? 0)];
  return line === undefined ? [] : [line.hash];
}

function keepCopy(file: string, now: number): void {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  copyFileSync(file, `${file}.broken-${stamp}`, fileConstants.COPYFILE_FICLONE);
}

function foreignProblem(file: string): Problem {
  return {
    code: 'state_foreign',
    message: `${path.basename(file)} was not written on this machine for this folder, so it does not count. Rules in permissions.json do, once you reviewed them`,
    file,
  };
}
