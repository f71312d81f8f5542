import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { findClient } from '../agents/clients.ts';
import { findInstallation, installations, type Installation } from '../agents/installation.ts';
import { userFolder } from '../node/userFolder.ts';
import { hookCommand } from './hookCommand.ts';
import { probeHook } from './hookProbe.ts';
import { type FileChange, makeChange, withHook, withoutHook } from './installFile.ts';
import { lineDiff } from './lineDiff.ts';
import { workspaceFolder } from './place.ts';
import { type Console, FailedError, type Flags, type Verb, UsageError, commonDetails, textFlag } from './verb.ts';

/** How much longer the agent waits than we do, in seconds */
const spare = 20;

const names = installations.map(({ client }) => client).join(' | ');
const options = { scope: { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;
const details: readonly string[] = [
  '--scope SCOPE     user (the default): for all folders; project: for this one, where the agent never skips that in silence',
  '--dry-run         show the change and make none',
  '',
  ...commonDetails,
];

/** `install CLIENT`: puts an agent under the policy */
export const installVerb: Verb = {
  usage: 'install CLIENT [--scope user | project] [--dry-run]',
  summary: 'put an agent under the policy: show the change of its settings, make it, and try the hook',
  details: [`CLIENT            ${names}`, ...details, '', '“uninstall CLIENT” takes exactly this out again.'],
  options,
  async run(words, flags, console) {
    const installation = installationOf(words, 'install');
    const file = settingsFile(installation, flags, console);
    const command = hookCommand(installation.client, installation.deadline, userFolder());
    const change = withHook(file, installation, command, installation.deadline + spare);
    await show(change, flags, console);
    if (flags['dry-run'] === true) return 0;
    // Tried before it is in force: a hook that fails would stop the agent, or nothing at all
    const probed = await probeHook(command, installation);
    if (!probed.ok) throw new FailedError(`the hook does not work here, so nothing was changed: ${probed.why}`);
    makeChange(change);
    const title = findClient(installation.client)?.title ?? installation.client;
    await say(flags, console, { installed: true, file, milliseconds: probed.milliseconds, steps: installation.steps, notCovered: installation.notCovered }, [
      installation.steps.length > 0 ? `${title} has the hook now, but does not call it before you have done what stands below.` : `${title} ${change.before === change.after ? 'was under the policy already' : 'is under the policy now'}.`,
      `Tried: the hook denied what it must deny, in ${probed.milliseconds} ms.`,
      ...installation.steps.map((step) => `To do: ${step}`),
      ...installation.notCovered.map((text) => `Not covered: ${text}`),
      `Take it out again with: cowork-policy uninstall ${installation.client}${flags['scope'] === 'project' ? ' --scope project' : ''}`,
    ]);
    return 0;
  },
};

/** `uninstall CLIENT`: takes out what `install` put in, and nothing else */
export const uninstallVerb: Verb = {
  usage: 'uninstall CLIENT [--scope user | project] [--dry-run]',
  summary: 'take an agent out of the policy: remove what install put into its settings, and nothing else',
  details: [`CLIENT            ${names}`, ...details],
  options,
  async run(words, flags, console) {
    const installation = installationOf(words, 'uninstall');
    const file = settingsFile(installation, flags, console);
    const change = withoutHook(file, installation);
    if (change.before === change.after) {
      await say(flags, console, { removed: false, file }, [`There is nothing of ours in ${file}.`]);
      return 0;
    }
    await show(change, flags, console);
    if (flags['dry-run'] === true) return 0;
    makeChange(change);
    await say(flags, console, { removed: true, file }, [`${findClient(installation.client)?.title ?? installation.client} asks nobody any more.`]);
    return 0;
  },
};

/** The settings file of an agent for all folders of this user */
export function userFile({ variable, folder, file }: Installation): string {
  const moved = variable === undefined ? undefined : process.env[variable];
  return path.join(moved !== undefined && path.isAbsolute(moved) ? moved : path.join(homedir(), ...folder), ...file);
}

function installationOf(words: readonly string[], verb: string): Installation {
  const installation = findInstallation(words[0]);
  if (installation === undefined || words.length > 1) throw new UsageError(`say “${verb} CLIENT” with one of ${names}`);
  return installation;
}

function settingsFile(installation: Installation, flags: Flags, console: Console): string {
  const scope = textFlag(flags, 'scope') ?? 'user';
  if (scope === 'user') return userFile(installation);
  if (scope !== 'project') throw new UsageError('--scope is “user” or “project”');
  if (installation.project === undefined) throw new UsageError(`${installation.client} may skip the hooks of a project without a word; use --scope user`);
  const folder = workspaceFolder(flags, console);
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  return path.join(folder, ...installation.project);
}

async function show({ file, before, after }: FileChange, flags: Flags, console: Console): Promise<void> {
  if (flags['json'] === true) await console.print(`${JSON.stringify({ file, before: before ?? null, after: after ?? null })}\n`);
  else await console.print(before === after ? `Nothing changes in ${file}.\n` : lineDiff(file, before, after));
}

async function say(flags: Flags, console: Console, value: object, lines: readonly string[]): Promise<void> {
  await console.print(flags['json'] === true ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}
