import type { Platform } from '../request.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * What a path text means. `path` is canonical: absolute, `/` separators, no `.` or `..`, links resolved, upper-case drive.
 * `named` is the same place before its last links were followed, where that differs. A text that cannot be read for
 * certain gives `why`, one plain sentence, and `guess` where a best guess exists, so that a deny on that place still holds.
 */
export type PathReading =
  | { readonly ok: true; readonly path: string; readonly throughLink: boolean; readonly named?: string }
  | { readonly ok: false; readonly why: string; readonly guess?: string };

/** Longest path that is read: PATH_MAX of Linux; longer ones cannot be opened by one call */
const longestPath = 4096;

/**
 * Reads a path as a tool or a shell would, from the folder `base` (canonical and absolute).
 *
 * Understands `~`, `file:` URIs, `..`, `/proc/self/cwd` and `/proc/self/root`, and Windows spellings. Refuses what programs
 * read differently: `~user`, control characters, other URIs, UNC and device paths, streams, a `..` that climbs out of a link.
 */
export function readPath(text: string, base: string, surroundings: Surroundings): PathReading {
  const { platform } = surroundings;
  if (text.length === 0) return refuse('The path is empty.');
  if (text.length > longestPath) return refuse('The path is too long.');
  if (hasControl(text)) return refuse('The path holds control characters.');
  let spelled = text;
  if (/^[a-z][a-z0-9+.-]+:/i.test(text)) {
    if (/^file:/i.test(text)) {
      const fromUri = readFileUri(text, platform);
      if (fromUri === undefined) return refuse('The file address cannot be read for certain.');
      spelled = fromUri;
    } else if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
      return refuse('The path is an address, not a file path.');
    }
  }
  if (spelled.charCodeAt(0) === 0x7e /* ~ */) {
    if (spelled.length === 1) spelled = surroundings.home;
    else if (isSeparator(spelled[1], platform)) spelled = surroundings.home + spelled.slice(1);
    else return refuse('The path starts with another user’s home, which is not known here.', joined(base, spelled));
  } else if (/^(?:\$\{?(?:HOME|PWD|OLDPWD|TMPDIR)\b|%(?:USERPROFILE|HOMEPATH|APPDATA|LOCALAPPDATA|TEMP|TMP)%)/i.test(spelled)) {
    return refuse('The path holds a variable that some programs expand.');
  }
  if (platform === 'win32') return readWindowsPath(spelled, base, surroundings);
  if (platform === 'darwin' && ignoredByHfs.test(spelled)) return refuse('The path holds invisible characters that macOS ignores.');
  return settle(spelled.startsWith('/') ? spelled : joined(base, spelled), base, surroundings);
}

/** Whether `path` is `folder` or lies below it; both canonical. Case and Unicode form do not count on Windows and macOS */
export function isInside(path: string, folder: string, platform: Platform): boolean {
  const inner = foldPath(path, platform);
  const outer = foldPath(folder, platform);
  if (!inner.startsWith(outer)) return false;
  return inner.length === outer.length || outer.endsWith('/') || inner.charCodeAt(outer.length) === 0x2f;
}

/**
 * One spelling for all that the platform's usual file system takes for the same name: on Windows and macOS upper and lower
 * case (also `ſ` for `s` and the Kelvin sign) and composed and decomposed letters; unchanged on Linux.
 */
export function foldPath(path: string, platform: Platform): string {
  if (platform === 'linux') return path;
  return path.normalize('NFC').toUpperCase().toLowerCase();
}

/** Code points HFS+ leaves out when it compares names, so that `.g\u200cit` opens `.git` (CVE-2014-9390) */
const ignoredByHfs = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/;

