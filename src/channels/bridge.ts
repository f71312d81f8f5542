import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import type { Actor } from '../core/request.ts';
import type { ChannelUser } from '../gate/channelState.ts';
import type { Disposable } from '../gate/ports.ts';
import type { ChannelContext, ChannelPlatform, ChannelState } from './channel.ts';

/** Whether something was done, and if not, why, in one sentence */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A channel as people see it, in the panel and in lists */
export interface ChannelOverview {
  readonly id: string;
  readonly settings: ChannelSettings;
  readonly state: ChannelState;
  /** Everybody who is known: paired, revoked, and the last strangers, last seen first */
  readonly users: readonly ChannelUser[];
  /** The pairing code that lives, without the code */
  readonly code?: { readonly expiresAt: number; readonly triesLeft: number };
  /** Questions that are open in chats of this channel */
  readonly openOffers: number;
  /** Messages that wait for an agent */
  readonly waiting: number;
  /** Senders that are over the limit now */
  readonly limited: readonly string[];
}

/** Something a person said that is for an agent */
export interface ChannelMessage {
  /** Names the message for ever; the same message may come again after a crash */
  readonly id: string;
  readonly channel: string;
  readonly platform: ChannelPlatform;
  readonly context: ChannelContext;
  readonly from: { readonly id: string; readonly name?: string };
  /** At most 16,384 characters. It comes from outside: data, and a task only as far as the agent takes tasks from this person */
  readonly text: string;
  readonly forwarded: boolean;
  /** Files that came with it, saved in the workspace; untrusted */
  readonly attachments: readonly { readonly name: string; /** Relative to the workspace */ readonly path: string; readonly bytes: number; readonly provenance: 'channel_attachment' }[];
  /** What the agent gives as `actor` in every request it makes for this message, with its own name put in */
  readonly actor: Actor;
  /** Answers in the chat. Resolves when it was sent; rejects with a sentence where it could not be */
  reply(text: string): Promise<void>;
}

/**
 * The channels of one workspace folder: connects those that are switched on in the policy's settings, lets in whom the settings let
 * in, hands messages to agents and puts the gate's questions to paired people.
 *
 * It follows `settings.channels`; `configure`, `connect` and `disconnect` change them through the gate, within its limit of five
 * changes a minute. Nothing here gives out or takes a token.
 */
export interface ChannelBridge {
  readonly overview: readonly ChannelOverview[];
  /** Sets a channel up, or changes how it is; keys that are absent stay, for a new one they are the defaults. `id`: 1 to 40 of `a-z 0-9 -` */
  configure(id: string, change: Partial<ChannelSettings>, by: string): Promise<Outcome>;
  /** Takes a channel away, with its people and its code */
  remove(id: string, by: string): Promise<Outcome>;
  /** Switches it on and connects; where it is on already, connects anew (after a new token, or to try at once) */
  connect(id: string, by: string): Promise<Outcome>;
  /** Hangs up at once and switches it off */
  disconnect(id: string, by: string): Promise<Outcome>;
  /** Makes a pairing code; the one before it is dead. The code is given out here and nowhere else */
  generateCode(id: string, by: string): Promise<{ readonly ok: true; readonly code: string; readonly expiresAt: number } | { readonly ok: false; readonly reason: string }>;
  /** Keeps somebody out from now on, in every mode; also takes them off the list of allowed users */
  revoke(id: string, user: string, by: string): Promise<Outcome>;
  /** Ends a lock or a revocation: they are a stranger again, who may pair */
  forgive(id: string, user: string, by: string): Promise<Outcome>;
  /** Says how the connection stands and sends a test message to everybody who is paired */
  test(id: string): Promise<{ readonly ok: boolean; readonly text: string }>;
  /** Gets what people say, also what waits since before; while nobody listens, it is kept. A listener that throws has not got it */
  onMessage(listener: (message: ChannelMessage) => void | Promise<void>): Disposable;
  /** Something of `overview` changed */
  readonly onDidChange: (listener: () => void) => Disposable;
  /** Looks again at settings and trust; the store's own changes are followed by themselves */
  follow(): void;
  /** Hangs up everywhere; resolves when what is under way has come to rest */
  dispose(): Promise<void>;
}
