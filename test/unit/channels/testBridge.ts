import { type Channel, ChannelError, type ChannelContext, type ChannelSurroundings, type IncomingAttachment, type Incoming, type Outgoing, type Sent } from '../../../src/channels/channel.ts';
import { type ChannelBridge, type ChannelMessage, createBridge } from '../../../src/channels/bridge.ts';
import type { BridgePorts, PairingSecrets } from '../../../src/channels/ports.ts';
import { type ChannelSettings, defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import { createGate } from '../../../src/gate/gate.ts';
import type { Gate } from '../../../src/gate/gate.ts';
import { userIn } from '../../../src/gate/channelState.ts';
import type { Entry } from '../../../src/gate/entry.ts';
import type { Store } from '../../../src/gate/ports.ts';
import { MemoryStore } from '../gate/memoryStore.ts';
import { NotingPrompter, TestClock, allOn, settled, surroundings } from '../gate/testGate.ts';

/** A platform in memory: what was sent, what was changed, who was told what */
export class FakeChannel implements Channel {
  readonly surroundings: ChannelSurroundings;
  readonly sent: (Outgoing & Sent)[] = [];
  readonly edits: { readonly messageId: string; readonly text: string; readonly buttons: number }[] = [];
  readonly acknowledged: string[] = [];
  readonly files = new Map<string, Uint8Array>();
  readonly fetched: string[] = [];
  sendFails: Error | undefined;
  #last = 0;

  constructor(given: ChannelSurroundings) {
    this.surroundings = given;
  }

  async run(signal: AbortSignal): Promise<void> {
    this.surroundings.changed({ state: 'connected', as: 'testbot' });
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  async send(message: Outgoing): Promise<Sent> {
    if (this.sendFails !== undefined) throw this.sendFails;
    const sent = { ...message, messageId: `sent-${(this.#last += 1)}` };
    this.sent.push(sent);
    return { chat: sent.chat, messageId: sent.messageId };
  }

  async edit({ messageId }: Sent, { text, buttons }: Pick<Outgoing, 'text' | 'buttons'>): Promise<void> {
    this.edits.push({ messageId, text, buttons: buttons?.length ?? 0 });
  }

  async acknowledge(_: Extract<Incoming, { kind: 'press' }>, text: string): Promise<void> {
    this.acknowledged.push(text);
  }

  /** Keeps to no limit, as a platform may not */
  async fetch({ reference }: IncomingAttachment): Promise<Uint8Array> {
    this.fetched.push(reference);
    const bytes = this.files.get(reference);
    if (bytes === undefined) throw new ChannelError('refused', 'The file is gone.');
    return bytes;
  }

  /** Texts sent into a chat, in order */
  textsTo(chat: string): readonly string[] {
    return this.sent.filter((each) => each.chat.id === chat).map(({ text }) => text);
  }
}

/** Random bytes that are the same in every run */
export function testSecrets(seed = 1): PairingSecrets & { hashed: number } {
  let state = seed;
  return {
    hashed: 0,
    randomBytes: (count) => Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
    async hash(code, salt) {
      this.hashed += 1;
      return `hash of ${[...code].map((letter) => letter.charCodeAt(0) * 7).join('.')} ${salt}`;
    },
    same: (a, b) => a === b,
  };
}

export const token = '12345678:secret-token-of-the-bot';

export interface TestBridge {
  readonly bridge: ChannelBridge;
  readonly gate: Gate;
  readonly store: MemoryStore;
  readonly clock: TestClock;
  readonly editor: NotingPrompter;
  readonly secrets: ReturnType<typeof testSecrets>;
  readonly failures: unknown[];
  readonly channels: FakeChannel[];
  readonly saved: { readonly name: string; readonly bytes: number }[];
  /** The connection that is up */
  readonly channel: FakeChannel;
  trusted: boolean;
  entries<Type extends Entry['type']>(type: Type): Extract<Entry, { type: Type }>[];
  /** Everything that is recorded, as text */
  readonly record: string;
}

export interface BridgeOptions {
  readonly settings?: Partial<ChannelSettings>;
  readonly store?: MemoryStore;
  readonly clock?: TestClock;
  readonly ports?: Partial<BridgePorts>;
}

/** A bridge on a real gate and any store, with the platform in memory */
export async function openBridge(store: Store, clock: TestClock, trusted: () => boolean, ports: Partial<BridgePorts> = {}) {
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const channels: FakeChannel[] = [];
  const saved: { name: string; bytes: number }[] = [];
  const editor = new NotingPrompter();
  const secrets = testSecrets();
  let ids = 0;
  const gate = createGate({ store, clock, surroundings: () => surroundings, trusted, ids: () => `approval-${clock.now()}-${(ids += 1)}`, onFailure: failed });
  gate.attach(editor);
  const bridge = createBridge({
    gate,
    store,
    clock,
    secrets,
    attachments: {
      save: async (channel, name, bytes) => {
        saved.push({ name, bytes: bytes.length });
        return { path: `attachments/${channel}/${saved.length}`, sha256: `${saved.length}`.padStart(64, '0') };
      },
    },
    place: () => surroundings,
    trusted,
    open: async () => (given) => {
      const channel = new FakeChannel(given);
      channels.push(channel);
      return channel;
    },
    tokens: async () => ({ token }),
    random: () => 0.5,
    failed,
    ...ports,
  });
  await settled();
  return { bridge, gate, editor, secrets, failures, channels, saved };
}

/** A bridge with one channel `tg`, everything in memory */
export async function testBridge({ settings = {}, store = new MemoryStore({ settings: allOn }), clock = new TestClock(), ports = {} }: BridgeOptions = {}): Promise<TestBridge> {
  if (store.state.settings.channels === undefined) store.changed({ settings: { ...store.state.settings, channels: { tg: { ...defaultChannel('telegram'), enabled: true, ...settings } } } });
  let trusted = true;
  const opened = await openBridge(store, clock, () => trusted, ports);
  return {
    ...opened,
    store,
    clock,
    get trusted() {
      return trusted;
    },
    set trusted(value) {
      trusted = value;
    },
    entries: <Type extends Entry['type']>(type: Type) => store.entries(type),
    get channel() {
      const last = opened.channels.at(-1);
      if (last === undefined) throw new Error('never connected');
      return last;
    },
    get record() {
      return JSON.stringify(store.recorded);
    },
  };
}

let lastKey = 0;

export type Said = Partial<Extract<Incoming, { kind: 'message' }>> & { readonly context?: ChannelContext; readonly chatId?: string };

/** A message as an adapter gives it */
export function message(from: string, text: string, { context = 'direct', chatId = context === 'direct' ? `dm-${from}` : 'the-group', ...more }: Said = {}): Extract<Incoming, { kind: 'message' }> {
  lastKey += 1;
  return { kind: 'message', key: `key-${lastKey}`, at: 0, from: { id: from, name: from.toUpperCase() }, chat: { id: chatId, context }, messageId: `in-${lastKey}`, text, attachments: [], edited: false, forwarded: false, ...more };
}

export function press(from: string, on: Outgoing & Sent, label: string, more: Partial<Extract<Incoming, { kind: 'press' }>> = {}): Extract<Incoming, { kind: 'press' }> {
  lastKey += 1;
  const button = on.buttons?.find((each) => each.label.includes(label));
  if (button === undefined && more.data === undefined) throw new Error(`no button ${label} under: ${on.text}`);
  return { kind: 'press', key: `key-${lastKey}`, at: 0, from: { id: from, name: from.toUpperCase() }, chat: on.chat, messageId: on.messageId, data: button?.data ?? '', ...more };
}

/** Says something and waits until everything that follows has come to rest */
export async function say(test: TestBridge, from: string, text: string, more: Said = {}): Promise<readonly string[]> {
  const before = test.channel.sent.length;
  await test.channel.surroundings.take(message(from, text, more));
  await settled();
  return test.channel.sent.slice(before).map((sent) => sent.text);
}

/** Makes a code and pairs somebody with it */
export async function pair(test: TestBridge, from: string): Promise<void> {
  const made = await test.bridge.generateCode('tg', 'editor');
  if (!made.ok) throw new Error(made.reason);
  await say(test, from, `/pair ${made.code}`);
  const user = userIn(test.store.state.channels?.['tg']?.users ?? [], from);
  if (user?.state !== 'paired') throw new Error(`${from} is ${user?.state}`);
}

/** Collects what agents get */
export function listen(test: TestBridge): ChannelMessage[] {
  const got: ChannelMessage[] = [];
  test.bridge.onMessage((given) => void got.push(given));
  return got;
}
