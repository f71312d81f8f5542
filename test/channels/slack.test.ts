import assert from 'node:assert/strict';
import { ChannelError } from '../../src/channels/channel.ts';
import { openSlack } from '../../src/channels/slack/slack.ts';
import { readSlackText } from '../../src/channels/slack/text.ts';
import { SlackServer } from './servers/slackServer.ts';
import { type TestSurroundings, until } from './surroundings.ts';
import { type Adapter, useAdapter } from './useAdapter.ts';

describe('Slack in particular', () => {
  let server: SlackServer;
  let around: TestSurroundings;
  let adapter: Adapter<SlackServer>;
  useAdapter(() => new SlackServer().start(), openSlack, (opened) => {
    adapter = opened;
    ({ server, around } = opened);
  });
  const connected = (times: number): Promise<void> => until(`connected ${times} times`, () => around.states.filter(({ state }) => state === 'connected').length === times);

  for (const reason of ['refresh_requested', 'warning', 'something_new']) {
    it(`connects anew when Slack says goodbye because of ${reason}`, async () => {
      adapter.run();
      await connected(1);
      server.sendFrame({ type: 'disconnect', reason, debug_info: {} });
      await connected(2);
      server.say({ text: 'on the new one' });
      await until('taken', () => around.taken.length === 1);
    });
  }

  it('renews a connection on which nothing came for ten minutes, and makes no fuss about it', async () => {
    const timer = globalThis.setTimeout;
    const quick = (run: () => void, time?: number): NodeJS.Timeout => timer(run, time === 600_000 ? 20 : time);
    globalThis.setTimeout = Object.assign(quick, { __promisify__: timer.__promisify__ });
    around.now = () => {
      around.skew += 60_000;
      return around.skew;
    };
    try {
      adapter.run();
      await until('renewed', () => server.connections >= 3);
    } finally {
      globalThis.setTimeout = timer;
    }
    server.say({ text: 'after' });
    await until('taken', () => around.texts.includes('after'));
    assert.deepEqual(new Set(around.states.slice(1).map(({ state }) => state)), new Set(['connected']));
  });

  it('does not come back when Socket Mode was switched off, and says where to switch it on', async () => {
    adapter.run();
    await connected(1);
    server.sendFrame({ type: 'disconnect', reason: 'link_disabled' });
    await adapter.ended();
    assert.equal(around.state.state, 'failed');
    assert.match(JSON.stringify(around.state), /Switch it on/);
  });

  it('acknowledges what it does not know, so that it does not come again', async () => {
    adapter.run();
    await connected(1);
    server.sayUnknown();
    await until('all acknowledged', () => server.unacknowledged === 0);
    assert.ok(server.acknowledged.has('something_new'));
    assert.equal(around.taken.length, 0);
  });

  it('takes a mention in once, though it comes as two events', async () => {
    adapter.run();
    await connected(1);
    const said = { channel: 'C600', user: 'U77', ts: '1790000001.000100', text: '<@UBOT> fix the build', channel_type: 'channel' };
    server.event({ ...said, type: 'message' });
    server.event({ ...said, type: 'app_mention' });
    await until('both acknowledged', () => server.unacknowledged === 0);
    assert.deepEqual(around.texts, ['fix the build']);
  });

  it('reads a slash command as what the person wrote', async () => {
    adapter.run();
    await connected(1);
    server.deliver('slash_commands', { command: '/pair', text: 'ABC234', user_id: 'U77', user_name: 'ada', channel_id: 'D500', trigger_id: '9.9', response_url: 'http://169.254.169.254/' });
    await until('taken', () => around.taken.length === 1);
    const [command] = around.taken;
    assert.ok(command?.kind === 'message');
    assert.deepEqual([command.text, command.from, command.chat], ['/pair ABC234', { id: 'U77', name: 'ada' }, { id: 'D500', context: 'direct' }]);
  });

  it('does not listen to itself, to other bots, nor to joins and topics', async () => {
    adapter.run();
    await connected(1);
    const said = { type: 'message', channel: 'C600', channel_type: 'channel', user: 'U77', text: 'x' };
    server.event({ ...said, ts: '1.1', user: 'UBOT' });
    server.event({ ...said, ts: '1.2', bot_id: 'B9' });
    server.event({ ...said, ts: '1.3', subtype: 'channel_join' });
    server.event({ ...said, ts: '1.4', subtype: 'bot_message' });
    server.event({ ...said, ts: '1.5', subtype: 'message_deleted' });
    await until('all acknowledged', () => server.unacknowledged === 0);
    assert.deepEqual(around.taken, []);
  });

  it('counts a conversation of several people as a group', async () => {
    adapter.run();
    await connected(1);
    server.event({ type: 'message', channel: 'G7', channel_type: 'mpim', user: 'U77', ts: '1.1', text: 'x' });
    await until('taken', () => around.taken.length === 1);
    assert.deepEqual(around.taken[0]?.chat, { id: 'G7', context: 'group' });
  });

  it('leaves out files that lie elsewhere', async () => {
    adapter.run();
    await connected(1);
    server.event({ type: 'message', subtype: 'file_share', channel: 'D500', channel_type: 'im', user: 'U77', ts: '1.1', text: 'x', files: [{ name: 'a', mode: 'external', url_private: 'https://example.com/a' }, { name: 'b', mode: 'tombstone' }] });
    await until('taken', () => around.taken.length === 1);
    const [message] = around.taken;
    assert.ok(message?.kind === 'message');
    assert.deepEqual(message.attachments, []);
  });

  it('brings its token to no other place, and takes no login page for a file', async () => {
    const channel = adapter.open();
    for (const redirect of [undefined, `${server.baseUrl}/auth.test`, 'https://example.com/']) {
      server.redirect = redirect;
      for (const reference of [`${server.baseUrl}/files/none`, 'https://files.slack.com.example.com/x', 'http://files.slack.com/x', 'https://files.slack.com:8443/x']) {
        await assert.rejects(channel.fetch({ reference, name: 'x' }, 100, adapter.signal), (error) => error instanceof ChannelError && error.code === 'refused', reference);
      }
    }
    assert.deepEqual(new Set(server.calls), new Set(['files/none']));
  });

  for (const address of ['wss://example.com/link', 'ws://127.0.0.1:1/', 'wss://wss-primary.slack.com.example.com/', 'https://wss-primary.slack.com/', 'nonsense']) {
    it(`does not connect to ${address}`, async () => {
      server.socketAddress = address;
      adapter.run();
      await adapter.ended();
      assert.equal(around.state.state, 'failed');
    });
  }

  for (const [error, code, says] of [
    [{ error: 'token_expired' }, 'secret', /token_expired/],
    [{ error: 'missing_scope', needed: 'chat:write' }, 'refused', /needs the scope chat:write/],
    [{ error: 'internal_error' }, 'unreachable', /internal_error/],
    [{ error: '<b>\u202e xoxb-1234-5678-AbCdEf' }, 'refused', /\(unknown\)/],
    [{}, 'refused', /\(unknown\)/],
  ] as const) {
    it(`tells an error as it is: ${JSON.stringify(error)}`, async () => {
      server.error = error;
      await assert.rejects(adapter.open().send({ chat: server.direct, text: 'x' }, adapter.signal), (thrown) => thrown instanceof ChannelError && thrown.code === code && says.test(thrown.message));
    });
  }

  for (const [given, plain] of [
    ['<https://example.com|example.com>', 'example.com'],
    ['<https://evil.example|https://good.example>', 'https://good.example (https://evil.example)'],
    ['<https://example.com/a?b=1&amp;c=2>', 'https://example.com/a?b=1&c=2'],
    ['<mailto:a@b.c|a@b.c>', 'a@b.c'],
    ['hello <@U1> and <@U2|ada> in <#C1|general> <!here> <!subteam^S1|@team>', 'hello @U1 and @ada in #general @here @team'],
    ['<@UBOT> <@UBOT> do', '@UBOT do'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['1 < 2 and <unfinished', '1 < 2 and <unfinished'],
  ] as const) {
    it(`reads ${given}`, () => {
      assert.equal(readSlackText(given, 'UBOT'), plain);
    });
  }
});
