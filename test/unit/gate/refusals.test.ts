import assert from 'node:assert/strict';
import { longestRest } from '../../../src/gate/taskUse.ts';
import { settled, testGate, type TestGate } from './testGate.ts';

const read = (session: string) => ({ tool: 'read_file', input: { path: 'a.txt' }, actor: { kind: 'agent', name: 'Gardener', session } });

function unbudgeted(): TestGate {
  return testGate({ settings: { limits: { iterationBudget: false } } });
}

async function allowed(test: TestGate, times: number, session = 's'): Promise<number> {
  let count = 0;
  for (let tries = 0; tries < times; tries += 1) if ((await test.gate.check(read(session))).decision === 'allow') count += 1;
  return count;
}

describe('sixty requests a minute', () => {
  it('are let through for a task; the next is refused with the reason and the time to wait, other tasks are free', async () => {
    const test = unbudgeted();
    test.clock.sleep(1);
    assert.equal(await allowed(test, 60), 60);
    test.clock.sleep(26_000);
    const verdict = await test.gate.check(read('s'));
    assert.equal(verdict.message, 'Denied: At most 60 requests a minute. Wait 34 s.');
    assert.deepEqual([verdict.decision, verdict.settledBy, verdict.evaluation.reason.type], ['deny', 'policy', 'limit']);
    assert.equal(await allowed(test, 1, 'other'), 1);
    test.clock.sleep(34_000);
    assert.equal(await allowed(test, 1), 1);
  });

  it('a flood writes two lines a minute, with how many there were, and asks nobody', async () => {
    const test = unbudgeted();
    await allowed(test, 60);
    const before = test.store.recorded.length;
    assert.equal(await allowed(test, 5_000), 0);
    assert.equal(test.store.recorded.length, before + 1);
    test.clock.pass(60_000);
    await settled();
    assert.deepEqual(test.store.entries('requests_refused').map(({ count, why }) => [count, why]), [[1, 'At most 60 requests a minute.'], [4_999, 'At most 60 requests a minute.']]);
    assert.equal(test.prompter.asked.length, 0);
  });

  it('what was refused is on record also where the gate is closed before the minute is over', async () => {
    const test = unbudgeted();
    await allowed(test, 63);
    await test.gate.dispose();
    assert.deepEqual(test.store.entries('requests_refused').map(({ count }) => count), [1, 2]);
    assert.equal(test.clock.timers, 0);
  });

  it('naming another session at each call gains nothing: sixty tasks begin in a minute, and the flood of names fills no disk', async () => {
    const test = unbudgeted();
    let through = 0;
    for (let name = 0; name < 1_000; name += 1) through += await allowed(test, 1, `name ${name}`);
    assert.equal(through, 60);
    assert.ok(test.store.recorded.length <= 62, String(test.store.recorded.length));
    assert.equal(await allowed(test, 1, 'name 0'), 1, 'a task that has begun goes on');
    assert.deepEqual(await test.gate.changeSettings({ mode: 'plan' }, 'editor'), { ok: true }, 'a person is not held up by it');
  });

  it('a task with many requests at once begins once', async () => {
    const test = unbudgeted();
    await Promise.all(Array.from({ length: 50 }, () => test.gate.check(read('busy'))));
    for (let name = 0; name < 59; name += 1) assert.equal(await allowed(test, 1, `name ${name}`), 1);
  });

  it('are counted on by a gate that is opened within the minute', async () => {
    const test = unbudgeted();
    await allowed(test, 59);
    await test.gate.dispose();
    const next = testGate({ store: test.store });
    assert.equal(await allowed(next, 5), 1);
    next.clock.sleep(60_000);
    assert.equal(await allowed(next, 5), 5);
  });

  it('refused requests use up no budget', async () => {
    const test = testGate({ settings: { limits: { maxIterationsPerTask: 100 } } });
    await allowed(test, 500);
    assert.equal(test.store.state.tasks?.[0]?.use.iterations, 60);
  });

  it('a task that rested for a day begins anew', async () => {
    const test = testGate();
    await allowed(test, 60);
    test.clock.sleep(longestRest);
    await allowed(test, 1);
    assert.equal(test.store.state.tasks?.[0]?.use.iterations, 1);
  });

  it('a person who answers late takes nothing from the next minute', async () => {
    const test = unbudgeted();
    const ask = (id: number): Promise<unknown> => test.gate.check({ id, tool: 'write_file', input: { path: 'a.txt', content: 'text' }, actor: read('s').actor });
    const waiting = Array.from({ length: 40 }, (_, id) => ask(id));
    await settled();
    test.clock.sleep(55_000);
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_session', by: 'editor' });
    await Promise.all(test.gate.pending.map(({ id }) => test.gate.answer(id, { answer: 'allow_once', by: 'editor' })));
    await Promise.all(waiting);
    assert.equal(test.store.state.tasks?.[0]?.minute.used, 40);
    test.clock.sleep(5_000);
    assert.equal(await allowed(test, 60), 60);
  });

  it('a flood of what is no request is answered with the reason and fills no disk', async () => {
    const test = unbudgeted();
    for (let count = 0; count < 1_000; count += 1) assert.match((await test.gate.check({ tool: 5 })).message, /This is no request/);
    assert.equal(test.store.entries('problem').length, 60);
    assert.ok(test.store.recorded.length <= 61, String(test.store.recorded.length));
    assert.equal(await allowed(test, 60), 60, 'requests are counted for themselves');
  });

  it('a flood of reports and of notes of files fills no disk, and each allowed request can be reported', async () => {
    const test = unbudgeted();
    const file = { path: '/home/dev/project/a.txt', sha256: 'a'.repeat(64), size: 1, kind: 'user_imported_external' } as const;
    for (let id = 0; id < 60; id += 1) assert.equal((await test.gate.check({ ...read('s'), id })).decision, 'allow');
    const before = test.store.recorded.length;
    for (let count = 0; count < 500; count += 1) {
      await test.gate.report({ requestId: 'nobody asked', ok: true });
      await test.gate.noteFile({ ...file, claimed: true }, 'another program');
    }
    assert.ok(test.store.recorded.length <= before + 122, String(test.store.recorded.length - before));
    for (let id = 0; id < 60; id += 1) assert.deepEqual(await test.gate.report({ requestId: id, ok: true }), { ok: true });
    assert.equal((await test.gate.report({ requestId: 1, ok: true })).ok, false, 'once');
    for (let count = 0; count < 100; count += 1) assert.deepEqual(await test.gate.noteFile(file, 'editor'), { ok: true }, 'a person may import many');
  });
});
