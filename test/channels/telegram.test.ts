import assert from 'node:assert/strict';
import OtherServer from 'telegram-test-api';
import { ChannelError } from '../../src/channels/channel.ts';
import { openTelegram } from '../../src/channels/telegram/telegram.ts';
import { freePort } from './servers/loopback.ts';
import { TelegramServer } from './servers/telegramServer.ts';
import { type TestSurroundings, until } from './surroundings.ts';
import { type Adapter, useAdapter } from './useAdapter.ts';

const day = 24 * 3_600_000;

describe('Telegram in particular', () => {
  let server: TelegramServer;
  let around: TestSurroundings;
  let adapter: Adapter<TelegramServer>;
  useAdapter(() => new TelegramServer().start(), openTelegram, (opened) => {
    adapter = opened;
    ({ server, around } = opened);
  });

  it('goes on after a week of silence, when the numbers start anywhere, also lower', async () => {
    adapter.run();
    server.say({ text: 'before' });
    await until('before', () => around.taken.length === 1);
    around.skew = 8 * day;
    server.cut();
    server.deliver({ update_id: 17, message: { message_id: 1, date: 1, chat: { id: 77, type: 'private' }, from: { id: 77 }, text: 'after' } });
    await until('after', () => around.taken.length === 2);
    assert.deepEqual(around.texts, ['before', 'after']);
  });

  it('starts where it was even if the kept cursor is nonsense', async () => {
    around.cursor = '{"offset":"DROP TABLE"}';
    adapter.run();
    server.say({ text: 'here' });
    await until('here', () => around.taken.length === 1);
  });

  it('says that another program receives, and takes over when it is gone', async () => {
    server.webhook = true;
    adapter.run();
    await until('waiting', () => around.state.state === 'waiting');
    assert.match(JSON.stringify(around.state), /webhook is active/);
    server.webhook = false;
    await until('connected', () => around.state.state === 'connected');
  });

  it('takes a chat that speaks for itself as the sender, never the account that all such chats share', async () => {
    adapter.run();
    const anonymous = { message_id: 1, date: 1, chat: { id: -1001, type: 'supergroup' }, from: { id: 1_087_968_824, is_bot: true, first_name: 'Group' }, sender_chat: { id: -1001, type: 'supergroup', title: 'Team' }, text: 'x' };
    server.deliver({ message: anonymous });
    await until('taken', () => around.taken.length === 1);
    assert.deepEqual(around.taken[0]?.from, { id: 'chat:-1001', name: 'Team' });
  });

  it('reads a command that names this bot, not one that names another', async () => {
    adapter.run();
    server.say({ text: '/pair@Gate_Bot ABC234', chat: server.group });
    server.say({ text: '/pair@other_bot ABC234', chat: server.group });
    await until('taken', () => around.taken.length === 2);
    assert.deepEqual(around.texts, ['/pair ABC234', '/pair@other_bot ABC234']);
  });

  it('passes over what is no update, in the middle of those that are', async () => {
    adapter.run();
    server.raw.push(null, 7, [], {}, { update_id: '5' }, { update_id: 1.5, message: {} });
    server.say({ text: 'an update' });
    await until('taken', () => around.taken.length === 1);
    assert.deepEqual(around.texts, ['an update']);
  });

  it('sorts an answer whose numbers are out of order, and acknowledges the highest', async () => {
    const message = (text: string): object => ({ message_id: 1, date: 1, chat: { id: 77, type: 'private' }, from: { id: 77 }, text });
    server.deliver({ update_id: 12, message: message('c') });
    server.deliver({ update_id: 10, message: message('a') });
    server.deliver({ update_id: 11, message: message('b') });
    server.deliver({ update_id: 10, message: message('a') });
    adapter.run();
    await until('kept', () => around.cursor !== undefined);
    assert.deepEqual(around.texts, ['a', 'b', 'c']);
    assert.match(around.cursor ?? '', /^13@/);
  });

  it('asks for fewer updates when an answer is too large to read', async () => {
    adapter.run();
    await until('connected', () => around.state.state === 'connected');
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let at = 0; at < 40; at += 1) server.say({ text: `${at} ${megabyte}` });
    await until('all taken in', () => around.taken.length === 40);
    assert.deepEqual(around.texts.map((text) => Number.parseInt(text, 10)), Array.from({ length: 40 }, (_, at) => at));
  });

  it('marks as code what would be a mention, a command or a link, and the whole text where there are too many', async () => {
    const channel = adapter.open();
    for (const text of ['\u{1f600} @ada', 'ask @ada or (@bob) about e@x.org, /start, #tag, $USD, пример.рф, x.md', '@a '.repeat(300)]) {
      await channel.send({ chat: server.group, text }, adapter.signal);
      assert.equal(server.shown.at(-1)?.plain, true, text);
    }
  });

  it('refuses a file whose place would leave the folder of files', async () => {
    server.say({ text: 'x', file: { name: 'x', bytes: new Uint8Array(3) } });
    adapter.run();
    await until('taken', () => around.taken.length === 1);
    for (const place of ['../../bot4242:AAbb-cc_DD/getMe', '/etc/passwd', 'documents//x', './x', '']) {
      server.filePlace = place;
      await assert.rejects(adapter.open().fetch({ reference: 'file1', name: 'x' }, 100, adapter.signal), (error) => error instanceof ChannelError && error.code === 'refused', place);
    }
  });
});

