import path from 'node:path';
import type { SandboxSettings } from './sandbox.ts';
import { isWithin } from './startFolder.ts';

/** Folders that a sandbox gives to a command read only, or that belong to everybody: none of them can be its workspace */
const systemFolders = ['/', '/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc', '/dev', '/proc', '/sys', '/run', '/boot', '/opt', '/var', '/tmp', '/home', '/Users', '/System', '/Library', '/private'];

/** Folders of a home that hold credentials (spec 5) */
const secretFolders = ['.ssh', '.gnupg', '.aws', '.azure', '.kube', '.docker', '.config/gcloud', '.config/gh', '.password-store', '.netrc'];

/** Why this folder cannot be given to a command, or `undefined` */
export function unfitWorkspace({ workspace, home, userFolder }: SandboxSettings): string | undefined {
  if (!path.isAbsolute(workspace) || /[\0\n\r]/.test(workspace)) return 'The workspace has no path that can be handed on.';
  if (isWithin(home, workspace)) return 'The workspace is your home folder or holds it, which a sandbox hides; open a folder in it.';
  if (isWithin(userFolder, workspace)) return 'The workspace holds this product’s own rules and keys; keep those elsewhere (COWORK_POLICY_HOME).';
  if (systemFolders.includes(workspace)) return `${workspace} belongs to the system; open another folder.`;
  return undefined;
}

/**
 * Why a folder outside the workspace cannot be given to a command besides it, or `undefined`. It must not lead around what
 * the sandbox hides or protects.
 *
 * @param folder canonical
 */
export function unfitMount(folder: string, { workspace, home, userFolder }: Pick<SandboxSettings, 'workspace' | 'home' | 'userFolder'>): string | undefined {
  if (!path.isAbsolute(folder) || /[\0\n\r]/.test(folder)) return `${JSON.stringify(folder)} is no path that can be handed on.`;
  if (isWithin(home, folder)) return `${folder} is your home folder or holds it, which a sandbox hides; name a folder in it.`;
  if (isWithin(userFolder, folder) || isWithin(folder, userFolder)) return `${folder} holds this product’s own rules and keys.`;
  if (isWithin(workspace, folder) || isWithin(folder, workspace)) return `${folder} holds the workspace or lies in it, which the command has already.`;
  if (systemFolders.includes(folder) || secretFolders.some((name) => isWithin(folder, path.join(home, name)))) return `${folder} is not for commands: it belongs to the system or holds credentials.`;
  return undefined;
}
