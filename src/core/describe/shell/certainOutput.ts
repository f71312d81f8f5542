import type { Script } from 'unbash';
import { isInside } from '../path.ts';
import { constantWords } from './constantOutput.ts';
import type { Scope } from './scope.ts';

/**
 * What a substitution gives for certain, without its last line end: `dirname a/b`, `basename a/b .c`, and
 * `git rev-parse --show-toplevel` where the repository's own folder is seen. `undefined` for all else, and where a name may
 * mean something other than the program.
 */
export function certainOutput(script: Pick<Script, 'commands'>, scope: Scope): string | undefined {
  const { state } = scope;
  const [statement, ...more] = script.commands;
  const node = statement?.command;
  if (node?.type !== 'Command' || more.length > 0 || statement?.background === true || node.redirects.length > 0) return undefined;
  if (state.doubt !== undefined || state.functions !== undefined || state.aliases !== undefined || state.redefined !== undefined) return undefined;
  const words = constantWords(node, scope);
  if (words === undefined || [node.name, ...node.args].some((item) => item?.type === 'Word' && item.parts?.some(({ type }) => type !== 'Literal' && type !== 'SingleQuoted' && type !== 'DoubleQuoted' && type !== 'SimpleExpansion') === true)) return undefined;
  const [program, first = '', second] = words;
  if (program === 'git' && words.slice(1).join(' ') === 'rev-parse --show-toplevel') return topFolder(scope);
  if (first === '' || first.startsWith('-') || /[~\n]/.test(first)) return undefined;
  if (program === 'dirname' && words.length === 2) return folderOf(first);
  if (program === 'basename' && (words.length === 2 || words.length === 3)) return nameOf(first, second ?? '');
  return undefined;
}

function folderOf(path: string): string {
  const bare = path.replace(/\/+$/, '');
  const slash = bare.lastIndexOf('/');
  if (bare === '') return '/';
  return slash < 0 ? '.' : bare.slice(0, slash).replace(/\/+$/, '') || '/';
}

function nameOf(path: string, suffix: string): string {
  const bare = path.replace(/\/+$/, '');
  const name = bare === '' ? '/' : bare.slice(bare.lastIndexOf('/') + 1);
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

/** The nearest folder above the present one, and not above the workspace, that holds a repository */
function topFolder({ line, state }: Scope): string | undefined {
  const { workspace, platform, files } = line.surroundings;
  const [start, ...others] = state.folders ?? [];
  if (start === undefined || others.length > 0 || !isInside(start, workspace, platform)) return undefined;
  for (let folder = start; isInside(folder, workspace, platform); folder = folder.slice(0, folder.lastIndexOf('/'))) {
    if (files.readText(`${folder}/.git/HEAD`) !== undefined) return folder;
    if (files.readText(`${folder}/.git`) !== undefined) return undefined;
  }
  return undefined;
}
