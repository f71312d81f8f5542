import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Where programs of the system stand; looked at first, so that a folder a user can write to does not decide what isolates */
const systemFolders = ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin', '/sbin', '/opt/homebrew/bin'];

/** Absolute path of a program, or `undefined` where there is none */
export function findProgram(name: string, own: string = process.env['PATH'] ?? ''): string | undefined {
  if (path.isAbsolute(name)) return isExecutable(name) ? name : undefined;
  if (/[/\\]/.test(name)) return undefined;
  const folders = [...(process.platform === 'win32' ? [] : systemFolders), ...own.split(path.delimiter).filter((folder) => path.isAbsolute(folder))];
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  return folders.flatMap((folder) => names.map((each) => path.join(folder, each))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: the next candidate
    return false;
  }
}
