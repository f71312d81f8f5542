import { userInfo } from 'node:os';
import path from 'node:path';
import type { Surroundings } from '../core/surroundings.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import { userFolder } from '../node/userFolder.ts';
import { type Console, FailedError, type Flags, UsageError, textFlag } from './verb.ts';

/** The workspace folder as given, absolute */
export function workspaceFolder(flags: Flags, console: Console): string {
  const given = textFlag(flags, 'workspace') ?? console.folder;
  if (given === '') throw new UsageError('--workspace needs a folder');
  return isForeignWindowsPath(given) ? given : path.resolve(console.folder, given);
}

/** What is known of the machine for a workspace; a Windows folder given on another system is read by text alone */
export function surroundingsOf(folder: string): Surroundings & { readonly userFolder: string } {
  const own = userFolder();
  if (isForeignWindowsPath(folder)) {
    const workspace = folder.replaceAll('\\', '/').replace(/\/+$/, '').replace(/^[a-z]/, (drive) => drive.toUpperCase());
    const home = `C:/Users/${userInfo().username}`;
    return { workspace, home, temporary: `${home}/AppData/Local/Temp`, platform: 'win32', shell: 'pwsh', files: { resolve: (file) => file, readText: () => undefined }, userFolder: own };
  }
  const machine = nodeSurroundings(folder);
  if (machine === undefined) throw new FailedError(`${folder} cannot be resolved; look whether its links lead in a circle`);
  return { ...machine, userFolder: own };
}

function isForeignWindowsPath(text: string): boolean {
  return process.platform !== 'win32' && /^[A-Za-z]:[\\/]/.test(text);
}
