import type { CommandContext, CommandReading, Word } from '../command.ts';
import { Draft } from './draft.ts';
import { isOwnProgram, ownProgramIn, ownProgramName } from './ownProgram.ts';
import { pathLikeOperands, readByRow, restOf } from './readByRow.ts';
import { rowOf, unversioned } from './table.ts';
import { findUserRow, tightenByUserRows } from './userCommand.ts';

/** Reads a simple command with the table; see `readCommand` */
export function readWithTable(words: readonly Word[], context: CommandContext): CommandReading {
  const draft = new Draft();
  const first = words[0];
  if (first === undefined) return draft.done(words.length);
  const written = first.text;
  if (written === null) {
    draft.worsen('unreadable', 0);
    draft.unknown('which program it runs is only known when it runs', 0);
    draft.reading = restOf(words, 0);
    pathLikeOperands(words, 1, draft);
    return draft.done(words.length);
  }
  const own = isOwnProgram(written, words.slice(1, 3).map((word) => word.text));
  const name = own ? ownProgramName : programName(written, context.platform);
  const row = rowOf(name);
  const userRow = row === undefined ? findUserRow(name, words, context) : undefined;
  if (userRow !== undefined) {
    draft.reading = [name, ...restOf(words, 1)];
    readByRow(userRow.row, words, userRow.words.length - 1, context, draft);
    draft.readByUserRow(userRow.given.command);
  } else if (row === undefined) {
    draft.worsen('other', 0);
    draft.reading = [name, ...restOf(words, 1)];
    pathLikeOperands(words, 1, draft);
  } else if (row.commands === undefined) {
    draft.reading = [name, ...restOf(words, 1)];
    readByRow(row, words, 0, context, draft);
  } else {
    draft.reading = [name];
    readByRow(row, words, 0, context, draft);
    if (draft.reading.length === 1) draft.reading.push(...restOf(words, 1));
  }
  if (context.userRows !== undefined) tightenByUserRows(name, words, context, draft, userRow);
  const inner = own ? undefined : ownProgramIn(name, words);
  if (inner !== undefined) draft.run(inner);
  const bare = row === undefined ? undefined : unversioned(name);
  if (bare !== undefined) draft.runsElsewhere([bare, ...draft.reading.slice(1)]);
  if (/^(?:\.\/)?(?:(?:node_modules\/\.bin|vendor\/bin|\.?venv\/bin)\/[\w.-]+|gradlew|mvnw)$/u.test(written)) {
    draft.worsen('test', 0);
  } else if (written !== name && hasFolder(written) && !isProgramFolder(written, context.platform)) {
    draft.worsen('other', 0);
    draft.path('read', written, first, 0, { recursive: false });
  }
  return draft.done(words.length);
}

/** Name a program goes by: without folder, without Windows ending, lower case where the platform ignores case */
export function programName(written: string, platform: CommandContext['platform']): string {
  let name = written;
  const slash = Math.max(name.lastIndexOf('/'), platform === 'win32' ? name.lastIndexOf('\\') : -1);
  if (slash >= 0) name = name.slice(slash + 1);
  if (platform !== 'linux') name = name.toLowerCase();
  return name.replace(/\.(?:exe|cmd|bat|com|ps1)$/iu, '');
}

function hasFolder(written: string): boolean {
  return written.includes('/') || written.includes('\\');
}

const programFolders = new Set(['/bin', '/usr/bin', '/sbin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin', '/opt/local/bin', '/snap/bin']);

/** Folders of the system's own programs */
function isProgramFolder(written: string, platform: CommandContext['platform']): boolean {
  const folder = written.slice(0, written.lastIndexOf('/'));
  if (programFolders.has(folder)) return true;
  return platform === 'win32' && /^[A-Z]:[/\\]Windows[/\\]System32[/\\][^/\\]+$/iu.test(written);
}
