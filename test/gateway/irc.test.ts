import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChannelError, type Channel, type Incoming } from '../../src/channels/channel.ts';
import { createGateways } from '../../src/channels/gateway/gateways.ts';
import { openEndpoint, type Endpoint } from '../../src/node/endpoint/server.ts';
import { TestSurroundings, until } from '../channels/surroundings.ts';
import { ExampleGateway, IrcServer, Person } from './ircServer.ts';

const token = 'token-of-the-channel';

describe('a gateway of one\'s own: the example for IRC, with a real server', function () {
  this.timeout(60_000);
  let folder: string;
  let workspace: string;
  let server: IrcServer;
  let gateway: ExampleGateway;
  let endpoint: Endpoint;
  let around: TestSurroundings;
  let channel: Channel;
  let stop: AbortController;
  let running: Promise<void>;
  let ada: Person;

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'irc-')));
    workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    server = await IrcServer.start(folder);
    around = new TestSurroundings({ baseUrl: '', secrets: { token } });
    // This side waits for a gateway, in minutes at most: its time is the real one
    around.faster = 1;
    await openEditor();
    gateway = new ExampleGateway(workspace, server.port, token, folder);
    await attached();
    ada = await Person.join(server.port, 'ada');
  });
  afterEach(async () => {
    ada.leave();
    gateway.stop();
    server.stop();
    await closeEditor();
    rmSync(folder, { recursive: true, force: true });
  });

  async function openEditor(): Promise<void> {
    const gateways = createGateways({ same: (a, b) => a === b, newName: () => String(Math.random()) });
    stop = new AbortController();
    channel = gateways.open(around);
    running = channel.run(stop.signal);
    endpoint = await openEndpoint({ userFolder: folder, workspace, methods: gateways.methods, onError: () => undefined });
  }
  async function closeEditor(): Promise<void> {
    stop.abort(new Error('the editor closes'));
    await running;
    await endpoint.close();
  }
  const attached = (): Promise<void> => until(() => `attached\n${gateway.output}`, () => around.state.state === 'connected');
  const message = (at: number): Extract<Incoming, { kind: 'message' }> => {
    const found = around.taken[at];
    assert.ok(found?.kind === 'message');
    return found;
  };

  it('shows as what it is on IRC', () => {
    assert.deepEqual(around.state, { state: 'connected', as: 'gate' });
  });

  it('brings what people say to it and in its channel', async () => {
    ada.write('PRIVMSG gate :please \u0002fix\u0002 the \u000304build\u0003');
    await until('the first', () => around.taken.length === 1);
    ada.write('JOIN #team');
    await until('joined', () => ada.heard.some((line) => line.includes(' 366 ')));
    ada.write('PRIVMSG #team :\u0001ACTION waves\u0001');
    ada.write('PRIVMSG gate :\u0001VERSION\u0001');
    await until('the second', () => around.taken.length === 2);
    assert.deepEqual([message(0).text, message(0).chat, message(0).from.name], ['please fix the build', { id: 'ada', context: 'direct' }, 'ada']);
    assert.match(message(0).from.id, /^ada!.+@.+$/);
    assert.deepEqual([message(1).text, message(1).chat], ['waves', { id: '#team', context: 'group' }]);
  });

  it('puts a question, takes the answer, and says what came of it', async () => {
    const sent = await channel.send({ chat: { id: 'ada', context: 'direct' }, text: 'Write src/a.ts?\n• a rule asks', buttons: [{ label: 'Allow once', data: 'nonce:allow' }, { label: 'Deny', data: 'nonce:deny' }] }, stop.signal);
    await ada.hears(/Answer with 1a = Allow once, 1b = Deny/);
    ada.write('PRIVMSG gate :1A');
    await until('the press', () => around.taken.length === 1);
    const [press] = around.taken;
    assert.ok(press?.kind === 'press');
    assert.deepEqual([press.data, press.messageId, press.chat.id], ['nonce:allow', sent.messageId, 'ada']);
    await channel.acknowledge(press, 'Allowed.', stop.signal);
    await ada.hears(/NOTICE ada :Allowed\./);
    await channel.edit(sent, { text: 'Ada allowed it.' }, stop.signal);
    await ada.hears(/\(1\) Ada allowed it\./);
    // The question is settled: its words are words again
    ada.write('PRIVMSG gate :1b');
    await until('a message', () => around.taken.length === 2);
    assert.equal(message(1).text, '1b');
  });

  it('takes an answer only where the question was put', async () => {
    await channel.send({ chat: { id: 'ada', context: 'direct' }, text: 'May it?', buttons: [{ label: 'Allow', data: 'nonce' }] }, stop.signal);
    const eve = await Person.join(server.port, 'eve');
    eve.write('PRIVMSG gate :1a');
    await until('taken', () => around.taken.length === 1);
    eve.leave();
    assert.equal(message(0).text, '1a');
  });

  it('lets no text become a command of IRC', async () => {
    ada.write('JOIN #team');
    await channel.send({ chat: { id: 'ada', context: 'direct' }, text: 'one\r\nQUIT :gone\nJOIN #evil\0\r\u0001VERSION\u0001' }, stop.signal);
    await ada.hears(/:one$/);
    await ada.hears(/PRIVMSG ada :QUIT :gone$/);
    await ada.hears(/PRIVMSG ada :JOIN #evil$/);
    await ada.hears(/PRIVMSG ada : VERSION$/);
    for (const id of ['ada\r\nQUIT', 'ada :x', 'ada,#team', ':ada', '', 'x'.repeat(65)]) {
      await assert.rejects(channel.send({ chat: { id, context: 'direct' }, text: 'x' }, stop.signal), (error) => error instanceof ChannelError && error.code === 'refused', JSON.stringify(id));
    }
    await channel.send({ chat: { id: 'ada', context: 'direct' }, text: 'still here' }, stop.signal);
    await ada.hears(/still here/);
  });

  it('cuts long lines between characters, and says when it is not all', async () => {
    const long = '\u{1f600}'.repeat(250);
    await channel.send({ chat: { id: 'ada', context: 'direct' }, text: long }, stop.signal);
    await ada.hears(/\u{1f600}{50}$/u);
    assert.equal(ada.heard.flatMap((line) => /PRIVMSG ada :(.*)$/.exec(line)?.[1] ?? []).join(''), long);
  });

  it('tells when nobody is there to read it', async () => {
    await assert.rejects(channel.send({ chat: { id: 'nobody', context: 'direct' }, text: 'x' }, stop.signal), /No such nick/);
  });

  it('has no files', async () => {
    await assert.rejects(channel.fetch({ reference: 'x', name: 'x' }, 10, stop.signal), /no files/);
  });

  it('comes back when the editor does, with what was said meanwhile', async () => {
    await closeEditor();
    ada.write('PRIVMSG gate :while you were away');
    await ada.settled();
    await openEditor();
    await attached();
    await until('taken', () => around.texts.includes('while you were away'));
    assert.equal(around.taken.length, 1);
  });

  it('comes back when the IRC server does, and shows as gone until then', async () => {
    server.stop();
    await until('gone', () => around.state.state === 'connecting');
    await server.start();
    await attached();
    ada = await Person.join(server.port, 'ada');
    ada.write('PRIVMSG gate :again');
    await until('taken', () => around.texts.includes('again'));
  });
});
