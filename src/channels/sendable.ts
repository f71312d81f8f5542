import type { Place } from '../core/policy/place.ts';
import { visible } from '../core/visible.ts';
import { withoutSecrets } from '../gate/secretText.ts';

/** Stands where a path was that is outside the workspace */
export const outsideMark = '[a path outside the workspace]';

/** Folders at the root of some system; `/api/users` is a route and no path, `/usr/lib` is one */
const rootFolders: ReadonlySet<string> = new Set(
  `applications bin boot cores data dev etc home lib lib32 lib64 library media mnt nix opt private proc root run sbin snap srv storage sys
  system tmp usr users var volumes work workspace workspaces`.split(/\s+/),
);
/** A path in quotes may have blanks in it */
const quotedPath = /(?<=(["'`]))(?:~\/|\$HOME\b|%USERPROFILE%|[A-Za-z]:[\\/]|(?:file:\/\/)?\/|\\\\)[^"'`\n]{0,4096}(?=\1)/gi;
/** Not the `//` behind the scheme of an address */
const plainPath = /(?<![\w./\\~-])(?!(?<=[a-z]:)\/\/)(?:~[\\/]|\$HOME\b|%USERPROFILE%|[a-z]:[\\/]|(?:file:\/\/)?\/|\\\\)[^\s"'`<>|*?,;)\]}]*/gi;

/** A text as it may leave for a platform */
export interface Sendable {
  readonly text: string;
  /** Something was taken out, so whoever reads it does not see all */
  readonly masked: boolean;
}

/**
 * Takes out of a text what must not leave on a channel (spec 8): the channels' own tokens, everything that looks like a credential,
 * and paths outside the workspace; paths in it become relative. Hidden characters become visible; line ends stay.
 *
 * @param tokens values that are secret wherever they stand
 */
export function sendable(text: string, place: Pick<Place, 'workspace' | 'home' | 'platform'>, tokens: readonly string[]): Sendable {
  let clean = text.toWellFormed();
  for (const token of tokens) if (token.length >= 6) clean = clean.replaceAll(token, '[secret removed]');
  clean = withoutSecrets(clean);
  let masked = clean !== text.toWellFormed();
  const mask = (path: string): string => {
    const inside = insideText(path, place);
    if (inside !== undefined) return inside;
    if (!isPath(path, place)) return path;
    masked = true;
    return outsideMark;
  };
  clean = clean.replace(quotedPath, mask).replace(plainPath, mask);
  // Glued to other text, so that no pattern sees where it begins
  for (const [folder, instead] of [[`${place.workspace}/`, ''], [place.home, outsideMark]] as const) {
    if (folder.length < 4 || !clean.includes(folder)) continue;
    masked ||= instead !== '';
    clean = clean.replaceAll(folder, instead);
  }
  return { text: clean.split(/\r?\n/).map(visible).join('\n'), masked };
}

/** A path in the workspace, relative to it; `undefined` for any other, also one that leads out again */
function insideText(path: string, { workspace, platform }: Pick<Place, 'workspace' | 'platform'>): string | undefined {
  const [given, root] = [path, workspace].map((each) => folded(each, platform));
  if (given === undefined || root === undefined) return undefined;
  const plain = given.replace(/^file:\/\//, '');
  const skipped = given.length - plain.length;
  if (plain !== root && !plain.startsWith(`${root}/`)) return undefined;
  const rest = path.slice(skipped + root.length + 1);
  return rest.split(/[\\/]/).includes('..') ? undefined : rest === '' ? '.' : rest;
}

function isPath(path: string, { workspace, home, platform }: Pick<Place, 'workspace' | 'home' | 'platform'>): boolean {
  if (!path.startsWith('/')) return true;
  const own = [workspace, home].map((each) => folded(each, platform).split('/')[1] ?? '');
  const [first = '', ...rest] = folded(path, platform).slice(1).split('/');
  // `/home` alone is a word as much as a path, and tells nothing
  if (rest.length === 0) return false;
  return rootFolders.has(first.toLowerCase()) || own.includes(first);
}

function folded(path: string, platform: Place['platform']): string {
  return platform === 'linux' ? path : path.replaceAll('\\', '/').toLowerCase();
}
