import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { TelegramServer } from '../../channels/servers/telegramServer.ts';
import { PolicyEditor, Workspace } from '../policyEditor.ts';

/** Somebody else on the platform */
const stranger = { id: 501, is_bot: false, first_name: 'Mallory', username: 'mallory' };
const direct = { id: 501, type: 'private', first_name: 'Mallory' };
const team = { id: -1001, type: 'supergroup', title: 'Team', is_forum: true };

describe('A person on Telegram, through the editor', () => {
  let workspace: Workspace;
  let server: TelegramServer;
  let editor: PolicyEditor;

  beforeEach(async () => {
    workspace = await Workspace.make();
    server = await new TelegramServer().start();
    editor = await PolicyEditor.open(workspace, { settings: { 'coworkPolicy.channelServers': { telegram: server.baseUrl } } });
  });
  afterEach(async function () {
    await editor?.pictureOf(this.currentTest);
    await editor?.close();
    await server?.close();
    workspace?.remove();
  });

  const said = (text: string | RegExp): (typeof server.shown)[number] | undefined => server.shown.findLast((each) => (typeof text === 'string' ? each.text.includes(text) : text.test(each.text)));
  const hears = (what: string | RegExp): Promise<void> => editor.until(`the chat shows ${String(what)}; it shows ${JSON.stringify(server.shown.map(({ text }) => text))}`, () => said(what) !== undefined);

  /** Sets the channel up by the commands a person uses */
  async function connect(): Promise<void> {
    editor.start('coworkPolicy.addChannel');
    await editor.prompted('Add a Channel');
    await editor.choose('Telegram');
    await enterToken();
    await editor.notified('The channel telegram is set up');
    await state('connected');
  }

  async function enterToken(): Promise<void> {
    await editor.prompt.locator('input[type=password]').fill(server.secrets.token);
    await editor.page.keyboard.press('Enter');
  }

  /** Waits for the last recorded state of the connection to be this */
  async function state(wanted: string): Promise<void> {
    await editor.until(`the channel is ${wanted}`, () => {
      const last = workspace.journal().findLast((entry) => entry.type === 'channel_status');
      return last?.type === 'channel_status' && last.state === wanted;
    });
  }

  async function makeCode(): Promise<string> {
    editor.start('coworkPolicy.generatePairingCode');
    let code: string | undefined;
    await editor.until('the code is shown', async () => {
      code ??= (await editor.notifications()).map((text) => /Pairing code: ([A-Z2-9]{6})\./.exec(text)?.[1]).find((found) => found !== undefined);
      return code !== undefined;
    });
    return code ?? '';
  }

  it('pairs, sends a task, approves the write of the agent from the chat, and everybody else is refused, with all of it on record', async () => {
    await connect();
    server.deliver({ message: { message_id: 9_001, date: 1_790_000_000, from: stranger, chat: direct, text: 'write notes/evil.md: x' } });
    await editor.until('a stranger’s words are on record', () => workspace.journal().some((entry) => entry.type === 'channel_message' && entry.user?.id === '501'));

    const code = await makeCode();
    server.say({ text: `/pair ${code}` });
    await hears(/paired/i);

    server.say({ text: 'write notes/chat.md: from afar' });
    await editor.until('the question is in the chat', () => server.shown.some(({ buttons }) => buttons.length > 0));
    const question = server.shown.findLast(({ buttons }) => buttons.length > 0);
    assert.ok(question !== undefined);
    assert.match(question.text, /Sample Agent wants to change a file/);
    assert.match(question.text, /notes\/chat\.md/);
    assert.deepEqual(question.buttons.map(({ label }) => label), ['Allow once', 'Allow for this session', 'Deny']);
    const allow = question.buttons[0]?.data ?? '';
    assert.equal(existsSync(workspace.file('notes/chat.md')), false);

    // Somebody else presses the very button
    server.deliver({ callback_query: { id: '7001', from: stranger, chat_instance: 'x', data: allow, message: { message_id: Number(question.messageId), date: 1_790_000_000, chat: direct } } });
    await editor.until('the stranger’s press is refused', () => workspace.journal().some((entry) => entry.type === 'channel_event' && entry.user === '501'));
    // A member of a group writes the answer
    server.deliver({ message: { message_id: 9_002, date: 1_790_000_000, from: stranger, chat: team, text: '/approve 1' } });
    await editor.until('the group member’s words are on record', () => workspace.journal().some((entry) => entry.type === 'channel_message' && entry.chat.id === '-1001'));
    assert.equal(existsSync(workspace.file('notes/chat.md')), false);

    server.press(question.messageId, allow);
    await hears('I wrote notes/chat.md.');
    assert.equal(workspace.read('notes/chat.md'), 'from afar');
    await editor.until('the question says how it ended', () => server.shown.find(({ messageId }) => messageId === question.messageId)?.buttons.length === 0);

    // The same button once more
    const notes = server.notes.length;
    server.press(question.messageId, allow);
    await editor.until('the replay is answered', () => server.notes.length > notes);

    await editor.close();
    const messages = await workspace.query('SELECT direction, user_id, content FROM channel_messages ORDER BY id');
    const texts = messages.map(({ content }) => String(content));
    assert.ok(texts.some((text) => text === 'write notes/chat.md: from afar'), texts.join('\n'));
    assert.ok(texts.some((text) => text.includes('I wrote notes/chat.md.')));
    assert.ok(texts.every((text) => !text.includes(code)), 'a code is nowhere in the record');
    const log = await workspace.query('SELECT action, user_id, details FROM audit_log ORDER BY id');
    const settled = log.find(({ action, details }) => action === 'approval_settled' && String(details).includes('allow_once'));
    assert.match(String(settled?.['details']), /telegram/);
    assert.match(String(settled?.['details']), /77/);
    const refusals = workspace.journal().flatMap((entry) => (entry.type === 'channel_event' && entry.user !== undefined ? [`${entry.user} in ${entry.chat ?? '?'}: ${entry.code}`] : []));
    assert.deepEqual(refusals, ['501 in 501: not_let_in', '501 in 501: button_elsewhere', '501 in -1001: not_let_in', '77 in 77: replayed_button']);
    assert.equal(log.filter(({ action, user_id: user }) => action === 'channel_event' && user !== null).length, refusals.length, 'the refusals are told');
    assert.ok(!JSON.stringify(workspace.journal()).includes(server.secrets.token), 'the token is nowhere in the record');
  });

  it('says so when the token is wrong, and goes on after a reload without a message lost or done twice', async () => {
    await connect();
    const code = await makeCode();
    server.say({ text: `/pair ${code}` });
    await hears(/paired/i);
    await editor.reload();
    server.say({ text: 'hello' });
    // An editor in a browser keeps no secrets over a reload: the channel says so, and goes on where it was once it has its token
    await state('failed');
    editor.start('coworkPolicy.changeChannelToken');
    await enterToken();
    await hears('I can only write');
    server.repeat(3);
    await editor.until('what came again is answered', () => server.calls.filter((call) => call === 'getUpdates').length > 3);
    assert.equal(server.shown.filter(({ text }) => text.includes('I can only write')).length, 1);
    server.revoke();
    await state('failed');
  });
});
