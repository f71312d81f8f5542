import type { ChannelSettings } from '../core/policy/channelSettings.ts';
import type { ChannelEventCode } from '../gate/channelEvents.ts';
import { errorText } from '../gate/errorText.ts';
import type { Entry } from '../gate/entry.ts';
import { type Channel, ChannelError, type ChannelState, type Chat, type IncomingAttachment, type Incoming, type Outgoing, type Sent } from './channel.ts';
import type { BridgePorts } from './ports.ts';
import { type Sendable, sendable } from './sendable.ts';
import { Turns } from './turns.ts';

/** Characters of one message that leave; what an agent says beyond is cut, and said so */
const longestSaid = 16_384;
/** Messages that wait to be sent into one chat; beyond, whoever wants to send is refused */
const mostWaiting = 50;

/** What a message is, beside its text */
export interface Saying extends Pick<Outgoing, 'buttons' | 'replyTo'> {
  readonly user?: { readonly id: string; readonly name?: string };
  /** The question it puts */
  readonly approval?: string;
}

interface Running {
  readonly stop: AbortController;
  over: Promise<void>;
  channel?: Channel;
}

/** One channel's connection: it hangs up and connects, and everything that leaves is cleaned and recorded here first */
export class Connection {
  readonly #id: string;
  readonly #ports: BridgePorts;
  readonly #take: (incoming: Incoming) => Promise<void>;
  readonly #changed: () => void;
  readonly #turns = new Turns();
  readonly #waiting = new Map<string, number>();
  #state: ChannelState = { state: 'disconnected' };
  #running: Running | undefined;
  #secrets: readonly string[] = [];

  constructor(id: string, ports: BridgePorts, take: (incoming: Incoming) => Promise<void>, changed: () => void) {
    this.#id = id;
    this.#ports = ports;
    this.#take = take;
    this.#changed = changed;
  }

  get state(): ChannelState {
    return this.#state;
  }

  get isUp(): boolean {
    return this.#state.state === 'connected';
  }

  /** Name of our bot on the platform, where it is known */
  get self(): string | undefined {
    return this.#state.state === 'connected' ? this.#state.as : undefined;
  }

  /** Values that are secret wherever they stand */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  start(platform: ChannelSettings['platform'], cursor: string | undefined): void {
    if (this.#running !== undefined) return;
    const stop = new AbortController();
    const running: Running = { stop, over: Promise.resolve() };
    this.#running = running;
    running.over = this.#run(platform, cursor, running);
  }

  /** Hangs up; resolves when the adapter has let go */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) {
      // One that failed is no longer tried, which is all there is to stop
      if (this.#state.state !== 'disconnected') this.#show({ state: 'disconnected' });
      return;
    }
    running.stop.abort(new ChannelError('unreachable', 'The channel was disconnected.'));
    await running.over;
  }

