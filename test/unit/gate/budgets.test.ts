import assert from 'node:assert/strict';
import { budgetProblem, budgetsOf, tighterBudgets } from '../../../src/core/policy/budgets.ts';
import { defaultSettings } from '../../../src/core/policy/policy.ts';
import { readSettingsChange } from '../../../src/core/schema/policyFile.ts';
import { promptText } from '../../../src/gate/promptText.ts';
import { mostReported } from '../../../src/gate/reading.ts';
import { sessionOf } from '../../../src/gate/sessions.ts';
import { type TaskUse, applyTaskEntry, longestRest, mostTasks } from '../../../src/gate/taskUse.ts';
import { english } from '../../../src/gate/words.ts';
import { applyEntry, noFacts, tightens } from '../../../src/node/store/facts.ts';
import { diskFull } from './memoryStore.ts';
import { allOn, settled, shell, testGate, type TestGate } from './testGate.ts';

const actor = { kind: 'agent', name: 'Gardener', session: 's1' } as const;
const session = sessionOf({ tool: '', actor });
const read = (id?: number, more: object = {}) => ({ ...(id === undefined ? {} : { id }), tool: 'read_file', input: { path: 'a.txt' }, actor, ...more });

/** A gate whose tasks have five requests, and time that goes by so that no limit of a minute is met */
function gateOfFive(limits: Record<string, unknown> = {}, settings: object = {}): TestGate {
  return testGate({ settings: { ...allOn, ...settings, limits: { maxIterationsPerTask: 5, ...limits } } });
}

async function use(test: TestGate, times: number, request: object = read()): Promise<void> {
  for (let count = 0; count < times; count += 1) assert.equal((await test.gate.check(request)).decision, 'allow');
}

const taskOf = (test: TestGate, of = session): TaskUse | undefined => test.store.state.tasks?.find((task) => task.session === of);

