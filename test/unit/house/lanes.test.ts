import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { runInLanes } from '../../house/lanes.ts';
import type { Suite } from '../../house/suite.ts';

describe('suites in lanes', () => {
  /** A suite that says two lines, with turns of others between, and notes how many run beside it */
  function suites(count: number): { readonly suites: readonly (readonly [string, Suite])[]; readonly most: () => number; readonly begun: readonly string[] } {
    let running = 0;
    let most = 0;
    const begun: string[] = [];
    const suite = (name: string, turns: number): Suite => async ({ log, show, count: counted }) => {
      begun.push(name);
      most = Math.max(most, (running += 1));
      for (let at = 0; at < turns; at++) {
        await turn();
        log.write(`${name} ${at}\n`);
        show(`   ${name} line ${at}`);
        counted(at + 1, turns);
      }
      running -= 1;
      return { passed: turns - 1, failed: 1 };
    };
    return { suites: Array.from({ length: count }, (_, at) => [`s${at}`, suite(`s${at}`, at + 2)] as const), most: () => most, begun };
  }

  it('begin in their order, so many at a time; each is one block, and all are added up', async () => {
    const made = suites(5);
    const said: string[] = [];
    const logs = new Map<string, string>();
    const sum = await runInLanes(made.suites, 2, {
      say: (text) => said.push(text),
      openLog: (name) => ({ write: (text: string) => Boolean(logs.set(name, (logs.get(name) ?? '') + text)), end: () => logs.set(name, `${logs.get(name) ?? ''}end`) }) as never,
    });
    assert.deepEqual(sum, { passed: 1 + 2 + 3 + 4 + 5, failed: 5 });
    assert.deepEqual([made.most(), made.begun], [2, ['s0', 's1', 's2', 's3', 's4']]);
    assert.equal(said.length, 5);
    const [first = ''] = said;
    assert.match(first, /^== s0\n {3}s0 line 0\n {3}s0 line 1\n {3}s0: 1 passed, 1 failed \(\d+\.\d s\), log: \.cache\/log\/s0\.log$/);
    assert.equal(logs.get('s0'), 's0 0\ns0 1\nend');
  });

  it('end the run where one throws, instead of passing', async () => {
    await assert.rejects(runInLanes([['good', async () => ({ passed: 1, failed: 0 })], ['bad', () => Promise.reject(new Error('because'))]], 2, { say: () => undefined, openLog: () => ({ end: () => undefined }) as never }), /because/);
  });
});
