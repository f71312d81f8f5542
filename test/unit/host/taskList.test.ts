import assert from 'node:assert/strict';
import type { PolicySettings } from '../../../src/core/policy/policy.ts';
import { english } from '../../../src/gate/words.ts';
import { type TaskUse, longestRest } from '../../../src/gate/taskUse.ts';
import { type TaskFolder, lowestTask, runningTasks } from '../../../src/host/taskList.ts';
import { MemoryStore } from '../gate/memoryStore.ts';
import { testGate } from '../gate/testGate.ts';

const now = 10 * longestRest;

function task(session: string, iterations: number, more: Partial<TaskUse> = {}): TaskUse {
  const use = { iterations, tokens: 0, cost: 0 };
  return { session, since: now - 60_000, last: now, use, tools: [{ tool: 'read_file', use }], minute: { startedAt: 0, used: 0 }, ...more };
}

function folderWith(tasks: readonly TaskUse[], limits: PolicySettings['limits'] = {}): TaskFolder {
  const { gate, store } = testGate({ store: new MemoryStore({ tasks, settings: { ...new MemoryStore().state.settings, limits } }) });
  return { gate, store: store as unknown as TaskFolder['store'] };
}

describe('the tasks that people see', () => {
  it('stand with who works on them, the newest first, and how far each is with the budgets that are on', () => {
    const [newest, older] = runningTasks(folderWith([task('agent/Gardener/s1', 25), task('agent//', 90)]), now, english);
    assert.deepEqual([newest?.name, older?.name], ['An agent', 'Gardener (s1)']);
    assert.deepEqual(newest?.bars.map(({ text, share, low, used }) => [text, share, low, used]), [['90 of 100 requests', 0.9, true, false], ['0 of 100,000 tokens', 0, false, false]]);
    assert.equal(newest?.more, 'another 100 requests');
    assert.equal(older?.more, undefined);
  });

  it('show no hidden character, no broken name and no more than a line of it', () => {
    const names = runningTasks(folderWith([task(`agent/${encodeURIComponent('a\u202Eb')}/%E0%A4`, 1), task(`agent/${'x'.repeat(5_000)}/s`, 1)]), now, english).map(({ name }) => name);
    assert.ok(names[0] !== undefined && names[0].length <= 120);
    assert.equal(names[1], 'a\\u{202e}b (%E0%A4)');
  });

  it('are over after a day of rest, a stopped one is not', () => {
    const rested = { last: now - longestRest };
    assert.deepEqual(runningTasks(folderWith([task('agent/A/', 1, rested), task('agent/B/', 1, { ...rested, stoppedBy: 'editor' })]), now, english).map(({ name, stopped }) => [name, stopped]), [['B', true]]);
  });
});

describe('the task that the status bar names', () => {
  for (const [used, expected] of [[79, undefined], [80, '80 % of the budget'], [100, '100 % of the budget'], [350, '100 % of the budget']] as const) {
    it(`at ${used} of 100 requests is ${expected ?? 'none'}`, () => assert.equal(lowestTask(folderWith([task('agent/A/', used)]), now, english)?.text, expected));
  }

  it('is the one that is nearest to its end, and the tooltip has all that are low', () => {
    const low = lowestTask(folderWith([task('agent/A/', 95), task('agent/B/', 85), task('agent/C/', 1)]), now, english);
    assert.equal(low?.text, '95 % of the budget');
    assert.deepEqual(low.whole.split('\n').sort(), ['A: 95 of 100 requests, 0 of 100,000 tokens', 'B: 85 of 100 requests, 0 of 100,000 tokens']);
  });

  it('is none that has not asked for an hour, and none where the budget is off', () => {
    assert.equal(lowestTask(folderWith([task('agent/A/', 95, { last: now - 3_600_000 })]), now, english), undefined);
    assert.equal(lowestTask(folderWith([task('agent/A/', 95)], { iterationBudget: false }), now, english), undefined);
  });

  it('says when it was stopped', () => assert.equal(lowestTask(folderWith([task('agent/A/', 100, { stoppedBy: 'editor' })]), now, english)?.text, 'task stopped'));
});
