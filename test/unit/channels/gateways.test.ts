import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { type Channel, ChannelError, type ChannelState, type Incoming } from '../../../src/channels/channel.ts';
import { createGateways, type Gateways } from '../../../src/channels/gateway/gateways.ts';

const chat = { id: 'c', context: 'direct' } as const;

describe('The generic bridge', () => {
  let gateways: Gateways;
  let channel: Channel;
  let states: ChannelState[];
  let taken: Incoming[];
  let stop: AbortController;
  let running: Promise<void>;
  let names: number;
  let refuses: boolean;
  /** Waits that are under way: how long, and a way to end each as if the time had gone by */
  let sleeping: { readonly milliseconds: number; over(): void }[];
  const never = new AbortController().signal;
  const call = (method: keyof Gateways['methods'], params: object, signal: AbortSignal = never): Promise<unknown> => Promise.resolve().then(() => gateways.methods[method](params, signal));
  const attach = async (): Promise<string> => ((await call('channel.attach', { token: 'right', as: 'gate' })) as { session: string }).session;

  beforeEach(() => {
    states = [];
    taken = [];
    sleeping = [];
    names = 0;
    refuses = false;
    gateways = createGateways({ same: (a, b) => a === b, newName: () => `session-${++names}` });
    stop = new AbortController();
    channel = gateways.open({
      secrets: { token: 'right' }, cursor: undefined, save: () => Promise.resolve(), changed: (state) => void states.push(state), now: Date.now, random: () => 0.5,
      take: (incoming) => {
        if (refuses) return Promise.reject(new Error('the disk is full'));
        taken.push(incoming);
        return Promise.resolve();
      },
      sleep: (milliseconds, signal) => new Promise((resolve, reject) => {
        const entry = { milliseconds, over: () => { sleeping = sleeping.filter((one) => one !== entry); resolve(); } };
        sleeping.push(entry);
        signal.addEventListener('abort', () => { sleeping = sleeping.filter((one) => one !== entry); reject(new Error('woken')); }, { once: true });
      }),
    });
    running = channel.run(stop.signal);
  });
  afterEach(async () => {
    stop.abort();
    await running;
    assert.deepEqual(sleeping, [], 'nothing is left waiting');
  });

  it('lets a gateway in by the channel’s token, and by no other', async () => {
    for (const token of ['wrong', '', 'right ', 'x'.repeat(201)]) await assert.rejects(call('channel.attach', { token, as: 'gate' }));
    await assert.rejects(call('channel.attach', { token: 'right', as: '' }));
    assert.deepEqual(states.map(({ state }) => state), ['connecting']);
    await attach();
    assert.deepEqual(states.at(-1), { state: 'connected', as: 'gate' });
  });

  it('lets nobody in by an empty token, should one ever be stored', async () => {
    const end = new AbortController();
    const empty = gateways.open({ secrets: { token: '' }, cursor: undefined, save: () => Promise.resolve(), changed: () => undefined, now: Date.now, random: () => 0.5, take: () => Promise.resolve(), sleep: () => Promise.resolve() });
    const over = empty.run(end.signal);
    await assert.rejects(call('channel.attach', { token: '', as: 'gate' }));
    end.abort();
    await over;
  });

  it('takes no key of a prototype for a session, a command or a person', async () => {
    const session = await attach();
    for (const hostile of ['__proto__', 'constructor', '', ' ', `${session} `]) {
      await assert.rejects(call('channel.next', { session: hostile }), hostile);
      await assert.rejects(call('channel.take', { session: hostile, incoming: {} }), hostile);
    }
    await assert.rejects(call('channel.take', { session, incoming: JSON.parse('{"kind":"message","__proto__":{"key":"k","at":0,"from":{"id":"x"},"chat":{"id":"c","context":"direct"},"messageId":"m","text":""}}') as object }));
    await assert.rejects(call('channel.done', { session, id: 'constructor' }));
    assert.deepEqual(taken, []);
  });

  it('is over for whoever was attached before', async () => {
    const first = await attach();
    const second = await attach();
    for (const method of ['channel.next', 'channel.take', 'channel.done'] as const) await assert.rejects(call(method, { session: first, incoming: {}, id: 1 }), /session is over/);
    assert.notEqual(first, second);
    stop.abort();
    await running;
    await assert.rejects(call('channel.next', { session: second }), /session is over/);
    await assert.rejects(call('channel.attach', { token: 'right', as: 'gate' }), /No channel waits/);
  });

  it('hands out each command once and gives its outcome to whoever asked', async () => {
    const session = await attach();
    const sent = channel.send({ chat, text: 'hello', buttons: [{ data: 'd', label: 'Allow' }] }, never);
    assert.deepEqual(await call('channel.next', { session }), { commands: [{ id: 1, do: 'send', chat, text: 'hello', buttons: [{ data: 'd', label: 'Allow' }] }] });
    const idle = call('channel.next', { session });
    await wait(5);
    await call('channel.done', { session, id: 1, messageId: 'm1' });
    assert.deepEqual(await sent, { chat, messageId: 'm1' });
    // Once more says nothing to anybody
    await call('channel.done', { session, id: 1, messageId: 'm2' });
    const edited = channel.edit({ chat, messageId: 'm1' }, { text: 'bye' }, never);
    assert.deepEqual(await idle, { commands: [{ id: 2, do: 'edit', message: { chat, messageId: 'm1' }, text: 'bye', buttons: [] }] });
    await call('channel.done', { session, id: 2, error: 'gone' });
    await assert.rejects(edited, (error) => error instanceof ChannelError && error.code === 'refused' && /gone/.test(error.message));
  });

  it('refuses a send that has no message to show for it', async () => {
    const session = await attach();
    const sent = channel.send({ chat, text: 'x' }, never);
    await call('channel.next', { session });
    await Promise.all([assert.rejects(sent, /did not say under which id/), call('channel.done', { session, id: 1 })]);
  });

  it('rejects what is under way when the gateway hangs up, takes too long, or is replaced', async () => {
    const session = await attach();
    const calling = new AbortController();
    const held = call('channel.next', { session }, calling.signal);
    await wait(5);
    calling.abort();
    assert.deepEqual(await held, { commands: [] });
    assert.equal(states.at(-1)?.state, 'connecting');
    await assert.rejects(channel.send({ chat, text: 'x' }, never), /No gateway is attached/);

    await attach();
    const late = channel.send({ chat, text: 'x' }, never);
    sleeping.find(({ milliseconds }) => milliseconds === 60_000)?.over();
    await assert.rejects(late, (error) => error instanceof ChannelError && error.code === 'unreachable');

    const lost = channel.send({ chat, text: 'x' }, never);
    await Promise.all([assert.rejects(lost, /took its place/), attach()]);
  });

  it('counts a gateway that no longer asks as gone', async () => {
    await attach();
    sleeping.find(({ milliseconds }) => milliseconds === 10_000)?.over();
    await wait(5);
    assert.deepEqual(states.at(-1), { state: 'connecting', attempt: 2 });
  });

  it('has a gateway as long as any of its calls is held', async () => {
    const session = await attach();
    const calling = new AbortController();
    const [first, second, third] = [call('channel.next', { session }), call('channel.next', { session }, calling.signal), call('channel.next', { session })];
    await wait(5);
    sleeping.find(({ milliseconds }) => milliseconds === 25_000)?.over();
    assert.deepEqual(await first, { commands: [] });
    calling.abort();
    assert.deepEqual(await second, { commands: [] });
    assert.deepEqual(sleeping.map(({ milliseconds }) => milliseconds), [25_000]);
    assert.equal(states.at(-1)?.state, 'connected');
    const sent = channel.send({ chat, text: 'x' }, never);
    assert.equal(((await third) as { commands: unknown[] }).commands.length, 1);
    await call('channel.done', { session, id: 1, messageId: 'm' });
    assert.deepEqual(await sent, { chat, messageId: 'm' });
  });

  it('takes in what happened once it is on disk, and nothing that is none', async () => {
    const session = await attach();
    const message = { kind: 'message', key: 'k', at: 1, from: { id: 'u' }, chat, messageId: 'm', text: 'hi' };
    assert.equal(await call('channel.take', { session, incoming: message }), true);
    assert.deepEqual(taken, [{ ...message, attachments: [], edited: false, forwarded: false }]);
    refuses = true;
    await assert.rejects(call('channel.take', { session, incoming: message }), /disk is full/);
    for (const bad of [{}, { ...message, key: '' }, { ...message, chat: { id: 'c', context: 'everywhere' } }, { ...message, text: 'x'.repeat(1_048_577) }, { ...message, at: 'now' }, { ...message, kind: 'press', data: 'x'.repeat(65) }]) {
      await assert.rejects(call('channel.take', { session, incoming: bad }));
    }
    assert.equal(taken.length, 1);
  });

  it('puts the pieces of a file together, and stops at its limit', async () => {
    const session = await attach();
    const whole = channel.fetch({ reference: 'r', name: 'n' }, 6, never);
    assert.deepEqual(await call('channel.next', { session }), { commands: [{ id: 1, do: 'fetch', reference: 'r', limit: 6 }] });
    await call('channel.part', { session, id: 1, base64: btoa('abc') });
    await call('channel.part', { session, id: 1, base64: btoa('def') });
    await call('channel.done', { session, id: 1 });
    assert.equal(new TextDecoder().decode(await whole), 'abcdef');
    await assert.rejects(call('channel.part', { session, id: 1, base64: btoa('x') }), /No file is wanted/);

    const large = channel.fetch({ reference: 'r', name: 'n' }, 2, never);
    await Promise.all([assert.rejects(large, (error) => error instanceof ChannelError && error.code === 'tooLarge'), call('channel.part', { session, id: 2, base64: btoa('abc') })]);
  });

  it('keeps no endless line of commands for a gateway that never fetches them', async () => {
    await attach();
    const sends = Array.from({ length: 201 }, () => channel.send({ chat, text: 'x' }, never));
    await assert.rejects(sends.at(-1) ?? Promise.resolve(), /200 commands already wait/);
    const ended = Promise.allSettled(sends);
    stop.abort();
    assert.ok((await ended).every(({ status }) => status === 'rejected'));
  });
});
