import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import startSql, { type SqlJsStatic } from 'sql.js';
import { lockTime } from '../../../src/channels/pairing.ts';
import { defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import { userIn } from '../../../src/gate/channelState.ts';
import type { FolderStore } from '../../../src/node/store/openStore.ts';
import { TestFolders } from '../node/store/testFolders.ts';
import { TestClock, allOn, settled, workspace, write } from '../gate/testGate.ts';
import { type FakeChannel, message, openBridge, press } from './testBridge.ts';

function stateOf(store: FolderStore, user: string): string | undefined {
  return userIn(store.state.channels?.['tg']?.users ?? [], user)?.state;
}

describe('channels on the real store', () => {
  let folders: TestFolders;
  let sql: SqlJsStatic;
  let clock: TestClock;
  before(async () => {
    sql = await startSql();
  });
  beforeEach(() => {
    folders = new TestFolders();
    clock = new TestClock();
  });
  afterEach(() => folders.remove());

  const rows = (query: string): unknown[][] => {
    const open = new sql.Database(readFileSync(folders.policy('policy.db')));
    try {
      return open.exec(query)[0]?.values ?? [];
    } finally {
      open.close();
    }
  };

  async function connect(store: FolderStore): Promise<Awaited<ReturnType<typeof openBridge>> & { readonly channel: FakeChannel; say(from: string, text: string): Promise<void>; code(): Promise<string> }> {
    const opened = await openBridge(store, clock, () => true);
    const until = async (met: () => boolean): Promise<void> => {
      for (let turn = 0; turn < 500 && !met(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(() => opened.channels.length > 0);
    const [channel] = opened.channels;
    assert.ok(channel !== undefined);
    return {
      ...opened,
      channel,
      async say(from, text) {
        const before = channel.sent.length;
        await channel.surroundings.take(message(from, text));
        await until(() => channel.sent.length > before);
      },
      async code() {
        const made = await opened.bridge.generateCode('tg', 'editor');
        assert.ok(made.ok);
        return made.code;
      },
    };
  }

  async function open(): Promise<FolderStore> {
    const store = await folders.open();
    if (store.state.settings.channels === undefined) await store.commit([{ type: 'settings_changed', change: { ...allOn, channels: { tg: { ...defaultChannel('telegram'), enabled: true } } }, by: 'editor' }]);
    return store;
  }

  it('the tables tell the story: a stranger, a pairing, a task, an approval from the chat, a replay', async () => {
    const store = await open();
    const test = await connect(store);
    test.bridge.onMessage((task) => task.reply('on it'));
    await test.say('mallory', 'let me in');
    await test.say('anna', `/pair ${await test.code()}`);
    await test.say('anna', 'write a.txt');
    const verdict = test.gate.check({ ...write(`${workspace}/a.txt`), actor: { kind: 'channel', channel: 'tg', context: 'private', session: 'channel/tg/direct/dm-anna//anna', name: 'Helper' } });
    while (!test.channel.sent.some(({ buttons }) => (buttons?.length ?? 0) > 0)) await settled();
    const offer = test.channel.sent.find(({ buttons }) => (buttons?.length ?? 0) > 0);
    assert.ok(offer !== undefined);
    const pressed = press('anna', offer, 'Allow once');
    await test.channel.surroundings.take(pressed);
    assert.equal((await verdict).decision, 'allow');
    while (test.channel.edits.length === 0) await settled();
    await test.channel.surroundings.take({ ...pressed, key: 'replay', from: { id: 'mallory' } });
    while (test.channel.acknowledged.length < 2) await settled();
    await test.bridge.dispose();
    await store.checkpoint();

    const messages = rows('SELECT direction, user_id, content FROM channel_messages ORDER BY id').map(([direction, user, content]) => `${String(direction)} ${String(user)} ${String(content).split('\n')[0] ?? ''}`);
    assert.deepEqual(messages.map((line) => line.slice(0, 48)), [
      'incoming mallory let me in',
      'outgoing mallory This bot answers only people it',
      'incoming anna /pair ••••••',
      'outgoing anna You are paired. What you write here',
      'incoming anna write a.txt',
      'outgoing anna on it',
      'outgoing anna Helper wants to change a file:',
      'incoming anna a button',
      'outgoing anna Helper wants to change a file: a.t',
      'incoming mallory a button',
    ].map((line) => line.slice(0, 48)));
    const told = rows("SELECT action, channel_type, user_id, severity FROM audit_log WHERE action LIKE 'channel%' AND action NOT IN ('channel_message', 'channel_handled', 'channel_offer') ORDER BY id");
    assert.deepEqual(told, [
      ['channel_status', 'telegram', null, 'info'],
      ['channel_event', 'telegram', 'mallory', 'warn'],
      ['channel_code', 'telegram', 'editor', 'info'],
      ['channel_user', 'telegram', 'anna', 'info'],
      ['channel_code', 'telegram', 'tg ANNA (anna)', 'info'],
      ['channel_event', 'telegram', 'mallory', 'warn'],
      ['channel_status', 'telegram', null, 'info'],
    ]);
    const details = rows("SELECT details FROM audit_log WHERE action = 'decision'").flat().map((text) => JSON.parse(String(text)) as { by: string });
    assert.equal(details[0]?.by, 'tg ANNA (anna)');
    assert.deepEqual(rows('SELECT id, type, enabled, status, bot_username FROM channels'), [['tg', 'telegram', 1, 'disconnected', null]]);
    assert.deepEqual(rows('SELECT channel_user_id, display_name, state, allowed, pairing_attempts, lockout_until FROM channel_users ORDER BY id'), [['anna', 'ANNA', 'paired', 1, 0, null], ['mallory', 'MALLORY', 'stranger', 0, 0, null]]);
    assert.deepEqual(rows('SELECT context_type, security_mode, tool_restrictions FROM context_policies ORDER BY context_type'), [['dm', 'pairing', '[]'], ['group', 'pairing', '["group:memory"]']]);
    assert.deepEqual(test.failures, []);
  });

  it('the lock holds 15 minutes across a restart, and floods stand in rate_limits', async () => {
    const store = await open();
    const test = await connect(store);
    for (let index = 0; index < 5; index += 1) await test.say('mallory', '/pair ABCDEF');
    await Promise.all(Array.from({ length: 40 }, () => test.channel.surroundings.take(message('mallory', 'x'))));
    await test.bridge.dispose();
    await store.close();

    const again = await open();
    assert.deepEqual(rows('SELECT channel_type, user_id, is_limited FROM rate_limits'), [['tg', 'mallory', 1]]);
    clock.sleep(60_000);
    const after = await connect(again);
    const code = await after.code();
    await after.say('mallory', `/pair ${code}`);
    assert.match(after.channel.sent.at(-1)?.text ?? '', /Try again in 14 min/);
    clock.sleep(lockTime);
    await after.say('mallory', `/pair ${await after.code()}`);
    assert.equal(stateOf(again, 'mallory'), 'paired');
    await after.bridge.dispose();
  });

  it('nobody is paired and no channel is on while the history is in doubt; a revocation behind the break holds', async () => {
    const store = await open();
    const test = await connect(store);
    await test.say('anna', `/pair ${await test.code()}`);
    await test.say('bob', `/pair ${await test.code()}`);
    await test.bridge.revoke('tg', 'bob', 'editor');
    await test.bridge.dispose();
    await store.close();
    const journal = folders.policy('journal.ndjson');
    const lines = readFileSync(journal, 'utf8').split('\n');
    const revoked = lines.findIndex((line) => line.includes('"why":"revoked"'));
    writeFileSync(journal, [...lines.slice(0, revoked - 1), ...lines.slice(revoked)].join('\n'));

    const after = await folders.open();
    assert.deepEqual(Object.values(after.state.settings.channels ?? {}).map(({ enabled, securityMode, contexts }) => [enabled, securityMode, contexts.direct.restrictions]), [[false, 'pairing', ['*']]]);
    assert.equal(stateOf(after, 'anna'), 'stranger');
    assert.equal(stateOf(after, 'bob'), 'revoked');
    await after.confirmState('editor');
    assert.equal(after.state.settings.channels?.['tg']?.enabled, true);
    assert.equal(stateOf(after, 'anna'), 'stranger');
  });

  it('10,000 updates of many people stay quick to open, and what was seen stays seen', async () => {
    const store = await open();
    await store.commit(Array.from({ length: 10_000 }, (_, index) => ({
      type: 'channel_message', channel: 'tg', direction: 'incoming', at: index, chat: { id: 'g', context: 'group' }, user: { id: `u${index % 700}` }, messageId: `${index}`, key: `update-${index}`, text: 'hello',
    } as const)));
    await store.close();
    const again = await open();
    const test = await connect(again);
    const before = again.state.channels?.['tg']?.messages;
    for (const index of [0, 1, 5_000, 9_999]) await test.channel.surroundings.take({ ...message('u1', 'hello'), key: `update-${index}` });
    assert.equal(again.state.channels?.['tg']?.messages, before);
    await test.bridge.dispose();
    await again.checkpoint();
    assert.equal(rows('SELECT count(*) FROM channel_messages')[0]?.[0], 1_000);
  });
});
