import assert from 'node:assert/strict';
import type { ScriptRunner } from '../../../../src/gate/scriptRunner.ts';
import { openScriptRunner } from '../../../../src/node/script/openScriptRunner.ts';

/** Enough for a script that ends, on a machine that is busy; what does not end is ended however long that is */
const times = { run: 2_000, start: 60_000 };
const deny = 'function decide() { return { decision: "deny", reason: "no" } }';

describe('the runner of policy scripts', () => {
  let runner: ScriptRunner;
  beforeEach(() => {
    runner = openScriptRunner(times);
  });
  afterEach(() => runner.dispose());

  it('runs a script, whether or not it was made ready', async () => {
    assert.deepEqual(runner.run(deny, '{}'), { decision: 'deny', reason: 'no' });
    await runner.ready();
    assert.deepEqual(runner.run(deny, '{}'), { decision: 'deny', reason: 'no' });
  });

  it('is ready as often as it is asked to be', async () => {
    await Promise.all([runner.ready(), runner.ready()]);
    await runner.ready();
    assert.deepEqual(runner.run(deny, '{}'), { decision: 'deny', reason: 'no' });
  });

  it('only reads a script where there is nothing to decide', () => {
    assert.deepEqual(runner.run('for (;;);'), { decision: 'pass' });
    assert.ok('error' in runner.run('function decide() {'));
  });

  /** Each runs where the engine itself never looks at the time, or does */
  const endless: [string, string][] = [
    ['in a loop', 'function decide() { for (;;); }'],
    ['in a loop while it is loaded', 'for (;;); function decide() { return { decision: "pass" } }'],
    ['in a pattern', 'function decide() { /(a+)+$/.test("a".repeat(40) + "b"); return { decision: "pass" } }'],
    ['inside of the engine', 'function decide() { Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1); return { decision: "pass" } }'],
    ['while its answer is read', 'function decide() { return { get decision() { for (;;); } } }'],
    ['while what it threw is read', 'function decide() { throw { get message() { for (;;); } } }'],
    ['in a sort', 'function decide() { [3, 2, 1].sort(() => { for (;;); }); return { decision: "pass" } }'],
  ];
  for (const [where, script] of endless) {
    it(`ends a script that does not end ${where}, and runs the next`, () => {
      const impatient = openScriptRunner({ ...times, run: 200 });
      try {
        assert.deepEqual(impatient.run(script, '{}'), { error: 'it did not end in 200 ms' });
      } finally {
        impatient.dispose();
      }
      assert.deepEqual(runner.run(deny, '{}'), { decision: 'deny', reason: 'no' });
    });
  }

  it('runs others after one that it had to end', () => {
    const impatient = openScriptRunner({ run: 1_000, start: 60_000 });
    try {
      assert.ok('error' in impatient.run('function decide() { for (;;); }', '{}'));
      assert.deepEqual(impatient.run(deny, '{}'), { decision: 'deny', reason: 'no' });
    } finally {
      impatient.dispose();
    }
  });

  it('puts the engine away when a script brought it into disorder', () => {
    assert.ok('error' in runner.run('function decide() { return eval("(".repeat(1e5)) }', '{}'));
    assert.ok('error' in runner.run('function decide() { new Uint8Array(64 * 2 ** 20) }', '{}'));
    assert.deepEqual(runner.run(deny, '{}'), { decision: 'deny', reason: 'no' });
  });

  it('says so where the engine does not start in time, and does not wait for it again and again', async () => {
    const hurried = openScriptRunner({ run: 1_000, start: 0 });
    await hurried.ready();
    assert.deepEqual(hurried.run(deny, '{}'), { error: 'the script engine did not start in 0 ms' });
    hurried.dispose();
  });

  it('holds its caller up for so long at most until that comes round again, whatever number of requests it is asked about', async () => {
    const bounded = openScriptRunner({ run: 200, start: 60_000, turn: 500 });
    try {
      await bounded.ready();
      const rulings = Array.from({ length: 12 }, () => bounded.run('function decide() { for (;;); }', '{}'));
      assert.deepEqual(rulings[0], { error: 'it did not end in 200 ms' });
      // Those that still had some time: no more than fit into it
      assert.ok(rulings.filter((ruling) => 'error' in ruling && ruling.error.startsWith('it did not end')).length <= 3);
      assert.deepEqual(rulings.at(-1), { error: 'too many requests were put to it at once', passing: true });
      await bounded.ready();
      assert.deepEqual(bounded.run(deny, '{}'), { decision: 'deny', reason: 'no' });
    } finally {
      bounded.dispose();
    }
  });

  it('has a whole turn again for whoever waits until it is ready', async () => {
    const bounded = openScriptRunner({ ...times, turn: 0.01 });
    try {
      for (let round = 0; round < 3; round += 1) {
        await bounded.ready();
        assert.deepEqual(bounded.run(deny, '{}'), { decision: 'deny', reason: 'no' });
        assert.deepEqual(bounded.run(deny, '{}'), { error: 'too many requests were put to it at once', passing: true });
      }
    } finally {
      bounded.dispose();
    }
  });

  it('does not wait in one go for an engine that is slow to start, and uses it once it is there', async () => {
    const bounded = openScriptRunner({ ...times, turn: 1 });
    try {
      assert.deepEqual(bounded.run(deny, '{}'), { error: 'the script engine is still starting', passing: true });
      await bounded.ready();
      assert.deepEqual(bounded.run(deny, '{}'), { decision: 'deny', reason: 'no' });
    } finally {
      bounded.dispose();
    }
  });

  it('starts nothing any more after it was disposed of', () => {
    runner.dispose();
    assert.deepEqual(runner.run(deny, '{}'), { error: 'the script engine was closed' });
  });

  it('can be disposed of twice, and before anything ran', () => {
    const unused = openScriptRunner(times);
    unused.dispose();
    unused.dispose();
  });
});
