import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { answers } from '../../../src/core/decide/evaluation.ts';
import { modes } from '../../../src/core/decision.ts';
import type { Verdict } from '../../../src/gate/ports.ts';
import { diskFull } from './memoryStore.ts';
import { send, settled, shell, testGate, write } from './testGate.ts';

const requests = [shell('make a'), shell('make b'), shell('rm a.txt'), write('a.txt'), send('https://api.example.com/'), { tool: 'read_file', input: { path: '.env' } }, { tool: 'get_current_location' }, 'no request'] as const;

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('check' as const), which: fc.nat(requests.length - 1), session: fc.constantFrom('one', 'two'), leaves: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(9), answer: fc.constantFrom(...answers) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.nat(400) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mode' as const), mode: fc.constantFrom(...modes) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trust' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('approveAll' as const), session: fc.constantFrom('one', 'two') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disk' as const), full: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'breathe' as const }) },
);

describe('whatever happens in whatever order', () => {
  it('every check gets one verdict, every question ends once, and nothing is allowed without its line in the record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const test = testGate();
        const verdicts: Promise<Verdict>[] = [];
        const leaving: AbortController[] = [];
        const allowedAtOnce: string[] = [];
        const answered = new Set<string>();
        const outcomes: Promise<void>[] = [];
        let diskWasFull = false;
        test.gate.onDidDecide(({ request, verdict }) => {
          if (verdict.decision !== 'allow') return;
          const recorded = test.store.entries('decision').some((entry) => entry.decision === 'allow' && entry.request.id === request.id);
          if (!recorded) allowedAtOnce.push(String(request.id));
        });

        for (const [index, each] of steps.entries()) {
          switch (each.do) {
            case 'check': {
              const leaves = new AbortController();
              leaving.push(leaves);
              const request = requests[each.which];
              verdicts.push(test.gate.check(typeof request === 'object' ? { ...request, id: index } : request, { session: each.session, ...(each.leaves ? { signal: leaves.signal } : {}) }));
              break;
            }
            case 'answer': {
              const id = test.prompter.asked.at(-1 - each.which)?.id ?? 'none';
              outcomes.push(
                test.gate.answer(id, { answer: each.answer, by: 'someone' }).then((outcome) => {
                  if (outcome.outcome !== 'settled') return;
                  assert.ok(!answered.has(id), 'answered twice');
                  answered.add(id);
                }),
              );
              break;
            }
            case 'leave':
              leaving[each.which]?.abort();
              break;
            case 'withdraw':
              // It may fail with the disk; whoever asked is denied all the same
              outcomes.push(test.gate.withdraw(test.gate.pending[each.which]?.id ?? 'none').catch(() => undefined));
              break;
            case 'wait':
              test.clock.pass(each.seconds * 1_000);
              break;
            case 'mode':
              test.store.changed({ settings: { ...test.store.state.settings, mode: each.mode } });
              break;
            case 'trust':
              test.trusted = each.on;
              test.gate.refresh();
              break;
            case 'approveAll':
              outcomes.push(test.gate.approveAllForSession(each.session, 'someone').then(() => undefined));
              break;
            case 'disk':
              diskWasFull ||= each.full;
              test.store.beforeCommit = () => {
                if (each.full) throw diskFull();
              };
              break;
            case 'breathe':
              await settled();
          }
        }
        await settled();
        await test.gate.dispose();
        const given = await Promise.all(verdicts);
        await Promise.all(outcomes);

        assert.equal(given.length, verdicts.length);
        assert.deepEqual(test.gate.pending, []);
        assert.deepEqual(allowedAtOnce, []);
        const ended = test.store.entries('approval_settled').map((entry) => entry.approval);
        assert.equal(new Set(ended).size, ended.length, 'ended twice');
        if (!diskWasFull) {
          assert.deepEqual(new Set(ended), new Set(test.store.entries('approval_asked').map((entry) => entry.approval.id)));
          assert.deepEqual(test.store.state.pending, []);
          assert.equal(test.store.entries('decision').length, given.filter((verdict) => verdict.settledBy !== 'failure').length);
        }
        const allows = given.filter((verdict) => verdict.decision === 'allow');
        const lines = test.store.entries('decision').filter((entry) => entry.decision === 'allow');
        assert.deepEqual(allows.map((verdict) => verdict.id).sort((a, b) => Number(a) - Number(b)), lines.map((entry) => entry.request.id).sort((a, b) => Number(a) - Number(b)));
        for (const verdict of allows) {
          if (verdict.settledBy === 'person') continue;
          assert.equal(verdict.settledBy, 'policy');
          assert.equal(verdict.evaluation.decision, 'allow');
        }
        assert.equal(test.clock.timers, 0);
      }),
      { numRuns: 300 },
    );
  });
});
