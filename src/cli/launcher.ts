import { chmodSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../node/store/durable.ts';
import { readPlainFile } from '../node/store/storeFolder.ts';
import { ownProgram, quoted } from './ownProgram.ts';

const largest = 64 * 1024;

/**
 * A script in the user's folder that starts the program of the extension. The extension and the editor lie in folders that are
 * named for their versions, and lines in the settings of agents outlive those.
 */
export function launcherFile(userFolder: string): string {
  return path.join(userFolder, 'bin', 'cowork-policy');
}

/** Whether it was ever written */
export function hasLauncher(userFolder: string): boolean {
  return readPlainFile(launcherFile(userFolder), largest) !== undefined;
}

/** Writes it where it is not there or starts another version */
export function keepLauncher(userFolder: string): void {
  const file = launcherFile(userFolder);
  // The editor's own program is a Node only where it is told to be one
  const text = `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${ownProgram().map(quoted).join(' ')} "$@"\n`;
  if (readPlainFile(file, largest)?.toString('utf8') === text) return;
  makeFolder(path.dirname(file), 0o700);
  replaceFile(file, text);
  chmodSync(file, 0o700);
}
