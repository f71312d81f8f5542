import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { ChannelOverview } from '../../../channels/bridge.ts';
import type { ChannelSettings } from '../../../core/policy/channelSettings.ts';
import { visible } from '../../../core/visible.ts';
import type { ChannelUser } from '../../../gate/channelState.ts';
import { channelNumbers, restrictableGroups, securityModes, type ChannelCard, type ChannelChange, type ChannelNumber, type ChannelPerson, type ChannelsRequests, type ChannelsSlice, type ContextCard } from '../../../shared/channels.ts';
import type { Done } from '../../../shared/messages.ts';
import { addChannelTo, changeTokenOf, platformName, removeChannelFrom } from '../../commands/channels.ts';
import type { OpenFolder } from '../../folders.ts';
import type { HandlersOf } from '../handler.ts';

const by = 'editor';
/** Messages that the section shows; the audit has all */
const mostMessages = 30;
/** Characters of a message that the section shows */
const longestText = 400;

export async function channelsSlice(folder: OpenFolder): Promise<ChannelsSlice> {
  const recent = await folder.store.history({ types: ['channel_message'], limit: mostMessages });
  return {
    channels: folder.channels.bridge.overview.map(cardOf),
    waitsForTrust: !vscode.workspace.isTrusted,
    messages: recent.flatMap(({ entry }) => (entry.type !== 'channel_message' ? [] : [{
      at: entry.at, channel: entry.channel, direction: entry.direction,
      who: visible(entry.user?.name ?? entry.user?.id ?? entry.chat.id), text: visible(entry.text.slice(0, longestText)),
    }])),
  };
}

function cardOf({ id, settings, state, users, code, openOffers, waiting, limited }: ChannelOverview): ChannelCard {
  const { enabled, securityMode, allowedUsers, contexts, approvals, sensitiveApprovals, modeCommand, attachmentMegabytes, pairing } = settings;
  return {
    id, platform: platformName(settings.platform), enabled, state: stateOf(state), securityMode, ...(code === undefined ? {} : { code }),
    users: users.map(personOf), allowedUsers, contexts: { direct: contextOf(contexts.direct), group: contextOf(contexts.group) },
    approvals, sensitiveApprovals, modeCommand, numbers: { ...pairing, attachmentMegabytes }, openOffers, waiting, limited: limited.length,
  };
}

function stateOf(state: ChannelOverview['state']): ChannelCard['state'] {
  switch (state.state) {
    case 'connected':
      return { sign: 'pass', text: vscode.l10n.t('Connected as {0}', visible(state.as)) };
    case 'connecting':
      return { sign: 'warn', text: vscode.l10n.t('Connecting…') };
    case 'waiting':
      return { sign: 'warn', text: vscode.l10n.t('{0} It tries again by itself.', visible(state.reason)) };
    case 'failed':
      return { sign: 'fail', text: visible(state.reason) };
    case 'disconnected':
      return { sign: 'warn', text: vscode.l10n.t('Not connected') };
  }
}

function contextOf({ securityMode, restrictions }: ChannelSettings['contexts']['direct']): ContextCard {
  const without = restrictableGroups.filter((group) => restrictions.includes(`group:${group}`));
  const others = restrictions.filter((entry) => !without.some((group) => entry === `group:${group}`));
  return { ...(securityMode === undefined ? {} : { securityMode }), without, others };
}

function personOf({ id, name, state, lastSeenAt, lockedUntil }: ChannelUser): ChannelPerson {
  const locked = (lockedUntil ?? 0) > Date.now();
  return {
    id, name: visible(name ?? id), standing: locked ? 'locked' : state,
    detail: lastSeenAt === undefined ? '' : vscode.l10n.t('last seen {0}', new Date(lastSeenAt).toLocaleString()),
  };
}

const id = z.string().check(z.maxLength(200));
const channel = id;
const changeSchema = z.strictObject({
  securityMode: z.optional(z.enum(securityModes)),
  allowed: z.optional(z.strictObject({ user: id, on: z.boolean() })),
  context: z.optional(z.strictObject({ name: z.enum(['direct', 'group']), securityMode: z.optional(z.enum([...securityModes, 'channel'])), group: z.optional(z.strictObject({ name: z.enum(restrictableGroups), on: z.boolean() })) })),
  approvals: z.optional(z.enum(['own', 'all'])),
  sensitiveApprovals: z.optional(z.boolean()),
  modeCommand: z.optional(z.boolean()),
  numbers: z.optional(z.strictObject({ seconds: number('seconds'), attempts: number('attempts'), attachmentMegabytes: number('attachmentMegabytes') })),
});

