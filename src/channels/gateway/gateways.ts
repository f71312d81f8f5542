import { exact } from '../../core/schema/ruleSchema.ts';
import { type Channel, ChannelError, type ChannelSurroundings, type Incoming, type OpenChannel } from '../channel.ts';
import { attachSchema, doneSchema, type GatewayCommand, incomingSchema, partSchema, sessionSchema, takeSchema } from './commands.ts';

/** How long a call for commands is held open, and how long a gateway may be without one before it counts as gone; milliseconds */
const hold = 25_000;
const grace = 10_000;
/** How long a gateway may take over one command, in milliseconds */
const patience = 60_000;
/** Commands that may wait for a gateway */
const mostWaiting = 200;

/** One thing that a gateway may call over the local endpoint; the signal aborts when it hangs up */
export type GatewayMethod = (params: unknown, signal: AbortSignal) => Promise<unknown>;

/** What is needed of Node */
export interface GatewayPorts {
  /** Compares in a time that does not tell how much was the same */
  same(a: string, b: string): boolean;
  /** A new name that nobody can guess */
  newName(): string;
}

/**
 * The generic bridge: any other gateway (IRC, XMPP, a chat of one's own) speaks for a channel of platform `bridge`, over the local
 * endpoint. It attaches with the token of that channel, which is no other than a person handed it: to be a program of the same
 * user is not enough, since an agent is that too.
 *
 * - `channel.attach {token, as}` → `{session}`; who attaches later takes the place of the one before
 * - `channel.next {session}` → `{commands}`: waits up to 25 s for something to do. A gateway without such a call is gone after 10 s
 * - `channel.take {session, incoming}` → `true` once it is on disk: only then acknowledge it to the platform
 * - `channel.part {session, id, base64}`, `channel.done {session, id, messageId?, error?}` answer a command
 */
export interface Gateways {
  readonly open: OpenChannel;
  readonly methods: Readonly<Record<'channel.attach' | 'channel.next' | 'channel.take' | 'channel.part' | 'channel.done', GatewayMethod>>;
}

export function createGateways(ports: GatewayPorts): Gateways {
  /** Channels that wait for a gateway, or have one */
  const open = new Set<GatewayChannel>();

  const channelOf = (session: string): GatewayChannel => {
    for (const channel of open) if (channel.session !== undefined && ports.same(channel.session, session)) return channel;
    throw new Error('This session is over. Attach again.');
  };

  return {
    open: (surroundings) => new GatewayChannel(surroundings, open),
    methods: {
      'channel.attach': (params) => {
        const { token, as } = attachSchema.parse(params);
        const channel = [...open].find(({ token: wanted }) => wanted !== undefined && ports.same(wanted, token));
        if (channel === undefined) return Promise.reject(new Error('No channel waits for this token. Connect the channel in the editor, and give the token that it showed.'));
        const session = ports.newName();
        channel.attach(session, as);
        return Promise.resolve({ session });
      },
      'channel.next': (params, signal) => {
        const { session } = sessionSchema.parse(params);
        return channelOf(session).next(session, signal);
      },
      'channel.take': async (params) => {
        const { session, incoming } = takeSchema.parse(params);
        const channel = channelOf(session);
        await channel.take(exact(incomingSchema.parse(incoming)));
        return true;
      },
      'channel.part': (params) => {
        const { session, id, base64 } = partSchema.parse(params);
        channelOf(session).part(id, base64);
        return Promise.resolve(true);
      },
      'channel.done': (params) => {
        const { session, id, messageId, error } = doneSchema.parse(params);
        channelOf(session).done(id, messageId, error);
        return Promise.resolve(true);
      },
    },
  };
}

interface UnderWay {
  readonly command: GatewayCommand;
  handed: boolean;
  /** Bytes that came so far, of a fetch */
  readonly bytes: Uint8Array[];
  left: number;
  resolve(messageId: string | undefined): void;
  reject(error: ChannelError): void;
}

/** The channel's side: commands wait here until the gateway fetches them */
class GatewayChannel implements Channel {
  readonly #surroundings: ChannelSurroundings;
  readonly #open: Set<GatewayChannel>;
  readonly #underWay = new Map<number, UnderWay>();
  #session: string | undefined;
  #lastId = 0;
  /** Held calls for commands; waking one makes it look again */
  readonly #held = new Set<() => void>();
  /** Ends the wait for the next call for commands */
  #gone: AbortController | undefined;
  #attempt = 1;

  constructor(surroundings: ChannelSurroundings, open: Set<GatewayChannel>) {
    this.#surroundings = surroundings;
    this.#open = open;
  }

  get token(): string | undefined {
    return this.#surroundings.secrets['token'];
  }

  get session(): string | undefined {
    return this.#session;
  }

