import type { Entry } from './entry.ts';

/** Somebody on a platform, as the policy knows them */
export interface ChannelUser {
  /** The platform's id of the account */
  readonly id: string;
  /** The name they gave themselves; anybody's word */
  readonly name?: string;
  /** `revoked` is kept out in every mode until they pair anew or a person lets them in again */
  readonly state: 'stranger' | 'paired' | 'revoked';
  /** Milliseconds since 1970, as all times here */
  readonly createdAt: number;
  readonly lastSeenAt?: number;
  /** Wrong codes since they last paired or were locked out */
  readonly wrongCodes: number;
  readonly lockedUntil?: number;
  /** Where they last wrote in direct messages, so that questions reach them */
  readonly direct?: { readonly id: string; readonly thread?: string };
  /** Groups they wrote in, the last one last; no question about what they want done is shown in any other */
  readonly groups?: readonly string[];
}

/** The one pairing code of a channel that lives; the code itself is nowhere */
export interface PairingCode {
  readonly salt: string;
  readonly hash: string;
  readonly madeAt: number;
  readonly expiresAt: number;
  readonly wrongTries: number;
  readonly mostTries: number;
}

/** A question that was put to somebody in a chat */
export interface ChannelOffer {
  /** Carried by its buttons: 12 symbols nobody can guess */
  readonly nonce: string;
  /** What a person types instead of pressing: 4 symbols */
  readonly shortId: string;
  readonly approval: string;
  /** Platform id of the one person who may answer here */
  readonly user: string;
  readonly chat: RecordedChat;
  readonly messageId: string;
  /** Milliseconds since 1970 */
  readonly expiresAt: number;
  /** What it asks, in one line; safe to show and to send */
  readonly title: string;
}

export interface RecordedChat {
  readonly id: string;
  readonly thread?: string;
  readonly context: 'direct' | 'group';
}

/** A sender that was over the limit, for people to see */
export interface LimitedSender {
  readonly user: string;
  /** Messages that were not read in this window, as far as was counted when it was noted */
  readonly refused: number;
  readonly windowStart: number;
  readonly until: number;
}

/** What the record of one channel adds up to */
export interface ChannelFacts {
  /** Those seen or changed last stand last; `userIn` finds one */
  readonly users: readonly ChannelUser[];
  readonly code?: PairingCode;
  /** Place in the platform's stream, as the adapter last gave it */
  readonly cursor?: string;
  /** Keys of what was taken in, oldest first, in lists of at most `seenInList` */
  readonly seen: readonly (readonly string[])[];
  /** Messages for the agent that it has not got yet, oldest first */
  readonly inbox: readonly ChannelMessageEntry[];
  readonly offers: readonly ChannelOffer[];
  readonly limited: readonly LimitedSender[];
  /** How the connection stood when it last changed */
  readonly status?: { readonly state: 'connected' | 'waiting' | 'failed' | 'disconnected'; /** Name of the bot on the platform */ readonly as?: string };
  /** Messages in and out, ever */
  readonly messages: number;
}

export type ChannelsFacts = Readonly<Record<string, ChannelFacts>>;

/** All entries that are about a channel */
export type ChannelEntry = Extract<Entry, { readonly channel: string }>;
export type ChannelMessageEntry = Extract<Entry, { readonly type: 'channel_message' }>;

export const noChannelFacts: ChannelFacts = { users: [], seen: [], inbox: [], offers: [], limited: [], messages: 0 };

/** Strangers that are remembered for each channel; the one not seen for longest goes first, locked ones last */
export const mostStrangers = 500;
/**
 * Keys in one list, and lists: 20,000 keys and more. A platform delivers again only what it was not told we have: at most 100
 * updates (Telegram), what came since the last saved sequence (Discord), one envelope for each (Slack).
 */
export const seenInList = 500;
export const seenLists = 41;
/** Messages that wait for an agent; whoever writes when there are more is told to come again */
export const mostWaiting = 100;
const mostGroups = 20;
const mostOffers = 500;
const mostLimited = 100;

/** The channels after one more entry; pure. Gives the same object where nothing changed */
export function applyChannelEntry(channels: ChannelsFacts, entry: Entry): ChannelsFacts {
  if (!('channel' in entry)) return channels;
  const before = Object.hasOwn(channels, entry.channel) ? (channels[entry.channel] ?? noChannelFacts) : noChannelFacts;
  const after = applyTo(before, entry);
  return after === before ? channels : { ...channels, [entry.channel]: after };
}