describe('the budget of requests', () => {
  it('lets exactly as many through, then asks one person once, however many requests wait', async () => {
    const test = gateOfFive();
    await use(test, 5);
    assert.equal(test.prompter.asked.length, 0);
    const waiting = [1, 2, 3].map((id) => test.gate.check(read(id)));
    await settled();
    assert.equal(test.prompter.asked.length, 1);
    assert.deepEqual(test.prompter.asked[0]?.evaluation.suggestions, ['deny_once', 'allow_once']);
    assert.deepEqual(test.prompter.asked[0]?.budget?.standing, [{ kind: 'iterations', used: 5, upTo: 5 }]);
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.deepEqual((await Promise.all(waiting)).map(({ decision }) => decision), ['allow', 'allow', 'allow']);
    assert.deepEqual(test.store.entries('budget_granted'), [{ type: 'budget_granted', session, upTo: { iterations: 10 }, by: 'editor' }]);
    await use(test, 2);
    void test.gate.check(read());
    await settled();
    assert.equal(test.prompter.asked.length, 2, 'ten were used');
  });

  it('asks once for all helpers of the agent and whatever else their requests differ in', async () => {
    const test = gateOfFive();
    await use(test, 5);
    const waiting = ['explorer', 'writer'].map((subAgent, id) => test.gate.check(read(id, { actor: { ...actor, subAgent } })));
    await settled();
    assert.equal(test.gate.pending.length, 1);
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.deepEqual((await Promise.all(waiting)).map(({ decision }) => decision), ['allow', 'allow']);
  });

  it('requests that come together cannot share the last place', async () => {
    const test = gateOfFive();
    const all = Array.from({ length: 20 }, (_, id) => test.gate.check(read(id)));
    await settled();
    assert.equal(test.store.entries('decision').length, 5);
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'deny_once', by: 'editor' });
    const verdicts = await Promise.all(all);
    assert.equal(verdicts.filter(({ decision }) => decision === 'allow').length, 5);
  });

  for (const mode of ['bypass_permissions', 'dont_ask'] as const) {
    it(`holds in the mode ${mode}`, async () => {
      const test = gateOfFive({}, { mode });
      await use(test, 5, shell('make'));
      const verdict = test.gate.check(shell('make'));
      // The session of the shell's own actor
      await settled();
      assert.equal(test.prompter.asked.length, 1);
      await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'deny_once', by: 'editor' });
      assert.equal((await verdict).decision, 'deny');
    });
  }

  it('is not lifted by a rule that allows, nor by “approve all”', async () => {
    const test = gateOfFive();
    await test.gate.addRule({ source: 'workspace_db', effect: 'allow', scope: { kind: 'tool', toolName: 'continue_task' } }, 'editor');
    await test.gate.addRule({ source: 'workspace_db', effect: 'allow', scope: { kind: 'tool', toolName: 'read_file' } }, 'editor');
    await test.gate.approveAllForSession(session, 'editor');
    await use(test, 5);
    void test.gate.check(read());
    await settled();
    assert.equal(test.gate.pending.length, 1);
    const preview = test.gate.previewAnswer(test.gate.pending[0]?.id ?? '', 'allow_session');
    assert.equal(preview.ok, false, 'only once');
  });

  it('is not among what an answer to a tool of its name would settle', async () => {
    const test = gateOfFive();
    await use(test, 5);
    void test.gate.check(read());
    void test.gate.check({ tool: 'continue_task', input: {}, actor: { ...actor, session: 's2' } });
    await settled();
    const other = test.gate.pending.find(({ budget }) => budget === undefined);
    const preview = test.gate.previewAnswer(other?.id ?? '', 'allow_workspace');
    assert.ok(preview.ok, preview.ok ? '' : preview.reason);
    assert.deepEqual(preview.alsoSettles, []);
  });

  it('what is denied anyway asks nobody, and counts', async () => {
    const test = gateOfFive({}, { permissions: { ...allOn.permissions, shell: false } });
    for (let count = 0; count < 7; count += 1) assert.match((await test.gate.check(shell('make'))).message, /switched off/);
    assert.equal(test.prompter.asked.length, 0);
    void test.gate.check({ tool: 'read_file', input: { path: 'a.txt' }, actor: { kind: 'agent', name: 'Claude Code', session: 's1' } });
    await settled();
    assert.equal(test.gate.pending.length, 1);
  });

  it('a task that a person stopped stays stopped, also for another gate on the same record, until a person lets it go on', async () => {
    const test = gateOfFive();
    await use(test, 5);
    const verdict = test.gate.check(read());
    await settled();
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'deny_once', by: 'editor', comment: 'Enough for today' });
    assert.match((await verdict).message, /used up its budget: 5 of 5 requests.*stopped the task.*Enough for today/);
    assert.deepEqual(test.store.entries('task_stopped'), [{ type: 'task_stopped', session, by: 'editor' }]);
    await test.gate.dispose();

    const next = testGate({ store: test.store });
    next.clock.sleep(2 * longestRest);
    const denied = await next.gate.check(read());
    assert.match(denied.message, /The user stopped this task.*The user can give it more/);
    assert.equal(denied.evaluation.reason.type, 'limit');
    assert.equal(next.prompter.asked.length, 0);
    assert.deepEqual(await next.gate.grantBudget(session, 'editor'), { ok: true });
    await use(next, 5);
    void next.gate.check(read());
    await settled();
    assert.equal(next.prompter.asked.length, 1);
  });

  it('nobody there is a denial that says so, and asks nobody', async () => {
    const test = gateOfFive();
    await use(test, 5);
    const verdict = await test.gate.check(read(), { signal: AbortSignal.abort() });
    assert.match(verdict.message, /used up its budget: 5 of 5 requests\. Nobody is there to give it more\. The user can open the folder in VS Code/);
    assert.equal(test.store.entries('approval_asked').length, 0);
  });

  it('nobody answering in time is a denial and no end: the next request asks again', async () => {
    const test = gateOfFive();
    await use(test, 5);
    const verdict = test.gate.check(read());
    await settled();
    test.clock.pass(5 * 60_000);
    assert.match((await verdict).message, /Nobody answered in time/);
    void test.gate.check(read());
    await settled();
    assert.equal(test.gate.pending.length, 1);
  });

  it('a larger budget in the settings answers the open question', async () => {
    const test = gateOfFive();
    await use(test, 5);
    const verdict = test.gate.check(read());
    await settled();
    await test.gate.changeSettings({ limits: { maxIterationsPerTask: 50 } }, 'editor');
    assert.equal((await verdict).decision, 'allow');
    assert.equal(test.gate.pending.length, 0);
  });

  it('a question whose grant has changed since it was shown is shown anew, not answered', async () => {
    const test = gateOfFive();
    await use(test, 6 - 1);
    void test.gate.check(read());
    await settled();
    const [asked] = test.gate.pending;
    test.store.state = { ...test.store.state, tasks: (test.store.state.tasks ?? []).map((task) => ({ ...task, use: { ...task.use, tokens: 200_000 } })) };
    const outcome = await test.gate.answer(asked?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal(outcome.outcome, 'invalid');
    assert.deepEqual(test.gate.pending[0]?.budget?.standing.map(({ kind }) => kind), ['iterations', 'tokens']);
  });

  it('an answer cannot bring another request with it', async () => {
    const test = gateOfFive();
    await use(test, 5);
    void test.gate.check(read());
    await settled();
    const [asked] = test.gate.pending;
    assert.ok(asked);
    const outcome = await test.gate.answer(asked.id, { answer: 'allow_once', by: 'editor', edited: { ...asked.request, input: { command: 'rm -rf ~' } } });
    assert.equal(outcome.outcome, 'invalid');
  });

  it('a grant that cannot be recorded lets nothing through', async () => {
    const test = gateOfFive();
    await use(test, 5);
    const verdict = test.gate.check(read());
    await settled();
    test.store.beforeCommit = () => {
      throw diskFull();
    };
    const outcome = await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal(outcome.outcome, 'failed');
    assert.equal((await verdict).decision, 'deny');
  });

  it('switched off, it asks nobody', async () => {
    const test = gateOfFive({ iterationBudget: false });
    await use(test, 20);
    assert.equal(test.prompter.asked.length, 0);
  });

  it('what the workspace says of budgets counts only as far as it tightens, until the workspace is trusted', async () => {
    const test = gateOfFive({ maxIterationsPerTask: 500, iterationBudget: false });
    test.trusted = false;
    test.store.state = { ...test.store.state, tasks: [{ session, since: 0, last: test.clock.now(), use: { iterations: 100, tokens: 0, cost: 0 }, tools: [], minute: { startedAt: 0, used: 0 } }] };
    void test.gate.check(read());
    await settled();
    assert.equal(test.gate.pending.length, 1);
  });

  it('another task is another budget', async () => {
    const test = gateOfFive();
    await use(test, 5);
    await use(test, 5, read(undefined, { actor: { ...actor, session: 's2' } }));
    assert.equal(test.prompter.asked.length, 0);
  });

  it('the helper of an agent and other words in its request change nothing about whose task it is', async () => {
    const test = gateOfFive();
    await use(test, 3);
    await use(test, 2, read(undefined, { actor: { ...actor, subAgent: 'explorer' }, task: { allow: ['*'] }, denials: { consecutive: 0, total: 0 } }));
    void test.gate.check(read(undefined, { actor: { ...actor, subAgent: 'another' } }));
    await settled();
    assert.equal(test.gate.pending.length, 1);
  });

  it('a stopped task gets no further part of a call that goes on', async () => {
    const test = gateOfFive();
    await use(test, 5);
    const verdict = test.gate.check(read());
    await settled();
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'deny_once', by: 'editor' });
    await verdict;
    const part = await test.gate.check(read(), { part: true });
    assert.deepEqual([part.decision, part.evaluation.reason.type], ['deny', 'limit']);
    assert.match(part.message, /The user stopped this task/);
  });

  it('what was let through because it is denied stays denied, whatever changes meanwhile', async () => {
    let looks = 0;
    const scripts = {
      ready: () => {
        looks += 1;
        // The first look is before the task is admitted, the next behind it
        if (looks === 2) store.changed({ settings: allOn });
        return Promise.resolve();
      },
      run: () => ({ decision: 'pass' }) as const,
      dispose: () => undefined,
    };
    const test = testGate({ scripts, settings: { permissions: { ...allOn.permissions, read: false }, limits: {} } });
    const { store } = test;
    store.changed({ script: { review: 'reviewed', hash: 'a', text: '' } });
    store.state = { ...store.state, tasks: [{ session, since: 0, last: test.clock.now(), use: { iterations: 100, tokens: 0, cost: 0 }, tools: [], minute: { startedAt: 0, used: 0 } }] };
    const verdict = await test.gate.check(read());
    assert.deepEqual([verdict.decision, verdict.evaluation.reason.type], ['deny', 'workspace_capability']);
  });

  it('a part of a call counts with the call, and has a limit of its own', async () => {
    const test = gateOfFive();
    await use(test, 4);
    for (let count = 0; count < 60; count += 1) assert.equal((await test.gate.check(read(), { part: true })).decision, 'allow');
    assert.equal(taskOf(test)?.use.iterations, 4);
    assert.match((await test.gate.check(read(), { part: true })).message, /At most 60 requests a minute/);
    await use(test, 1);
  });
});

