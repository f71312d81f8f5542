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
});