function refuse(why: string, guess?: string): PathReading {
  return guess === undefined ? { ok: false, why } : { ok: false, why, guess };
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

function isSeparator(character: string | undefined, platform: Platform): boolean {
  return character === '/' || (platform === 'win32' && character === '\\');
}

function joined(base: string, text: string): string {
  return base.endsWith('/') ? base + text : `${base}/${text}`;
}

/** The path of a `file:` URI of this machine, or `undefined` for another host, an encoded slash or bad encoding */
function readFileUri(uri: string, platform: Platform): string | undefined {
  let rest = uri.slice('file:'.length);
  if (rest.startsWith('//')) {
    const end = rest.indexOf('/', 2);
    const host = end < 0 ? rest.slice(2) : rest.slice(2, end);
    if (end < 0 || (host !== '' && host.toLowerCase() !== 'localhost')) return undefined;
    rest = rest.slice(end);
  }
  if (!rest.startsWith('/') || /%(?:2f|5c|0|1|7f)/i.test(rest)) return undefined;
  const cut = rest.search(/[?#]/);
  let path: string;
  try {
    path = decodeURIComponent(cut < 0 ? rest : rest.slice(0, cut));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  return platform === 'win32' && /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
}

/** Takes `.`, `..` and doubled slashes out; `climbs` lists the folders that a `..` leaves, before it is applied */
function normalise(absolute: string): { path: string; climbs: string[] } {
  if (!/\/(?:\.{0,2}(?:\/|$))/.test(absolute)) return { path: absolute, climbs: [] };
  const drive = driveOf(absolute);
  const kept: string[] = [];
  const climbs: string[] = [];
  for (const part of absolute.slice(drive.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') {
      kept.push(part);
    } else if (kept.length > 0) {
      climbs.push(`${drive}/${kept.join('/')}`);
      kept.pop();
    }
  }
  return { path: `${drive}/${kept.join('/')}`, climbs };
}

/** `C:` of a path with a drive, else nothing: a Windows request may be about a folder that is mounted elsewhere */
function driveOf(path: string): string {
  return path.charCodeAt(1) === 0x3a ? path.slice(0, 2) : '';
}

/** Resolves an absolute path's dots and links */
function settle(absolute: string, base: string, surroundings: Surroundings): PathReading {
  const { path: lexical, climbs } = normalise(absolute);
  if (surroundings.platform === 'linux' && climbs.some((folder) => isInside(folder, '/proc', 'linux'))) {
    return refuse('The path climbs out of /proc, whose links differ for every program.', lexical);
  }
  if (surroundings.platform === 'linux' && isInside(lexical, '/proc', 'linux')) return readProc(lexical, base, surroundings);
  if (isInside(lexical, '/dev/fd', surroundings.platform)) return refuse('The path is an open file of the program.', lexical);
  const { files, platform } = surroundings;
  // A program that normalises first and one that lets the system walk the links end in different places here.
  for (const folder of climbs) {
    const walked = files.resolve(folder);
    const parent = files.resolve(parentOf(folder));
    if (walked === undefined || parent === undefined || parentOf(walked) !== parent) {
      return refuse('The path climbs out of a link, which programs read differently.', lexical);
    }
  }
  const path = files.resolve(lexical);
  if (path === undefined) return refuse('The links on the path cannot be followed.', lexical);
  if (path === lexical || foldPath(path, platform) === foldPath(lexical, platform)) return { ok: true, path, throughLink: false };
  if (platform === 'linux' && isInside(path, '/proc', 'linux')) return refuse('The path leads through a link into /proc.', lexical);
  return { ok: true, path, throughLink: true, named: lexical };
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/**
 * Paths of `/proc` are read by text alone: its links lead to what the *reading* program has, not to what ours has.
 * `cwd` of the program itself is `base`, `root` is `/`; links of other programs and open files are not known.
 */
function readProc(path: string, base: string, surroundings: Surroundings): PathReading {
  const link = /^\/proc\/([^/]+)(?:\/task\/[^/]+)?\/(cwd|root|fd|fdinfo|map_files|exe|ns)(\/.*)?$/.exec(path);
  if (link === null) return { ok: true, path, throughLink: false };
  const [, who = '', what, rest = ''] = link;
  const own = who === 'self' || who === 'thread-self';
  if (what === 'cwd' && own) return throughProc(settle(base + rest, base, surroundings), path);
  if (what === 'root') return throughProc(settle(rest === '' ? '/' : rest, base, surroundings), path);
  return refuse('The path is a link to something another program has open.', path);
}

function throughProc(reading: PathReading, named: string): PathReading {
  return reading.ok ? { ok: true, path: reading.path, throughLink: true, named } : reading;
}

/** Names that Windows gives to devices, in any folder and with any extension */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?$/i;
/** A short name as FAT has it (`PROGRA~1`) */
const shortName = /^(?=[^.]{1,8}(?:\.|$))[^.~]{1,6}~\d+(?:\.[^.]{0,3})?$/;

function readWindowsPath(text: string, base: string, surroundings: Surroundings): PathReading {
  let path = text.replaceAll('\\', '/');
  if (/^\/(?:\/|\?\?\/)/.test(path)) return refuse('Network and device paths are not read.');
  if (/^[a-z]:/i.test(path)) {
    if (path[2] !== '/') return refuse('The path depends on the current folder of a drive.');
    path = path.charAt(0).toUpperCase() + path.slice(1);
  } else if (/^\/[a-z](?:\/|$)/i.test(path) && surroundings.shell === 'bash') {
    return refuse('The path may mean a drive or a folder.', `${path.charAt(1).toUpperCase()}:${path.slice(2) || '/'}`);
  } else if (path.startsWith('/')) {
    path = driveOf(base) + path;
  } else {
    path = joined(base, path);
  }
  const drive = driveOf(path);
  const parts: string[] = [];
  for (const part of path.slice(drive.length + 1).split('/')) {
    if (part === '' || part === '.' || part === '..') {
      parts.push(part);
      continue;
    }
    // Windows drops dots and spaces at the end of a name.
    const name = part.replace(/[. ]+$/, '');
    if (name === '') return refuse('The path holds a name of dots and spaces.');
    if (name.includes(':')) return refuse('The path names a stream of a file.', path.replace(/:[^:/]*(?::[^:/]*)?$/, ''));
    if (deviceName.test(name.replace(/ +(?=\.)/, ''))) return refuse('The path names a device.');
    parts.push(name);
  }
  const reading = settle(`${drive}/${parts.join('/')}`, base, surroundings);
  if (reading.ok && reading.path.split('/').some((name) => shortName.test(name))) {
    return refuse('The path holds a short name that stands for another.', reading.path);
  }
  return reading;
}
