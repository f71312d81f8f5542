import assert from 'node:assert/strict';
import { ChannelError, type Outgoing, type Sent } from '../../../src/channels/channel.ts';
import { actorOf, conversationOf } from '../../../src/channels/conversation.ts';
import { headStart } from '../../../src/channels/offers.ts';
import type { Actor, Request } from '../../../src/core/request.ts';
import type { Verdict } from '../../../src/gate/ports.ts';
import { MemoryStore } from '../gate/memoryStore.ts';
import { allOn, send, settled, shell, workspace, write } from '../gate/testGate.ts';
import { type BridgeOptions, FakeChannel, type TestBridge, listen, message, pair, press, say, testBridge } from './testBridge.ts';

const anna: Actor = { kind: 'channel', name: 'Helper', channel: 'tg', context: 'private', session: 'channel/tg/direct/dm-anna//anna' };
const inGroup: Actor = { kind: 'channel', name: 'Helper', channel: 'tg', context: 'group', session: 'channel/tg/group/the-group//anna' };

/** Anna is paired, and an agent asks something for her */
async function asked(request: object, options: BridgeOptions & { readonly actor?: Actor } = {}): Promise<{ test: TestBridge; verdict: Promise<Verdict>; offer: Outgoing & Sent }> {
  const test = await testBridge(options);
  await pair(test, 'anna');
  if (options.actor === inGroup) await say(test, 'anna', 'do it', { context: 'group' });
  const verdict = test.gate.check({ ...request, actor: options.actor ?? anna });
  await settled();
  const offer = test.channel.sent.at(-1);
  assert.ok(offer !== undefined);
  return { test, verdict, offer };
}

/** Anna is paired. Where `presses` says so, she presses before the platform has answered the call that sent her the question */
async function pairedWithQuickAnna(presses: (test: TestBridge) => boolean | Promise<boolean>): Promise<{ test: TestBridge; channel: FakeChannel }> {
  class Slow extends FakeChannel {
    override async send(outgoing: Outgoing): Promise<Sent> {
      const sent = await super.send(outgoing);
      const last = this.sent.at(-1);
      if (last === undefined || (outgoing.buttons?.length ?? 0) === 0 || !(await presses(test))) return sent;
      void this.surroundings.take(press('anna', last, 'Allow once'));
      await settled();
      return sent;
    }
  }
  const made: Slow[] = [];
  const test = await testBridge({ ports: { open: async () => (given) => {
    const slow = new Slow(given);
    made.push(slow);
    return slow;
  } } });
  const [channel] = made;
  assert.ok(channel !== undefined);
  const code = await test.bridge.generateCode('tg', 'editor');
  assert.ok(code.ok);
  await channel.surroundings.take(message('anna', `/pair ${code.code}`));
  await settled();
  return { test, channel };
}

function idIn(offer: Outgoing): string {
  const [, id] = /\/deny ([A-Z2-9]{4})/.exec(offer.text) ?? [];
  assert.ok(id !== undefined, offer.text);
  return id;
}

function codes(test: TestBridge): readonly string[] {
  return test.entries('channel_event').map(({ code }) => code);
}

const inWorkspace = write(`${workspace}/src/a.ts`);

