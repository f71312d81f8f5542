import type { Done } from './messages.ts';

export const securityModes = ['pairing', 'allowlist', 'open'] as const;
export type SecurityMode = (typeof securityModes)[number];
export const restrictableGroups = ['memory', 'system', 'network', 'destructive'] as const;
export type RestrictableGroup = (typeof restrictableGroups)[number];
export type ContextName = 'direct' | 'group';

/** The channels of the folder, and what was said on them lately */
export interface ChannelsSlice {
  readonly channels: readonly ChannelCard[];
  /** The workspace is not trusted, so nothing is connected */
  readonly waitsForTrust: boolean;
  /** Newest first */
  readonly messages: readonly ChannelLine[];
}

export interface ChannelCard {
  readonly id: string;
  readonly platform: string;
  readonly enabled: boolean;
  readonly state: { readonly sign: 'pass' | 'warn' | 'fail'; readonly text: string };
  readonly securityMode: SecurityMode;
  /** The code that lives; its text is only known to whoever made it. Milliseconds since 1970 */
  readonly code?: { readonly expiresAt: number; readonly triesLeft: number };
  readonly users: readonly ChannelPerson[];
  readonly allowedUsers: readonly string[];
  readonly contexts: Readonly<Record<ContextName, ContextCard>>;
  readonly approvals: 'own' | 'all';
  readonly sensitiveApprovals: boolean;
  readonly modeCommand: boolean;
  /** What a number is set to: seconds that a code lives, wrong codes that kill it, megabytes of the largest attachment */
  readonly numbers: Readonly<Record<ChannelNumber, number>>;
  /** Questions in its chats, messages that wait for an agent, senders over the limit */
  readonly openOffers: number;
  readonly waiting: number;
  readonly limited: number;
}

export interface ContextCard {
  /** Its own mode; the channel's where there is none */
  readonly securityMode?: SecurityMode;
  /** Groups of tools that are not there in it */
  readonly without: readonly RestrictableGroup[];
  /** Other entries of its restrictions: names of tools, or what cannot be read, which leaves out everything */
  readonly others: readonly string[];
}

export interface ChannelPerson {
  readonly id: string;
  readonly name: string;
  readonly standing: 'paired' | 'revoked' | 'stranger' | 'locked';
  readonly detail: string;
}

export interface ChannelLine {
  readonly at: number;
  readonly channel: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly who: string;
  readonly text: string;
}

/** Numbers of a channel, each with the least and the most that is taken */
export const channelNumbers = { seconds: [30, 86_400], attempts: [1, 20], attachmentMegabytes: [1, 20] } as const;
export type ChannelNumber = keyof typeof channelNumbers;

/** What a person may change of a channel here; what is absent stays */
export interface ChannelChange {
  readonly securityMode?: SecurityMode;
  /** Puts somebody on the list of allowed people, or takes them off */
  readonly allowed?: { readonly user: string; readonly on: boolean };
  readonly context?: { readonly name: ContextName; /** `channel` follows the channel's own */ readonly securityMode?: SecurityMode | 'channel'; /** Whether a group of tools is there */ readonly group?: { readonly name: RestrictableGroup; readonly on: boolean } };
  readonly approvals?: 'own' | 'all';
  readonly sensitiveApprovals?: boolean;
  readonly modeCommand?: boolean;
  readonly numbers?: Partial<Readonly<Record<ChannelNumber, number>>>;
}

export interface ChannelsRequests {
  readonly makeCode: { readonly params: { readonly channel: string }; readonly result: Done & { readonly code?: string; readonly expiresAt?: number } };
  readonly copyText: { readonly params: { readonly text: string }; readonly result: Done };
  readonly setChannel: { readonly params: { readonly channel: string; readonly change: ChannelChange }; readonly result: Done };
  readonly switchChannel: { readonly params: { readonly channel: string; readonly on: boolean }; readonly result: Done };
  readonly testChannel: { readonly params: { readonly channel: string }; readonly result: { readonly ok: boolean; readonly text: string } };
  readonly revokePerson: { readonly params: { readonly channel: string; readonly user: string }; readonly result: Done };
  readonly forgivePerson: { readonly params: { readonly channel: string; readonly user: string }; readonly result: Done };
  /** These go on in the editor, which asks for what is secret or hard to undo; they end when the person is through */
  readonly addChannel: { readonly params: Record<string, never>; readonly result: Done };
  readonly changeToken: { readonly params: { readonly channel: string }; readonly result: Done };
  readonly removeChannel: { readonly params: { readonly channel: string }; readonly result: Done };
}