  async #run(platform: ChannelSettings['platform'], cursor: string | undefined, running: Running): Promise<void> {
    const { signal } = running.stop;
    this.#show({ state: 'connecting', attempt: 1 });
    try {
      const secrets = await this.#ports.tokens(this.#id);
      if (secrets === undefined) throw new ChannelError('secret', 'No token is stored for this channel. Store one, then connect.');
      this.#secrets = Object.values(secrets);
      const open = await this.#ports.open(platform);
      signal.throwIfAborted();
      const baseUrl = this.#ports.baseUrl?.(this.#id);
      const channel = open({
        secrets,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        cursor,
        save: (place) => this.#ports.store.commit([{ type: 'channel_cursor', channel: this.#id, cursor: place }]),
        take: this.#take,
        changed: (state) => {
          if (this.#running === running) this.#show(state);
        },
        now: () => this.#ports.clock.now(),
        random: () => this.#ports.random(),
        sleep: (milliseconds, stopped) => this.#sleep(milliseconds, stopped),
      });
      running.channel = channel;
      await channel.run(signal);
      if (this.#state.state !== 'failed') this.#show({ state: 'disconnected' });
    } catch (error) {
      if (signal.aborted) this.#show({ state: 'disconnected' });
      else this.#show({ state: 'failed', reason: this.#reason(error) });
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  #sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        timer.dispose();
        reject(signal.reason instanceof Error ? signal.reason : new ChannelError('unreachable', 'It was given up.'));
      };
      const timer = this.#ports.clock.after(milliseconds, () => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  #show(state: ChannelState): void {
    const before = this.#state;
    this.#state = state;
    if (JSON.stringify(before) === JSON.stringify(state)) return;
    if (before.state !== state.state) this.#note(state);
    this.#changed();
  }

  /** Connections that come and go are in the record, each change once */
  #note(state: ChannelState): void {
    if (state.state === 'connecting') return;
    const message = state.state === 'connected' ? `Connected as ${state.as}.` : state.state === 'disconnected' ? 'Disconnected.' : state.reason;
    const entry: Entry = { type: 'channel_status', channel: this.#id, state: state.state, message: this.clean(message).text, ...(state.state === 'connected' ? { as: state.as } : {}) };
    this.#ports.store.commit([entry]).catch(this.#ports.failed);
  }

  /** A text as it may leave. It is cut after it was cleaned, so that no half of a secret is left at the cut */
  clean(text: string): Sendable {
    const most = 4 * longestSaid;
    const clean = sendable(text.slice(0, most), this.#ports.place(), this.#secrets);
    if (clean.text.length <= longestSaid && text.length <= most) return clean;
    // Where the first cut fell into a secret, its half is among the last characters
    const end = Math.min(longestSaid, text.length > most ? Math.max(0, clean.text.length - 500) : clean.text.length);
    return { text: `${clean.text.slice(0, end).toWellFormed()}… (${text.length} characters, the rest was cut)`, masked: true };
  }

  /**
   * Says something in a chat: cleaned, on record before it leaves, in turn with what else is said there. Rejects with a sentence
   * where it cannot be sent.
   */
  async say(chat: Chat, text: string, { buttons, replyTo, user, approval }: Saying = {}): Promise<Sent> {
    const key = chatKey(chat);
    const waiting = this.#waiting.get(key) ?? 0;
    if (waiting >= mostWaiting) throw new ChannelError('refused', `${mostWaiting} messages already wait to be sent into this chat.`);
    this.#waiting.set(key, waiting + 1);
    const clean = this.clean(text).text;
    try {
      return await this.#turns.run(key, async () => {
        const entry: Entry = {
          type: 'channel_message', channel: this.#id, direction: 'outgoing', at: this.#ports.clock.now(), chat, text: clean,
          ...(user === undefined ? {} : { user }), ...(approval === undefined ? {} : { approval }),
        };
        await this.#ports.store.commit([entry]);
        const { channel, signal } = this.#up();
        return channel.send({ chat, text: clean, ...(buttons === undefined ? {} : { buttons }), ...(replyTo === undefined ? {} : { replyTo }) }, signal);
      });
    } catch (error) {
      if (error instanceof ChannelError) await this.#ports.store.commit([{ type: 'channel_event', channel: this.#id, code: 'not_sent' satisfies ChannelEventCode, message: this.#reason(error), chat: chat.id }]);
      throw error;
    } finally {
      const left = (this.#waiting.get(key) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(key);
      else this.#waiting.set(key, left);
    }
  }

  /** Changes what a message of ours says, and takes its buttons away; on record like a message */
  async change(sent: Sent, text: string, user: string): Promise<void> {
    const clean = this.clean(text).text;
    await this.#turns.run(chatKey(sent.chat), async () => {
      await this.#ports.store.commit([{ type: 'channel_message', channel: this.#id, direction: 'outgoing', at: this.#ports.clock.now(), chat: sent.chat, user: { id: user }, messageId: sent.messageId, text: clean, how: 'edited' }]);
      const { channel, signal } = this.#up();
      await channel.edit(sent, { text: clean }, signal);
    });
  }

  async acknowledge(press: Extract<Incoming, { kind: 'press' }>, text: string): Promise<void> {
    const { channel, signal } = this.#up();
    await channel.acknowledge(press, this.clean(text).text, signal);
  }

  async fetch(attachment: IncomingAttachment, limit: number): Promise<Uint8Array> {
    const { channel, signal } = this.#up();
    const bytes = await channel.fetch(attachment, limit, signal);
    if (bytes.length > limit) throw new ChannelError('tooLarge', 'The file is too large.');
    return bytes;
  }

  #up(): { readonly channel: Channel; readonly signal: AbortSignal } {
    const running = this.#running;
    if (running?.channel === undefined || running.stop.signal.aborted) throw new ChannelError('unreachable', 'The channel is not connected.');
    return { channel: running.channel, signal: running.stop.signal };
  }

  #reason(error: unknown): string {
    return this.clean(errorText(error)).text;
  }

  /** Resolves when nothing is on its way out */
  idle(): Promise<void> {
    return this.#turns.idle();
  }
}

/** One key for each conversation: a chat, and the thread in it */
export function chatKey({ id, thread }: Pick<Chat, 'id' | 'thread'>): string {
  return `${encodeURIComponent(id)} ${encodeURIComponent(thread ?? '')}`;
}
