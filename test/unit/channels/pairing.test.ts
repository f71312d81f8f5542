import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alphabet, lockTime, makeCode, randomSymbols } from '../../../src/channels/pairing.ts';
import { defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import { userIn } from '../../../src/gate/channelState.ts';
import { settled } from '../gate/testGate.ts';
import { listen, message, pair, say, testBridge, testSecrets } from './testBridge.ts';
import type { TestBridge } from './testBridge.ts';

async function code(test: TestBridge): Promise<string> {
  const made = await test.bridge.generateCode('tg', 'editor');
  assert.ok(made.ok);
  return made.code;
}

function stateOf(test: TestBridge, user: string): string | undefined {
  return userIn(test.store.state.channels?.['tg']?.users ?? [], user)?.state;
}

/** A code of the right shape that is another one */
function wrong(right: string, index: number): string {
  let made = '';
  for (let at = 0, rest = index; at < 6; at += 1, rest = Math.floor(rest / 32)) made += alphabet.charAt(rest % 32);
  return made === right ? 'ZZZZZZ' : made;
}

describe('pairing codes', () => {
  it('are six symbols of the alphabet, each as likely as the next', async () => {
    const counts = new Map<string, number>();
    for (const symbol of randomSymbols(256, { randomBytes: (count) => Uint8Array.from({ length: count }, (_, index) => index) })) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    assert.deepEqual([...counts.keys()].sort(), [...alphabet].sort());
    assert.ok([...counts.values()].every((count) => count === 8));
    const { code: made, kept } = await makeCode(testSecrets(), defaultChannel('telegram'), 1_000);
    assert.match(made, /^[A-HJ-NP-Z2-9]{6}$/);
    assert.equal(kept.expiresAt, 301_000);
    assert.ok(!JSON.stringify(kept).includes(made));
  });

  for (const [what, words] of [['as a command', (c: string) => `/pair ${c}`], ['small, with blanks around', (c: string) => `  /PAIR   ${c.toLowerCase()} `], ['as a command to our bot', (c: string) => `/pair@TestBot ${c}`], ['with ! for Slack', (c: string) => `!pair ${c}`], ['by itself', (c: string) => ` ${c.toLowerCase()}\n`]] as const) {
    it(`pair ${what}, once`, async () => {
      const test = await testBridge();
      const right = await code(test);
      const answers = await say(test, 'anna', words(right));
      assert.match(answers[0] ?? '', /You are paired/);
      assert.equal(stateOf(test, 'anna'), 'paired');
      await say(test, 'mallory', words(right));
      assert.equal(stateOf(test, 'mallory'), 'stranger');
      assert.deepEqual(test.failures, []);
    });
  }

  it('1,000 wrong guesses from 200 senders never pair, and the code is dead after 5', async () => {
    const test = await testBridge({ settings: { pairing: { seconds: 3_600, attempts: 5 } } });
    const right = await code(test);
    const guesses = Array.from({ length: 1_000 }, (_, index) => message(`m${index % 200}`, index % 2 === 0 ? `/pair ${wrong(right, index)}` : wrong(right, index)));
    for (const [index, guess] of guesses.entries()) {
      await test.channel.surroundings.take(guess);
      // As fast as the limit for strangers lets through, so that every guess is read
      if (index % 100 === 99) test.clock.sleep(60_000);
    }
    await settled();
    assert.equal(test.entries('channel_user').filter(({ user }) => user.state === 'paired').length, 0);
    assert.equal(test.entries('channel_message').filter(({ direction }) => direction === 'incoming').length, 1_000);
    assert.equal(test.secrets.hashed, 1 + 5, 'only five guesses were ever compared');
    for (const sender of ['m0', 'new']) await say(test, sender, `/pair ${right}`);
    assert.equal(stateOf(test, 'new') === 'paired' || stateOf(test, 'm0') === 'paired', false);
    assert.equal(test.store.state.channels?.['tg']?.code, undefined);
  });

  it('guesses that come all at once count one after the other', async () => {
    const test = await testBridge({ settings: { pairing: { seconds: 300, attempts: 5 } } });
    const right = await code(test);
    await Promise.all(Array.from({ length: 40 }, (_, index) => test.channel.surroundings.take(message(`m${index}`, `/pair ${index === 20 ? right : wrong(right, index)}`))));
    await settled();
    assert.equal(stateOf(test, 'm20'), 'stranger');
    assert.equal(test.secrets.hashed, 1 + 5);
  });

  it('two who send the right code at once do not both pair', async () => {
    const test = await testBridge();
    const right = await code(test);
    await Promise.all(['anna', 'bob'].map((from) => test.channel.surroundings.take(message(from, `/pair ${right}`))));
    await settled();
    assert.deepEqual([stateOf(test, 'anna'), stateOf(test, 'bob')].toSorted((a = '', b = '') => a.localeCompare(b)), ['paired', 'stranger']);
  });

  it('do not work any more once they are expired, used, replaced, or the clock was set back', async () => {
    const expired = await testBridge();
    const first = await code(expired);
    expired.clock.sleep(300_000);
    await say(expired, 'anna', `/pair ${first}`);
    assert.equal(stateOf(expired, 'anna'), 'stranger');

    const replaced = await testBridge();
    const old = await code(replaced);
    const fresh = await code(replaced);
    await say(replaced, 'anna', `/pair ${old}`);
    assert.equal(stateOf(replaced, 'anna'), 'stranger');
    await say(replaced, 'bob', `/pair ${fresh}`);
    assert.equal(stateOf(replaced, 'bob'), 'paired');

    const back = await testBridge();
    const jumped = await code(back);
    back.clock.sleep(-3_600_000);
    await say(back, 'anna', `/pair ${jumped}`);
    assert.equal(stateOf(back, 'anna'), 'stranger');
  });

  it('live and die as set: time and attempts', async () => {
    const test = await testBridge({ settings: { pairing: { seconds: 30, attempts: 2 } } });
    const first = await code(test);
    test.clock.sleep(30_000);
    await say(test, 'anna', `/pair ${first}`);
    assert.equal(stateOf(test, 'anna'), 'stranger');
    const second = await code(test);
    await say(test, 'bob', `/pair ${wrong(second, 1)}`);
    await say(test, 'carl', `/pair ${wrong(second, 2)}`);
    await say(test, 'dora', `/pair ${second}`);
    assert.equal(stateOf(test, 'dora'), 'stranger');
  });

  it('stand nowhere in the record, in messages, or in what is shown, however they are sent', async () => {
    const test = await testBridge();
    const codes = [await code(test)];
    await say(test, 'anna', `is ${codes[0]} the code?`);
    await say(test, 'anna', `/pair ${codes[0]?.toLowerCase()} please`);
    await say(test, 'anna', `/pair ${codes[0]}`, { forwarded: true });
    await say(test, 'anna', `/pair ${codes[0]}`, { edited: true });
    await say(test, 'anna', `${codes[0]}`);
    codes.push(await code(test));
    test.clock.sleep(400_000);
    await say(test, 'bob', `/pair ${codes[1]}`);
    const everything = `${test.record} ${JSON.stringify(test.bridge.overview)} ${JSON.stringify(test.channel.sent)} ${JSON.stringify(test.failures.map(String))}`.toUpperCase();
    for (const each of codes) assert.ok(!everything.includes(each), each);
    assert.equal(stateOf(test, 'anna'), 'paired');
  });

  it('stand nowhere in the record though they die while they are compared', async () => {
    const test = await testBridge();
    const right = await code(test);
    const { hash } = test.secrets;
    test.secrets.hash = async (given, salt) => {
      test.clock.sleep(300_000);
      return hash.call(test.secrets, given, salt);
    };
    await say(test, 'anna', right);
    assert.equal(stateOf(test, 'anna'), 'paired', 'it was in time');
    assert.ok(!test.record.includes(right));
  });

  it('are not looked at in forwarded and edited messages', async () => {
    const test = await testBridge();
    const right = await code(test);
    await say(test, 'anna', `/pair ${right}`, { forwarded: true });
    await say(test, 'anna', right, { edited: true });
    assert.equal(stateOf(test, 'anna'), 'stranger');
    assert.equal(test.secrets.hashed, 1);
  });
});

describe('attempts to pair', () => {
  it('lock their sender for 15 minutes after five, also across a restart, while others may pair', async () => {
    const test = await testBridge({ settings: { pairing: { seconds: 3_600, attempts: 5 } } });
    for (let index = 0; index < 5; index += 1) {
      const right = await code(test);
      await say(test, 'mallory', `/pair ${wrong(right, index)}`);
    }
    await test.bridge.dispose();

    const after = await testBridge({ store: test.store, clock: test.clock });
    const right = await code(after);
    const refused = await say(after, 'mallory', `/pair ${right}`);
    assert.match(refused[0] ?? '', /Try again in 15 min/);
    after.clock.sleep(lockTime - 1);
    await say(after, 'mallory', `/pair ${right}`);
    assert.equal(stateOf(after, 'mallory'), 'stranger');
    after.clock.sleep(1);
    await say(after, 'mallory', `/pair ${right}`);
    assert.equal(stateOf(after, 'mallory'), 'paired', 'the locked attempts cost the code nothing');
  });

  it('count for their sender whatever code was alive, and are forgotten once they paired', async () => {
    const test = await testBridge();
    for (let index = 0; index < 4; index += 1) await say(test, 'anna', '/pair ABCDEF');
    assert.equal(userIn(test.store.state.channels?.['tg']?.users ?? [], 'anna')?.wrongCodes, 4);
    await pair(test, 'anna');
    assert.equal(userIn(test.store.state.channels?.['tg']?.users ?? [], 'anna')?.wrongCodes, 0);
  });

  it('a lock from a clock that was ahead is no longer than 15 minutes', async () => {
    const test = await testBridge();
    for (let index = 0; index < 5; index += 1) await say(test, 'anna', '/pair ABCDEF');
    test.clock.sleep(-86_400_000);
    const right = await code(test);
    assert.match((await say(test, 'anna', `/pair ${right}`))[0] ?? '', /Try again in 15 min/);
    test.clock.sleep(lockTime);
    const again = await code(test);
    await say(test, 'anna', `/pair ${again}`);
    assert.equal(stateOf(test, 'anna'), 'paired');
  });

  it('ordinary words are never swallowed: who is let in is heard, whatever they say', async () => {
    const test = await testBridge({ settings: { securityMode: 'open' } });
    const got = listen(test);
    await code(test);
    const words = ['please', 'update', 'pair', 'pair me', 'a six', 'ABC234 is not it', '/repair', '/pairs ABCDEF', 'ABCDEFG'];
    for (const text of words) await say(test, 'anna', text);
    assert.deepEqual(got.map(({ text }) => text), words);
  });

  it('ordinary words of groups are no attempts', async () => {
    const test = await testBridge();
    await code(test);
    for (const text of ['please', 'update', 'buffer', 'target', 'change', 'remove']) await say(test, 'anna', text, { context: 'group' });
    assert.equal(test.secrets.hashed, 1);
    assert.equal(test.bridge.overview[0]?.code?.triesLeft, 5);
  });

  it('what has not the shape of a code is told, and costs nothing', async () => {
    const test = await testBridge();
    await code(test);
    for (const text of ['/pair', '/pair ABC', '/pair ABCDEF GHJKLM', '/pair ABCDE0', '/pair ABCDE\u017f']) {
      assert.match((await say(test, 'anna', text))[0] ?? '', /six letters/);
    }
    assert.equal(test.bridge.overview[0]?.code?.triesLeft, 5);
  });

  it('of somebody who is not on the list are not looked at in allowlist mode', async () => {
    const test = await testBridge({ settings: { securityMode: 'allowlist', allowedUsers: ['anna'] } });
    const right = await code(test);
    for (let index = 0; index < 6; index += 1) await say(test, 'mallory', `/pair ${right}`);
    assert.equal(stateOf(test, 'mallory'), 'stranger');
    await say(test, 'anna', `/pair ${right}`);
    assert.equal(stateOf(test, 'anna'), 'paired');
  });

  it('whatever a stranger writes, only the code itself pairs them', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.stringMatching(/^[/!]?pair [A-Z2-9]{5,7}$/), fc.stringMatching(/^[A-Za-z2-9]{6}$/)), { maxLength: 12 }), async (texts) => {
      const test = await testBridge();
      const right = await code(test);
      for (const text of texts.filter((each) => !each.toUpperCase().includes(right))) await say(test, 'mallory', text);
      assert.notEqual(stateOf(test, 'mallory'), 'paired');
      assert.deepEqual(test.failures, []);
    }), { numRuns: 30 });
  });
});