  run(signal: AbortSignal): Promise<void> {
    if (this.token === undefined) {
      this.#surroundings.changed({ state: 'failed', reason: 'No token is stored for this channel. Store one, then connect.' });
      return Promise.resolve();
    }
    this.#open.add(this);
    this.#surroundings.changed({ state: 'connecting', attempt: this.#attempt });
    return new Promise((resolve) => {
      const stop = (): void => {
        this.#open.delete(this);
        this.#leave('The channel was disconnected.');
        resolve();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  attach(session: string, as: string): void {
    this.#leave('Another gateway took its place.');
    this.#session = session;
    this.#attempt = 1;
    this.#surroundings.changed({ state: 'connected', as });
    this.#watch();
  }

  /** Commands that were not handed out, as soon as there are some */
  async next(session: string, signal: AbortSignal): Promise<{ readonly commands: readonly GatewayCommand[] }> {
    this.#gone?.abort();
    const over = new AbortController();
    const end = (): void => over.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#held.add(end);
    try {
      if (!this.#hasWork()) await this.#pause(over.signal);
    } finally {
      signal.removeEventListener('abort', end);
      this.#held.delete(end);
    }
    if (this.#session !== session) throw new Error('This session is over. Attach again.');
    const isLast = this.#held.size === 0;
    // Whoever hung up will not read these: the next call gets them
    if (signal.aborted) {
      if (isLast) this.#lost('The gateway hung up.');
      return { commands: [] };
    }
    const work = [...this.#underWay.values()].filter(({ handed }) => !handed);
    for (const each of work) each.handed = true;
    if (isLast) this.#watch();
    return { commands: work.map(({ command }) => command) };
  }

  take(incoming: Incoming): Promise<void> {
    return this.#surroundings.take(incoming);
  }

  part(id: number, base64: string): void {
    const each = this.#underWay.get(id);
    if (each?.command.do !== 'fetch') throw new Error('No file is wanted under this id.');
    const symbols = atob(base64);
    // Megabytes at once: `Uint8Array.from` would hold up everybody for half a second
    const bytes = new Uint8Array(symbols.length);
    for (let at = 0; at < symbols.length; at += 1) bytes[at] = symbols.charCodeAt(at);
    each.left -= bytes.length;
    if (each.left < 0) each.reject(new ChannelError('tooLarge', 'The file is too large.'));
    else each.bytes.push(bytes);
  }

  done(id: number, messageId: string | undefined, error: string | undefined): void {
    const each = this.#underWay.get(id);
    // Given up meanwhile: the gateway need not care
    if (each === undefined) return;
    if (error !== undefined) each.reject(new ChannelError('refused', `The gateway could not do it: ${error}`));
    else if (each.command.do === 'send' && messageId === undefined) each.reject(new ChannelError('refused', 'The gateway did not say under which id the message stands.'));
    else each.resolve(messageId);
  }

  async send({ chat, text, buttons = [], replyTo }: Parameters<Channel['send']>[0], signal: AbortSignal): ReturnType<Channel['send']> {
    const { messageId } = await this.#ask({ do: 'send', chat, text, buttons, ...(replyTo === undefined ? {} : { replyTo }) }, signal);
    return { chat, messageId: messageId ?? '' };
  }

  async edit(message: Parameters<Channel['edit']>[0], { text, buttons = [] }: Parameters<Channel['edit']>[1], signal: AbortSignal): Promise<void> {
    await this.#ask({ do: 'edit', message, text, buttons }, signal);
  }

  async acknowledge(press: Parameters<Channel['acknowledge']>[0], text: string, signal: AbortSignal): Promise<void> {
    await this.#ask({ do: 'acknowledge', press: press.key, text }, signal);
  }

  async fetch({ reference }: Parameters<Channel['fetch']>[0], limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const { bytes } = await this.#ask({ do: 'fetch', reference, limit }, signal, limit);
    const whole = new Uint8Array(bytes.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of bytes) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /** Has the gateway do something; rejects when it cannot, is gone, or takes too long */
  #ask(wanted: WithoutId<GatewayCommand>, signal: AbortSignal, limit = 0): Promise<{ readonly messageId: string | undefined; readonly bytes: readonly Uint8Array[] }> {
    if (this.#session === undefined) return Promise.reject(new ChannelError('unreachable', 'No gateway is attached.'));
    if (this.#underWay.size >= mostWaiting) return Promise.reject(new ChannelError('unreachable', `${mostWaiting} commands already wait for the gateway.`));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const stop = (): void => each.reject(new ChannelError('unreachable', 'It was given up.'));
      const settle = (): void => {
        this.#underWay.delete(id);
        signal.removeEventListener('abort', stop);
        over.abort();
      };
      const each: UnderWay = {
        command: { id, ...wanted },
        handed: false,
        bytes: [],
        left: limit,
        resolve: (messageId) => {
          settle();
          resolve({ messageId, bytes: each.bytes });
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#underWay.set(id, each);
      signal.addEventListener('abort', stop, { once: true });
      // Rejects only where it was settled before
      this.#surroundings.sleep(patience, over.signal).then(() => each.reject(new ChannelError('unreachable', 'The gateway did not answer.')), () => undefined);
      for (const wake of this.#held) wake();
    });
  }

  #hasWork(): boolean {
    return [...this.#underWay.values()].some(({ handed }) => !handed);
  }

  /** The gateway counts as gone when it does not call for commands soon */
  #watch(): void {
    this.#gone?.abort();
    const over = new AbortController();
    this.#gone = over;
    // Rejects only where the gateway asked in time, or is gone already
    this.#surroundings.sleep(grace, over.signal).then(() => this.#lost('The gateway no longer asks for what to do.'), () => undefined);
  }

  /** The gateway is gone; another may attach */
  #lost(why: string): void {
    if (this.#session === undefined) return;
    this.#leave(why);
    this.#attempt += 1;
    this.#surroundings.changed({ state: 'connecting', attempt: this.#attempt });
  }

  #leave(why: string): void {
    this.#session = undefined;
    this.#gone?.abort();
    for (const each of [...this.#underWay.values()]) each.reject(new ChannelError('unreachable', why));
    for (const wake of [...this.#held]) wake();
  }

  /** Waits until somebody wakes the call, or it was held long enough */
  async #pause(wake: AbortSignal): Promise<void> {
    try {
      await this.#surroundings.sleep(hold, wake);
    } catch (error) {
      if (!wake.aborted) throw error;
    }
  }
}

type WithoutId<Command> = Command extends unknown ? Omit<Command, 'id'> : never;