function number(name: ChannelNumber): z.ZodMiniOptional<z.ZodMiniInt> {
  const [least, most] = channelNumbers[name];
  return z.optional(z.int().check(z.minimum(least), z.maximum(most)));
}

export const channelsHandlers: HandlersOf<ChannelsRequests> = {
  makeCode: {
    params: z.strictObject({ channel }),
    run: ({ channel }, { folder }) => folder.channels.bridge.generateCode(channel, by),
  },
  copyText: {
    params: z.strictObject({ text: z.string().check(z.maxLength(100)) }),
    async run({ text }) {
      await vscode.env.clipboard.writeText(text);
      return { ok: true };
    },
  },
  setChannel: {
    params: z.strictObject({ channel, change: changeSchema }),
    run: ({ channel, change }, { folder }) => withChannel(folder, channel, () => folder.channels.bridge.adjust(channel, (now) => settingsFor(change, now), by)),
  },
  switchChannel: {
    params: z.strictObject({ channel, on: z.boolean() }),
    run: ({ channel, on }, { folder }) => (on ? folder.channels.bridge.connect(channel, by) : folder.channels.bridge.disconnect(channel, by)),
  },
  testChannel: {
    params: z.strictObject({ channel }),
    run: ({ channel }, { folder }) => folder.channels.bridge.test(channel),
  },
  revokePerson: {
    params: z.strictObject({ channel, user: id }),
    run: ({ channel, user }, { folder }) => folder.channels.bridge.revoke(channel, user, by),
  },
  forgivePerson: {
    params: z.strictObject({ channel, user: id }),
    run: ({ channel, user }, { folder }) => folder.channels.bridge.forgive(channel, user, by),
  },
  addChannel: {
    params: z.strictObject({}),
    async run(_, { folder }) {
      await addChannelTo(folder);
      return { ok: true };
    },
  },
  changeToken: {
    params: z.strictObject({ channel }),
    run: ({ channel }, { folder }) => withChannel(folder, channel, (known) => changeTokenOf(folder, known)),
  },
  removeChannel: {
    params: z.strictObject({ channel }),
    run: ({ channel }, { folder }) => withChannel(folder, channel, (known) => removeChannelFrom(folder, known)),
  },
};

async function withChannel(folder: OpenFolder, id: string, run: (known: ChannelOverview) => Promise<Done | void>): Promise<Done> {
  const known = folder.channels.bridge.overview.find((each) => each.id === id);
  if (known === undefined) return { ok: false, reason: vscode.l10n.t('There is no such channel any more.') };
  return (await run(known)) ?? { ok: true };
}

/** The change as the bridge takes it, made on what stands when its turn comes; what the section does not show is kept */
function settingsFor({ context, numbers, allowed, ...plain }: ChannelChange, now: ChannelSettings): Partial<ChannelSettings> {
  const { attachmentMegabytes = now.attachmentMegabytes, ...pairing } = numbers ?? {};
  return {
    ...plain,
    attachmentMegabytes,
    pairing: { ...now.pairing, ...pairing },
    ...(allowed === undefined ? {} : { allowedUsers: withEntry(now.allowedUsers, allowed.user, allowed.on) }),
    ...(context === undefined ? {} : { contexts: { ...now.contexts, [context.name]: contextFor(context, now.contexts[context.name]) } }),
  };
}

function contextFor({ securityMode, group }: NonNullable<ChannelChange['context']>, { securityMode: own, restrictions }: ChannelSettings['contexts']['direct']): ChannelSettings['contexts']['direct'] {
  const mode = securityMode === undefined ? own : securityMode === 'channel' ? undefined : securityMode;
  return { ...(mode === undefined ? {} : { securityMode: mode }), restrictions: group === undefined ? restrictions : withEntry(restrictions, `group:${group.name}`, !group.on) };
}

function withEntry(list: readonly string[], entry: string, on: boolean): readonly string[] {
  const others = list.filter((other) => other !== entry);
  return on ? [...others, entry] : others;
}
