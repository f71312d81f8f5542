import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sendable } from '../../src/channels/sendable.ts';
import { lockTime } from '../../src/channels/pairing.ts';
import type { SecurityMode } from '../../src/core/policy/channelSettings.ts';
import { settled } from '../unit/gate/testGate.ts';
import { type TestBridge, message, testBridge } from '../unit/channels/testBridge.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

const people = ['anna', 'bob', 'listed'] as const;
type Person = (typeof people)[number];

type Step =
  | { readonly do: 'code' | 'restart' | 'minute' | 'quarter' }
  | { readonly do: 'mode'; readonly mode: SecurityMode }
  | { readonly do: 'pair' | 'guess' | 'revoke' | 'forgive' | 'say'; readonly who: Person };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('pair', 'guess', 'revoke', 'forgive', 'say') as fc.Arbitrary<'pair'>, who: fc.constantFrom(...people) }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'code' }, { do: 'restart' }, { do: 'minute' }, { do: 'quarter' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mode' as const), mode: fc.constantFrom<SecurityMode>('pairing', 'allowlist', 'open') }) },
);

/** What the spec says of who is in, without a line of the code under test */
class Model {
  mode: SecurityMode = 'pairing';
  allowed = new Set<Person>(['listed']);
  state = new Map<Person, 'stranger' | 'paired' | 'revoked'>();
  seen = new Set<Person>();
  wrong = new Map<Person, number>();
  lockedUntil = new Map<Person, number>();
  code: { text: string; until: number; wrong: number } | undefined;

  isIn(who: Person): boolean {
    const state = this.state.get(who) ?? 'stranger';
    if (state === 'revoked') return false;
    return this.mode === 'open' || (this.mode === 'allowlist' ? this.allowed.has(who) : state === 'paired');
  }

  attempt(who: Person, text: string, now: number): void {
    if (this.state.get(who) === 'paired' || (this.mode === 'allowlist' && !this.allowed.has(who)) || now < (this.lockedUntil.get(who) ?? 0)) return;
    const alive = this.code !== undefined && now < this.code.until && this.code.wrong < 5;
    if (alive && text === this.code?.text) {
      this.state.set(who, 'paired');
      this.wrong.set(who, 0);
      this.code = undefined;
      return;
    }
    const wrong = (this.wrong.get(who) ?? 0) + 1;
    this.wrong.set(who, wrong % 5);
    if (wrong === 5) this.lockedUntil.set(who, now + lockTime);
    if (this.code !== undefined) this.code.wrong += 1;
  }
}

describe(`who is let in, over any sequence of what people do (PROPERTY_SEED=${seed})`, () => {
  it('is what the spec says, also over restarts', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
      let test: TestBridge = await testBridge({ settings: { allowedUsers: ['listed'] } });
      const { clock, store } = test;
      const model = new Model();
      let got = 0;
      const hear = (): void => void test.bridge.onMessage(() => void (got += 1));
      hear();
      for (const each of steps) {
        // Limits have tests of their own
        clock.pass(20_000);
        switch (each.do) {
          case 'code': {
            const made = await test.bridge.generateCode('tg', 'editor');
            assert.ok(made.ok);
            model.code = { text: made.code, until: clock.now() + 300_000, wrong: 0 };
            break;
          }
          case 'restart':
            await test.bridge.dispose();
            test = await testBridge({ store, clock });
            hear();
            break;
          case 'minute':
            clock.pass(60_000);
            break;
          case 'quarter':
            clock.pass(lockTime);
            break;
          case 'mode':
            assert.deepEqual(await test.bridge.configure('tg', { securityMode: each.mode }, 'editor'), { ok: true });
            model.mode = each.mode;
            break;
          case 'revoke':
            assert.equal((await test.bridge.revoke('tg', each.who, 'editor')).ok, model.seen.has(each.who));
            if (!model.seen.has(each.who)) break;
            model.state.set(each.who, 'revoked');
            model.allowed.delete(each.who);
            break;
          case 'forgive':
            await test.bridge.forgive('tg', each.who, 'editor');
            if (model.state.get(each.who) === 'revoked') model.state.set(each.who, 'stranger');
            model.wrong.set(each.who, 0);
            model.lockedUntil.delete(each.who);
            break;
          case 'pair':
          case 'guess': {
            const text = each.do === 'guess' || model.code === undefined ? '222222' : model.code.text;
            await test.channel.surroundings.take(message(each.who, `/pair ${text}`));
            model.attempt(each.who, text, clock.now());
            model.seen.add(each.who);
            break;
          }
          case 'say': {
            const before = got;
            await test.channel.surroundings.take(message(each.who, 'do something'));
            await settled();
            assert.equal(got - before, model.isIn(each.who) ? 1 : 0, `${each.who} in ${model.mode} mode`);
            model.seen.add(each.who);
            break;
          }
        }
        await settled();
        // What a person at the editor does five times a minute would be refused
        clock.pass(15_000);
      }
      assert.deepEqual(test.failures, []);
    }), { seed, numRuns: 100 });
  });
});

