import assert from 'node:assert/strict';
import type { ListedRule, RuleChoice } from '../../../src/gate/ruleTable.ts';
import { chooseRules } from '../../../src/gate/ruleTable.ts';

const listed = (id: string, change: Partial<ListedRule['rule']> = {}, more: Partial<ListedRule> = {}): ListedRule => ({
  rule: { id, source: 'workspace_db', effect: 'allow', scope: { kind: 'tool', toolName: id }, createdAt: 5, ...change }, text: `tool ${id}`, marks: [], use: undefined, ...more,
});
const rules: readonly ListedRule[] = [
  listed('c', { effect: 'ask', expiresAt: 9, reason: 'For the Garden' }, { use: { hits: 3, lastUsed: 7 } }),
  listed('a', { source: 'managed', effect: 'deny', createdAt: 8 }),
  listed('b', { source: 'profile', expiresAt: 4 }, { marks: [{ kind: 'expired' }], use: { hits: 1, lastUsed: 9 } }),
];

function order(choice: Partial<RuleChoice>): string {
  return chooseRules(rules, { search: '', sort: 'scope', descending: false, ...choice }).map(({ rule }) => rule.id).join('');
}

describe('The table of rules', () => {
  const cases: readonly (readonly [Partial<RuleChoice>, string])[] = [
    [{}, 'abc'],
    [{ descending: true }, 'cba'],
    [{ sort: 'effect' }, 'acb'],
    [{ sort: 'source' }, 'acb'],
    [{ sort: 'created' }, 'bca'],
    [{ sort: 'expires' }, 'bca'],
    [{ sort: 'hits', descending: true }, 'cba'],
    [{ sort: 'used', descending: true }, 'bca'],
    [{ search: ' garden ' }, 'c'],
    [{ search: 'TOOL A' }, 'a'],
    [{ search: 'nothing' }, ''],
    [{ effect: 'deny' }, 'a'],
    [{ source: 'profile' }, 'b'],
    [{ mark: 'marked' }, 'b'],
    [{ mark: 'unused' }, 'a'],
    [{ mark: 'unused', effect: 'allow' }, ''],
  ];
  for (const [choice, expected] of cases) it(`${JSON.stringify(choice)} gives ${expected === '' ? 'nothing' : expected}`, () => assert.equal(order(choice), expected));
});