describe('a question in a chat', () => {
  it('has the facts of the editor, relative to the workspace, and buttons', async () => {
    const { offer, test } = await asked(inWorkspace);
    assert.match(offer.text, /Helper wants to change a file/);
    assert.match(offer.text, /src\/a\.ts/);
    assert.match(offer.text, /• /);
    assert.match(offer.text, /“For this session” covers: .*src\/a\.ts/);
    assert.ok(!offer.text.includes(workspace));
    assert.deepEqual(offer.buttons?.map(({ label }) => label), ['Allow once', 'Allow for this session', 'Deny']);
    for (const { data } of offer.buttons ?? []) assert.ok(Buffer.byteLength(data) <= 64);
    assert.deepEqual(test.failures, []);
  });

  it('is answered by a press; the record names channel and person, and the message says who answered', async () => {
    const { test, verdict, offer } = await asked(inWorkspace);
    await test.channel.surroundings.take(press('anna', offer, 'Allow once'));
    assert.equal((await verdict).decision, 'allow');
    await settled();
    assert.deepEqual(test.channel.acknowledged, ['Allowed.']);
    assert.equal(test.entries('decision').at(-1)?.by, 'tg ANNA (anna)');
    assert.equal(test.channel.edits.at(-1)?.buttons, 0);
    assert.match(test.channel.edits.at(-1)?.text ?? '', /answered by tg ANNA \(anna\): allow once/);
    assert.equal(test.store.state.channels?.['tg']?.offers.length, 0);
  });

  it('about a budget that is used up says what was used, and its buttons what they do', async () => {
    const store = new MemoryStore({ settings: { ...allOn, limits: { maxIterationsPerTask: 5 } } });
    const test = await testBridge({ store });
    await pair(test, 'anna');
    const read = { tool: 'read_file', input: { path: 'a.txt' }, actor: anna };
    for (let count = 0; count < 5; count += 1) assert.equal((await test.gate.check(read)).decision, 'allow');
    const verdict = test.gate.check(read);
    await settled();
    const offer = test.channel.sent.at(-1);
    assert.ok(offer !== undefined);
    assert.match(offer.text, /Helper has used up its budget:\nanother 5 requests\n\n• It has used 5 of 5 requests in \d+ minutes\.\n• For: read_file: 5 requests\./);
    assert.deepEqual(offer.buttons?.map(({ label }) => label), ['Give it another 5 requests', 'Stop this task']);
    await test.channel.surroundings.take(press('anna', offer, 'Stop this task'));
    assert.equal((await verdict).decision, 'deny');
    assert.equal(test.entries('task_stopped').length, 1);
  });

  it('is answered by a press that is quicker than the platform’s answer to us', async () => {
    const { test } = await pairedWithQuickAnna(() => true);
    assert.equal((await test.gate.check({ ...inWorkspace, actor: anna })).decision, 'allow');
  });

  it('that changed while it was on its way is not allowed by a press on what it was', async () => {
    let changed = false;
    const { test, channel } = await pairedWithQuickAnna(async (opened) => {
      if (changed) return false;
      changed = true;
      return (await opened.gate.addRule({ effect: 'ask', source: 'workspace_db', scope: { kind: 'path', path: `${workspace}/src` } }, 'editor')).ok;
    });
    const verdict = test.gate.check({ ...inWorkspace, actor: anna });
    await settled();
    await settled();
    assert.deepEqual(test.entries('approval_settled'), []);
    assert.equal(codes(test).at(-1), 'question_changed');
    const again = channel.sent.at(-1);
    assert.ok(again !== undefined);
    await channel.surroundings.take(press('anna', again, 'Allow once'));
    assert.equal((await verdict).decision, 'allow');
  });

  it('is answered by its short id, also for the session, and denied with a word for the agent', async () => {
    const first = await asked(inWorkspace);
    await say(first.test, 'anna', `/approve ${idIn(first.offer).toLowerCase()} session`);
    assert.equal((await first.verdict).decision, 'allow');
    assert.equal((await first.test.gate.check({ ...inWorkspace, actor: anna })).settledBy, 'policy');

    const second = await asked(inWorkspace);
    await say(second.test, 'anna', `/deny ${idIn(second.offer)} use b.ts instead`);
    const verdict = await second.verdict;
    assert.equal(verdict.decision, 'deny');
    assert.match(verdict.message, /use b\.ts instead/);
  });

  it('goes away everywhere when the editor answers, and a press then is too late', async () => {
    const { test, verdict, offer } = await asked(inWorkspace);
    await test.gate.answer(test.editor.asked[0]?.id ?? '', { answer: 'deny_once', by: 'editor' });
    assert.equal((await verdict).decision, 'deny');
    await settled();
    assert.match(test.channel.edits.at(-1)?.text ?? '', /answered by editor: deny once/);
    await test.channel.surroundings.take(press('anna', offer, 'Allow once'));
    await settled();
    assert.match(test.channel.acknowledged[0] ?? '', /answered by editor/);
    assert.ok(codes(test).includes('replayed_button'));
  });

  it('the first valid answer wins: the other messages say who it was', async () => {
    const { test, verdict, offer } = await asked(inWorkspace);
    await pair(test, 'bob');
    await say(test, 'bob', '/status');
    test.clock.pass(headStart);
    await settled();
    const second = test.channel.sent.findLast(({ chat, buttons }) => chat.id === 'dm-bob' && buttons !== undefined && buttons.length > 0);
    assert.ok(second !== undefined, 'another paired person is asked too, when nobody answered for a while');
    await test.channel.surroundings.take(press('bob', second, 'Deny'));
    assert.equal((await verdict).decision, 'deny');
    await settled();
    assert.deepEqual(test.channel.edits.map(({ messageId }) => messageId).sort(), [offer.messageId, second.messageId].sort());
    for (const { text } of test.channel.edits) assert.match(text, /tg BOB \(bob\): deny once/);
  });

  it('times out, and says so', async () => {
    const { test, verdict, offer } = await asked(inWorkspace);
    test.clock.pass(5 * 60_000);
    assert.equal((await verdict).decision, 'deny');
    await settled();
    assert.match(test.channel.edits.at(-1)?.text ?? '', /timed out/);
    await test.channel.surroundings.take(press('anna', offer, 'Allow once'));
    await settled();
    assert.match(test.channel.acknowledged[0] ?? '', /timed out/);
  });

  it('whose expiry has come is refused, though no timer fired yet', async () => {
    const { test, offer } = await asked(inWorkspace);
    test.clock.sleep(5 * 60_000);
    await test.channel.surroundings.take(press('anna', offer, 'Allow once'));
    await settled();
    assert.match(test.channel.acknowledged[0] ?? '', /too late/);
    assert.ok(codes(test).includes('offer_expired'));
  });

  it('is put anew when what it would do has changed; the old buttons are dead', async () => {
    const { test, offer } = await asked(inWorkspace);
    await test.gate.changeSettings({ protectedPlaces: { sealed: [], guarded: ['src/**'] } }, 'editor');
    await settled();
    const fresh = test.channel.sent.at(-1);
    assert.ok(fresh !== undefined && fresh.messageId !== offer.messageId);
    assert.deepEqual(fresh.buttons?.map(({ label }) => label), ['Allow once', 'Deny'], 'guarded places are answered once only');
    assert.match(test.channel.edits.find(({ messageId }) => messageId === offer.messageId)?.text ?? '', /has changed/);
    await test.channel.surroundings.take(press('anna', offer, 'Allow once'));
    await settled();
    assert.equal(test.gate.pending.length, 1);
  });

  it('of a window that is gone says so once the channel is connected again', async () => {
    const { test, offer } = await asked(inWorkspace);
    const after = await testBridge({ store: test.store, clock: test.clock });
    assert.match(after.channel.edits.find(({ messageId }) => messageId === offer.messageId)?.text ?? '', /window that asked was closed/);
    assert.equal(after.store.state.channels?.['tg']?.offers.length, 0);
    await after.channel.surroundings.take(press('anna', offer, 'Allow once'));
    await settled();
    assert.notEqual(after.channel.acknowledged[0], 'Allowed.');
  });

  it('that was open before the channel was switched on is put then', async () => {
    const first = await testBridge();
    await pair(first, 'anna');
    await first.bridge.disconnect('tg', 'editor');
    await first.bridge.dispose();
    const test = await testBridge({ store: first.store, clock: first.clock });
    void test.gate.check({ ...inWorkspace, actor: anna });
    await settled();
    await test.bridge.connect('tg', 'editor');
    await settled();
    assert.match(test.channels[0]?.sent.at(-1)?.text ?? '', /wants to change a file/);
  });

  it('that could not be sent is put again at the next connection', async () => {
    const test = await testBridge();
    await pair(test, 'anna');
    test.channel.sendFails = new ChannelError('unreachable', 'no answer');
    void test.gate.check({ ...inWorkspace, actor: anna });
    await settled();
    await test.bridge.connect('tg', 'editor');
    await settled();
    const [, second] = test.channels;
    assert.match(second?.sent.at(-1)?.text ?? '', /wants to change a file/);
  });

  it('that could not be shown whole can be denied here and allowed only in the editor', async () => {
    for (const request of [shell(`cat ${'a'.repeat(2_000)}; rm -r build`), { tool: 'read_file', input: { path: '/etc/hosts' } }, shell('deploy --password hunter22x')]) {
      const { test, offer } = await asked(request);
      assert.deepEqual(offer.buttons?.map(({ label }) => label), ['Deny'], offer.text);
      assert.match(offer.text, /only in the editor/);
      for (const hidden of ['/etc/hosts', 'hunter22x']) assert.ok(!JSON.stringify(test.channel.sent).includes(hidden));
      const answers = await say(test, 'anna', `/approve ${idIn(offer)}`);
      assert.match(answers[0] ?? '', /only be given in the editor/);
      assert.equal(test.gate.pending.length, 1);
    }
  });

  it('about an export or the location is for the editor', async () => {
    for (const request of [send('https://api.example/x'), { tool: 'get_current_location' }] as const) {
      const { test, offer } = await asked(request);
      assert.deepEqual(offer.buttons, []);
      assert.match(offer.text, /only be answered in the editor/);
      assert.equal(test.gate.pending.length, 1);
    }
  });

  it('about an export may be answered in direct messages where that is switched on, once, and never in a group', async () => {
    const { test, verdict, offer } = await asked(send('https://api.example/x'), { settings: { sensitiveApprovals: true } });
    assert.match(offer.text, /api\.example/);
    assert.match(offer.text, /POST/);
    await test.channel.surroundings.take(press('anna', offer, 'Allow once'));
    assert.equal((await verdict).decision, 'allow');
    const group = await asked(send('https://api.example/x'), { settings: { sensitiveApprovals: true }, actor: inGroup });
    assert.deepEqual(group.offer.buttons, []);
  });

  it('switched back to the editor only, an export is refused at the press', async () => {
    const { test, offer } = await asked(send('https://api.example/x'), { settings: { sensitiveApprovals: true } });
    await test.bridge.configure('tg', { sensitiveApprovals: false }, 'editor');
    await test.channel.surroundings.take(press('anna', offer, 'Allow once'));
    await settled();
    assert.match(test.channel.acknowledged[0] ?? '', /only be given in the editor/);
    assert.equal(test.gate.pending.length, 1);
  });
});

