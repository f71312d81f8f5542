import assert from 'node:assert/strict';
import { ChannelError, type ChannelState, type Incoming } from '../../src/channels/channel.ts';
import { openDiscord } from '../../src/channels/discord/discord.ts';
import { DiscordServer } from './servers/discordServer.ts';
import { type TestSurroundings, until } from './surroundings.ts';
import { type Adapter, useAdapter } from './useAdapter.ts';

describe('Discord in particular', () => {
  let server: DiscordServer;
  let around: TestSurroundings;
  let adapter: Adapter<DiscordServer>;
  useAdapter(() => new DiscordServer().start(), openDiscord, (opened) => {
    adapter = opened;
    ({ server, around } = opened);
  });
  const connections = (): number => around.states.filter(({ state }) => state === 'connected').length;
  const connected = (times: number): Promise<void> => until(`connected ${times} times`, () => connections() === times);
  const reasons = (): string => around.states.flatMap((state: ChannelState) => ('reason' in state ? [state.reason] : [])).join('\n');

  it('goes on with its session where the connection broke, and after a restart', async () => {
    adapter.run();
    await connected(1);
    server.say({ text: 'one' });
    await until('one', () => around.taken.length === 1);
    server.cut();
    await connected(2);
    await adapter.end();
    server.say({ text: 'while the editor was closed' });
    adapter.run();
    await until('two', () => around.taken.length === 2);
    assert.deepEqual(server.introductions, ['identify', 'resume 2', 'resume 3']);
    assert.deepEqual(around.texts, ['one', 'while the editor was closed']);
  });

  it('resumes when the gateway asks for a new connection', async () => {
    adapter.run();
    await connected(1);
    server.sendFrame({ op: 7, d: null });
    await connected(2);
    server.sendFrame({ op: 9, d: true });
    await connected(3);
    assert.deepEqual(server.introductions, ['identify', 'resume 1', 'resume 2']);
  });

  it('begins anew when the session is gone, and not more often than once in five seconds', async () => {
    adapter.run();
    await connected(1);
    server.forgetSessions();
    around.slept.length = 0;
    server.cut();
    server.say({ text: 'to the new session' });
    await connected(2);
    assert.deepEqual(server.introductions, ['identify', 'resume 1', 'identify']);
    assert.ok(around.slept.some((each) => each > 4_000 && each <= 5_000), `slept ${around.slept.join(' ')}`);
    server.sendFrame({ op: 9, d: false });
    await connected(3);
    assert.equal(server.introductions.at(-1), 'identify');
  });

  for (const code of [4000, 4001, 4002, 4005, 4008, 1000, 1001]) {
    it(`resumes after a close with ${code}`, async () => {
      adapter.run();
      await connected(1);
      server.closeWith(code);
      await connected(2);
      assert.deepEqual(server.introductions, ['identify', 'resume 1']);
    });
  }
  for (const code of [4003, 4007, 4009]) {
    it(`begins anew after a close with ${code}`, async () => {
      adapter.run();
      await connected(1);
      server.closeWith(code);
      await connected(2);
      assert.deepEqual(server.introductions, ['identify', 'identify']);
    });
  }
  for (const code of [4004, 4010, 4011, 4012, 4013, 4014]) {
    it(`does not try again after a close with ${code}`, async () => {
      adapter.run();
      await connected(1);
      server.closeWith(code);
      await adapter.ended();
      assert.equal(around.state.state, 'failed');
      assert.deepEqual(server.introductions, ['identify']);
    });
  }

  it('notices a gateway that no longer answers heartbeats', async () => {
    server.interval = 100_000;
    server.alive = false;
    adapter.run();
    await until('noticed', () => reasons().includes('does not answer any more'));
    server.alive = true;
    await until('resumed', () => server.introductions.includes('resume 1'));
  });

  it('stays connected while heartbeats are answered, also while an event is slow to be taken in', async () => {
    server.interval = 100_000;
    const { release } = around.hold();
    adapter.run();
    await connected(1);
    server.say({ text: 'slow' });
    await until('beats', () => server.beats >= 5);
    release();
    await until('taken', () => around.taken.length === 1);
    assert.deepEqual(around.states.map(({ state }) => state), ['connecting', 'connected']);
  });

  it('begins no other connection while an event of the last one is being taken in', async () => {
    server.interval = 100_000;
    const held = around.hold();
    adapter.run();
    await connected(1);
    server.say({ text: 'slow' });
    await until('began', held.began);
    server.alive = false;
    await until('hung up', () => server.sockets.size === 0);
    await new Promise((done) => setTimeout(done, 30));
    assert.deepEqual(server.introductions, ['identify']);
    server.alive = true;
    held.release();
    await connected(2);
    assert.deepEqual(server.introductions, ['identify', 'resume 2']);
    assert.deepEqual([around.texts, around.again], [['slow'], 0]);
  });

  it('waits until Discord allows a new session', async () => {
    server.startLimit = { total: 1_000, remaining: 0, reset_after: 600_000, max_concurrency: 1 };
    adapter.run();
    await connected(1);
    assert.match(reasons(), /no more new sessions/);
    assert.ok(around.slept.includes(600_000));
  });

  for (const address of ['wss://example.com/gateway', 'ws://127.0.0.1:1/', 'https://gateway.discord.gg', 'wss://gateway.discord.gg.example.com', 'wss://a:b@gateway.discord.gg', 'nonsense']) {
    it(`does not bring the token to ${address}`, async () => {
      server.gatewayAddress = address;
      adapter.run();
      await adapter.ended();
      assert.equal(around.state.state, 'failed');
    });
  }

  it('does not trust an address in a kept session', async () => {
    around.cursor = JSON.stringify({ id: 'x', url: 'wss://example.com', sequence: 5 });
    adapter.run();
    await connected(1);
    assert.deepEqual(server.introductions, ['identify']);
  });

  it('asks once more for an event that cannot be read, then goes on without it', async () => {
    adapter.run();
    await connected(1);
    server.damaged.add(2);
    server.say({ text: 'always damaged' });
    await until('asked again', () => server.introductions.length === 2);
    server.say({ text: 'after' });
    await until('after', () => around.taken.length === 1);
    assert.deepEqual(around.texts, ['after']);
    assert.deepEqual(server.introductions, ['identify', 'resume 1']);
  });

  it('tells Discord of a press in time, also when nobody has a text for it', async () => {
    const channel = adapter.run();
    await connected(1);
    const sent = await channel.send({ chat: server.group, text: 'May it?', buttons: [{ label: 'Yes', data: 'yes' }] }, adapter.signal);
    server.press(sent.messageId, 'yes');
    await until('settled', () => server.settledPresses === 1);
    assert.deepEqual(server.notes, []);
    const press = around.taken[0] as Extract<Incoming, { kind: 'press' }>;
    await channel.acknowledge(press, 'later', adapter.signal);
    assert.deepEqual([server.notes, server.settledPresses], [['later'], 1]);
  });

  it('holds a press for as long as its token is good, and not longer', async () => {
    const channel = adapter.run();
    await connected(1);
    const sent = await channel.send({ chat: server.direct, text: 'May it?', buttons: [{ label: 'Yes', data: 'yes' }] }, adapter.signal);
    server.press(sent.messageId, 'first');
    await until('first', () => around.taken.length === 1);
    around.skew += 16 * 60_000;
    server.press(sent.messageId, 'second');
    await until('second', () => around.taken.length === 2);
    const [first] = around.taken as Extract<Incoming, { kind: 'press' }>[];
    assert.ok(first !== undefined);
    await assert.rejects(channel.acknowledge(first, 'x', adapter.signal), (error) => error instanceof ChannelError && error.code === 'refused');
  });

  it('keeps no token of an interaction in what is recorded', async () => {
    const channel = adapter.run();
    await connected(1);
    const sent = await channel.send({ chat: server.direct, text: 'May it?', buttons: [{ label: 'Yes', data: 'yes' }] }, adapter.signal);
    server.press(sent.messageId, 'yes');
    await until('taken', () => around.taken.length === 1);
    assert.doesNotMatch(JSON.stringify([around.taken, around.cursor]), /aW50/);
  });

  it('does not listen to other bots, webhooks and what the system says', async () => {
    adapter.run();
    await connected(1);
    const message = { id: '1', type: 0, channel_id: '600', guild_id: '1', timestamp: '2026-09-21T10:00:00Z', author: { id: '5', username: 'x' }, content: 'hello' };
    server.dispatch('MESSAGE_CREATE', { ...message, author: { id: '5', username: 'x', bot: true } });
    server.dispatch('MESSAGE_CREATE', { ...message, webhook_id: '9' });
    server.dispatch('MESSAGE_CREATE', { ...message, type: 7 });
    server.dispatch('MESSAGE_CREATE', { ...message, content: '<@4242> /pair ABC234' });
    await until('taken', () => around.taken.length === 1);
    assert.deepEqual(around.texts, ['/pair ABC234']);
  });

  it('slows down before a limit is reached, where Discord announces it', async () => {
    const channel = adapter.open();
    server.headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '3.5' };
    await channel.send({ chat: server.direct, text: 'one' }, adapter.signal);
    assert.deepEqual(around.slept, []);
    await channel.send({ chat: server.group, text: 'another chat has a limit of its own' }, adapter.signal);
    assert.deepEqual(around.slept, []);
    await channel.send({ chat: server.direct, text: 'two' }, adapter.signal);
    assert.equal(around.slept.length, 1);
    assert.ok((around.slept[0] ?? 0) > 3_000 && (around.slept[0] ?? 0) <= 3_500);
  });

  it('asks for a fresh signature where that of an attachment was not kept', async () => {
    const channel = adapter.open();
    const bytes = new TextEncoder().encode('a plan');
    const id = server.say({ text: 'see this', file: { name: 'plan.txt', bytes } });
    const attachment = { reference: `${server.baseUrl}/attachments/${id}/file`, name: 'plan.txt' };
    await assert.rejects(channel.fetch(attachment, 100, adapter.signal), ChannelError);
    assert.deepEqual(await channel.fetch({ ...attachment, message: { chat: server.direct.id, id } }, 100, adapter.signal), bytes);
    await assert.rejects(channel.fetch({ ...attachment, message: { chat: server.direct.id, id: '1' } }, 100, adapter.signal), /Unknown Message/);
  });

  it('follows a redirect to its own servers only, and not for ever', async () => {
    const channel = adapter.open();
    const attachment = { reference: `${server.baseUrl}/attachments/1/file`, name: 'x' };
    for (const place of ['http://169.254.169.254/latest/meta-data', 'https://example.com/', 'file:///etc/passwd', `${server.baseUrl}/attachments/1/file`, '//example.com/x']) {
      server.redirect = place;
      await assert.rejects(channel.fetch(attachment, 100, adapter.signal), (error) => error instanceof ChannelError && error.code === 'refused', place);
    }
    assert.ok(server.calls.length <= 8, `${server.calls.length} calls`);
  });
});
