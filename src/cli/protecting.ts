import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Installation } from '../agents/installation.ts';
import { ensureHttpAddress, httpHookUrl, readHttpAddress } from '../node/endpoint/httpAddress.ts';
import { userFolder } from '../node/userFolder.ts';
import { hookCommand } from './hookCommand.ts';
import { whyNotOurs } from './httpPortHolder.ts';
import { hasLauncher, keepLauncher, launcherFile } from './launcher.ts';
import { probeHook, type Probed } from './hookProbe.ts';
import { type FileChange, type Hook, makeChange, withHook, withoutHook } from './installFile.ts';
import { FailedError } from './verb.ts';

/** How much longer the agent waits than we do, in seconds */
const spare = 20;
/** How long an open editor may take to notice that it is to answer over HTTP, and how often that is tried, in milliseconds */
const doorPatience = 10_000;
const doorPause = 500;

/** `user`: for all folders; `project`: for one */
export type ProtectScope = 'user' | 'project';
/** `command`: the agent starts our program; `http`: it calls the editor */
export type HookForm = Hook['kind'];
/** What a line starts: this very program, or the script that leads to the newest version of the extension (`launcherFile`) */
export type Starting = 'this program' | 'launcher';

/** An agent that is to be put under the policy: what would be called, and the exact change of which file */
export interface ProtectPlan {
  readonly installation: Installation;
  readonly hook: Hook;
  readonly change: FileChange;
}

/** What putting an agent under the policy would change. Throws a `FailedError` where it cannot be done; changes nothing of the agent */
export async function planProtection(installation: Installation, file: string, form: HookForm, starting: Starting = 'this program'): Promise<ProtectPlan> {
  const hook = form === 'command' ? ownCommand(installation, starting) : await ownAddress(installation);
  return { installation, hook, change: withHook(file, installation, hook, installation.patience ?? installation.deadline + spare) };
}

/**
 * Tries the hook and then makes the change: a hook that fails would stop the agent, or nothing at all. Where it is the
 * editor that answers and none is open, the agent runs nothing until one is, which `nobody` tells.
 */
export async function protect({ installation, hook, change }: ProtectPlan): Promise<Probed> {
  if (hook.kind === 'command' && hook.line.includes(launcherFile(userFolder()))) keepLauncher(userFolder());
  let probed = await probeHook(hook, installation);
  for (let waited = 0; !probed.ok && probed.nobody === true && waited < doorPatience; waited += doorPause) {
    await new Promise((done) => {
      setTimeout(done, doorPause);
    });
    probed = await probeHook(hook, installation);
  }
  if (!probed.ok && probed.nobody !== true) throw new FailedError(`the hook does not work here, so nothing was changed: ${probed.why}`);
  makeChange(change);
  return probed;
}

/** What taking an agent out of the policy would change */
export function planRelease(installation: Installation, file: string): FileChange {
  return withoutHook(file, installation);
}

/** The line that an agent would be told now */
export function ownCommand({ client, deadline }: Installation, starting: Starting = 'this program'): Hook {
  const folder = userFolder();
  if (starting === 'this program' || process.platform === 'win32') return { kind: 'command', line: hookCommand(client, deadline, folder) };
  return { kind: 'command', line: hookCommand(client, deadline, folder, [launcherFile(folder)]) };
}

/** Every hook that we would write, and so may call ourselves */
export function ownHooks(installation: Installation): readonly Hook[] {
  const address = knownAddress(installation);
  return [ownCommand(installation), ...(hasLauncher(userFolder()) ? [ownCommand(installation, 'launcher')] : []), ...(address === undefined ? [] : [address])];
}

/** The address that an agent was told, where one was set up */
function knownAddress({ client }: Installation): Hook | undefined {
  const address = readHttpAddress(userFolder());
  return address === undefined ? undefined : { kind: 'http', url: httpHookUrl(address, client), token: address.token };
}

async function ownAddress({ client, http }: Installation): Promise<Hook> {
  if (http === undefined) throw new FailedError(`${client} calls no hooks over HTTP`);
  const address = await ensureHttpAddress(userFolder());
  const foreign = whyNotOurs(address.port);
  if (foreign !== undefined) throw new FailedError(`nothing was changed: ${foreign}`);
  return { kind: 'http', url: httpHookUrl(address, client), token: address.token };
}

/** The settings file of an agent for all folders of this user */
export function userFile({ variable, folder, file }: Installation): string {
  const moved = variable === undefined ? undefined : process.env[variable];
  return path.join(moved !== undefined && path.isAbsolute(moved) ? moved : path.join(homedir(), ...folder), ...file);
}

/** The settings file of an agent in a folder; `undefined` where it may skip a project's hooks in silence */
export function projectFile({ project }: Installation, folder: string): string | undefined {
  return project === undefined || !existsSync(folder) ? undefined : path.join(folder, ...project);
}