describe('who may answer', () => {
  for (const [what, attack, code, more] of [
    ['another member of the group', (offer: Outgoing & Sent) => press('bob', offer, 'Allow once'), 'not_the_requester', {}],
    ['a stranger', (offer: Outgoing & Sent) => press('mallory', offer, 'Allow once'), 'not_the_requester', {}],
    ['a press in another chat', (offer: Outgoing & Sent) => press('anna', offer, 'Allow once', { chat: { id: 'elsewhere', context: 'group' } }), 'button_elsewhere', {}],
    ['a button that was forwarded to another message', (offer: Outgoing & Sent) => press('anna', offer, 'Allow once', { messageId: 'another' }), 'forwarded_button', {}],
    ['a made up nonce', (offer: Outgoing & Sent) => press('anna', offer, '', { data: 'cw1.AAAAAAAAAAAA.a' }), 'unknown_button', {}],
    ['an unknown button', (offer: Outgoing & Sent) => press('anna', offer, '', { data: 'allow' }), 'unknown_button', {}],
    ['an answer that was not offered', (offer: Outgoing & Sent) => press('anna', offer, '', { data: `${offer.buttons?.[0]?.data.slice(0, -1) ?? ''}s` }), 'editor_only', {}],
  ] as const) {
    it(`not ${what}, and it is on record`, async () => {
      const { test, offer } = await asked(shell('rm -r build'), { ...more, actor: inGroup });
      await pair(test, 'bob');
      await test.channel.surroundings.take(attack(offer));
      await settled();
      assert.equal(test.gate.pending.length, 1);
      assert.ok(codes(test).includes(code), JSON.stringify(codes(test)));
      assert.ok(!test.channel.acknowledged.includes('Allowed.'));
    });
  }

  it('not a person by typing the id of another person’s question', async () => {
    const { test, offer } = await asked(inWorkspace, { actor: inGroup });
    await pair(test, 'bob');
    const answers = await say(test, 'bob', `/approve ${idIn(offer)}`, { context: 'group' });
    assert.match(answers[0] ?? '', /Only the person it was asked for/);
    await say(test, 'bob', `/approve ${idIn(offer)}`);
    assert.equal(test.gate.pending.length, 1);
  });

  it('not twice: a press that comes again, under the same key or another, does nothing', async () => {
    const { test, offer } = await asked(inWorkspace);
    const once = press('anna', offer, 'Allow once');
    await Promise.all([test.channel.surroundings.take(once), test.channel.surroundings.take(once), test.channel.surroundings.take(press('anna', offer, 'Deny'))]);
    await settled();
    await test.channel.surroundings.take(once);
    await settled();
    assert.equal(test.entries('approval_settled').length, 1);
    assert.equal(test.entries('channel_message').filter(({ how }) => how === 'pressed').length, 2);
  });

  it('not by edited or forwarded commands', async () => {
    const { test, offer } = await asked(inWorkspace);
    for (const more of [{ edited: true }, { forwarded: true }]) {
      assert.match((await say(test, 'anna', `/approve ${idIn(offer)}`, more))[0] ?? '', /no commands/);
    }
    assert.equal(test.gate.pending.length, 1);
    assert.equal(codes(test).filter((code) => code === 'not_a_new_message').length, 2);
  });

  it('not once they are revoked: their questions are taken back, and a press is refused', async () => {
    const { test, offer } = await asked(inWorkspace);
    await test.bridge.revoke('tg', 'anna', 'editor');
    await test.channel.surroundings.take(press('anna', offer, 'Allow once'));
    await settled();
    assert.equal(test.gate.pending.length, 1);
    assert.deepEqual(test.channel.acknowledged, ['You are not let in here.']);
    assert.match(test.channel.edits.at(-1)?.text ?? '', /may no longer answer/);
  });

  it('not people who were let in without pairing: their agents’ questions wait in the editor', async () => {
    const test = await testBridge({ settings: { securityMode: 'open' } });
    await say(test, 'anna', 'do it');
    const before = test.channel.sent.length;
    void test.gate.check({ ...inWorkspace, actor: anna });
    await settled();
    test.clock.pass(headStart);
    await settled();
    assert.equal(test.channel.sent.length, before);
    assert.equal(test.gate.pending.length, 1);
  });

  it('nobody in a chat for a question that was not asked for it, and where set so nobody else at all', async () => {
    for (const [approvals, wanted] of [['all', 1], ['own', 0]] as const) {
      const test = await testBridge({ settings: { approvals } });
      await pair(test, 'anna');
      const before = test.channel.sent.length;
      void test.gate.check(inWorkspace);
      await settled();
      assert.equal(test.channel.sent.length, before, 'the editor comes first');
      test.clock.pass(headStart);
      await settled();
      assert.equal(test.channel.sent.length - before, wanted, approvals);
    }
  });

  it('nobody is asked in a chat when the editor answered at once', async () => {
    const test = await testBridge();
    await pair(test, 'anna');
    const before = test.channel.sent.length;
    void test.gate.check(inWorkspace);
    await settled();
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    test.clock.pass(headStart);
    await settled();
    assert.equal(test.channel.sent.length, before);
  });

  it('a group that the person never wrote in sees nothing: they are asked alone', async () => {
    const test = await testBridge({ settings: { approvals: 'own' } });
    await pair(test, 'anna');
    await pair(test, 'bob');
    await say(test, 'anna', 'hello', { context: 'group' });
    await say(test, 'bob', 'hello', { context: 'group', chatId: 'bobs-group' });
    for (const [chat, wanted] of [['mallorys-group', 'dm-anna'], ['bobs-group', 'dm-anna'], ['dm-bob', 'dm-anna'], ['the-group', 'the-group']] as const) {
      void test.gate.check({ ...write(`${workspace}/src/${chat}`), actor: { ...inGroup, session: `channel/tg/group/${chat}//anna` } });
      await settled();
      assert.match(test.channel.sent.at(-1)?.text ?? '', new RegExp(`src/${chat}`));
      assert.equal(test.channel.sent.at(-1)?.chat.id, wanted, chat);
    }
    assert.deepEqual(test.channel.textsTo('mallorys-group'), []);
    assert.equal(test.channel.textsTo('bobs-group').join().includes('src/'), false);
  });

  it('the groups of a person are known after a restart, the last 20 of them', async () => {
    const test = await testBridge({ settings: { approvals: 'own' } });
    await pair(test, 'anna');
    for (let group = 0; group < 25; group += 1) {
      await say(test, 'anna', 'hello', { context: 'group', chatId: `group-${group}` });
      test.clock.pass(10_000);
    }
    await test.bridge.dispose();
    const after = await testBridge({ store: test.store, clock: test.clock });
    for (const [group, wanted] of [[4, 'dm-anna'], [5, 'group-5'], [24, 'group-24']] as const) {
      void after.gate.check({ ...write(`${workspace}/src/${group}`), actor: { ...inGroup, session: `channel/tg/group/group-${group}//anna` } });
      await settled();
      assert.equal(after.channel.sent.at(-1)?.chat.id, wanted);
    }
  });

  for (const session of ['channel/tg/group/the-group//mallory', 'channel/tg/direct/the-group//anna', 'channel/dc/direct/dm-anna//anna', 'channel/tg/direct/dm-anna', 'channel/tg/direct/%E0%A4%A/x/anna', 'x/tg/direct/dm-anna//anna', 'channel/tg/public/dm-anna//anna']) {
    it(`a session that does not fit is nobody’s: ${session}`, async () => {
      const test = await testBridge({ settings: { approvals: 'own' } });
      await pair(test, 'anna');
      const before = test.channel.sent.length;
      void test.gate.check({ ...inWorkspace, actor: { ...anna, session } } satisfies Partial<Request>);
      await settled();
      assert.equal(test.channel.sent.length, before);
    });
  }
});

