import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide } from '../../src/core/decide/decide.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { analyseRules } from '../../src/core/rules/analysis.ts';
import { described, now, policyWith } from './worlds.ts';

const place = { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux' } as const;
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

describe(`marks on rules, over random worlds (PROPERTY_SEED=${seed})`, () => {
  it('taking out a rule that is marked as shadowed or redundant changes no decision', () => {
    const checked = { shadowed: 0, redundant: 0 };
    const requests = fc.array(described, { minLength: 10, maxLength: 10 });
    fc.assert(fc.property(policyWith(), requests, (raw, asked) => {
      const policy = compilePolicy(raw, place, { repositoryAllows: true });
      for (const [id, marks] of analyseRules(raw.rules, { place, mode: raw.mode, now, holdsSecret: () => false })) {
        const mark = marks.find(({ kind }) => kind === 'shadowed' || kind === 'redundant');
        if (mark === undefined) continue;
        const without = compilePolicy({ ...raw, rules: raw.rules.filter((rule) => rule.id !== id) }, place, { repositoryAllows: true });
        for (const request of asked) {
          const decisions = [policy, without].map((one) => decide({ tool: request.tool }, request, one, { now, holds: [] }).decision);
          assert.equal(decisions[1], decisions[0], `${JSON.stringify(mark)} of ${id}`);
          checked[mark.kind === 'shadowed' ? 'shadowed' : 'redundant'] += 1;
        }
      }
    }), { seed, numRuns: 4000 });
    assert.ok(checked.shadowed > 1000 && checked.redundant > 100, JSON.stringify(checked));
  });
});
