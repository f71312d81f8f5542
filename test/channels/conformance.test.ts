import assert from 'node:assert/strict';
import { ChannelError, type Channel, type Incoming } from '../../src/channels/channel.ts';
import { Loopback } from './servers/loopback.ts';
import type { Platform, PlatformServer } from './servers/platform.ts';
import { discord } from './servers/discordServer.ts';
import { slack } from './servers/slackServer.ts';
import { telegram } from './servers/telegramServer.ts';
import { TestSurroundings, textOf, until } from './surroundings.ts';

const platforms: readonly Platform[] = [telegram, discord, slack];

for (const { name, open, start, longestText } of platforms) {
  describe(`the ${name} adapter`, () => {
    let server: PlatformServer;
    let around: TestSurroundings;
    let channel: Channel;
    let stop: AbortController;
    let running: Promise<void>;

    beforeEach(async () => {
      server = await start();
      around = new TestSurroundings(server);
      begin();
    });
    afterEach(async () => {
      stop.abort(new Error('the test is over'));
      await running;
      await server.close();
    });

    /** Opens the channel as after a start of the editor, with what was kept */
    function begin(): void {
      stop = new AbortController();
      channel = open(around);
      running = channel.run(stop.signal);
    }
    async function restart(): Promise<void> {
      stop.abort(new Error('the editor closes'));
      await running;
      begin();
    }
    const connected = (): Promise<void> => until('connected', () => around.state.state === 'connected');
    const received = (count: number): Promise<void> => until(`${count} taken in`, () => around.taken.length >= count);
    const failure = async (call: Promise<unknown>): Promise<ChannelError> => {
      const error = await call.then(() => undefined, (thrown: unknown) => thrown);
      assert.ok(error instanceof ChannelError, `not refused: ${String(error)}`);
      return error;
    };
    const onlyMessage = (): Extract<Incoming, { kind: 'message' }> => {
      const [message, ...others] = around.taken;
      assert.ok(message?.kind === 'message');
      assert.equal(others.length, 0);
      return message;
    };
    /** Nothing a person may see, or that is kept, has a secret in it */
    const noSecretIn = (...values: readonly unknown[]): void => {
      const text = values.map((value) => (value instanceof Error ? `${value.message} ${String(value.stack)} ${JSON.stringify(value.cause) ?? ''} ${String(value.cause)}` : JSON.stringify(value))).join('\n');
      for (const secret of Object.values(server.secrets)) {
        assert.ok(!text.includes(secret) && !text.includes(encodeURIComponent(secret)), `a secret shows in ${text}`);
      }
    };

    describe('connects', () => {
      it('and tells the name of the bot', async () => {
        await connected();
        assert.deepEqual(around.states, [{ state: 'connecting', attempt: 1 }, { state: 'connected', as: server.botName }]);
      });

      it('and ends when it is told to', async () => {
        await connected();
        stop.abort(new Error('enough'));
        await running;
        assert.deepEqual(around.state, { state: 'disconnected' });
      });

      it('and ends at once when it is told to before it stands', async () => {
        await restart();
        stop.abort(new Error('enough'));
        await running;
        assert.deepEqual(around.state, { state: 'disconnected' });
      });

      it('not with a wrong token: it says so, and tries no more', async () => {
        await connected();
        await restart();
        server.revoke();
        await restart();
        await running;
        const { state } = around;
        assert.equal(state.state, 'failed');
        noSecretIn(around.states);
        const calls = server.calls.length;
        assert.equal((await failure(channel.send({ chat: server.direct, text: 'x' }, new AbortController().signal))).code, 'secret');
        assert.equal(server.calls.length, calls + 1);
      });

      it('not with what could never be a token, nor shows it', async () => {
        stop.abort(new Error('enough'));
        await running;
        for (const bad of ['', '../../x', 'a b\r\nx: y', '\u{1f511}', `4242:${'x'.repeat(5_000)}\n`]) {
          const odd = new TestSurroundings({ baseUrl: server.baseUrl, secrets: Object.fromEntries(Object.keys(server.secrets).map((key) => [key, bad])) });
          await open(odd).run(new AbortController().signal);
          assert.equal(odd.state.state, 'failed', JSON.stringify(bad));
          if (bad !== '') assert.ok(!JSON.stringify(odd.states).includes(JSON.stringify(bad).slice(1, -1)));
        }
      });

      it('to no server that would have the token sent in the clear', async () => {
        for (const baseUrl of ['http://192.168.1.5:8081', 'http://example.com', 'ftp://127.0.0.1', 'no address', 'https://user:pass@127.0.0.1', 'https://127.0.0.1/?x=1']) {
          const odd = new TestSurroundings({ baseUrl, secrets: server.secrets });
          await open(odd).run(new AbortController().signal);
          assert.equal(odd.state.state, 'failed', baseUrl);
          noSecretIn(odd.states);
        }
      });

      it('when the server comes back, waiting longer each time', async () => {
        await connected();
        server.fail(5);
        server.cut();
        await until('connected again', () => around.states.filter(({ state }) => state === 'connected').length === 2);
        const waits = around.states.flatMap((state) => (state.state === 'connecting' ? [state.attempt] : []));
        assert.ok(waits.length >= 5, `attempts ${waits.join(' ')}`);
        assert.ok(Math.max(...waits) >= 4, `attempts ${waits.join(' ')}`);
        const pauses = around.slept.filter((each) => each >= 500);
        assert.ok(Math.max(...pauses) >= 8 * 750, `pauses ${pauses.join(' ')}`);
        noSecretIn(around.states);
      });

      for (const status of [200, 302, 401, 403, 404]) {
        it(`again and again where a network answers with its login page (${status}): that is no word of ${name}`, async () => {
          const portal = new Loopback(({ response }) => {
            response.writeHead(status, { 'content-type': 'text/html', location: 'https://login.example/' });
            response.end('<html>Please log in</html>');
          });
          await portal.listen();
          const end = new AbortController();
          const lost = new TestSurroundings({ baseUrl: portal.address, secrets: server.secrets });
          const trying = open(lost).run(end.signal);
          await until('tried three times', () => lost.states.filter(({ state }) => state === 'waiting').length >= 3);
          end.abort(new Error('enough'));
          await trying;
          assert.equal(lost.state.state, 'disconnected');
          noSecretIn(lost.states);
          await portal.close();
        });
      }

      it('and ends when the token is revoked while it runs', async () => {
        await connected();
        server.revoke();
        server.cut();
        await running;
        assert.equal(around.state.state, 'failed');
      });

      it('through a clock that jumps, in either direction', async () => {
        await connected();
        for (const jump of [40 * 24 * 3_600_000, -80 * 24 * 3_600_000]) {
          around.skew += jump;
          server.say({ text: `after ${jump}` });
          server.cut();
          await until('taken in', () => around.texts.includes(`after ${jump}`));
        }
        assert.equal(around.taken.length, 2);
      });
    });

    describe('receives', () => {
      it('a direct message', async () => {
        const messageId = server.say({ text: 'Please fix the build & <test> *it*' });
        await received(1);
        const { key, at, ...message } = onlyMessage();
        assert.ok(key.length > 0 && Number.isFinite(at));
        assert.deepEqual(message, {
          kind: 'message', from: server.person, chat: server.direct, messageId,
          text: 'Please fix the build & <test> *it*', attachments: [], edited: false, forwarded: false,
        });
      });

      it('a message in a group, and one in a thread of it', async () => {
        server.say({ text: 'in the group', chat: server.group });
        server.say({ text: 'in the thread', chat: server.thread });
        await received(2);
        assert.deepEqual(around.taken.map(({ chat }) => chat), [server.group, server.thread]);
      });

      it('a message that was forwarded, and says so', async () => {
        server.say({ text: 'somebody else said it', forwarded: true });
        await received(1);
        assert.deepEqual([onlyMessage().forwarded, onlyMessage().text], [true, 'somebody else said it']);
      });

      it('a message that was changed, as another happening of the same message', async () => {
        const messageId = server.say({ text: 'first' });
        server.change(messageId, 'second');
        await received(2);
        const [first, second] = around.taken;
        assert.ok(first?.kind === 'message' && second?.kind === 'message');
        assert.deepEqual([first.edited, second.edited, second.text, second.messageId], [false, true, 'second', messageId]);
        assert.notEqual(first.key, second.key);
      });

      it('nothing twice: what is delivered again has the key it had', async () => {
        await connected();
        server.say({ text: 'one' });
        server.say({ text: 'two' });
        await received(2);
        server.cut();
        server.repeat(2);
        server.say({ text: 'three' });
        await received(3);
        assert.deepEqual(around.texts, ['one', 'two', 'three']);
      });

      it('unknown kinds of updates without stumbling', async () => {
        await connected();
        server.sayUnknown();
        server.say({ text: 'known' });
        await received(1);
        assert.equal(onlyMessage().text, 'known');
        assert.deepEqual(around.states.map(({ state }) => state), ['connecting', 'connected']);
      });

      it('what comes after something malformed', async () => {
        await connected();
        server.say({ text: 'before' });
        await received(1);
        server.sayGarbage();
        server.say({ text: 'after' });
        await received(2);
        assert.deepEqual(around.texts, ['before', 'after']);
      });

      it('a text of a megabyte, hidden characters, and halves of characters', async () => {
        const long = 'x'.repeat(1024 * 1024);
        server.say({ text: long });
        server.say({ text: 'a\u202eb\u0000c' });
        server.say({ text: `half \ud83d` });
        await received(3);
        assert.deepEqual(around.texts.map((text) => (text === long ? 'long' : text)), ['long', 'a\u202eb\u0000c', 'half \ufffd']);
      });

      it('nothing as acknowledged that the disk did not take: it comes again when the disk is back', async () => {
        await connected();
        const acknowledged: string[] = [];
        server.onAcknowledged = (text) => {
          acknowledged.push(text);
        };
        around.broken = true;
        server.say({ text: 'kept' });
        await until('a wait', () => around.states.filter(({ state }) => state === 'waiting').length > 1);
        assert.equal(acknowledged.length, 0);
        assert.ok(!JSON.stringify(around.states).includes('disk is full'), 'what went wrong inside is not for the state');
        around.broken = false;
        await received(1);
        await until('acknowledged', () => acknowledged.includes('kept'));
      });
    });

    describe('sends', () => {
      const signal = new AbortController().signal;

      it('a message, to a direct chat, a group and a thread', async () => {
        for (const chat of [server.direct, server.group, server.thread]) {
          const sent = await channel.send({ chat, text: `to ${chat.id}` }, signal);
          assert.deepEqual(sent.chat, chat);
          const shown = server.shown.find(({ messageId }) => messageId === sent.messageId);
          assert.deepEqual([shown?.chat, shown?.thread, shown?.text], [chat.id, chat.thread, `to ${chat.id}`]);
        }
      });

      it('text that stays text: no markup, nobody mentioned, no preview', async () => {
        const texts = [
          '*bold* _it_ ~no~ `code` ||spoiler|| > quote # head\n- list\n1. first [a](https://example.com)',
          '@everyone @here @ada <@77> <!channel> <@U77> <#C1> &lt; &amp; <https://example.com|click>',
          'see https://example.com/a_b_c?x=1&y=2 and example.com and src/core/decide.ts',
          '```\nrm -rf /\n``` :smile: <t:1:R> \\*not\\*',
        ];
        for (const text of texts) {
          const { messageId } = await channel.send({ chat: server.group, text }, signal);
          const shown = server.shown.find((each) => each.messageId === messageId);
          assert.equal(shown?.text, text);
          assert.equal(shown.plain, true, text);
        }
      });

      it('buttons, and changes text and buttons afterwards', async () => {
        const buttons = [{ label: 'Allow once', data: 'a'.repeat(64) }, { label: 'Deny', data: 'deny:1' }, { label: 'Show <all> & more', data: '3' }];
        const sent = await channel.send({ chat: server.direct, text: 'May it write *a*?', buttons }, signal);
        const seen = () => server.shown.find(({ messageId }) => messageId === sent.messageId);
        assert.deepEqual([seen()?.text, seen()?.buttons, seen()?.plain], ['May it write *a*?', buttons, true]);
        await channel.edit(sent, { text: 'Ada allowed it <once>.' }, signal);
        assert.deepEqual([seen()?.text, seen()?.buttons, seen()?.plain], ['Ada allowed it <once>.', [], true]);
        // What it says already is no mistake
        await channel.edit(sent, { text: 'Ada allowed it <once>.' }, signal);
      });

      it('an answer to a message', async () => {
        await connected();
        const messageId = server.say({ text: 'question', chat: server.group });
        await received(1);
        const sent = await channel.send({ chat: server.group, text: 'answer', replyTo: messageId }, signal);
        assert.equal(server.shown.find((each) => each.messageId === sent.messageId)?.replyTo, messageId);
      });

      it('a long text as several messages, none torn inside a character, all of it there', async () => {
        const text = Array.from({ length: longestText * 2 }, (_, at) => (at % 40 === 39 ? '\n' : at % 7 === 0 ? '\u{1f600}' : 'x')).join('').slice(0, Math.floor(longestText * 2.5));
        await channel.send({ chat: server.direct, text: text.toWellFormed() }, signal);
        assert.ok(server.shown.length > 1);
        assert.equal(server.shown.map((each) => each.text).join(''), text.toWellFormed());
      });

      it('of a text of a megabyte the beginning, and says that it is not all', async () => {
        await channel.send({ chat: server.direct, text: '<&*_'.repeat(256 * 1024) }, signal);
        assert.ok(server.shown.length <= 5, `${server.shown.length} messages`);
        assert.match(server.shown.at(-1)?.text ?? '', /… \(\d+ more characters are not shown\)$/);
      });

      it('nothing under buttons that is not all there, and no button that the platform would cut', async () => {
        const button = { label: 'Allow', data: 'x' };
        const tooMuch = [
          { text: 'x'.repeat(1024 * 1024), buttons: [button] },
          { text: 'x', buttons: [{ label: 'Allow', data: 'é'.repeat(33) }] },
          { text: 'x', buttons: Array.from({ length: 26 }, () => button) },
        ];
        for (const message of tooMuch) {
          assert.equal((await failure(channel.send({ chat: server.direct, ...message }, signal))).code, 'tooLarge');
        }
        const sent = await channel.send({ chat: server.direct, text: 'x', buttons: [button] }, signal);
        assert.equal((await failure(channel.edit(sent, { text: 'x'.repeat(1024 * 1024), buttons: [button] }, signal))).code, 'tooLarge');
        assert.equal(server.shown.length, 1);
      });

      it('halves of characters as what they are: nothing', async () => {
        const { messageId } = await channel.send({ chat: server.direct, text: 'half \ud83d' }, signal);
        assert.equal(server.shown.find((each) => each.messageId === messageId)?.text, 'half \ufffd');
      });

      it('later, when it is told to wait, exactly once', async () => {
        await connected();
        around.slept.length = 0;
        server.limit(2, 7);
        await channel.send({ chat: server.direct, text: 'patient' }, signal);
        assert.equal(server.shown.filter(({ text }) => text === 'patient').length, 1);
        assert.ok(around.slept.some((each) => each > 6_900 && each <= 7_000), `slept ${around.slept.join(' ')}`);
      });

      it('not after a day, and not for ever: a pause that is too long, or that never ends, is refused', async () => {
        await connected();
        stop.abort(new Error('enough'));
        await running;
        server.limit(1, 86_400);
        assert.equal((await failure(channel.send({ chat: server.direct, text: 'x' }, signal))).code, 'unreachable');
        const calls = server.calls.length;
        assert.match((await failure(channel.send({ chat: server.direct, text: 'x' }, signal))).message, /asks to wait 1440 minutes/);
        assert.equal(server.calls.length, calls, 'and meanwhile nothing is asked');
        around.skew += 86_400_000;
        server.limit(50, 1);
        assert.match((await failure(channel.send({ chat: server.direct, text: 'x' }, signal))).message, /again and again/);
        assert.equal(server.shown.length, 0);
      });

      it('nothing where the platform refuses, and tells why without a secret', async () => {
        const error = await failure(channel.send({ chat: { id: '404', context: 'direct' }, text: 'x' }, signal));
        assert.equal(error.code, 'refused');
        noSecretIn(error);
      });

      it('nothing where the server is gone, and tells that without address or secret', async () => {
        const { baseUrl } = server;
        stop.abort(new Error('enough'));
        await running;
        await server.close();
        const error = await failure(channel.send({ chat: server.direct, text: 'x' }, signal));
        assert.equal(error.code, 'unreachable');
        noSecretIn(error);
        assert.ok(!error.message.includes(new URL(baseUrl).host));
      });

      it('until the caller gives up', async () => {
        const given = new AbortController();
        const reason = new Error('given up');
        given.abort(reason);
        await assert.rejects(channel.send({ chat: server.direct, text: 'x' }, given.signal), reason);
      });
    });

    describe('takes a press', () => {
      it('and tells the one who pressed', async () => {
        await connected();
        const sent = await channel.send({ chat: server.direct, text: 'May it?', buttons: [{ label: 'Allow', data: 'nonce:allow' }] }, stop.signal);
        server.press(sent.messageId, 'nonce:allow');
        await received(1);
        const [press] = around.taken;
        assert.ok(press?.kind === 'press');
        const { key, at, from, ...rest } = press;
        assert.ok(key.length > 0 && Number.isFinite(at));
        assert.equal(from.id, server.person.id);
        assert.deepEqual(rest, { kind: 'press', chat: server.direct, messageId: sent.messageId, data: 'nonce:allow' });
        await channel.acknowledge(press, 'Allowed @once *now*', stop.signal);
        await until('settled', () => server.settledPresses === 1);
        assert.deepEqual(server.notes, ['Allowed @once *now*']);
      });

      it('and refuses to answer one that never was', async () => {
        await connected();
        const press = { kind: 'press', key: 'nonsense', at: 0, from: server.person, chat: { id: '404', context: 'direct' }, messageId: '1', data: 'x' } as const;
        assert.equal((await failure(channel.acknowledge(press, 'x', stop.signal))).code, 'refused');
      });
    });

    describe('fetches an attachment', () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 251);

      it('with name, size and every byte', async () => {
        server.say({ text: 'see this', file: { name: 'plan é.txt', bytes } });
        await received(1);
        const { text, attachments: [attachment, ...others] } = onlyMessage();
        assert.ok(attachment !== undefined && others.length === 0);
        assert.deepEqual([text, attachment.name, attachment.size], ['see this', 'plan é.txt', bytes.length]);
        assert.deepEqual(await channel.fetch(attachment, bytes.length, stop.signal), bytes);
        noSecretIn(attachment);
      });

      it('not over the limit, whatever size it claimed', async () => {
        server.say({ text: 'see this', file: { name: 'big.bin', bytes } });
        await received(1);
        const [attachment] = onlyMessage().attachments;
        assert.ok(attachment !== undefined);
        assert.equal((await failure(channel.fetch({ ...attachment, size: 1 }, bytes.length - 1, stop.signal))).code, 'tooLarge');
      });

      it('not from anywhere else', async () => {
        await connected();
        for (const reference of ['http://127.0.0.1:1/x', 'https://example.com/x', 'http://169.254.169.254/latest', 'file:///etc/passwd', `${server.baseUrl.replace('http://', 'http://user@')}/x`, '../../etc/passwd', '']) {
          const error = await failure(channel.fetch({ reference, name: 'x' }, 1_000, stop.signal));
          assert.equal(error.code, 'refused', `${reference}: ${error.message}`);
          noSecretIn(error);
        }
      });
    });

    it('loses nothing and doubles nothing over 10,000 updates with 100 disconnects', async () => {
      const rounds = 100;
      const perRound = 100;
      const early: string[] = [];
      const isTaken = new Set<string>();
      let seen = 0;
      server.onAcknowledged = (text) => {
        for (; seen < around.taken.length; seen += 1) isTaken.add(textOf(around.taken[seen] as Incoming));
        if (!isTaken.has(text)) early.push(text);
      };
      await connected();
      const question = await channel.send({ chat: server.direct, text: 'May it?', buttons: [{ label: 'Allow', data: 'x' }] }, stop.signal);
      for (let round = 0; round < rounds; round += 1) {
        for (let at = 0; at < perRound; at += 1) {
          const text = `update ${round * perRound + at}`;
          if (at % 10 === 5) server.press(question.messageId, text);
          else server.say({ text, chat: at % 3 === 0 ? server.group : server.direct });
        }
        if (round % 7 === 3) server.repeat(20);
        // Somewhere in the middle of what was just said
        const somewhere = round * perRound + ((round * 37) % perRound);
        await received(somewhere);
        if (round % 10 === 9) await restart();
        else server.cut();
      }
      await received(rounds * perRound);
      const all = Array.from({ length: rounds * perRound }, (_, at) => `update ${at}`);
      assert.deepEqual(around.texts, all);
      assert.deepEqual(early, [], 'nothing was acknowledged before it was taken in');
      await until('connected', () => around.state.state === 'connected');
    });

    it('takes 10,000 updates at once', async () => {
      await connected();
      for (let at = 0; at < 10_000; at += 1) server.say({ text: `update ${at}` });
      await received(10_000);
      assert.deepEqual(around.texts, Array.from({ length: 10_000 }, (_, at) => `update ${at}`));
    });
  });
}