describe('many questions', () => {
  it('no more than 20 are open in a chat; the next comes when one is settled', async () => {
    const test = await testBridge();
    await pair(test, 'anna');
    const before = test.channel.sent.length;
    for (let index = 0; index < 30; index += 1) void test.gate.check({ ...write(`${workspace}/f${index}.txt`), actor: anna });
    await settled();
    await settled();
    assert.equal(test.channel.sent.length - before, 20);
    assert.match((await say(test, 'anna', '/pending')).join('\n').split('\n')[0] ?? '', /^[A-Z2-9]{4} {2}Helper wants to change a file: f0\.txt \(5 min left\)$/m);
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    await settled();
    assert.equal(test.channel.sent.filter(({ buttons }) => (buttons?.length ?? 0) > 0).length, 21);
  });

  it('what the platform finds too long comes without buttons', async () => {
    class Narrow extends FakeChannel {
      override async send(outgoing: Outgoing): Promise<Sent> {
        if ((outgoing.buttons?.length ?? 0) > 0) throw new ChannelError('tooLarge', 'too long');
        return super.send(outgoing);
      }
    }
    const made: FakeChannel[] = [];
    const test = await testBridge({ ports: { open: async () => (given) => {
      const channel = new Narrow(given);
      made.push(channel);
      return channel;
    } } });
    const channel = made[0];
    assert.ok(channel !== undefined);
    const code = await test.bridge.generateCode('tg', 'editor');
    assert.ok(code.ok);
    await channel.surroundings.take(message('anna', `/pair ${code.code}`));
    await settled();
    void test.gate.check({ ...inWorkspace, actor: anna });
    await settled();
    assert.match(channel.sent.at(-1)?.text ?? '', /Answer it in the editor/);
  });
});

describe('the actor of a message', () => {
  it('is read back as it was made, and only whole', () => {
    const conversation = { channel: 'tg', chat: { id: 'a/b c%', context: 'group', thread: 't/1' }, user: 'ü/%' } as const;
    const actor = actorOf(conversation);
    assert.deepEqual(conversationOf(actor), conversation);
    assert.equal(conversationOf({ ...actor, channel: 'dc' }), undefined);
    assert.equal(conversationOf({ ...actor, kind: 'agent' }), undefined);
    assert.equal(conversationOf(undefined), undefined);
  });

  it('leads the questions of its agent back to the one who wrote', async () => {
    const test = await testBridge();
    await pair(test, 'anna');
    const got = listen(test);
    await say(test, 'anna', 'change it', { context: 'group', chatId: 'a/b c', ...{} });
    const actor = got[0]?.actor;
    assert.equal(actor?.context, 'group');
    void test.gate.check({ ...inWorkspace, actor: { ...actor, name: 'Helper' } });
    await settled();
    assert.equal(test.channel.sent.at(-1)?.chat.id, 'a/b c');
    assert.match(test.channel.sent.at(-1)?.text ?? '', /^ANNA: Helper wants/);
  });
});
