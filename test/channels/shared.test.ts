import assert from 'node:assert/strict';
import { openFrames } from '../../src/channels/frames.ts';
import { backoff, keepConnected } from '../../src/channels/keepConnected.ts';
import { messageParts, onePart } from '../../src/channels/messageParts.ts';
import { ownAddress, placesOf, type Vendor } from '../../src/channels/places.ts';
import { askedPause, everyLane, RateLimit } from '../../src/channels/rateLimit.ts';
import { safeText } from '../../src/channels/safeText.ts';
import { Loopback } from './servers/loopback.ts';
import { acceptSockets } from './servers/sockets.ts';
import { TestSurroundings, until } from './surroundings.ts';

const vendor: Vendor = { name: 'Somebody', api: 'https://api.some.example/v1', domains: ['some.example'] };
const never = new AbortController().signal;

describe('what the adapters share', () => {
  describe('places', () => {
    for (const [address, kind, isOwn] of [
      ['https://files.some.example/a?b', 'file', true],
      ['https://some.example/', 'file', true],
      ['wss://gate.some.example/', 'socket', true],
      ['https://gate.some.example/', 'socket', false],
      ['wss://gate.some.example/', 'file', false],
      ['http://files.some.example/', 'file', false],
      ['ws://gate.some.example/', 'socket', false],
      ['https://some.example.evil.example/', 'file', false],
      ['https://evilsome.example/', 'file', false],
      ['https://files.some.example:444/', 'file', false],
      ['https://user@files.some.example/', 'file', false],
      ['https://127.0.0.1/', 'file', false],
      ['https://files.some.example@evil.example/', 'file', false],
      ['file:///etc/passwd', 'file', false],
      ['data:text/plain,x', 'file', false],
      ['//files.some.example/', 'file', false],
    ] as const) {
      it(`${isOwn ? 'reach' : 'do not reach'} ${address} for a ${kind}`, () => {
        assert.equal(ownAddress(vendor, address, kind) !== undefined, isOwn);
      });
    }

    it('are the configured server alone where there is one', () => {
      const places = placesOf(vendor, 'https://own.example:8443/bot/');
      assert.equal(places.api, 'https://own.example:8443/bot');
      assert.equal(ownAddress(places, 'https://own.example:8443/x', 'file')?.href, 'https://own.example:8443/x');
      assert.equal(ownAddress(places, 'https://own.example/x', 'file'), undefined);
      assert.equal(ownAddress(places, 'https://files.some.example/x', 'file'), undefined);
    });

    for (const good of ['http://127.0.0.1:8081', 'http://localhost:1', 'http://[::1]:2', 'https://api.own.example/x/']) {
      it(`may be ${good}`, () => {
        assert.doesNotThrow(() => placesOf(vendor, good));
      });
    }
  });

  describe('parts of a message', () => {
    it('end at a line, then at a blank, then anywhere but inside a character', () => {
      assert.deepEqual(messageParts('one two\nthree four', 12, undefined), ['one two\n', 'three four']);
      assert.deepEqual(messageParts('one two three four', 12, undefined), ['one two ', 'three four']);
      assert.deepEqual(messageParts('abcdefghijklmno', 12, undefined), ['abcdefghijkl', 'mno']);
      assert.deepEqual(messageParts('a'.repeat(11) + '\u{1f600}', 12, undefined), ['a'.repeat(11), '\u{1f600}']);
    });

    it('are counted as they are written', () => {
      const double = (character: string): string => character + character;
      assert.deepEqual(messageParts('abcdefg', 12, undefined, double), ['aabbccddeeff', 'gg']);
      assert.equal(onePart('abc', 6, undefined, double), 'aabbcc');
    });

    it('never lose a character between them', () => {
      const text = 'word another\nline  two\n\n\u{1f600}\u{1f600} '.repeat(40);
      for (let limit = 300; limit < 340; limit += 1) assert.equal(messageParts(text, limit, undefined).join(''), text);
    });

    it('say how much is missing', () => {
      const last = messageParts('x'.repeat(5_000), 200, undefined).at(-1);
      assert.equal(last, `${'x'.repeat(120)}\n… (4080 more characters are not shown)`);
      assert.equal(onePart('x'.repeat(300), 200, undefined), `${'x'.repeat(120)}\n… (180 more characters are not shown)`);
    });

    it('of nothing are one, which the platform may refuse', () => {
      assert.deepEqual(messageParts('', 10, undefined), ['']);
    });
  });

  describe('a rate limit', () => {
    let around: TestSurroundings;
    let limit: RateLimit;
    beforeEach(() => {
      around = new TestSurroundings({ baseUrl: '', secrets: {} });
      limit = new RateLimit(around);
    });

    it('holds back its own lane, once', async () => {
      limit.pause('a', 1_000);
      await limit.pass('b', never);
      assert.deepEqual(around.slept, []);
      await limit.pass('a', never);
      await limit.pass('a', never);
      assert.equal(around.slept.length, 1);
    });

    it('of all holds back every lane', async () => {
      limit.pause(everyLane, 1_000);
      await limit.pass('b', never);
      assert.equal(around.slept.length, 1);
    });

    for (const [what, jump] of [['back', -3_600_000], ['forward', 3_600_000]] as const) {
      it(`is never longer than it was, when the clock goes ${what}`, async () => {
        limit.pause('a', 1_000);
        around.skew = jump;
        await limit.pass('a', never);
        assert.ok(around.slept.every((each) => each <= 1_000), `slept ${around.slept.join(' ')}`);
      });
    }

    it('lets go of whoever gives up', async () => {
      limit.pause('a', 1_000);
      const stop = new AbortController();
      stop.abort(new Error('enough'));
      await assert.rejects(limit.pass('a', stop.signal), /enough/);
    });

    for (const [header, body, pause] of [
      ['2', undefined, 2_000],
      [null, { retry_after: 0.25 }, 250],
      [null, { parameters: { retry_after: 35 } }, 35_000],
      ['1', { retry_after: 1.5 }, 1_500],
      [null, undefined, 1_000],
      ['Wed, 21 Oct 2026 07:28:00 GMT', undefined, 1_000],
      ['-5', { retry_after: -1 }, 1_000],
      [null, { retry_after: 'NaN' }, 1_000],
      ['Infinity', undefined, 1_000],
    ] as const) {
      it(`is read from ${header ?? 'no header'} and ${JSON.stringify(body)}`, () => {
        assert.equal(askedPause(header, body), pause);
      });
    }
  });

  describe('waits between attempts', () => {
    it('grow to a minute, and half of each is left to chance', () => {
      assert.deepEqual([1, 2, 3, 4, 7, 50].map((losses) => [backoff(losses, 0), backoff(losses, 0.999)]), [[500, 1_000], [1_000, 1_999], [2_000, 3_998], [4_000, 7_996], [30_000, 59_970], [30_000, 59_970]]);
    });

    it('start over after a connection that lasted, not after one that came and went', async () => {
      const around = new TestSurroundings({ baseUrl: '', secrets: {} });
      const stop = new AbortController();
      let turn = 0;
      await keepConnected(around, stop.signal, async (up) => {
        turn += 1;
        if (turn === 7) stop.abort(new Error('enough'));
        up('bot');
        if (turn === 5) around.skew += 60_000;
        throw new Error('lost');
      });
      assert.deepEqual(around.slept, [750, 1_500, 3_000, 6_000, 750, 1_500]);
      assert.deepEqual(around.state, { state: 'disconnected' });
    });
  });

  it('frames that nobody takes are not piled up without end', async () => {
    const loopback = new Loopback(() => undefined);
    const megabyte = JSON.stringify('x'.repeat(1024 * 1024));
    let closed = false;
    acceptSockets(loopback, () => undefined, (socket) => {
      for (let sent = 0; sent < 80; sent += 1) socket.send(megabyte);
      socket.on('close', () => {
        closed = true;
      });
    });
    await loopback.listen();
    try {
      const frames = await openFrames('Somebody', new URL(loopback.address.replace('http', 'ws')), never, (text) => text);
      await until('closed', () => closed);
      assert.ok(frames.waiting <= 65, `${frames.waiting} wait`);
      assert.ok((await frames.next(1_000)) !== undefined, 'what came before is still there');
    } finally {
      await loopback.close();
    }
  });

  it('a frame that is asked for in vain is given up', async () => {
    const loopback = new Loopback(() => undefined);
    acceptSockets(loopback, () => undefined, () => undefined);
    await loopback.listen();
    try {
      const frames = await openFrames('Somebody', new URL(loopback.address.replace('http', 'ws')), never, (text) => text);
      assert.equal(await frames.next(1), undefined);
      frames.close();
    } finally {
      await loopback.close();
    }
  });

  it('a text of the platform is short, without hidden characters and without a secret', () => {
    const secrets = { token: 'se/cret', appToken: '' };
    assert.equal(safeText('no se/cret or se%2Fcret\u202e\n', secrets), 'no … or …\\u{202e}\\n');
    assert.equal(safeText('x'.repeat(500), secrets).length, 200);
  });
});