describe(`updates, over lost disks, restarts and deliveries that come again (PROPERTY_SEED=${seed})`, () => {
  type Turn = { readonly do: 'send' | 'again' | 'restart' | 'deaf' | 'hear'; readonly fails: boolean };
  const turn: fc.Arbitrary<Turn> = fc.record({ do: fc.constantFrom('send', 'send', 'send', 'again', 'restart', 'deaf', 'hear'), fails: fc.boolean() });

  it('reach the agent once each, in order, and none that was acknowledged is lost', async () => {
    await fc.assert(fc.asyncProperty(fc.array(turn, { minLength: 10, maxLength: 50, size: 'max' }), async (turns) => {
      let test = await testBridge({ settings: { securityMode: 'allowlist', allowedUsers: ['anna'] } });
      const { clock, store } = test;
      const got: string[] = [];
      const sent: ReturnType<typeof message>[] = [];
      const hear = (): { dispose(): void } => test.bridge.onMessage(({ text }) => void got.push(text));
      let ear: { dispose(): void } | undefined = hear();
      /** What an adapter does: it delivers until it is told that it was taken in */
      const deliver = async (update: ReturnType<typeof message>, fails: boolean): Promise<void> => {
        if (fails) {
          store.beforeCommit = () => {
            throw new Error('disk full');
          };
          await test.channel.surroundings.take(update).catch(() => undefined);
          await settled();
          store.beforeCommit = () => undefined;
        }
        await test.channel.surroundings.take(update);
      };
      for (const { do: what, fails } of turns) {
        clock.pass(10_000);
        if (what === 'send') {
          const update = message('anna', `${sent.length}`);
          sent.push(update);
          await deliver(update, fails);
        } else if (what === 'again') {
          const older = sent.at(fails ? 0 : -1);
          if (older !== undefined) await Promise.all([deliver(older, false), deliver(older, false)]);
        } else if (what === 'restart') {
          await settled();
          await test.bridge.dispose();
          test = await testBridge({ store, clock });
          ear = ear === undefined ? undefined : hear();
        } else if (what === 'deaf') {
          ear?.dispose();
          ear = undefined;
        } else {
          ear ??= hear();
        }
        await settled();
      }
      ear ??= hear();
      await settled();
      await settled();
      assert.deepEqual(got, sent.map(({ text }) => text));
    }), { seed, numRuns: 100 });
  });
});

describe(`what leaves on a channel, whatever an agent says (PROPERTY_SEED=${seed})`, () => {
  const place = { workspace: '/home/dev/project', home: '/home/dev', platform: 'linux' } as const;
  const secrets = ['sk-abcdefghijklmnop1234', 'ghp_abcdefghijklmnopqrst1234', 'AKIAABCDEFGHIJKLMNOP', '8123456789:the-token-of-the-bot'] as const;
  const outside = ['/etc/passwd', '/home/dev/.ssh/id_ed25519', '/home/other/secret.txt', '~/.aws/credentials', 'C:\\Users\\me\\secret.txt', '/home/dev/project/../../x/secret.txt', '/var/lib/secret.db'] as const;
  const harmless = ['see ', 'src/a.ts', ' and ', '\n', '"', ' (', ') ', ': ', '/home/dev/project/src/b.ts', ' https://example.com/a/b ', '= ', ' \u{1f600} ', ' \u202e '] as const;

  it('holds no secret, no token and no path outside', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(...harmless), fc.constantFrom(...secrets, ...outside).map((each) => ` ${each} `)), { maxLength: 12 }), (parts) => {
      const { text } = sendable(parts.join(''), place, [secrets[3]]);
      for (const hidden of [...secrets, 'passwd', 'id_ed25519', 'secret.txt', 'credentials', 'secret.db', '/home/dev']) assert.ok(!text.includes(hidden), `${hidden} in ${text}`);
    }), { seed, numRuns: 2_000 });
  });

  it('stays the same when it is cleaned again', () => {
    // But for hidden characters: written out they are longer, and may then look like a value behind `password:`
    const seen = [...harmless, ...secrets, ...outside].filter((part) => !part.includes('\u202e'));
    fc.assert(fc.property(fc.array(fc.constantFrom(...seen), { maxLength: 10 }), (parts) => {
      const once = sendable(parts.join(''), place, []).text;
      assert.equal(sendable(once, place, []).text, once);
    }), { seed, numRuns: 1_000 });
  });
});
