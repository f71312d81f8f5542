import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide } from '../../src/core/decide/decide.ts';
import type { ScriptRuling } from '../../src/core/decide/session.ts';
import { isStricter } from '../../src/core/decision.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { described, now, policyWith } from './worlds.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const place = { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux' } as const;

const ruling: fc.Arbitrary<ScriptRuling> = fc.oneof(
  fc.record({ decision: fc.constantFrom('pass' as const, 'require_approval' as const, 'deny' as const), reason: fc.string({ unit: 'binary' }) }),
  fc.record({ error: fc.string({ unit: 'binary' }) }),
);

describe(`the policy script, over random worlds (PROPERTY_SEED=${seed})`, () => {
  it('never loosens a decision, and tightens it as far as it says', () => {
    fc.assert(
      fc.property(policyWith(), described, ruling, fc.nat(25), (raw, what, script, denials) => {
        const policy = compilePolicy(raw, place, { repositoryAllows: true });
        const facts = { now, holds: [], denials: () => ({ consecutive: denials % 5, total: denials }) };
        const without = decide({ tool: what.tool }, what, policy, facts).decision;
        const answer = decide({ tool: what.tool }, what, policy, { ...facts, script });
        const wanted = 'error' in script || script.decision === 'require_approval' ? 'ask' : script.decision === 'deny' ? 'deny' : 'allow';
        assert.ok(!isStricter(without, answer.decision), `${without} became ${answer.decision}`);
        assert.ok(!isStricter(wanted, answer.decision), `${wanted} became ${answer.decision}`);
        if (wanted === 'allow') assert.equal(answer.decision, without);
        // What a script holds up, no answer settles for good
        if (wanted === 'ask' && without === 'allow') assert.deepEqual(answer.suggestions, ['deny_once', 'allow_once']);
      }),
      { seed, numRuns: 3000 },
    );
  });
});
