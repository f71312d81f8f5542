import { homedir, tmpdir } from 'node:os';
import type { Platform, ShellKind } from '../core/request.ts';
import type { Surroundings } from '../core/surroundings.ts';
import { nodeFiles } from './files.ts';
import { loadPowerShell, parsePowerShell } from './powerShell.ts';
import { userFolder } from './userFolder.ts';

/** What the core may know of this machine, for one workspace folder (absolute); `undefined` where the folder cannot be found */
export function nodeSurroundings(workspace: string): Surroundings | undefined {
  const files = nodeFiles();
  const canonical = files.resolve(workspace);
  if (canonical === undefined) return undefined;
  const platform: Platform = process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
  // There most lines are PowerShell; elsewhere the first of them is reason enough
  if (platform === 'win32') void loadPowerShell();
  return {
    workspace: canonical,
    home: files.resolve(homedir()) ?? homedir(),
    temporary: files.resolve(tmpdir()) ?? tmpdir(),
    platform,
    shell: shellOf(platform),
    files,
    powerShell: parsePowerShell,
    userFolder: files.resolve(userFolder()) ?? userFolder(),
  };
}

function shellOf(platform: Platform): ShellKind {
  if (platform === 'win32') return 'pwsh';
  return process.env['SHELL']?.endsWith('zsh') === true ? 'zsh' : 'bash';
}
