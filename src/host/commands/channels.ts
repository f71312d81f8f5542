import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ChannelOverview } from '../../channels/bridge.ts';
import type { ChannelSettings } from '../../core/policy/channelSettings.ts';
import type { ChannelUser } from '../../gate/channelState.ts';
import { visible } from '../../core/visible.ts';
import type { Faces } from '../faces.ts';
import type { OpenFolder } from '../folders.ts';
import { chooseFolder, told } from './choose.ts';

const by = 'editor';

type Platform = ChannelSettings['platform'];

/** What a platform wants to know, in the order it is asked; the secrets never leave the editor's secret storage but for the platform */
const platforms = (): readonly { readonly platform: Platform; readonly label: string; readonly detail: string; readonly secrets: readonly { readonly name: string; readonly prompt: string }[] }[] => [
  { platform: 'telegram', label: 'Telegram', detail: vscode.l10n.t('A bot of your own; BotFather gives its token'), secrets: [{ name: 'token', prompt: vscode.l10n.t('Token of the bot, from BotFather') }] },
  { platform: 'discord', label: 'Discord', detail: vscode.l10n.t('An application with a bot; its page in the developer portal gives the token'), secrets: [{ name: 'token', prompt: vscode.l10n.t('Token of the bot, from the developer portal') }] },
  {
    platform: 'slack', label: 'Slack', detail: vscode.l10n.t('An app with Socket Mode; its page gives both tokens'),
    secrets: [{ name: 'token', prompt: vscode.l10n.t('Bot token, begins with xoxb-') }, { name: 'appToken', prompt: vscode.l10n.t('App-level token with connections:write, begins with xapp-') }],
  },
  { platform: 'bridge', label: vscode.l10n.t('Another Gateway'), detail: vscode.l10n.t('A program of yours that speaks for IRC, XMPP, or anything else'), secrets: [] },
];

export function platformName(platform: Platform): string {
  return platforms().find((each) => each.platform === platform)?.label ?? platform;
}

export async function addChannel({ folders }: Faces): Promise<void> {
  const folder = await chooseFolder(folders);
  if (folder !== undefined) await addChannelTo(folder);
}

/** Sets up a channel: platform, token, connected at once; people get in with a pairing code */
export async function addChannelTo(folder: OpenFolder): Promise<void> {
  const chosen = await vscode.window.showQuickPick(platforms(), { title: vscode.l10n.t('Add a Channel'), placeHolder: vscode.l10n.t('Where do people talk to your agents?') });
  if (chosen === undefined) return;
  const secrets = await askSecrets(chosen.platform);
  if (secrets === undefined) return;
  const { bridge, tokens } = folder.channels;
  const id = freeId(chosen.platform, bridge.overview);
  await tokens.store(id, secrets);
  if (!told(await bridge.configure(id, { platform: chosen.platform, enabled: true }, by))) return tokens.forget(id);
  if (chosen.platform === 'bridge') await showGatewayToken(id, secrets['token'] ?? '');
  const pair = vscode.l10n.t('Make a Pairing Code');
  const next = await vscode.window.showInformationMessage(vscode.l10n.t('The channel {0} is set up. Nobody may speak on it until they are paired.', id), pair);
  if (next === pair) await showCode(folder, id);
}

export async function changeChannelToken({ folders }: Faces): Promise<void> {
  const at = await chooseChannel(folders);
  if (at !== undefined) await changeTokenOf(at.folder, at.channel);
}

/** Asks for a channel's secrets anew and connects with them */
export async function changeTokenOf({ channels }: OpenFolder, { id, settings: { platform } }: ChannelOverview): Promise<void> {
  const secrets = await askSecrets(platform);
  if (secrets === undefined) return;
  await channels.tokens.store(id, secrets);
  if (platform === 'bridge') await showGatewayToken(id, secrets['token'] ?? '');
  told(await channels.bridge.connect(id, by));
}

export async function generatePairingCode({ folders }: Faces): Promise<void> {
  const at = await chooseChannel(folders);
  if (at !== undefined) await showCode(at.folder, at.channel.id);
}

export async function connectChannel({ folders }: Faces): Promise<void> {
  const at = await chooseChannel(folders);
  if (at !== undefined) told(await at.folder.channels.bridge.connect(at.channel.id, by));
}

export async function disconnectChannel({ folders }: Faces): Promise<void> {
  const at = await chooseChannel(folders, ({ settings }) => settings.enabled);
  if (at !== undefined) told(await at.folder.channels.bridge.disconnect(at.channel.id, by));
}

export async function testChannel({ folders }: Faces): Promise<void> {
  const at = await chooseChannel(folders);
  if (at === undefined) return;
  const { ok, text } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Testing {0}…', at.channel.id) }, () => at.folder.channels.bridge.test(at.channel.id));
  void (ok ? vscode.window.showInformationMessage(text) : vscode.window.showWarningMessage(text));
}

export async function removeChannel({ folders }: Faces): Promise<void> {
  const at = await chooseChannel(folders);
  if (at !== undefined) await removeChannelFrom(at.folder, at.channel);
}

/** Takes a channel away, with its people and its token */
export async function removeChannelFrom({ channels }: OpenFolder, { id }: ChannelOverview): Promise<void> {
  const yes = vscode.l10n.t('Remove');
  const detail = vscode.l10n.t('Everybody on it has to pair again if you set it up anew. What was said stays in the record.');
  if ((await vscode.window.showWarningMessage(vscode.l10n.t('Remove the channel {0}?', id), { modal: true, detail }, yes)) !== yes) return;
  if (told(await channels.bridge.remove(id, by))) await channels.tokens.forget(id);
}

