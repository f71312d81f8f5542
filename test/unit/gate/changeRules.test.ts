import assert from 'node:assert/strict';
import type { RuleDraft } from '../../../src/gate/changes.ts';
import { testGate } from './testGate.ts';

const by = 'editor';

function deny(prefix: string): RuleDraft {
  return { source: 'workspace_db', effect: 'deny', scope: { kind: 'command_prefix', prefix } };
}

describe('a change of several rules', () => {
  it('replaces a rule in one write that counts as one change, even by one with another reason only', async () => {
    const test = testGate();
    await test.gate.addRule(deny('make'), by);
    const [before] = test.store.state.workspaceRules;
    const outcome = await test.gate.changeRules({ remove: [before?.id ?? ''], add: [{ ...deny('make'), reason: 'slow' }] }, by);
    const [after, ...others] = test.store.state.workspaceRules;
    assert.deepEqual(outcome, { ok: true, added: [after?.id] });
    assert.deepEqual([after?.reason, others.length], ['slow', 0]);
    assert.notEqual(after?.id, before?.id);
    // One of five a minute for the rule, one for its change, three are left
    for (const prefix of ['a', 'b', 'c']) assert.equal((await test.gate.addRule(deny(prefix), by)).ok, true, prefix);
    assert.match(reason(await test.gate.addRule(deny('d'), by)), /At most 5 changes/);
  });

  it('is made whole or not at all', async () => {
    const test = testGate();
    await test.gate.addRule(deny('make'), by);
    const [rule] = test.store.state.workspaceRules;
    const id = rule?.id ?? '';
    for (const [change, why] of [
      [{ remove: [id], add: [deny('good'), { ...deny(' ') }] }, /prefix/],
      [{ remove: [id, 'unknown'] }, /no such rule/],
      [{ add: [deny('good'), deny('make')] }, /there already/],
      [{ add: [deny('good'), deny('good')] }, /there already/],
      [{ remove: [id], add: Array.from({ length: 1_000 }, (_, index) => deny(`make ${index}`)) }, /At most 1000 rules/],
    ] as const) {
      assert.match(reason(await test.gate.changeRules(change, by)), why);
      assert.deepEqual(test.store.state.workspaceRules, [rule]);
    }
    assert.equal(test.store.entries('rule_added').length, 1);
  });

  it('of nothing does nothing and costs nothing', async () => {
    const test = testGate();
    for (let count = 0; count < 10; count++) assert.deepEqual(await test.gate.changeRules({}, by), { ok: true, added: [] });
    assert.deepEqual(test.store.recorded, []);
  });
});

function reason(outcome: { readonly ok: boolean; readonly reason?: string }): string {
  return outcome.ok ? 'it was made' : (outcome.reason ?? '');
}