describe('Telegram, with a server that somebody else wrote', () => {
  const token = '1234:other-server';
  let other: OtherServer;
  let around: TestSurroundings;
  let adapter: Adapter<Pick<TelegramServer, 'baseUrl' | 'secrets' | 'close'>>;
  useAdapter(async () => {
    other = new OtherServer({ host: '127.0.0.1', port: await freePort() });
    await other.start();
    return { baseUrl: other.config.apiURL, secrets: { token }, close: async () => void (await other.stop()) };
  }, openTelegram, (opened) => {
    adapter = opened;
    ({ around } = opened);
  });

  it('a person writes, presses a button, and reads what comes back', async () => {
    const channel = adapter.run();
    await until('connected', () => around.state.state === 'connected');
    assert.deepEqual(around.state, { state: 'connected', as: 'TestNameBot' });
    const client = other.getClient(token, { userId: 9, chatId: 9, firstName: 'Ada' });
    await client.sendMessage(client.makeMessage('write the file'));
    await client.sendCommand(client.makeCommand('/status'));
    await until('both taken in', () => around.taken.length === 2);
    assert.deepEqual(around.texts, ['write the file', '/status']);
    assert.deepEqual(around.taken[0]?.from, { id: '9', name: 'Ada' });

    const chat = { id: '9', context: 'direct' } as const;
    const sent = await channel.send({ chat, text: 'May it?', buttons: [{ label: 'Allow', data: 'n:1' }] }, adapter.signal);
    const { result: [update] } = await client.getUpdates();
    assert.ok(update !== undefined && 'message' in update);
    assert.equal(update.message.text, 'May it?');
    assert.deepEqual(update.message.reply_markup, { inline_keyboard: [[{ text: 'Allow', callback_data: 'n:1' }]] });

    await client.sendCallback(client.makeCallbackQuery('n:1', { message: { message_id: Number(sent.messageId) } }));
    await until('the press', () => around.taken.length === 3);
    const press = around.taken[2];
    assert.ok(press?.kind === 'press');
    assert.deepEqual([press.data, press.messageId, press.from.id], ['n:1', sent.messageId, '9']);
    await channel.acknowledge(press, 'Allowed', adapter.signal);
    await channel.edit(sent, { text: 'Ada allowed it.' }, adapter.signal);
    const history = await client.getUpdatesHistory();
    assert.match(JSON.stringify(history), /Ada allowed it\./);
  });
});
