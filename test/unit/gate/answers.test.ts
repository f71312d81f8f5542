import assert from 'node:assert/strict';
import { answers } from '../../../src/core/decide/evaluation.ts';
import type { Rule, RuleSource } from '../../../src/core/rules/rule.ts';
import { withoutDoubles } from '../../../src/gate/answering.ts';
import { askAndAnswer, send, settled, shell, testGate, workspace, write } from './testGate.ts';

describe('answers', () => {
  const sourceOf: Readonly<Record<string, RuleSource>> = { session: 'session', workspace: 'workspace_db', profile: 'profile' };

  for (const answer of answers) {
    const [effect = '', reach = ''] = answer.split('_');

    it(`${answer}: settles, records, and ${reach === 'once' ? 'asks the next time' : 'holds the next time'}`, async () => {
      const test = testGate();
      const { verdict, outcome } = await askAndAnswer(test, shell('make install left-pad'), answer);
      assert.equal(verdict.decision, effect);
      assert.equal(verdict.settledBy, 'person');
      assert.equal(verdict.answer, answer);
      assert.equal(outcome.outcome, 'settled');

      const [decision] = test.store.entries('decision');
      assert.equal(decision?.decision, effect);
      assert.equal(decision?.evaluated, 'ask');
      assert.equal(decision?.answer, answer);
      assert.equal(decision?.by, 'editor');
      assert.equal(test.store.entries('approval_settled')[0]?.answer, answer);
      assert.deepEqual(test.store.state.pending, []);

      const [rule, ...others] = test.store.entries('rule_added').map((entry) => entry.rule);
      assert.deepEqual(others, []);
      assert.equal(rule?.source, sourceOf[reach]);
      assert.equal(rule?.effect, reach === 'once' ? undefined : effect);
      assert.equal(rule?.metadata?.['createdByApprovalId'], reach === 'once' ? undefined : decision?.approval);
      assert.equal(rule?.metadata?.['createdFromApprovalType'], reach === 'once' ? undefined : 'run_command');

      const next = test.gate.check(shell('make install left-pad'));
      await settled();
      if (reach === 'once') {
        assert.equal(test.prompter.asked.length, 2);
        await test.gate.withdraw(test.prompter.asked[1]?.id ?? '');
      }
      assert.equal((await next).settledBy, reach === 'once' ? 'withdrawn' : 'policy');
      assert.equal((await next).decision, reach === 'once' ? 'deny' : effect);
    });
  }

  it('a grant for one session does not hold in another session or for another agent', async () => {
    const test = testGate();
    await askAndAnswer(test, shell('make install'), 'allow_session');
    for (const actor of [{ kind: 'agent', name: 'Claude Code', session: 's2' }, { kind: 'agent', name: 'Other', session: 's1' }, { kind: 'agent', name: 'Claude Code' }]) {
      const { verdict } = await askAndAnswer(test, shell('make install', { actor }), 'deny_once');
      assert.equal(verdict.decision, 'deny');
    }
  });

  it('a second grant of a session holds beside the first', async () => {
    const test = testGate();
    await askAndAnswer(test, shell('make install'), 'allow_session');
    assert.equal((await test.gate.check(shell('make install'))).decision, 'allow');
    await askAndAnswer(test, shell('make'), 'allow_session');
    assert.equal((await test.gate.check(shell('make'))).decision, 'allow');
  });

  it('a rule that is stored already is not stored again, one for another session is', () => {
    const rule: Rule = { id: 'a', source: 'session', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'npm  test' }, createdAt: 1, metadata: { session: 's1' } };
    const same: Rule = { ...rule, id: 'b', scope: { kind: 'command_prefix', prefix: 'npm test' }, createdAt: 2 };
    const others: Rule[] = [{ ...same, metadata: { session: 's2' } }, { ...same, effect: 'deny' }, { ...same, source: 'profile' }, { ...same, expiresAt: 5 }];
    assert.deepEqual(withoutDoubles([same, ...others, ...others], [rule]), others);
  });

  it('a comment reaches the agent and the record', async () => {
    const test = testGate();
    const { verdict } = await askAndAnswer(test, shell('make install'), 'deny_once', { comment: 'use pnpm' });
    assert.equal(verdict.comment, 'use pnpm');
    assert.match(verdict.message, /use pnpm/);
    assert.equal(test.store.entries('decision')[0]?.comment, 'use pnpm');
  });

  it('an answer that was not offered is refused and the question stays open', async () => {
    const test = testGate();
    const verdict = test.gate.check({ tool: 'get_current_location', actor: { kind: 'agent', name: 'A' } });
    await settled();
    const [approval] = test.gate.pending;
    assert.deepEqual(approval?.evaluation.suggestions, ['deny_once', 'allow_once']);
    for (const answer of ['allow_session', 'allow_workspace', 'allow_profile', 'deny_workspace'] as const) {
      assert.equal((await test.gate.answer(approval?.id ?? '', { answer, by: 'editor' })).outcome, 'invalid');
    }
    assert.equal(test.gate.pending.length, 1);
    await test.gate.answer(approval?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal((await verdict).decision, 'allow');
    assert.deepEqual(test.store.entries('rule_added'), []);
  });

  it('an export is never offered for the profile, and allowed for the workspace it holds for that host only', async () => {
    const test = testGate();
    const { outcome } = await askAndAnswer(test, send('https://api.example.com/v1'), 'allow_workspace');
    assert.equal(outcome.outcome, 'settled');
    assert.ok(!test.prompter.asked[0]?.evaluation.suggestions.some((answer) => answer.endsWith('profile')));
    assert.equal((await test.gate.check(send('https://api.example.com/v2'))).decision, 'allow');
    const { verdict } = await askAndAnswer(test, send('https://evil.example.net/'), 'deny_once');
    assert.equal(verdict.decision, 'deny');
  });

  for (const [what, given] of [
    ['nothing', undefined],
    ['a text', 'allow_once'],
    ['an unknown answer', { answer: 'allow_forever', by: 'editor' }],
    ['nobody', { answer: 'allow_once' }],
    ['an empty name', { answer: 'allow_once', by: ' ' }],
    ['a comment that is no text', { answer: 'allow_once', by: 'editor', comment: 5 }],
    ['a comment without end', { answer: 'allow_once', by: 'editor', comment: 'x'.repeat(3_000) }],
    ['scopes that are no list', { answer: 'allow_session', by: 'editor', scopes: 'all' }],
    ['a blank scope', { answer: 'allow_session', by: 'editor', scopes: [{ kind: 'command_prefix', prefix: '  ' }] }],
    ['an unknown scope', { answer: 'allow_session', by: 'editor', scopes: [{ kind: 'everything' }] }],
    ['an edited request that is none', { answer: 'allow_once', by: 'editor', edited: { input: {} } }],
  ] as const) {
    it(`an answer made of ${what} is refused with a sentence and changes nothing`, async () => {
      const test = testGate();
      const verdict = test.gate.check(shell('make install'));
      await settled();
      const outcome = await test.gate.answer(test.gate.pending[0]?.id ?? '', given as never);
      assert.equal(outcome.outcome, 'invalid');
      assert.match(outcome.outcome === 'invalid' ? outcome.reason : '', /\.$/);
      assert.equal(test.gate.pending.length, 1);
      await test.gate.dispose();
      assert.equal((await verdict).decision, 'deny');
    });
  }
});

