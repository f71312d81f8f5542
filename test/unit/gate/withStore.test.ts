import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers } from '../../../src/core/decide/evaluation.ts';
import { createGate } from '../../../src/gate/gate.ts';
import type { Gate } from '../../../src/gate/gate.ts';
import type { Store } from '../../../src/gate/ports.ts';
import { openStore } from '../../../src/node/store/openStore.ts';
import { allOn, machineClock, settled, shell, surroundings } from './testGate.ts';

describe('the gate on the real store', () => {
  let base = '';
  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'cowork-gate-')));
  });
  afterEach(async () => rm(base, { recursive: true, force: true }));

  async function open(): Promise<{ gate: Gate; store: Store; close: () => Promise<void> }> {
    const folder = join(base, 'project');
    await mkdir(folder, { recursive: true });
    const store = await openStore({ folder, userFolder: join(base, 'user'), clock: machineClock });
    const gate = createGate({ store, clock: machineClock, ids: randomUUID, trusted: () => true, surroundings: () => ({ ...surroundings, workspace: folder }) });
    return {
      gate,
      store,
      close: async () => {
        await gate.dispose();
        await store.close();
      },
    };
  }

  async function pendingOf(gate: Gate): Promise<string> {
    while (gate.pending.length === 0) await settled();
    return gate.pending[0]?.id ?? '';
  }

  for (const answer of answers) {
    const [effect = '', reach = ''] = answer.split('_');

    it(`${answer} is found again after the window was closed`, async () => {
      const first = await open();
      assert.deepEqual(await first.gate.changeSettings(allOn, 'test'), { ok: true });
      const verdict = first.gate.check(shell('make install left-pad', { id: 1 }));
      const outcome = await first.gate.answer(await pendingOf(first.gate), { answer, by: 'editor' });
      assert.equal(outcome.outcome, 'settled');
      assert.equal((await verdict).decision, effect);
      await first.close();

      const second = await open();
      const next = second.gate.check(shell('make install left-pad', { id: 2 }));
      if (reach === 'once') await second.gate.withdraw(await pendingOf(second.gate));
      assert.deepEqual([(await next).decision, (await next).settledBy], reach === 'once' ? ['deny', 'withdrawn'] : [effect, 'policy']);
      const decisions = await second.store.history({ types: ['decision'] });
      assert.deepEqual(decisions.map(({ entry }) => (entry.type === 'decision' ? entry.answer : undefined)), [undefined, answer]);
      const mirror = await readFile(join(base, 'project/.cowork/policy/permissions.json'), 'utf8').catch(() => '');
      assert.equal(mirror.includes('make install left-pad'), reach === 'workspace');
      await second.close();
    });
  }

  it('a question asked when the process died is joined by the same request, and the record shows one question', async () => {
    const first = await open();
    await first.gate.changeSettings(allOn, 'test');
    void first.gate.check(shell('make install', { id: 'call' }));
    const asked = await pendingOf(first.gate);
    // The process dies: nothing is told, only the store lets go
    await first.store.close();

    const second = await open();
    const again = second.gate.check(shell('make install', { id: 'call' }));
    assert.equal(await pendingOf(second.gate), asked);
    await second.gate.answer(asked, { answer: 'allow_once', by: 'editor' });
    assert.equal((await again).decision, 'allow');
    assert.equal((await second.store.history({ types: ['approval_asked'] })).length, 1);
    assert.deepEqual(second.store.state.pending, []);
    await second.close();
  });

  it('a store that was closed under the gate denies', async () => {
    const one = await open();
    await one.store.close();
    const verdict = await one.gate.check({ tool: 'read_file', input: { path: 'a.txt' } });
    assert.equal(verdict.decision, 'deny');
    await one.gate.dispose();
  });
});
