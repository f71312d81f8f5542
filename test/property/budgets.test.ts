import assert from 'node:assert/strict';
import fc from 'fast-check';
import { budgetKinds, budgetsOf } from '../../src/core/policy/budgets.ts';
import { grantFor, standingOf } from '../../src/gate/budgets.ts';
import type { Entry } from '../../src/gate/entry.ts';
import { type TaskUse, applyTaskEntry } from '../../src/gate/taskUse.ts';

const sessions = fc.constantFrom('a', 'b', '__proto__');
const entries: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ session: sessions, part: fc.boolean(), limit: fc.boolean(), tool: fc.string() }).map(({ session, part, limit, tool }): Entry => ({
    type: 'decision', request: { tool }, session, decision: 'allow', evaluated: 'allow', reason: { type: limit ? 'limit' : 'mode', summary: '' }, actions: [], settledBy: 'policy', fingerprint: '', ...(part ? { part } : {}),
  })),
  fc.record({ session: sessions, tokens: fc.nat(), cost: fc.nat() }).map((use): Entry => ({ type: 'result', requestId: 1, ok: true, use })),
  fc.record({ session: sessions, iterations: fc.nat() }).map(({ session, iterations }): Entry => ({ type: 'budget_granted', session, upTo: { iterations }, by: 'editor' })),
  sessions.map((session): Entry => ({ type: 'task_stopped', session, by: 'editor' })),
  sessions.map((session): Entry => ({ type: 'requests_refused', session, count: 5, why: '' })),
  fc.constant({ type: 'approve_all', session: 'a', on: true, by: 'agent' } as const),
);

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

describe(`the use of tasks, whatever is recorded (PROPERTY_SEED=${seed})`, () => {
  it('never falls, is the sum of what was counted, and only a grant lets a task go further or on', () => {
    fc.assert(fc.property(fc.array(entries, { maxLength: 60 }), (all) => {
      let tasks: readonly TaskUse[] = [];
      for (const entry of all) {
        const before = tasks;
        tasks = applyTaskEntry(tasks, entry, 1_000);
        for (const was of before) {
          const is = tasks.find(({ session }) => session === was.session);
          assert.ok(is !== undefined);
          for (const kind of budgetKinds) assert.ok(is.use[kind] >= was.use[kind]);
          if (entry.type !== 'budget_granted') assert.deepEqual([is.upTo, is.stoppedBy ?? was.stoppedBy], [was.upTo, is.stoppedBy]);
        }
      }
      for (const { session, use, tools } of tasks) {
        const counted = all.filter((entry) => entry.type === 'decision' && entry.session === session && entry.part !== true && entry.reason.type !== 'limit').length;
        assert.equal(use.iterations, counted);
        for (const kind of budgetKinds) assert.equal(tools.reduce((sum, each) => sum + each.use[kind], 0), use[kind]);
      }
    }), { seed, numRuns: 2_000 });
  });

  it('is below every budget after a grant of all that was used up', () => {
    fc.assert(fc.property(fc.array(entries, { maxLength: 60 }), (all) => {
      const budgets = budgetsOf({ maxIterationsPerTask: 5, costBudget: true });
      const tasks = all.reduce<readonly TaskUse[]>((so, entry) => applyTaskEntry(so, entry, 1_000), []);
      for (const task of tasks) {
        const [after] = applyTaskEntry([task], { type: 'budget_granted', session: task.session, upTo: grantFor(task, budgets), by: 'editor' }, 1_000);
        assert.ok(after !== undefined && standingOf(after, budgets).every(({ used, upTo }) => used < upTo));
      }
    }), { seed, numRuns: 2_000 });
  });
});
