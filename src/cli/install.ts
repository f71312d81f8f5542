import { existsSync } from 'node:fs';
import { findClient } from '../agents/clients.ts';
import { findInstallation, installations, type Installation } from '../agents/installation.ts';
import { type FileChange, makeChange } from './installFile.ts';
import { lineDiff } from './lineDiff.ts';
import { workspaceFolder } from './place.ts';
import { planProtection, planRelease, projectFile, protect, userFile } from './protecting.ts';
import { type Console, type Flags, type Verb, UsageError, commonDetails, textFlag } from './verb.ts';

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
  usage: 'install CLIENT [--scope user | project] [--form command | http] [--dry-run]',
  summary: 'put an agent under the policy: show the change of its settings, make it, and try the hook',
  details: [
    `CLIENT            ${names}`,
    '--form FORM       command (the default): the agent starts this program; http: it calls the editor, and runs nothing while none is open (claude)',
    ...details, '', '“uninstall CLIENT” takes exactly this out again.',
  ],
  options: { ...options, form: { type: 'string' } },
  async run(words, flags, console) {
    const installation = installationOf(words, 'install');
    const form = textFlag(flags, 'form') ?? 'command';
    if (form !== 'command' && form !== 'http') throw new UsageError('--form is “command” or “http”');
    if (form === 'http' && installation.http === undefined) throw new UsageError(`${installation.client} calls no hooks over HTTP; leave --form out`);
    const plan = await planProtection(installation, settingsFile(installation, flags, console), form);
    const { change } = plan;
    await show(change, flags, console);
    if (flags['dry-run'] === true) return 0;
    const probed = await protect(plan);
    const title = findClient(installation.client)?.title ?? installation.client;
    const milliseconds = probed.ok ? probed.milliseconds : null;
    await say(flags, console, { installed: true, file: change.file, form, milliseconds, steps: installation.steps, notCovered: installation.notCovered }, [
      installation.steps.length > 0 ? `${title} has the hook now, but does not call it before you have done what stands below.` : `${title} ${change.before === change.after ? 'was under the policy already' : 'is under the policy now'}.`,
      probed.ok ? `Tried: the hook denied what it must deny, in ${probed.milliseconds} ms.` : `Not tried, because no editor with CoWork Policy is open. Until one is, ${title} runs no tool.`,
      ...installation.steps.map((step) => `To do: ${step}`),
      ...[...installation.notCovered, ...(form === 'http' ? [portTaken] : [])].map((text) => `Not covered: ${text}`),
      `Take it out again with: cowork-policy uninstall ${installation.client}${flags['scope'] === 'project' ? ' --scope project' : ''}`,
    ]);
    return 0;
  },
};

/** An agent cannot tell who answers at an address of this machine */
const portTaken = 'While no editor is open, another user of this machine could answer at its address. Use --form command where others can log in.';

/** `uninstall CLIENT`: takes out what `install` put in, and nothing else */
export const uninstallVerb: Verb = {
  usage: 'uninstall CLIENT [--scope user | project] [--dry-run]',
  summary: 'take an agent out of the policy: remove what install put into its settings, and nothing else',
  details: [`CLIENT            ${names}`, ...details],
  options,
  async run(words, flags, console) {
    const installation = installationOf(words, 'uninstall');
    const file = settingsFile(installation, flags, console);
    const change = planRelease(installation, file);
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
  return projectFile(installation, folder) ?? userFile(installation);
}

async function show({ file, before, after }: FileChange, flags: Flags, console: Console): Promise<void> {
  if (flags['json'] === true) await console.print(`${JSON.stringify({ file, before: before ?? null, after: after ?? null })}\n`);
  else await console.print(before === after ? `Nothing changes in ${file}.\n` : lineDiff(file, before, after));
}

async function say(flags: Flags, console: Console, value: object, lines: readonly string[]): Promise<void> {
  await console.print(flags['json'] === true ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}
