import path from 'node:path';
import type { SandboxSettings } from './sandbox.ts';
import { isWithin } from './startFolder.ts';

/** Folders that a sandbox gives to a command read only, or that belong to everybody: none of them can be its workspace */
const systemFolders = ['/', '/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc', '/dev', '/proc', '/sys', '/run', '/boot', '/opt', '/var', '/tmp', '/home', '/Users', '/System', '/Library', '/private'];

/** Why this folder cannot be given to a command, or `undefined` */
export function unfitWorkspace({ workspace, home, userFolder }: SandboxSettings): string | undefined {
  if (!path.isAbsolute(workspace) || /[\0\n\r]/.test(workspace)) return 'The workspace has no path that can be handed on.';
  if (isWithin(home, workspace)) return 'The workspace is your home folder or holds it, which a sandbox hides; open a folder in it.';
  if (isWithin(userFolder, workspace)) return 'The workspace holds this product’s own rules and keys; keep those elsewhere (COWORK_POLICY_HOME).';
  if (systemFolders.includes(workspace)) return `${workspace} belongs to the system; open another folder.`;
  return undefined;
}