describe('what is reported as used', () => {
  const report = (test: TestGate, given: object): Promise<{ ok: boolean; reason?: string }> => test.gate.report({ requestId: 1, ok: true, ...given });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['less than nothing', { tokens: -1 }], ['less than nothing in dollars', { costUsd: -0.01 }], ['half a token', { tokens: 1.5 }], ['no number', { tokens: Number.NaN }],
    ['without end', { costUsd: Infinity }], ['a text', { tokens: '5' }], ['a list', { tokens: [5] }], ['null', { costUsd: null }], ['too many', { tokens: mostReported.tokens + 1 }],
    ['more than a number holds', { tokens: 2 ** 60 }], ['too dear', { costUsd: mostReported.costUsd + 1 }], ['another name', { token: 5 }], ['iterations of its own', { tokens: 1, iterations: -50 }], ['no object', 5], ['an empty list', []],
  ];
  for (const [name, given] of wrong) {
    it(`${name} is refused and nothing is noted`, async () => {
      const test = gateOfFive();
      await use(test, 1, read(1));
      const outcome = await report(test, { use: given });
      assert.equal(outcome.ok, false);
      assert.equal(test.store.entries('result').length, 0);
      assert.deepEqual(taskOf(test)?.use, { iterations: 1, tokens: 0, cost: 0 });
    });
  }

  it('is counted for the task and the tool of the request, in whole millionths of a dollar, rounded up', async () => {
    const test = gateOfFive();
    await use(test, 1, read(1));
    assert.deepEqual(await report(test, { use: { tokens: 1_200, costUsd: 0.1 } }), { ok: true });
    assert.deepEqual(await report(test, { use: { costUsd: 0.000_000_4 } }), { ok: true });
    assert.deepEqual(await report(test, { use: { tokens: -0 } }), { ok: true });
    assert.deepEqual(taskOf(test)?.use, { iterations: 1, tokens: 1_200, cost: 100_001 });
    assert.deepEqual(taskOf(test)?.tools, [{ tool: 'read_file', use: { iterations: 1, tokens: 1_200, cost: 100_001 } }]);
  });

  it('used up tokens stop the next request until a person grants another budget from there on', async () => {
    const test = gateOfFive({ maxIterationsPerTask: 500 });
    await use(test, 1, read(1));
    await report(test, { use: { tokens: 350_000 } });
    const verdict = test.gate.check(read(2));
    await settled();
    assert.deepEqual(test.gate.pending[0]?.budget?.standing, [{ kind: 'tokens', used: 350_000, upTo: 100_000 }]);
    await test.gate.answer(test.gate.pending[0]?.id ?? '', { answer: 'allow_once', by: 'editor' });
    assert.equal((await verdict).decision, 'allow');
    assert.deepEqual(test.store.entries('budget_granted')[0]?.upTo, { tokens: 450_000 });
  });

  it('cost counts only where that budget is switched on', async () => {
    const off = gateOfFive();
    await use(off, 1, read(1));
    await report(off, { use: { costUsd: 50 } });
    await use(off, 1);
    const on = gateOfFive({ costBudget: true });
    await use(on, 1, read(1));
    await report(on, { use: { costUsd: 1 } });
    void on.gate.check(read());
    await settled();
    assert.equal(on.gate.pending.length, 1);
  });

  it('for a request that nobody made, or that two agents made, is refused unless the actor is named', async () => {
    const test = gateOfFive();
    assert.match((await report(test, { use: { tokens: 1 } })).reason ?? '', /Name the "actor"/);
    await use(test, 1, read(1));
    await use(test, 1, read(1, { actor: { ...actor, name: 'Other' } }));
    assert.match((await report(test, { use: { tokens: 1 } })).reason ?? '', /Several agents/);
    assert.equal((await report(test, { use: { tokens: 1 }, actor })).ok, true);
    assert.equal((await report(test, { use: { tokens: 1 }, actor: { kind: 'robot' } })).ok, false);
    assert.equal(taskOf(test)?.use.tokens, 1);
  });

  it('no sum runs over: it stays at what a number can hold', () => {
    let tasks: readonly TaskUse[] = [];
    const entry = { type: 'result', requestId: 1, ok: true, use: { session, tokens: Number.MAX_SAFE_INTEGER - 1, cost: Number.MAX_SAFE_INTEGER } } as const;
    for (let count = 0; count < 3; count += 1) tasks = applyTaskEntry(tasks, entry, 0);
    assert.equal(tasks[0]?.use.tokens, Number.MAX_SAFE_INTEGER);
  });

  it('sixty reports a minute for a task, then the time to wait', async () => {
    const test = gateOfFive();
    await use(test, 1, read(1));
    for (let count = 0; count < 60; count += 1) assert.equal((await report(test, { use: { tokens: 1 } })).ok, true);
    assert.match((await report(test, { use: { tokens: 1 } })).reason ?? '', /At most 60 reports a minute\. Wait 60 s\. Add what was used to the next report\./);
    assert.equal((await report(test, {})).ok, true, 'what uses nothing is a note as before');
  });
});

