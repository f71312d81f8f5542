import type { ChannelPlatform, OpenChannel } from './channel.ts';

/** Platforms that an adapter of ours speaks to; a bridge connects to us */
export type AdapterPlatform = Exclude<ChannelPlatform, 'bridge'>;

const adapters: Readonly<Record<AdapterPlatform, () => Promise<OpenChannel>>> = {
  telegram: async () => (await import('./telegram/telegram.ts')).openTelegram,
  discord: async () => (await import('./discord/discord.ts')).openDiscord,
  slack: async () => (await import('./slack/slack.ts')).openSlack,
};

/** Loads the adapter of a platform; each is a bundle of its own beside the extension's, read when it is first needed */
export function loadAdapter(platform: AdapterPlatform): Promise<OpenChannel> {
  return adapters[platform]();
}
