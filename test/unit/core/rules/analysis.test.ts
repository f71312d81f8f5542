import assert from 'node:assert/strict';
import type { Mode } from '../../../../src/core/decision.ts';
import type { RuleMark } from '../../../../src/core/rules/analysis.ts';
import { analyseRules } from '../../../../src/core/rules/analysis.ts';
import type { Rule } from '../../../../src/core/rules/rule.ts';
import { domain, path, place, prefix, rule, tool } from '../decide/given.ts';

function analyse(rules: readonly Rule[], mode: Mode = 'default'): ReadonlyMap<string, readonly RuleMark[]> {
  return analyseRules(rules, { place, mode, now: 1000, holdsSecret: (text) => text.includes('hunter2') });
}

const a = (effect: Rule['effect'], scope: Rule['scope'], source: Rule['source'] = 'workspace_db', more: Partial<Rule> = {}): Rule => rule(effect, scope, source, { id: 'a', ...more });
const b = (effect: Rule['effect'], scope: Rule['scope'], source: Rule['source'] = 'workspace_db', more: Partial<Rule> = {}): Rule => rule(effect, scope, source, { id: 'b', ...more });

const marked: readonly (readonly [string, readonly Rule[], RuleMark['kind'] | undefined, Mode?])[] = [
  ['an allow that the administrator denies for the whole tool', [a('allow', path('/ws/x', 'write_file')), b('deny', tool('write_file'), 'managed')], 'shadowed'],
  ['the same where the administrator also allows something more exact', [a('allow', path('/ws/x', 'write_file')), b('deny', tool('write_file'), 'managed'), rule('allow', path('/ws', 'write_file'), 'managed')], undefined],
  ['an allow of the profile under the same allow of the workspace', [a('allow', prefix('npm test'), 'profile'), b('allow', prefix('npm  test'))], 'shadowed'],
  ['an allow of the profile under the same allow of the repository, which names less', [a('allow', prefix('npm test'), 'profile'), b('allow', prefix('npm test'), 'workspace_manifest')], undefined],
  ['an ask beside a deny of the same scope', [a('ask', prefix('git push')), b('deny', prefix('git push'))], 'shadowed'],
  ['a deny of the profile that an allow of the workspace outranks where it is named', [a('deny', prefix('git push'), 'profile'), b('allow', prefix('git push'))], 'contradicts'],
  ['an allow under a narrower deny', [a('allow', prefix('git')), b('deny', prefix('git push'))], undefined],
  ['a deny below a folder that is denied', [a('deny', path('/ws/a/b')), b('deny', path('/ws/a'))], 'redundant'],
  ['the same with an allow between the two', [a('deny', path('/ws/a/b/c')), b('deny', path('/ws/a')), rule('allow', path('/ws/a/b'))], undefined],
  ['a deny of a longer command', [a('deny', prefix('git push origin')), b('deny', prefix('git push'))], 'redundant'],
  ['a deny of a host below a domain that is denied', [a('deny', domain('api.one.example')), b('deny', domain('*.one.example'))], 'redundant'],
  ['a deny of a host beside a port of its domain', [a('deny', domain('api.one.example')), b('deny', domain('*.one.example:444'))], undefined],
  ['an allow of a longer command, which names more', [a('allow', prefix('git push origin')), b('allow', prefix('git'))], undefined],
  ['a deny under one that ends before it', [a('deny', path('/ws/a/b')), b('deny', path('/ws/a'), 'workspace_db', { expiresAt: 2000 })], undefined],
  ['an allow that a session of somebody denies', [a('allow', tool('zap')), b('deny', tool('zap'), 'session', { metadata: { session: 's1' } })], undefined],
  ['an allow beside an ask of the session above it, while asks do not count', [a('allow', tool('zap')), b('ask', tool('zap'))], 'contradicts', 'bypass_permissions'],
  ['a rule whose time is over', [a('allow', prefix('npm test'), 'workspace_db', { expiresAt: 1000 })], 'expired'],
  ['a rule whose uses are over', [a('allow', prefix('npm test'), 'workspace_db', { usesLeft: 0 })], 'expired'],
  ['a rule that holds a credential', [a('allow', prefix('login --password=hunter2'))], 'secret'],
  ['a rule whose reason holds a credential', [a('allow', prefix('login'), 'workspace_db', { reason: 'hunter2' })], 'secret'],
  ['a prefix of two commands', [a('allow', prefix('git status; rm x'))], 'unreadable'],
];

describe('Marks on rules', () => {
  for (const [what, rules, kind, mode] of marked) {
    it(`${what}: ${kind ?? 'no mark'}`, () => {
      const marks = analyse(rules, mode).get('a') ?? [];
      assert.deepEqual(marks.map((mark) => mark.kind), kind === undefined ? [] : [kind]);
      const [mark] = marks;
      if (mark !== undefined && 'by' in mark) assert.equal(mark.by, 'b');
    });
  }

  it('a rule is never marked because of itself, and the one that stands first of a pair bears no mark', () => {
    const marks = analyse([a('deny', prefix('git push')), b('deny', prefix('git push'), 'profile')]);
    assert.deepEqual([...marks], [['b', [{ kind: 'shadowed', by: 'a' }]]]);
  });
});
