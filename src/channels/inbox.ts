import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import type { ChannelEventCode } from '../gate/channelEvents.ts';
import { type ChannelMessageEntry, newUser, userIn } from '../gate/channelState.ts';
import { errorText } from '../gate/errorText.ts';
import type { RecordedAttachment } from '../gate/entry.ts';
import { isLetIn } from './access.ts';
import type { ChannelMessage } from './bridge.ts';
import { ChannelError, type Incoming, type Sender } from './channel.ts';
import { chatKey } from './connection.ts';
import { actorOf } from './conversation.ts';
import type { LineParts } from './lineParts.ts';
import { personText } from './personText.ts';
import { Turns } from './turns.ts';

/** Bytes of the largest attachment there is (spec 8) */
const largest = 20 * 1024 * 1024;
/** How often somebody is told that no agent listens, in milliseconds */
const quiet = 10 * 60_000;

/** Takes a message; has not got it where it throws. A promise that is rejected later is told to whoever wrote */
export type Listener = (message: ChannelMessage) => void | Promise<void>;

export interface InboxParts extends LineParts {
  readonly listeners: ReadonlySet<Listener>;
}

/**
 * Messages for an agent, from the record to whoever listens. One that nobody took stays on disk and is handed over when somebody
 * listens, also after a restart.
 */
export class Inbox {
  readonly #parts: InboxParts;
  readonly #turns = new Turns();
  /** What was said, word for word; the record keeps it without credentials */
  readonly #said = new Map<string, Extract<Incoming, { kind: 'message' }>>();
  readonly #underWay = new Set<string>();
  #coming = 0;
  readonly #toldQuiet = new Map<string, number>();

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** Messages that wait, and those on their way to disk */
  get size(): number {
    return this.#parts.facts().inbox.length + this.#coming;
  }

  /** Holds a place for a message that `record` brings to disk as waiting, and its words */
  async accept(message: Extract<Incoming, { kind: 'message' }>, record: () => Promise<void>): Promise<void> {
    this.#said.set(message.key, message);
    this.#coming += 1;
    try {
      await record();
    } catch (error) {
      this.#said.delete(message.key);
      throw error;
    } finally {
      this.#coming -= 1;
    }
    this.handOver();
  }