describe('the tasks that are kept', () => {
  const decided = (of: string): Parameters<typeof applyTaskEntry>[1] => ({
    type: 'decision', request: { tool: 'read_file' }, session: of, decision: 'allow', evaluated: 'allow', reason: { type: 'mode', summary: '' }, actions: [], settledBy: 'policy', fingerprint: '',
  });

  it('a flood of new tasks wipes out none that has used more, and never one that was stopped', () => {
    let tasks = applyTaskEntry([], decided('worker'), 0);
    tasks = applyTaskEntry(tasks, decided('worker'), 0);
    tasks = applyTaskEntry(tasks, { type: 'task_stopped', session: 'ended', by: 'editor' }, 0);
    for (let count = 0; count < 3 * mostTasks; count += 1) tasks = applyTaskEntry(tasks, decided(`flood ${count}`), 0);
    assert.equal(tasks.length, mostTasks);
    assert.equal(tasks.find((task) => task.session === 'worker')?.use.iterations, 2);
    assert.equal(tasks.find((task) => task.session === 'ended')?.stoppedBy, 'editor');
  });

  it('a task is over after a day of rest, not sooner, and a name like __proto__ is one like any other', () => {
    let tasks = applyTaskEntry([], decided('__proto__'), 0);
    tasks = applyTaskEntry(tasks, decided('__proto__'), longestRest - 1);
    assert.equal(tasks[0]?.use.iterations, 2);
    tasks = applyTaskEntry(tasks, decided('__proto__'), 2 * longestRest);
    assert.deepEqual([tasks.length, tasks[0]?.use.iterations], [1, 1]);
  });

  it('many tools, and one with a name without end, take little room', () => {
    let tasks: readonly TaskUse[] = [];
    for (let count = 0; count < 500; count += 1) {
      const entry = decided('s');
      tasks = applyTaskEntry(tasks, entry.type === 'decision' ? { ...entry, request: { tool: `${'x'.repeat(4_000)}${count}`.slice(count) } } : entry, 0);
    }
    assert.ok(JSON.stringify(tasks).length < 3_000, JSON.stringify(tasks));
    assert.equal(tasks[0]?.tools.reduce((sum, { use: { iterations } }) => sum + iterations, 0), 500);
  });
});

