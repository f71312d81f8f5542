import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { loadAdapter } from '../../channels/adapters.ts';
import { type ChannelBridge, createBridge } from '../../channels/bridge.ts';
import { createGateways, type Gateways } from '../../channels/gateway/gateways.ts';
import type { Clock } from '../../gate/ports.ts';
import { settings } from '../contributions.ts';
import type { OpenFolder } from '../folders.ts';
import { attachmentFiles } from './attachmentFiles.ts';
import { ChannelTokens } from './channelTokens.ts';
import { pairingSecrets, sameText } from './pairingSecrets.ts';

/** The channels of one folder: the bridge, where their tokens are, and what gateways call over the local endpoint */
export interface FolderChannels {
  readonly bridge: ChannelBridge;
  readonly tokens: ChannelTokens;
  readonly gateways: Gateways;
}

/** Opens the channels of a folder; those that are switched on connect by themselves */
export function openChannels(folder: Pick<OpenFolder, 'path' | 'gate' | 'store' | 'surroundings'>, storage: vscode.SecretStorage, clock: Clock, failed: (error: unknown) => void): FolderChannels {
  const tokens = new ChannelTokens(storage, folder.path);
  const gateways = createGateways({ same: sameText, newName: () => randomBytes(16).toString('hex') });
  const bridge = createBridge({
    gate: folder.gate,
    store: folder.store,
    clock,
    secrets: pairingSecrets,
    attachments: attachmentFiles(folder.path),
    place: () => folder.surroundings,
    trusted: () => vscode.workspace.isTrusted,
    open: (platform) => (platform === 'bridge' ? Promise.resolve(gateways.open) : loadAdapter(platform)),
    tokens: (channel) => tokens.get(channel),
    baseUrl: (channel) => serverOf(folder.store.state.settings.channels?.[channel]?.platform),
    random: Math.random,
    failed,
  });
  return { bridge, tokens, gateways };
}

/** A server of one's own in place of the vendor's. Only a setting of the application: a repository's settings must not lead tokens away */
function serverOf(platform: string | undefined): string | undefined {
  const servers = vscode.workspace.getConfiguration().inspect<Readonly<Record<string, unknown>>>(settings.channelServers)?.globalValue;
  const server = platform === undefined ? undefined : servers?.[platform];
  return typeof server === 'string' && server !== '' ? server : undefined;
}