  /** Hands over whatever waits */
  handOver(): void {
    for (const entry of this.#parts.facts().inbox) {
      const { key } = entry;
      if (key === undefined || this.#underWay.has(key)) continue;
      this.#underWay.add(key);
      this.#parts.later(() => this.#turns.run(chatKey(entry.chat), () => this.#hand(entry, key).finally(() => this.#underWay.delete(key))));
    }
  }

  async #hand(entry: ChannelMessageEntry, key: string): Promise<void> {
    const { channel, ports, listeners } = this.#parts;
    if (listeners.size === 0) return this.#sayNobodyListens(entry);
    const settings = this.#parts.settings();
    const { user } = entry;
    if (settings === undefined || user === undefined) return;
    if (!this.#isLetIn(user, entry)) return this.#leaveOut(user, entry, key);
    // What came with it can only be fetched over the connection; it is handed over once that is up
    if (entry.attachments !== undefined && !this.#parts.connection.isUp) return;
    const said = this.#said.get(key);
    const { saved, notes } = await this.#save(said?.attachments ?? entry.attachments ?? [], entry, settings);
    const text = said?.text ?? entry.text;
    const message: ChannelMessage = {
      id: key,
      channel,
      platform: settings.platform,
      context: entry.chat.context,
      from: user,
      text: [text, ...notes].filter((part) => part !== '').join('\n'),
      forwarded: entry.how === 'forwarded',
      attachments: saved,
      actor: actorOf({ channel, chat: entry.chat, user: user.id }),
      // Whatever an extension hands in
      reply: async (answer: unknown) => {
        // Whoever was put out meanwhile hears no more
        if (!this.#isLetIn(user, entry)) throw new ChannelError('refused', 'This person is no longer let in, so nothing was sent.');
        await this.#parts.connection.say(entry.chat, String(answer), { user, ...(entry.messageId === undefined ? {} : { replyTo: entry.messageId }) });
      },
    };
    const taken = [...listeners].map((listener) => this.#give(listener, message, entry));
    if (!taken.includes(true)) return;
    await ports.store.commit([{ type: 'channel_handled', channel, keys: [key] }]);
    this.#said.delete(key);
  }

  /** Whether somebody who was let in when they wrote still is */
  #isLetIn({ id }: Sender, { chat }: ChannelMessageEntry): boolean {
    const settings = this.#parts.settings();
    return settings !== undefined && isLetIn(settings, userIn(this.#parts.facts().users, id) ?? newUser(id, 0), chat.context);
  }

  /** What waited for an agent while who wrote it was put out is nobody's task any more */
  async #leaveOut(user: Sender, { chat }: ChannelMessageEntry, key: string): Promise<void> {
    const { channel, ports } = this.#parts;
    await ports.store.commit([
      { type: 'channel_event', channel, code: 'not_let_in' satisfies ChannelEventCode, message: `${personText(channel, user)} is no longer let in; what they wrote before went to no agent.`, user: user.id, chat: chat.id },
      { type: 'channel_handled', channel, keys: [key] },
    ]);
    this.#said.delete(key);
  }

  /** Whether a listener has got it: it returned. What it does from then on may take long, and holds up nothing */
  #give(listener: Listener, message: ChannelMessage, entry: ChannelMessageEntry): boolean {
    try {
      const work = listener(message);
      this.#parts.later(() => Promise.resolve(work).catch((error: unknown) => this.#tellFailure(error, entry)));
      return true;
    } catch (error) {
      this.#parts.ports.failed(error);
      return false;
    }
  }

  async #tellFailure(error: unknown, { chat, user }: ChannelMessageEntry): Promise<void> {
    const { channel, ports, connection } = this.#parts;
    ports.failed(error);
    const why = connection.clean(errorText(error)).text.slice(0, 300);
    await ports.store.commit([{ type: 'channel_event', channel, code: 'agent_failed' satisfies ChannelEventCode, message: why, chat: chat.id, ...(user === undefined ? {} : { user: user.id }) }]);
    await connection.say(chat, `The agent could not do it: ${why}`, user === undefined ? {} : { user });
  }

  /** Attachments go into the workspace; what cannot be had is told to the agent and to whoever sent it */
  async #save(attachments: readonly RecordedAttachment[], { chat, messageId }: ChannelMessageEntry, settings: ChannelSettings): Promise<{ readonly saved: ChannelMessage['attachments']; readonly notes: readonly string[] }> {
    const { channel, ports, connection } = this.#parts;
    const limit = Math.min(largest, settings.attachmentMegabytes * 1024 * 1024);
    const saved: ChannelMessage['attachments'][number][] = [];
    const notes: string[] = [];
    for (const { name, size, reference } of attachments) {
      try {
        if (size !== undefined && size > limit) throw new Error(`it is larger than ${Math.floor(limit / 1024 / 1024)} MB`);
        const bytes = await connection.fetch({ name, reference, ...(size === undefined ? {} : { size }), ...(messageId === undefined ? {} : { message: { chat: chat.id, id: messageId } }) }, limit);
        const { path, sha256 } = await ports.attachments.save(channel, name, bytes);
        // Known by what is in it too, so that it stays untrusted wherever it is copied to
        const noted = await ports.gate.noteFile({ path: `${ports.place().workspace}/${path}`, sha256, size: bytes.length, kind: 'channel_attachment', label: channel }, channel);
        if (!noted.ok) throw new Error(noted.reason);
        saved.push({ name, path, bytes: bytes.length, provenance: 'channel_attachment' });
      } catch (error) {
        notes.push(`(The file “${name}” could not be taken in: ${connection.clean(errorText(error)).text})`);
      }
    }
    return { saved, notes };
  }

  async #sayNobodyListens({ chat, user }: ChannelMessageEntry): Promise<void> {
    const key = chatKey(chat);
    const now = this.#parts.ports.clock.now();
    const told = this.#toldQuiet.get(key);
    if (told !== undefined && now >= told && now - told < quiet) return;
    if (this.#toldQuiet.size >= 500) this.#toldQuiet.clear();
    this.#toldQuiet.set(key, now);
    await this.#parts.connection.say(chat, 'No agent is listening in the workspace now. Your message waits until one does.', user === undefined ? {} : { user });
  }
}