describe('tasks in a history of doubtful standing', () => {
  it('keep what they used and lose what a person gave them', () => {
    const granted = applyEntry(noFacts, { type: 'budget_granted', session, upTo: { iterations: 500 }, by: 'editor' }, 0);
    const reported = applyEntry(granted, { type: 'result', requestId: 1, ok: true, use: { session, tokens: 7, cost: 0 } }, 0);
    const doubted = applyEntry(reported, { type: 'state_doubted', code: 'history_cut', message: 'cut' }, 0);
    assert.deepEqual([reported.tasks?.[0]?.upTo, doubted.tasks?.[0]?.upTo], [{ iterations: 500 }, undefined]);
    assert.equal(doubted.tasks?.[0]?.use.tokens, 7);
  });

  it('are stopped by an entry behind the break, and given nothing by one', () => {
    assert.equal(tightens({ type: 'task_stopped', session, by: 'editor' }), true);
    assert.equal(tightens({ type: 'budget_granted', session, upTo: { iterations: 500 }, by: 'editor' }), false);
  });
});

describe('the settings of budgets', () => {
  it('are those of the specification unless set', () => {
    assert.deepEqual(budgetsOf({}), { iterations: { on: true, amount: 100 }, tokens: { on: true, amount: 100_000 }, cost: { on: false, amount: 1 } });
  });

  const wrong = [
    { maxIterationsPerTask: 4 }, { maxIterationsPerTask: 501 }, { maxIterationsPerTask: 10.5 }, { maxTokensPerTask: '100000' }, { maxTokensPerTask: -5 }, { maxCostPerTask: 0 },
    { maxCostPerTask: Infinity }, { maxCostPerTask: null }, { iterationBudget: 'no' }, { tokenBudget: 0 }, { costBudget: null },
  ];
  for (const limits of wrong) {
    it(`${JSON.stringify(limits)} is not saved, and counts as the usual one where it stands`, () => {
      assert.equal(typeof budgetProblem(limits), 'string');
      assert.equal(readSettingsChange({ limits }, defaultSettings).ok, false);
      assert.deepEqual(budgetsOf(limits), budgetsOf({}));
    });
  }

  it('of doubtful standing count only where they are tighter', () => {
    assert.deepEqual(tighterBudgets({ iterationBudget: false, tokenBudget: false, maxTokensPerTask: 5_000_000, maxCostPerTask: 90 }), {});
    assert.deepEqual(tighterBudgets({ maxIterationsPerTask: 10, costBudget: true, maxCostPerTask: 90 }), { maxIterationsPerTask: 10, iterationBudget: true, maxCostPerTask: 90, costBudget: true });
  });
});

