import assert from 'node:assert/strict';
import { compilePolicy } from '../../../src/core/policy/compilePolicy.ts';
import type { ScriptRuling } from '../../../src/core/decide/session.ts';
import type { Request } from '../../../src/core/request.ts';
import type { PolicyScript } from '../../../src/gate/ports.ts';
import type { ScriptRunner } from '../../../src/gate/scriptRunner.ts';
import { MemoryStore } from './memoryStore.ts';
import { type TestGate, allOn, askAndAnswer, settled, shell, surroundings, testGate, workspace, write } from './testGate.ts';

const reviewed: PolicyScript = { review: 'reviewed', hash: 'h1', text: 'the script' };
const read: Request = { tool: 'read_file', input: { path: 'README.md' }, actor: { kind: 'agent', session: 's1' } };

/** A runner that says what the test tells it to, and notes what it was given */
class NotingRunner implements ScriptRunner {
  says: (input: { readonly tool: string; readonly params: Readonly<Record<string, unknown>> }) => ScriptRuling = () => ({ decision: 'pass' });
  readonly ran: { readonly script: string; readonly input: string }[] = [];
  readied = 0;
  disposed = false;

  async ready(): Promise<void> {
    this.readied += 1;
  }

  run(script: string, input?: string): ScriptRuling {
    if (input === undefined) return script.includes('mistake') ? { error: 'SyntaxError' } : { decision: 'pass' };
    this.ran.push({ script, input });
    return this.says(JSON.parse(input) as Parameters<NotingRunner['says']>[0]);
  }

  dispose(): void {
    this.disposed = true;
  }
}