/** Shows who is known on a channel; choosing somebody keeps them out, or lets them try again */
export async function showChannelUsers({ folders }: Faces): Promise<void> {
  const at = await chooseChannel(folders);
  if (at === undefined) return;
  const person = await choosePerson(at.channel, at.channel.users, vscode.l10n.t('Choose somebody to revoke, or to let in again'));
  if (person === undefined) return;
  const { bridge } = at.folder.channels;
  const forgive = person.state === 'revoked' || (person.lockedUntil ?? 0) > Date.now();
  told(forgive ? await bridge.forgive(at.channel.id, person.id, by) : await bridge.revoke(at.channel.id, person.id, by));
}

export async function revokeChannelUser({ folders }: Faces): Promise<void> {
  const at = await chooseChannel(folders);
  if (at === undefined) return;
  const person = await choosePerson(at.channel, at.channel.users.filter(({ state }) => state !== 'revoked'), vscode.l10n.t('Who is kept out from now on?'));
  if (person !== undefined) told(await at.folder.channels.bridge.revoke(at.channel.id, person.id, by));
}

/** Makes a code and shows it, here and nowhere else; the clipboard only gets it when a person wants that */
async function showCode(folder: OpenFolder, id: string): Promise<void> {
  const made = await folder.channels.bridge.generateCode(id, by);
  if (!made.ok) return void told(made);
  const copy = vscode.l10n.t('Copy');
  const minutes = Math.max(1, Math.round((made.expiresAt - Date.now()) / 60_000));
  const text = vscode.l10n.t('Pairing code: {0}. Send “/pair {0}” to the bot on {1} within {2} minutes. It works once.', made.code, id, minutes);
  if ((await vscode.window.showInformationMessage(text, copy)) === copy) await vscode.env.clipboard.writeText(made.code);
}

async function showGatewayToken(id: string, token: string): Promise<void> {
  const copy = vscode.l10n.t('Copy the Token');
  const detail = vscode.l10n.t('Give it to the gateway that speaks for {0}, and to nobody else: who has it can speak as anybody there. It is not shown again.', id);
  if ((await vscode.window.showInformationMessage(vscode.l10n.t('A token for the gateway was made.'), { modal: true, detail }, copy)) === copy) await vscode.env.clipboard.writeText(token);
}

/** The secrets of a platform as a person enters them; for a gateway of their own one is made. `undefined` when they went back */
async function askSecrets(platform: Platform): Promise<Readonly<Record<string, string>> | undefined> {
  if (platform === 'bridge') return { token: randomBytes(32).toString('base64url') };
  const { label = platform, secrets = [] } = platforms().find((each) => each.platform === platform) ?? {};
  const given: Record<string, string> = {};
  for (const { name, prompt } of secrets) {
    const text = await vscode.window.showInputBox({
      title: label, prompt, password: true, ignoreFocusOut: true,
      validateInput: (typed) => (typed.trim() === '' || /\s/.test(typed.trim()) ? vscode.l10n.t('Paste the token, without spaces.') : undefined),
    });
    if (text === undefined) return undefined;
    given[name] = text.trim();
  }
  return given;
}

/** The first free name: telegram, telegram-2, … */
function freeId(platform: Platform, channels: readonly ChannelOverview[]): string {
  const taken = new Set(channels.map(({ id }) => id));
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? platform : `${platform}-${n}`;
    if (!taken.has(id)) return id;
  }
}

async function chooseChannel(folders: Faces['folders'], fits: (channel: ChannelOverview) => boolean = () => true): Promise<{ readonly folder: OpenFolder; readonly channel: ChannelOverview } | undefined> {
  const folder = await chooseFolder(folders);
  if (folder === undefined) return undefined;
  const channels = folder.channels.bridge.overview.filter(fits);
  const [only, ...others] = channels;
  if (only === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no such channel yet. Use “CoWork: Add a Channel…”.'));
    return undefined;
  }
  if (others.length === 0) return { folder, channel: only };
  const chosen = await vscode.window.showQuickPick(channels.map((channel) => ({ label: channel.id, description: platformName(channel.settings.platform), channel })), { title: vscode.l10n.t('Which channel?') });
  return chosen === undefined ? undefined : { folder, channel: chosen.channel };
}

async function choosePerson({ id }: ChannelOverview, people: readonly ChannelUser[], placeHolder: string): Promise<ChannelUser | undefined> {
  if (people.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nobody is known on {0} yet. Make a pairing code and send it to the bot.', id));
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(
    people.map((person) => ({ label: visible(person.name ?? person.id), description: visible(person.id), detail: standing(person), person })),
    { title: vscode.l10n.t('People on {0}', id), placeHolder },
  );
  return chosen?.person;
}

function standing({ state, lastSeenAt, lockedUntil }: ChannelUser): string {
  const words = { paired: vscode.l10n.t('paired'), revoked: vscode.l10n.t('revoked'), stranger: vscode.l10n.t('not paired') }[state];
  const locked = (lockedUntil ?? 0) > Date.now() ? vscode.l10n.t('locked until {0}', new Date(lockedUntil ?? 0).toLocaleTimeString()) : '';
  const seen = lastSeenAt === undefined ? '' : vscode.l10n.t('last seen {0}', new Date(lastSeenAt).toLocaleString());
  return [words, locked, seen].filter((part) => part !== '').join(' · ');
}