describe('the question about a budget', () => {
  it('says who, how much was used for what in which time, and what the answers do', async () => {
    const test = gateOfFive({ maxIterationsPerTask: 6 });
    await use(test, 4, read(1));
    await test.gate.report({ requestId: 1, ok: true, use: { tokens: 4_000, costUsd: 0.25 } });
    await use(test, 2, { tool: 'list_directory', input: { path: '.' }, actor });
    test.clock.sleep(12 * 60_000);
    void test.gate.check(read());
    await settled();
    const [approval] = test.gate.pending;
    assert.ok(approval);
    const text = promptText(approval);
    assert.equal(text.title, 'Gardener has used up its budget');
    assert.equal(text.target, 'another 6 requests');
    assert.deepEqual(text.why, ['It has used 6 of 6 requests in 12 minutes.', 'Besides: 4,000 tokens, 0.25 USD.', 'For: read_file: 4 requests, 4,000 tokens, 0.25 USD; list_directory: 2 requests.']);
    assert.deepEqual(text.answerNames, { allow_once: 'Give it another 6 requests', deny_once: 'Stop this task' });
  });

  it('says amounts as they are written in the language of the words', async () => {
    const test = gateOfFive({ maxTokensPerTask: 1_000_000, costBudget: true, maxCostPerTask: 50 });
    await use(test, 1, read(1));
    await test.gate.report({ requestId: 1, ok: true, use: { tokens: 1_234_567, costUsd: 1_234.5 } });
    void test.gate.check(read());
    await settled();
    const [approval] = test.gate.pending;
    assert.ok(approval);
    assert.equal(promptText(approval).why[0], 'It has used 1,234,567 of 1,000,000 tokens, 1,234.50 of 50.00 USD in a minute.');
    assert.equal(promptText(approval, { ...english, language: 'de' }).why[0], 'It has used 1.234.567 of 1.000.000 tokens, 1.234,50 of 50,00 USD in a minute.');
    assert.equal(promptText(approval, { ...english, language: 'no such language' }).why[0], promptText(approval).why[0]);
    assert.match(approval.evaluation.reason.summary, /1,234,567 of 1,000,000 tokens/);
  });

  it('shows no hidden character of a tool’s name', async () => {
    const test = gateOfFive({}, { mode: 'dont_ask' });
    await use(test, 5, { tool: 'read\u202E_file', actor });
    void test.gate.check(read());
    await settled();
    const [approval] = test.gate.pending;
    assert.ok(approval);
    assert.match(promptText(approval).why.join(' '), /read\\u\{202e\}_file/);
  });
});