describe('the policy script at the gate', () => {
  let runner: NotingRunner;
  beforeEach(() => {
    runner = new NotingRunner();
  });

  function gateWith(script: PolicyScript | undefined, settings: Partial<typeof allOn> = { mode: 'bypass_permissions' }): TestGate {
    const store = new MemoryStore({ settings: { ...allOn, ...settings }, ...(script === undefined ? {} : { script }) });
    return testGate({ store, scripts: runner });
  }

  it('costs nothing where there is none, or none that was reviewed', async () => {
    for (const script of [undefined, { ...reviewed, review: 'new' } as const]) {
      const test = gateWith(script);
      assert.equal((await test.gate.check(write('a.txt'))).decision, 'allow');
    }
    assert.deepEqual([runner.ran.length, runner.readied], [0, 0]);
  });

  it('denies what the script denies, in every mode, with its words', async () => {
    runner.says = ({ params }) => (params['command'] === 'git push' ? { decision: 'deny', reason: 'Pushes go through CI' } : { decision: 'pass' });
    const test = gateWith(reviewed);
    const verdict = await test.gate.check(shell('git push'));
    assert.deepEqual([verdict.decision, verdict.evaluation.reason.type], ['deny', 'workspace_script']);
    assert.match(verdict.message, /Pushes go through CI/);
    assert.equal((await test.gate.check(shell('git status'))).decision, 'allow');
    const entries = await test.store.history({ types: ['decision'] });
    assert.ok(entries.some(({ entry }) => entry.type === 'decision' && entry.reason.type === 'workspace_script' && entry.decision === 'deny'));
  });

  it('asks where the script wants it, once each, whatever else would allow', async () => {
    runner.says = () => ({ decision: 'require_approval', reason: 'look' });
    const test = gateWith(reviewed);
    const { verdict } = await askAndAnswer(test, shell('ls'), 'allow_once');
    assert.equal(verdict.decision, 'allow');
    assert.deepEqual(test.prompter.asked[0]?.evaluation.suggestions, ['deny_once', 'allow_once']);
    assert.equal(test.prompter.asked[0]?.mayApproveAll, false);
    assert.deepEqual((await test.gate.approveAllForSession('agent/Claude%20Code/s1', 'editor')).ok, true);
    void test.gate.check(shell('ls'));
    await settled();
    assert.equal(test.prompter.asked.length, 2, '“approve all” does not answer it');
  });

  it('never lifts what another stage blocks', async () => {
    const test = gateWith(reviewed, { permissions: { ...allOn.permissions, shell: false } });
    assert.equal((await test.gate.check(shell('ls'))).evaluation.reason.type, 'workspace_capability');
    assert.equal((await test.gate.check(write('.cowork/policy/policy.js'))).evaluation.reason.type, 'guardrail');
  });

  it('asks where the script fails, and says what to mend', async () => {
    runner.says = () => ({ error: 'it did not end in 300 ms' });
    const { evaluation } = (await askAndAnswer(gateWith(reviewed), read, 'deny_once')).verdict;
    assert.deepEqual([evaluation.decision, evaluation.reason.type], ['ask', 'workspace_script']);
    assert.match(evaluation.reason.summary, /it did not end in 300 ms; mend \.cowork\/policy\/policy\.js/);
  });

  it('asks where nothing can run it', () => {
    const store = new MemoryStore({ settings: { ...allOn, mode: 'bypass_permissions' }, script: reviewed });
    assert.equal(testGate({ store }).gate.evaluate(read).decision, 'ask');
  });

  /** Each was reviewed once and may not run now */
  const kept: [string, PolicyScript, RegExp][] = [
    ['was changed', { review: 'changed', hash: 'h2', text: 'another' }, /changed since you reviewed it; review it again/],
    ['is gone', { review: 'changed' }, /is gone; bring it back, or forget the review/],
    ['cannot be read', { review: 'changed', unreadable: 'policy.js is a link' }, /policy\.js is a link; mend that/],
  ];
  for (const [what, script, wanted] of kept) {
    it(`asks, and does not run it, where the reviewed script ${what}`, () => {
      const { decision, reason } = gateWith(script).gate.evaluate(read);
      assert.deepEqual([decision, reason.type], ['ask', 'workspace_script']);
      assert.match(reason.summary, wanted);
      assert.equal(runner.ran.length, 0);
    });
  }

  it('does not run it, and asks, where the workspace is no longer trusted', () => {
    const test = gateWith(reviewed);
    test.trusted = false;
    const { decision, reason } = test.gate.evaluate(read);
    assert.deepEqual([decision, reason.type, runner.ran.length], ['ask', 'workspace_script', 0]);
  });

  it('hides nothing in what the script says', async () => {
    runner.says = () => ({ decision: 'deny', reason: 'fine\u202e\u0007\n{}' });
    assert.match((await gateWith(reviewed).gate.check(read)).evaluation.reason.summary, /fine\\u\{202e\}\\u\{7\}\\n\{\}/);
    runner.says = () => ({ error: 'oh\u202e' });
    assert.match(gateWith(reviewed).gate.evaluate(read).reason.summary, /oh\\u\{202e\}/);
  });

  it('keeps credentials of a request out of the record, also where the script repeats them', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    runner.says = ({ params }) => ({ decision: 'deny', reason: `no ${String(params['command'])}` });
    const test = gateWith(reviewed);
    await test.gate.check(shell(`curl -H "Authorization: ${secret}" https://x.example`));
    assert.ok(!JSON.stringify(await test.store.history()).includes(secret));
  });

  it('gives the script the request as the gate reads it', () => {
    const test = gateWith(reviewed);
    test.gate.evaluate({ tool: 'functions.Bash', input: { command: 'ls' }, cwd: 'src', actor: { kind: 'channel', context: 'group' } });
    test.gate.evaluate({ tool: 'mcp__github__create_issue', input: { title: 't' } });
    const [first, second] = runner.ran.map(({ input }) => JSON.parse(input) as Record<string, unknown>);
    const { workspace: place, ...rest } = first ?? {};
    assert.deepEqual(rest, { tool: 'run_command', params: { command: 'ls' }, actions: [{ kind: 'exec', target: 'ls', argv: ['ls'], readings: [['ls']] }], cwd: 'src', gatewayContext: 'group', timestampMs: test.clock.now() });
    assert.deepEqual({ ...(place as object), id: undefined }, { id: undefined, name: 'project', path: workspace, isTemp: false, permissions: allOn.permissions });
    assert.deepEqual([second?.['server'], second?.['gatewayContext']], ['github', null]);
  });

  it('tells the script what a call does, however the call spells it', () => {
    const test = gateWith(reviewed);
    runner.says = (input) => ((input as unknown as { actions: { readings?: string[][] }[] }).actions.some(({ readings = [] }) => readings.some((words) => words.join(' ') === 'git push')) ? { decision: 'deny' } : { decision: 'pass' });
    for (const asked of [{ tool: 'Bash', input: { command: 'cd src && git push' } }, { tool: 'shell', input: { cmd: 'git   push' } }, { tool: 'shell', input: { command: ['git', 'push'] } }, { tool: 'run_command', input: { command: 'echo "$(git push)"' } }, ...['/usr/bin/git push', 'sh -c "ls; git push"', 'eval "git push"', 'env A=1 nohup git -C src push'].map((command) => ({ tool: 'run_command', input: { command } }))]) {
      assert.equal(test.gate.evaluate(asked).decision, 'deny', JSON.stringify(asked));
    }
    assert.equal(test.gate.evaluate(shell('git pull')).decision, 'allow');
    test.gate.evaluate(shell('bash -c "$X"'));
    assert.match(runner.ran.at(-1)?.input ?? '', /"uncertain":true/);
    test.gate.evaluate(write('docs/../a.txt'));
    const { actions } = JSON.parse(runner.ran.at(-1)?.input ?? '') as { actions: unknown };
    assert.deepEqual(actions, [{ kind: 'write', target: `${workspace}/a.txt`, path: `${workspace}/a.txt` }]);
  });

  it('asks about a request that is too long for the script, without running it', () => {
    const { decision, reason } = gateWith(reviewed).gate.evaluate(write('a.txt', 'x'.repeat(1_000_001)));
    assert.deepEqual([decision, runner.ran.length], ['ask', 0]);
    assert.match(reason.summary, /too long for it/);
  });

  it('puts a question to the script once, however often it is looked at, and anew where the script or the policy changed', async () => {
    runner.says = () => ({ decision: 'require_approval' });
    const test = gateWith(reviewed);
    void test.gate.check(shell('ls'));
    await settled();
    const [approval] = test.gate.pending;
    assert.ok(approval !== undefined);
    test.gate.previewAnswer(approval.id, 'allow_once');
    test.gate.refresh();
    assert.equal(runner.ran.length, 1);
    assert.deepEqual(await test.gate.changeSettings({ permissions: { ...allOn.permissions, delete: false } }, 'editor'), { ok: true });
    assert.equal(runner.ran.length, 2);
    test.store.changed({ script: { ...reviewed, hash: 'h2', text: 'another' } });
    assert.equal(runner.ran.at(-1)?.script, 'another');
  });

  it('is asked again where the same request means something else by now', async () => {
    let target = `${workspace}/a.txt`;
    const store = new MemoryStore({ settings: { ...allOn, mode: 'bypass_permissions' }, script: reviewed });
    const moving = { ...surroundings, files: { ...surroundings.files, resolve: (file: string) => (file.endsWith('/link.txt') ? target : file) } };
    runner.says = (input) => ((input as unknown as { actions: { path?: string }[] }).actions.some(({ path }) => path === `${workspace}/b.txt`) ? { decision: 'deny', reason: 'no' } : { decision: 'require_approval' });
    const test = testGate({ store, scripts: runner, surroundings: () => moving });
    const verdict = test.gate.check(write('link.txt'));
    await settled();
    target = `${workspace}/b.txt`;
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.deepEqual([(await verdict).decision, (await verdict).evaluation.reason.type], ['deny', 'workspace_script']);
  });

  it('is asked again at the next look where it could not be asked for the moment', async () => {
    const test = gateWith(reviewed);
    runner.says = () => ({ error: 'too many at once', passing: true });
    const verdict = test.gate.check(shell('ls'));
    await settled();
    runner.says = () => ({ decision: 'deny', reason: 'no' });
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.deepEqual([(await verdict).decision, (await verdict).evaluation.reason.type], ['deny', 'workspace_script']);
  });

  it('settles open questions when the script that asked them lets go', async () => {
    runner.says = () => ({ decision: 'require_approval' });
    const test = gateWith(reviewed);
    const verdict = test.gate.check(shell('ls'));
    await settled();
    runner.says = () => ({ decision: 'pass' });
    test.store.changed({ script: { ...reviewed, hash: 'h2', text: 'another' } });
    assert.equal((await verdict).decision, 'allow');
  });

  it('looks at the request that a person edited', async () => {
    runner.says = ({ params }) => (params['command'] === 'rm -rf build' ? { decision: 'deny', reason: 'no' } : { decision: 'require_approval' });
    const test = gateWith(reviewed);
    void test.gate.check(shell('ls'));
    await settled();
    const [approval] = test.gate.pending;
    assert.equal(test.gate.evaluateEdited(approval?.id ?? '', { command: 'rm -rf build' })?.decision, 'deny');
    const outcome = await test.gate.answer(approval?.id ?? '', { answer: 'allow_once', by: 'editor', edited: { tool: 'run_command', input: { command: 'rm -rf build' } } });
    assert.equal(outcome.outcome, 'invalid');
  });

  it('is asked under a policy that is only tried, too', () => {
    runner.says = () => ({ decision: 'deny', reason: 'no' });
    const test = gateWith(reviewed);
    const tried = compilePolicy({ ...allOn, permissions: { ...allOn.permissions, delete: false }, rules: [] }, surroundings, { repositoryAllows: true });
    assert.deepEqual(test.gate.scriptRuling(read, tried), { decision: 'deny', reason: 'no' });
    assert.equal((JSON.parse(runner.ran[0]?.input ?? '') as { workspace: { permissions: { delete: boolean } } }).workspace.permissions.delete, false);
  });

  describe('its review', () => {
    it('tells a mistake beforehand, without running anything', async () => {
      assert.equal(await gateWith({ review: 'new', hash: 'h', text: 'a mistake' }).gate.scriptMistake(), 'SyntaxError');
      assert.equal(await gateWith({ review: 'new', hash: 'h', text: 'a script' }).gate.scriptMistake(), undefined);
      assert.equal(await gateWith(undefined).gate.scriptMistake(), undefined);
      assert.equal(runner.ran.length, 0);
    });

    it('is of exactly the text that was shown, in a trusted workspace, and on record', async () => {
      const test = gateWith({ review: 'changed', hash: 'h2', text: 'another' });
      assert.equal((await test.gate.reviewScript('h1', 'editor')).ok, false);
      test.trusted = false;
      assert.equal((await test.gate.reviewScript('h2', 'editor')).ok, false);
      test.trusted = true;
      assert.deepEqual(await test.gate.reviewScript('h2', 'editor'), { ok: true });
      assert.equal(test.gate.evaluate(read).decision, 'allow');
      assert.deepEqual((await test.store.history({ types: ['script_reviewed'] })).map(({ entry }) => entry), [{ type: 'script_reviewed', hash: 'h2', by: 'editor' }]);
    });

    it('can be forgotten, where there was one', async () => {
      const test = gateWith({ review: 'changed' });
      assert.equal(test.gate.evaluate(read).decision, 'ask');
      assert.deepEqual(await test.gate.reviewScript(undefined, 'editor'), { ok: true });
      assert.equal(test.gate.evaluate(read).decision, 'allow');
      assert.equal((await gateWith(undefined).gate.reviewScript(undefined, 'editor')).ok, false);
      assert.equal((await gateWith(undefined).gate.reviewScript('h', 'editor')).ok, false);
    });
  });

  it('is disposed of with the gate', async () => {
    await gateWith(reviewed).gate.dispose();
    assert.equal(runner.disposed, true);
  });
});