describe('own scopes', () => {
  it('a wider scope that covers the request is kept', async () => {
    const test = testGate();
    const { outcome } = await askAndAnswer(test, shell('make install left-pad'), 'allow_workspace', { scopes: [{ kind: 'command_prefix', prefix: 'make install' }] });
    assert.equal(outcome.outcome, 'settled');
    assert.equal((await test.gate.check(shell('make install lodash'))).decision, 'allow');
  });

  for (const [what, request, scopes, reason] of [
    ['does not cover it', shell('make install'), [{ kind: 'command_prefix', prefix: 'npm test' }], /does not cover/],
    ['is one too many', shell('make install'), [{ kind: 'command_prefix', prefix: 'npm' }, { kind: 'command_prefix', prefix: 'npm' }], /1 scopes|needs 1/],
    ['is broad where data leaves', send('https://api.example.com/'), [{ kind: 'tool', toolName: 'http_request' }], /does not cover|still be asked/],
    ['would keep a credential', shell('deploy --token=ghp_abcdefghijklmnopqrstuvwxyz0123'), [{ kind: 'command_prefix', prefix: 'deploy --token=ghp_abcdefghijklmnopqrstuvwxyz0123' }], /not offered/],
  ] as const) {
    it(`an allow whose scope ${what} is refused with a sentence`, async () => {
      const test = testGate();
      const verdict = test.gate.check(request);
      await settled();
      const id = test.gate.pending[0]?.id ?? '';
      const outcome = await test.gate.answer(id, { answer: 'allow_workspace', by: 'editor', scopes });
      assert.equal(outcome.outcome, 'invalid');
      assert.match(outcome.outcome === 'invalid' ? outcome.reason : '', reason);
      assert.deepEqual(test.store.state.workspaceRules, []);
      await test.gate.answer(id, { answer: 'deny_once', by: 'editor' });
      assert.equal((await verdict).decision, 'deny');
    });
  }

  it('previews what an answer would write and which open questions it would settle', async () => {
    const test = testGate();
    const first = test.gate.check(shell('make install left-pad'));
    const second = test.gate.check(shell('make install lodash'));
    const third = test.gate.check(shell('make'));
    await settled();
    const [one, two] = test.gate.pending;
    const preview = test.gate.previewAnswer(one?.id ?? '', 'allow_workspace', [{ kind: 'command_prefix', prefix: 'make install' }]);
    assert.ok(preview.ok);
    assert.deepEqual(preview.alsoSettles, [two?.id]);
    assert.deepEqual(test.store.state.workspaceRules, []);
    assert.equal(test.gate.previewAnswer(one?.id ?? '', 'allow_workspace', [{ kind: 'command_prefix', prefix: 'yarn' }]).ok, false);
    await test.gate.dispose();
    await Promise.all([first, second, third]);
  });

  it('an answer that could not hold is not offered', async () => {
    const test = testGate();
    // A rule of the administrator asks, whatever the person would like to remember
    test.store.changed({ managedRules: [{ id: 'm', source: 'managed', effect: 'ask', scope: { kind: 'command_prefix', prefix: 'make install' }, createdAt: 0 }] });
    const verdict = test.gate.check(shell('make install'));
    await settled();
    const offered = test.gate.pending[0]?.evaluation.suggestions ?? [];
    assert.ok(offered.includes('allow_once'));
    assert.ok(!offered.includes('allow_workspace'));
    await test.gate.dispose();
    await verdict;
  });
});

