import assert from 'node:assert/strict';
import type { Approval, Verdict } from '../../../src/gate/ports.ts';
import { diskFull, MemoryStore } from './memoryStore.ts';
import { allOn, askAndAnswer, NotingPrompter, send, settled, shell, surroundings, testGate, workspace, write } from './testGate.ts';
import type { TestGate } from './testGate.ts';

const minute = 60_000;

async function ask(test: TestGate, request: object, signal?: AbortSignal): Promise<{ verdict: Promise<Verdict>; approval: Approval | undefined }> {
  const before = new Set(test.gate.pending.map((approval) => approval.id));
  const verdict = test.gate.check(request, signal === undefined ? {} : { signal });
  await settled();
  return { verdict, approval: test.gate.pending.find((approval) => !before.has(approval.id)) };
}

describe('approvals', () => {
  it('a question is on disk before anyone sees it', async () => {
    const test = testGate();
    let seen = 0;
    test.store.beforeCommit = (entries) => {
      if (entries[0]?.type === 'approval_asked') seen = test.prompter.asked.length;
    };
    const { verdict } = await ask(test, shell('make install'));
    assert.equal(seen, 0);
    assert.equal(test.prompter.asked.length, 1);
    assert.equal(test.store.state.pending.length, 1);
    await test.gate.dispose();
    await verdict;
  });

  it('five minutes without an answer are a denial, and the card goes', async () => {
    const test = testGate();
    const { verdict, approval } = await ask(test, shell('make install'));
    assert.equal(approval?.expiresAt, test.clock.now() + 5 * minute);
    test.clock.pass(5 * minute - 1);
    await settled();
    assert.equal(test.gate.pending.length, 1);
    test.clock.pass(1);
    const { decision, settledBy, message } = await verdict;
    assert.deepEqual([decision, settledBy], ['deny', 'timeout']);
    assert.match(message, /nobody answered/);
    assert.deepEqual(test.prompter.gone, [approval?.id]);
    assert.equal(test.store.entries('approval_settled')[0]?.outcome, 'timeout');
    assert.equal(test.store.entries('decision')[0]?.settledBy, 'timeout');
  });

  it('an answer after the time is up is late, even where the timer slept with the machine', async () => {
    const test = testGate();
    const { verdict, approval } = await ask(test, shell('make install'));
    test.clock.sleep(10 * minute);
    const outcome = await test.gate.answer(approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.deepEqual(outcome, { outcome: 'late', message: 'It timed out and was denied.' });
    assert.equal((await verdict).decision, 'deny');
    assert.deepEqual(test.store.entries('late_answer'), [{ type: 'late_answer', approval: approval?.id, answer: 'allow_once', by: 'editor' }]);
  });

  it('the first of two answers wins and the second is told', async () => {
    const test = testGate();
    const { verdict, approval } = await ask(test, shell('make install'));
    const id = approval?.id ?? '';
    const [first, second] = await Promise.all([
      test.gate.answer(id, { answer: 'deny_once', by: 'telegram: ann' }),
      test.gate.answer(id, { answer: 'allow_workspace', by: 'editor' }),
    ]);
    assert.equal(first.outcome, 'settled');
    assert.deepEqual(second, { outcome: 'late', message: 'Already answered by telegram: ann: deny once.' });
    assert.equal((await verdict).decision, 'deny');
    assert.deepEqual(test.store.state.workspaceRules, []);
    assert.equal(test.store.entries('approval_settled').length, 1);
  });

  it('an answer to a question of an earlier window is told so, an answer to none is invalid', async () => {
    const store = new MemoryStore({ settings: allOn });
    const first = testGate({ store });
    const { approval } = await askAndAnswer(first, shell('make install'), 'allow_once').then(() => ({ approval: first.prompter.asked[0] }));
    const second = testGate({ store });
    assert.deepEqual(await second.gate.answer(approval?.id ?? '', { answer: 'deny_once', by: 'editor' }), { outcome: 'late', message: 'It was settled before this window opened.' });
    assert.equal((await second.gate.answer('made-up', { answer: 'deny_once', by: 'editor' })).outcome, 'invalid');
    assert.equal(store.entries('late_answer').length, 1);
  });

  it('several questions of several agents wait side by side and are answered in any order', async () => {
    const test = testGate();
    const one = await ask(test, shell('make install'));
    const two = await ask(test, write('a.txt', 'x', { actor: { kind: 'agent', name: 'Codex', session: 'c' } }));
    const three = await ask(test, send('https://api.example.com/'));
    assert.equal(test.gate.pending.length, 3);
    await test.gate.answer(three.approval?.id ?? '', { answer: 'deny_once', by: 'editor' });
    await test.gate.answer(one.approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    await test.gate.answer(two.approval?.id ?? '', { answer: 'deny_once', by: 'editor' });
    const decisions = await Promise.all([one.verdict, two.verdict, three.verdict].map(async (verdict) => (await verdict).decision));
    assert.deepEqual(decisions, ['allow', 'deny', 'deny']);
  });

  it('identical requests of one session share one prompt; each gets its verdict and its own record', async () => {
    const test = testGate();
    const first = test.gate.check(shell('make install', { id: 1 }));
    const second = test.gate.check(shell('make install', { id: 2 }));
    await settled();
    assert.equal(test.prompter.asked.length, 1);
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.deepEqual([(await first).id, (await first).decision, (await second).id, (await second).decision], [1, 'allow', 2, 'allow']);
    assert.deepEqual(test.store.entries('decision').map((entry) => String(entry.request.id)).sort(), ['1', '2']);
  });

  for (const [what, other] of [
    ['the same file with other text', write('a.txt', 'evil')],
    ['another session', write('a.txt', 'text', { actor: { kind: 'agent', name: 'Claude Code', session: 's2' } })],
    ['another working folder', write('a.txt', 'text', { cwd: '/home/dev/project/sub' })],
  ] as const) {
    it(`${what} is another question: nobody approves what they did not see`, async () => {
      const test = testGate();
      const one = await ask(test, write('a.txt', 'text'));
      const two = await ask(test, other);
      assert.equal(test.gate.pending.length, 2);
      await test.gate.answer(one.approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
      await settled();
      assert.equal(test.gate.pending.length, 1);
      await test.gate.answer(two.approval?.id ?? '', { answer: 'deny_once', by: 'editor' });
      assert.equal((await two.verdict).decision, 'deny');
    });
  }

  it('a caller that gives up takes its question along, unless another still waits', async () => {
    const test = testGate();
    const leaves = new AbortController();
    const one = await ask(test, shell('make install'), leaves.signal);
    const two = test.gate.check(shell('make install'));
    await settled();
    leaves.abort();
    assert.equal((await one.verdict).settledBy, 'withdrawn');
    assert.equal(test.gate.pending.length, 1);
    await test.gate.answer(one.approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal((await two).decision, 'allow');

    const alone = new AbortController();
    const three = await ask(test, shell('make'), alone.signal);
    alone.abort();
    assert.equal((await three.verdict).decision, 'deny');
    await settled();
    assert.deepEqual(test.gate.pending, []);
    assert.ok(test.prompter.gone.includes(three.approval?.id ?? ''));
    assert.equal(test.store.entries('approval_settled').at(-1)?.outcome, 'withdrawn');
    const late = await test.gate.answer(three.approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal(late.outcome, 'late');
  });

  it('a caller that gave up before it asked is never put to a person', async () => {
    const test = testGate();
    const verdict = await test.gate.check(shell('make install'), { signal: AbortSignal.abort() });
    assert.deepEqual([verdict.decision, verdict.settledBy, test.prompter.asked.length], ['deny', 'withdrawn', 0]);
  });

  it('a question taken back by a face denies whoever asked', async () => {
    const test = testGate();
    const { verdict, approval } = await ask(test, shell('make install'));
    await test.gate.withdraw(approval?.id ?? '', 'editor');
    assert.equal((await verdict).settledBy, 'withdrawn');
    assert.deepEqual(test.store.state.pending, []);
  });

  it('leaves no timer behind once everything is answered', async () => {
    const test = testGate();
    await askAndAnswer(test, shell('make install'), 'allow_once');
    assert.equal(test.clock.timers, 0);
  });
});

describe('approvals and a changing policy', () => {
  it('a lasting answer settles the other questions it covers, with the rule on record', async () => {
    const test = testGate();
    const one = await ask(test, shell('make install left-pad'));
    const two = await ask(test, shell('make install lodash'));
    const three = await ask(test, shell('make'));
    await test.gate.answer(one.approval?.id ?? '', { answer: 'allow_workspace', by: 'editor', scopes: [{ kind: 'command_prefix', prefix: 'make install' }] });
    const { decision, settledBy } = await two.verdict;
    assert.deepEqual([decision, settledBy], ['allow', 'policy']);
    assert.deepEqual(test.gate.pending.map((approval) => approval.id), [three.approval?.id]);
    const [rule] = test.store.state.workspaceRules;
    const ended = test.store.entries('approval_settled').find((entry) => entry.approval === two.approval?.id);
    assert.deepEqual([ended?.outcome, ended?.rule], ['covered', rule?.id]);
    const recorded = test.store.entries('decision').find((entry) => entry.approval === two.approval?.id);
    assert.deepEqual([recorded?.evaluated, recorded?.actions[0]?.rule], ['ask', rule?.id]);
    await test.gate.dispose();
    await three.verdict;
  });

  it('a lasting denial settles what it covers as denied', async () => {
    const test = testGate();
    const one = await ask(test, shell('make install left-pad'));
    const two = await ask(test, shell('make install lodash'));
    await test.gate.answer(one.approval?.id ?? '', { answer: 'deny_workspace', by: 'editor', scopes: [{ kind: 'command_prefix', prefix: 'make install' }] });
    assert.equal((await two.verdict).decision, 'deny');
  });

  it('a question that the policy denies meanwhile cannot be allowed any more', async () => {
    const test = testGate();
    const one = await ask(test, shell('make install'));
    // As a change that nobody announced, so that only the answer itself can notice
    test.store.state = { ...test.store.state, settings: { ...allOn, permissions: { ...allOn.permissions, shell: false } } };
    const outcome = await test.gate.answer(one.approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal(outcome.outcome, 'late');
    assert.deepEqual([(await one.verdict).decision, (await one.verdict).settledBy], ['deny', 'policy']);
  });

  it('what a request would do is looked at again when it is answered: a link moved meanwhile is put anew', async () => {
    let behind = `${workspace}/drafts`;
    const files = { resolve: (path: string) => path.replace(`${workspace}/link`, behind), readText: () => undefined };
    const test = testGate({ surroundings: () => ({ ...surroundings, files }) });
    const one = await ask(test, write('link/a.txt'));
    behind = `${workspace}/src`;
    const outcome = await test.gate.answer(one.approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal(outcome.outcome, 'invalid');
    assert.equal(test.prompter.asked.length, 2);
    assert.equal(test.prompter.asked[1]?.id, one.approval?.id);
    assert.equal(test.prompter.asked[1]?.evaluation.actions[0]?.action.target.includes('/src/a.txt'), true);
    assert.equal((await test.gate.answer(one.approval?.id ?? '', { answer: 'allow_once', by: 'editor' })).outcome, 'settled');
    assert.equal((await one.verdict).decision, 'allow');
  });
});

describe('approvals and floods', () => {
  it('one session holds at most 50 questions, the workspace 200; beyond, a clear denial, and others still get through', async () => {
    const test = testGate();
    const verdicts: Promise<Verdict>[] = [];
    const flood = (session: string, count: number): void => {
      for (let index = 0; index < count; index += 1) {
        verdicts.push(test.gate.check(shell(`make target-${index}`, { actor: { kind: 'agent', name: 'Flood', session } })));
      }
    };
    flood('one', 60);
    await settled();
    assert.equal(test.gate.pending.length, 50);
    const refused = await Promise.all(verdicts.slice(50));
    assert.ok(refused.every((verdict) => verdict.decision === 'deny' && /50 questions of this session/.test(verdict.message)));

    const other = await ask(test, shell('make install'));
    assert.ok(other.approval !== undefined);

    for (const session of ['two', 'three', 'four', 'five']) flood(session, 50);
    await settled();
    assert.equal(test.gate.pending.length, 200);
    const last = await Promise.all(verdicts.slice(-1));
    assert.match(last[0]?.message ?? '', /200 questions already wait/);
    await test.gate.dispose();
    await Promise.all([...verdicts, other.verdict]);
    assert.deepEqual(test.store.state.pending, []);
  });
});

describe('approvals and windows', () => {
  function left(request = shell('make install', { id: 'call-7' })): { store: MemoryStore; first: TestGate; verdict: Promise<Verdict> } {
    const store = new MemoryStore({ settings: allOn });
    const first = testGate({ store });
    const verdict = first.gate.check(request);
    return { store, first, verdict };
  }

  it('a question left by a dead window is withdrawn with its line in the record', async () => {
    const { store } = left();
    await settled();
    const [orphan] = store.state.pending;
    assert.ok(orphan !== undefined);
    const second = testGate({ store });
    assert.deepEqual(second.gate.pending, []);
    assert.deepEqual(await second.gate.answer(orphan.id, { answer: 'allow_once', by: 'editor' }), { outcome: 'late', message: 'The window that asked was closed.' });
    second.clock.pass(minute);
    await settled();
    assert.deepEqual(store.state.pending, []);
    assert.deepEqual(store.entries('approval_settled'), [{ type: 'approval_settled', approval: orphan.id, outcome: 'withdrawn' }]);
  });

  it('the same request, asked again, joins the question it left, with the time that is left', async () => {
    const { store, first } = left();
    await settled();
    const [orphan] = store.state.pending;
    first.clock.pass(0);
    const second = testGate({ store });
    second.clock.sleep(10_000);
    const { verdict, approval } = await ask(second, shell('make install', { id: 'call-7' }));
    assert.equal(approval?.id, orphan?.id);
    assert.equal(approval?.expiresAt, orphan?.expiresAt);
    assert.equal(store.entries('approval_asked').length, 1);
    await second.gate.answer(approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal((await verdict).decision, 'allow');
    second.clock.pass(minute);
    await settled();
    assert.equal(store.entries('approval_settled').length, 1);
  });

  for (const [what, again] of [
    ['another command under the same id', shell('rm notes.txt', { id: 'call-7' })],
    ['another session under the same id', shell('make install', { id: 'call-7', actor: { kind: 'agent', name: 'Claude Code', session: 's9' } })],
    ['the same command without an id', shell('make install')],
  ] as const) {
    it(`${what} does not join it`, async () => {
      const { store } = left();
      await settled();
      const [orphan] = store.state.pending;
      const second = testGate({ store });
      const { verdict, approval } = await ask(second, again);
      assert.notEqual(approval?.id, orphan?.id);
      await second.gate.dispose();
      await verdict;
    });
  }

  it('a write of other text under the same id does not join it, nor the same write of a session the door named otherwise', async () => {
    const { store } = left(write('a.txt', 'text', { id: 'call-7' }));
    await settled();
    const [orphan] = store.state.pending;
    const second = testGate({ store });
    const other = await ask(second, write('a.txt', 'evil', { id: 'call-7' }));
    const elsewhere = second.gate.check(write('a.txt', 'text', { id: 'call-7' }), { session: 'elsewhere' });
    await settled();
    assert.equal(second.gate.pending.length, 2);
    assert.ok(second.gate.pending.every((approval) => approval.id !== orphan?.id));
    await second.gate.dispose();
    await Promise.all([other.verdict, elsewhere]);
  });

  it('a question whose time ran out while no window was open is a time-out', async () => {
    const { store } = left();
    await settled();
    const pending = store.state.pending.map((approval) => ({ ...approval, expiresAt: 5 }));
    store.changed({ pending });
    const second = testGate({ store });
    second.clock.pass(0);
    await settled();
    assert.equal(store.entries('approval_settled')[0]?.outcome, 'timeout');
  });

  it('a request that comes with the closing is denied and does not hold it up', async () => {
    const test = testGate();
    const verdict = test.gate.check(shell('make install'));
    await test.gate.dispose();
    assert.equal((await verdict).decision, 'deny');
    assert.deepEqual([test.gate.pending, test.store.state.pending, test.clock.timers], [[], [], 0]);
  });

  it('closing the gate denies who waits, on record, and everyone who comes later', async () => {
    const test = testGate();
    const { verdict } = await ask(test, shell('make install'));
    // A disk that takes its time
    test.store.beforeCommit = () => new Promise((resolve) => void setImmediate(resolve));
    await test.gate.dispose();
    assert.equal(test.store.entries('decision')[0]?.settledBy, 'withdrawn');
    assert.equal((await verdict).settledBy, 'withdrawn');
    assert.deepEqual(test.store.state.pending, []);
    assert.equal((await test.gate.check(shell('make install'))).decision, 'deny');
    assert.equal((await test.gate.check({ tool: 'read_file', input: { path: 'a.txt' } })).decision, 'deny');
    await test.gate.dispose();
  });
});

describe('prompters', () => {
  it('one that comes later is shown what is open, and all are told when it is settled', async () => {
    const test = testGate();
    const { verdict, approval } = await ask(test, shell('make install'));
    const later = new NotingPrompter();
    const attached = test.gate.attach(later);
    assert.deepEqual(later.asked.map((each) => each.id), [approval?.id]);
    await test.gate.answer(approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.deepEqual([test.prompter.gone, later.gone], [[approval?.id], [approval?.id]]);
    await verdict;
    attached.dispose();
    const next = await ask(test, shell('make'));
    assert.equal(later.asked.length, 1);
    await test.gate.dispose();
    await next.verdict;
  });

  it('one that answers within its own ask settles it once', async () => {
    const test = testGate();
    test.gate.attach({ ask: (approval) => void test.gate.answer(approval.id, { answer: 'deny_once', by: 'robot' }) });
    assert.equal((await test.gate.check(shell('make install'))).decision, 'deny');
    assert.equal(test.store.entries('approval_settled').length, 1);
  });

  it('without any, a question waits for its time', async () => {
    const store = new MemoryStore({ settings: allOn });
    store.beforeCommit = () => undefined;
    const test = testGate({ store });
    test.prompter.fails = diskFull();
    const { verdict } = await ask(test, shell('make install'));
    assert.equal((await verdict).settledBy, 'failure');
  });
});
