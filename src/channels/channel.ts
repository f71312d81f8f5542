/** The platforms people talk on. `bridge` is any other gateway, connected through the local endpoint */
export type ChannelPlatform = 'telegram' | 'discord' | 'slack' | 'bridge';

/** Where a message was said: to the bot alone, or among others (spec 8) */
export type ChannelContext = 'direct' | 'group';

/** Who said something, as the platform names them */
export interface Sender {
  /** The platform's stable id of the account; never its name, which people change */
  readonly id: string;
  readonly name?: string;
}

/** One conversation of a platform */
export interface Chat {
  readonly id: string;
  /** Part of the chat in which answers belong, where the platform has such (topic, thread) */
  readonly thread?: string;
  readonly context: ChannelContext;
}

/** A file that came with a message; its bytes are fetched only when they are wanted */
export interface IncomingAttachment {
  /** What the adapter needs to fetch it; opaque to everyone else. Of an address the query, fragment and login do not outlive the window */
  readonly reference: string;
  readonly name: string;
  /** Bytes as the platform claims them; checked again while fetching */
  readonly size?: number;
  /** The message it came with, where that is known when it is fetched */
  readonly message?: { readonly chat: string; readonly id: string };
}

/**
 * Something that happened on a platform, in the same shape for all. Nothing in it is trusted.
 * `key` names the happening for ever: the same update delivered twice has the same key.
 */
export type Incoming =
  | { readonly kind: 'message'; readonly key: string; readonly at: number; readonly from: Sender; readonly chat: Chat; readonly messageId: string; readonly text: string; readonly attachments: readonly IncomingAttachment[]; readonly edited: boolean; readonly forwarded: boolean }
  | { readonly kind: 'press'; readonly key: string; readonly at: number; readonly from: Sender; readonly chat: Chat; readonly messageId: string; /** What the button carried, at most 64 bytes */ readonly data: string };

/** A button under a message */
export interface Button {
  /** At most 64 bytes, the least that a platform takes (Telegram) */
  readonly data: string;
  readonly label: string;
}

/** A message on its way out. Plain text: an adapter escapes whatever its platform would read as markup, mention or link preview */
export interface Outgoing {
  readonly chat: Chat;
  readonly text: string;
  readonly buttons?: readonly Button[];
  readonly replyTo?: string;
}

/** Names a message that was sent, so that it can be changed later */
export interface Sent {
  readonly chat: Chat;
  readonly messageId: string;
}

/** How a connection stands, for people */
export type ChannelState =
  | { readonly state: 'disconnected' }
  | { readonly state: 'connecting'; /** Attempt since the last success, from 1 */ readonly attempt: number }
  | { readonly state: 'connected'; /** Name of the bot on the platform */ readonly as: string }
  /** It will try again at `retryAt` (milliseconds since 1970) */
  | { readonly state: 'waiting'; readonly reason: string; readonly retryAt: number }
  /** It will not try again by itself: a wrong or revoked token, a right that is missing */
  | { readonly state: 'failed'; readonly reason: string };

/** What an adapter needs of its surroundings */
export interface ChannelSurroundings {
  /** Platform secrets by name (`token`, for Slack also `appToken`); never logged, never in an error's text */
  readonly secrets: Readonly<Record<string, string>>;
  /** Base address of the platform's API where it is not the vendor's own (self-hosted servers, tests) */
  readonly baseUrl?: string;
  /** Place in the platform's stream up to which all was taken in, as `save` last wrote it; `undefined` at the first connect */
  readonly cursor: string | undefined;
  /** Keeps the cursor on disk; resolves when it is there */
  save(cursor: string): Promise<void>;
  /**
   * Takes in one happening. Resolves when it is on disk; only then may the adapter acknowledge it to the platform or move its cursor.
   * A key that was taken in before is answered the same way and does nothing, so delivering twice is safe.
   */
  take(incoming: Incoming): Promise<void>;
  changed(state: ChannelState): void;
  now(): number;
  /** Random number in [0, 1) for jitter */
  random(): number;
  /** Waits, or rejects with the signal's reason when it is aborted */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/**
 * One connection to a platform. `run` connects, and connects again after every loss, until the signal is aborted or nothing
 * can mend it; it resolves then and never rejects. The other calls reject with a `ChannelError` when the platform refuses or
 * cannot be reached; they wait out a rate limit themselves.
 */
export interface Channel {
  run(signal: AbortSignal): Promise<void>;
  send(message: Outgoing, signal: AbortSignal): Promise<Sent>;
  /** Replaces text and buttons of a message of ours; no buttons means none are left */
  edit(sent: Sent, message: Pick<Outgoing, 'text' | 'buttons'>, signal: AbortSignal): Promise<void>;
  /** Tells the platform that a press was taken in, with a short text for the one who pressed */
  acknowledge(press: Extract<Incoming, { kind: 'press' }>, text: string, signal: AbortSignal): Promise<void>;
  /** Bytes of an attachment; rejects as soon as more than `limit` bytes come */
  fetch(attachment: IncomingAttachment, limit: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** Makes the connection of one platform; each lives in a file of its own that is loaded on first need */
export type OpenChannel = (surroundings: ChannelSurroundings) => Channel;

/** Why a platform did not do something. The message is for people and holds no secret and no address with one */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  /** `refused`: the platform said no; `unreachable`: no answer; `tooLarge`: over a limit of ours or theirs; `secret`: token wrong or revoked */
  readonly code: 'refused' | 'unreachable' | 'tooLarge' | 'secret';
  constructor(code: ChannelError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The adapters are bundles of their own, each with its copy of this class: one is known by its name */
  static override [Symbol.hasInstance](value: unknown): value is ChannelError {
    return value instanceof Error && value.name === 'ChannelError' && 'code' in value;
  }
}
