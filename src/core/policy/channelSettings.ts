/** Who may speak on a channel (spec 8), from tightest to loosest in what it takes to get in */
export const securityModes = ['pairing', 'allowlist', 'open'] as const;
export type SecurityMode = (typeof securityModes)[number];

/** Where something is said: to the bot alone, or among others */
export const channelContexts = ['direct', 'group'] as const;

/** The groups of tools that a context can leave out with one switch (spec 8) */
export const restrictableGroups = ['memory', 'system', 'network', 'destructive'] as const;

/** What holds in one context of a channel */
export interface ContextSettings {
  /** Follows the channel's own mode where absent */
  readonly securityMode?: SecurityMode;
  /** What is not there in this context: `group:memory` and the like, names of tools, `*` for all */
  readonly restrictions: readonly string[];
}

/** How one channel is set up; who is paired is no setting but state */
export interface ChannelSettings {
  readonly platform: 'telegram' | 'discord' | 'slack' | 'bridge';
  /** Connected whenever the workspace is open */
  readonly enabled: boolean;
  readonly securityMode: SecurityMode;
  /** Platform ids, for `allowlist` */
  readonly allowedUsers: readonly string[];
  readonly pairing: {
    /** How long a code lives, 30 to 86,400 seconds */
    readonly seconds: number;
    /** Wrong codes that kill a code and lock their sender out, 1 to 20 */
    readonly attempts: number;
  };
  readonly contexts: { readonly direct: ContextSettings; readonly group: ContextSettings };
  /** Which questions paired people get in their direct messages: those of their own conversations, or every one of the workspace */
  readonly approvals: 'own' | 'all';
  /** Exports and the location can be answered in direct messages too, not only in the editor */
  readonly sensitiveApprovals: boolean;
  /** A paired person may change the mode with `/mode` in direct messages */
  readonly modeCommand: boolean;
  /** Largest attachment that is taken in, 1 to 20 */
  readonly attachmentMegabytes: number;
}

export type ChannelsSettings = Readonly<Record<string, ChannelSettings>>;

/** What nothing was set means: pairing, and in groups no tool that gives out what is remembered (spec 8) */
export function defaultChannel(platform: ChannelSettings['platform']): ChannelSettings {
  return {
    platform,
    enabled: false,
    securityMode: 'pairing',
    allowedUsers: [],
    pairing: { seconds: 300, attempts: 5 },
    contexts: { direct: { restrictions: [] }, group: { restrictions: ['group:memory'] } },
    approvals: 'all',
    sensitiveApprovals: false,
    modeCommand: false,
    attachmentMegabytes: 20,
  };
}

/** The mode that holds in a context: its own, or the channel's where nobody set one */
export function securityModeIn({ securityMode, contexts }: ChannelSettings, context: 'direct' | 'group'): SecurityMode {
  return contexts[context].securityMode ?? securityMode;
}

/** Restrictions that leave out every tool */
export const everythingRestricted: readonly string[] = ['*'];

/** Restrictions as they count: what cannot be read, or names a group that does not exist, leaves out everything */
export function readRestrictions(given: unknown): readonly string[] {
  if (!Array.isArray(given) || given.length > 1_000) return everythingRestricted;
  const entries: readonly unknown[] = given;
  const readable = entries.every((entry) => typeof entry === 'string' && entry.trim() !== '' && entry.length <= 200 && (!entry.startsWith('group:') || knownGroups.has(entry)));
  return readable ? (entries as readonly string[]) : everythingRestricted;
}

const knownGroups: ReadonlySet<string> = new Set(['read', 'write', 'destructive', 'system', 'network', 'memory', 'image', 'meta'].map((name) => `group:${name}`));
