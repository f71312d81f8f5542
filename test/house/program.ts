import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** A program that the suites need and that no npm package carries */
export interface NeededProgram {
  /** Names it goes by on PATH, best first */
  readonly names: readonly string[];
  /** Debian's package that has it */
  readonly debian: string;
  /** Variable that may hold its absolute path */
  readonly variable?: string;
  /** Other absolute places to look */
  readonly places?: readonly string[];
}

/** Chromium or a browser of its family, to show the editor */
export const chromium: NeededProgram = {
  names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
  debian: 'chromium',
  variable: 'CHROMIUM_PATH',
  places: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** bubblewrap, to run programs where they can harm nothing */
export const bubblewrap: NeededProgram = { names: ['bwrap'], debian: 'bubblewrap' };

/** An IRC server, which the example of a gateway speaks to */
export const ngircd: NeededProgram = { names: ['ngircd'], debian: 'ngircd', places: ['/usr/sbin/ngircd'] };

/** Absolute path of a program that is there, or `undefined` */
export function findProgram(needed: NeededProgram): string | undefined {
  const fixed = [needed.variable === undefined ? undefined : process.env[needed.variable], ...(needed.places ?? [])];
  const onPath = needed.names.flatMap((name) =>
    (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name)),
  );
  return [...fixed.slice(0, 1), ...onPath, ...fixed.slice(1)].find((file) => file !== undefined && isExecutable(file));
}

/**
 * Absolute path of the program; installs Debian's package first where apt and root are there. Throws one sentence that
 * says what to do where neither works
 */
export function needProgram(needed: NeededProgram, tell: (line: string) => void = console.log): string {
  const present = findProgram(needed);
  if (present !== undefined) return present;
  const [name] = needed.names;
  const advice =
    `${name ?? needed.debian} is missing: install it` +
    (needed.variable === undefined ? '' : `, or set ${needed.variable} to its path`) +
    ` (Debian and Ubuntu: apt-get install ${needed.debian})`;
  if (process.getuid?.() !== 0 || findProgram({ names: ['apt-get'], debian: 'apt' }) === undefined) throw new Error(advice);
  tell(`installing ${needed.debian} with apt-get, about a minute`);
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', needed.debian]]) {
    const { status, stderr } = spawnSync('apt-get', ['-q', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) throw new Error(`${advice}; apt-get ${args.join(' ')} failed: ${stderr.trim()}`);
  }
  const installed = findProgram(needed);
  if (installed === undefined) throw new Error(advice);
  return installed;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return path.isAbsolute(file);
  } catch {
    // Not there or not ours to run: the next candidate
    return false;
  }
}