function applyTo(facts: ChannelFacts, entry: ChannelEntry): ChannelFacts {
  switch (entry.type) {
    case 'channel_user':
      return { ...facts, users: withUser(facts.users, entry.user) };
    case 'channel_code': {
      const { code: _, ...rest } = facts;
      return entry.code === undefined ? rest : { ...rest, code: entry.code };
    }
    case 'channel_message':
      return withMessage(facts, entry);
    case 'channel_handled': {
      const inbox = facts.inbox.filter(({ key }) => key === undefined || !entry.keys.includes(key));
      return inbox.length === facts.inbox.length ? facts : { ...facts, inbox };
    }
    case 'channel_removed':
      return { ...noChannelFacts, messages: facts.messages };
    case 'channel_cursor':
      return { ...facts, cursor: entry.cursor };
    case 'channel_offer': {
      const others = facts.offers.filter(({ nonce }) => nonce !== entry.offer.nonce);
      return { ...facts, offers: entry.open ? [...others, entry.offer].slice(-mostOffers) : others };
    }
    case 'channel_limited':
      return { ...facts, limited: [...facts.limited.filter(({ user }) => user !== entry.limited.user), entry.limited].slice(-mostLimited) };
    case 'channel_status':
      return { ...facts, status: { state: entry.state, ...(entry.as === undefined ? {} : { as: entry.as }) } };
    case 'channel_event':
      return facts;
  }
}

function withMessage(facts: ChannelFacts, entry: ChannelMessageEntry): ChannelFacts {
  const seen = entry.key === undefined ? facts.seen : withKey(facts.seen, entry.key);
  const inbox = entry.waiting === true ? [...facts.inbox, entry] : facts.inbox;
  return { ...facts, seen, inbox, messages: facts.messages + 1, users: entry.direction === 'incoming' ? seenUser(facts.users, entry) : facts.users };
}

function withKey(seen: ChannelFacts['seen'], key: string): ChannelFacts['seen'] {
  const last = seen.at(-1);
  if (last === undefined || last.length >= seenInList) return [...seen, [key]].slice(-seenLists);
  return [...seen.slice(0, -1), [...last, key]];
}

function seenUser(users: ChannelFacts['users'], { user, chat, at }: ChannelMessageEntry): ChannelFacts['users'] {
  if (user === undefined) return users;
  const known = userIn(users, user.id);
  const place = chat.context === 'direct' ? { direct: { id: chat.id, ...(chat.thread === undefined ? {} : { thread: chat.thread }) } } : { groups: [...(known?.groups ?? []).filter((id) => id !== chat.id), chat.id].slice(-mostGroups) };
  const { name } = user;
  return withUser(users, { ...(known ?? newUser(user.id, at)), ...(name === undefined ? {} : { name }), ...place, lastSeenAt: at });
}

/** Somebody by their platform id */
export function userIn(users: ChannelFacts['users'], id: string): ChannelUser | undefined {
  return users.find((user) => user.id === id);
}

/** Somebody nobody has seen before */
export function newUser(id: string, at: number): ChannelUser {
  return { id, state: 'stranger', createdAt: at, wrongCodes: 0 };
}

function withUser(users: ChannelFacts['users'], user: ChannelUser): ChannelFacts['users'] {
  const others = users.filter(({ id }) => id !== user.id);
  const goes = others.length < users.length ? undefined : superfluous(others);
  return [...(goes === undefined ? others : others.filter((other) => other !== goes)), user];
}

/** The stranger who makes room for a new one, where there are too many */
function superfluous(users: ChannelFacts['users']): ChannelUser | undefined {
  const strangers = users.filter(({ state }) => state === 'stranger');
  return strangers.length < mostStrangers ? undefined : strangers.reduce((goes, other) => (goesBefore(other, goes) ? other : goes));
}

/** Which stranger is forgotten first: not one who is locked out, then who was not seen for longest */
function goesBefore(a: ChannelUser, b: ChannelUser): boolean {
  const [lockA, lockB] = [a.lockedUntil ?? 0, b.lockedUntil ?? 0];
  return lockA === lockB ? (a.lastSeenAt ?? 0) < (b.lastSeenAt ?? 0) : lockA < lockB;
}

/**
 * The channels while the history is in doubt: the word that somebody was revoked may be what is missing, so nobody is paired and
 * no code lives. Confirming the history does not bring it back; pairing anew takes a minute.
 */
export function doubtedChannels(channels: ChannelsFacts): ChannelsFacts {
  return Object.fromEntries(Object.entries(channels).map(([id, { code: _, ...facts }]) => {
    const users = facts.users.map((user): ChannelUser => (user.state === 'paired' ? { ...user, state: 'stranger' } : user));
    return [id, { ...facts, users, offers: [] }];
  }));
}
