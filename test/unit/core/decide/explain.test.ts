import assert from 'node:assert/strict';
import { explain } from '../../../../src/core/decide/explain.ts';
import { toReply } from '../../../../src/core/decide/reply.ts';
import { ask, described, exec, files, path, policy, prefix, rule, tool } from './given.ts';

describe('telling what was decided', () => {
  const wide = rule('deny', tool('run_command'), 'profile', { id: 'wide' });
  const narrow = rule('allow', prefix('git push'), 'workspace_manifest', { id: 'narrow' });
  const actions = [exec('git push \u202eorigin', { argv: ['git', 'push', '\u202eorigin'], readings: [['git', 'push', 'origin']] }), files('write', '/ws/a', { owner: 0, namedAt: 9 })];
  const answer = ask({ actions, request: { id: 'r7' } }, policy({ rules: [wide, narrow] }));

  it('explains every action, the rule, the losing rules and why they lost, with nothing hidden', () => {
    const text = explain({ tool: 'Bash' }, described('run_command', actions, { command: 'git push \u202eorigin' }), answer);
    assert.match(text, /^DENY {2}run_command \(asked for as Bash\)/);
    assert.match(text, /rule: deny tool run_command \(profile, wide\)/);
    assert.match(text, /lost: allow commands starting with "git push" \(repository, narrow\) — a rule from repository never loosens one from profile/);
    assert.match(text, /write \/ws\/a/);
    assert.ok(text.includes('\\u{202e}') && !text.includes('\u202e'));
  });

  it('replies in the shape of the command line contract', () => {
    const reply = toReply({ id: 'r7', tool: 'run_command' }, answer);
    assert.deepEqual(Object.keys(reply), ['id', 'decision', 'reason', 'scope', 'actions', 'losing', 'suggestions']);
    assert.equal(reply.id, 'r7');
    assert.deepEqual(reply.scope, { kind: 'tool', toolName: 'run_command' });
    assert.deepEqual(reply.actions[0]?.argv, ['git', 'push', '\u202eorigin']);
    assert.equal(reply.actions[1]?.argv, undefined);
    assert.deepEqual(reply.losing, [{ id: 'narrow', source: 'workspace_manifest', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'git push' } }]);
    assert.equal(toReply({ tool: 'x' }, answer).id, null);
    assert.doesNotThrow(() => JSON.stringify(reply));
  });

  it('gives the scope a lasting answer would write where no rule matched', () => {
    assert.deepEqual(toReply({ tool: 'write_file' }, ask({ actions: [files('write', '/ws/a')] }, policy())).scope, path('/ws/a', 'write_file'));
  });
});
