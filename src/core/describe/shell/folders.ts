import { readPath } from '../path.ts';
import type { Scope } from './scope.ts';
import { unite } from './state.ts';

/** The shell as a command finds it that starts in another folder */
export function movedTo(cwd: string | null, scope: Scope): Scope['state'] {
  const state = scope.state.fork();
  state.folders = cwd === null ? null : foldersAt(cwd, scope);
  return state;
}

/** Where a path from each folder the shell may be in leads; null when that is not known */
export function foldersAt(text: string, scope: Scope): readonly string[] | null {
  const { state, line } = scope;
  const absolute = /^[/~]|^[A-Za-z]:/.test(text);
  if (state.folders === null && !absolute) return null;
  let found: readonly string[] | null = [];
  for (const folder of state.folders ?? [line.surroundings.workspace]) {
    const reading = readPath(text, folder, line.surroundings);
    if (!reading.ok) return null;
    found = unite(found, [reading.path]);
  }
  return found;
}