describe('edited requests', () => {
  it('the edited request is the one that is allowed, and the record holds both', async () => {
    const test = testGate();
    const { verdict, outcome } = await askAndAnswer(test, shell('make install left-pad'), 'allow_once', { edited: shell('make install left-pad --dry-run') as never });
    assert.equal(outcome.outcome, 'settled');
    assert.equal(verdict.decision, 'allow');
    assert.deepEqual(verdict.edited?.input, { command: 'make install left-pad --dry-run' });
    assert.match(verdict.message, /changed request/);
    const [decision] = test.store.entries('decision');
    assert.deepEqual(decision?.request.input, { command: 'make install left-pad' });
    assert.deepEqual(decision?.edited?.input, { command: 'make install left-pad --dry-run' });
    assert.ok(decision?.actions.some((action) => action.target.includes('--dry-run')));
  });

  it('an edit into something that is denied is refused and the question stays', async () => {
    const test = testGate();
    const verdict = test.gate.check(write('src/a.ts'));
    await settled();
    const id = test.gate.pending[0]?.id ?? '';
    const outcome = await test.gate.answer(id, { answer: 'allow_once', by: 'editor', edited: write(`${workspace}/.cowork/policy/policy.db`) as never });
    assert.equal(outcome.outcome, 'invalid');
    assert.equal(test.gate.pending.length, 1);
    await test.gate.answer(id, { answer: 'deny_once', by: 'editor' });
    assert.equal((await verdict).decision, 'deny');
  });

  it('an edit cannot change tool, asker, task limits or be remembered', async () => {
    const test = testGate();
    const verdict = test.gate.check(shell('make install', { task: { deny: ['write_file'] } }));
    await settled();
    const id = test.gate.pending[0]?.id ?? '';
    const answer = (edited: object, kind: 'allow_once' | 'allow_session' = 'allow_once') => test.gate.answer(id, { answer: kind, by: 'editor', edited: edited as never });
    assert.equal((await answer(write('a.ts'))).outcome, 'invalid');
    assert.equal((await answer(shell('make ci'), 'allow_session')).outcome, 'invalid');
    assert.equal((await answer(shell('make ci', { task: {}, actor: { kind: 'user' }, cwd: '/etc' }))).outcome, 'settled');
    const { edited } = await verdict;
    assert.deepEqual(edited?.task, { deny: ['write_file'] });
    assert.equal(edited?.actor?.name, 'Claude Code');
    assert.equal(edited?.cwd, undefined);
  });
});
