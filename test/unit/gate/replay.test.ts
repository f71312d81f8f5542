import assert from 'node:assert/strict';
import type { Rule } from '../../../src/core/rules/rule.ts';
import type { PolicyEdit, Replay } from '../../../src/gate/replay.ts';
import { editedState, replay } from '../../../src/gate/replay.ts';
import { createStandingPolicy } from '../../../src/gate/standingPolicy.ts';
import { countDecisions, mostAsked, ruleUses } from '../../../src/gate/usage.ts';
import { askAndAnswer, send, shell, surroundings, testGate, workspace, write } from './testGate.ts';
import type { TestGate } from './testGate.ts';

function tryEdit({ store, clock }: TestGate, edit: PolicyEdit): Promise<Replay> {
  const standing = (state: () => TestGate['store']['state']): ReturnType<typeof createStandingPolicy> => createStandingPolicy(state, () => true, () => surroundings);
  const edited = editedState(store.state, edit);
  return replay(store.recorded.toReversed(), surroundings, clock.now(), standing(() => store.state), standing(() => edited), () => Promise.resolve());
}

const rule = (effect: Rule['effect'], prefix: string, more: Partial<Rule> = {}): Rule => ({ id: `try ${prefix}`, source: 'workspace_db', effect, scope: { kind: 'command_prefix', prefix }, createdAt: 0, ...more });

const read = (path: string): object => ({ tool: 'read_file', input: { path }, actor: { kind: 'agent', session: 's1' } });

describe('Recorded decisions under an edited policy', () => {
  it('names what an added rule would have answered otherwise, newest first', async () => {
    const test = testGate();
    await test.gate.check(read('one.txt'));
    await askAndAnswer(test, shell('make all'), 'allow_once');
    await askAndAnswer(test, shell('make clean'), 'deny_once');
    const { tried, flips } = await tryEdit(test, { add: [rule('allow', 'make')] });
    assert.equal(tried, 3);
    assert.deepEqual(flips.map(({ from, to, request }) => [from, to, request.input?.['command']]), [['ask', 'allow', 'make clean'], ['ask', 'allow', 'make all']]);
    assert.equal(flips[0]?.reason.rule, 'try make');
    assert.equal((await tryEdit(test, {})).flips.length, 0);
  });

  it('names what a removed rule and a changed mode would have answered otherwise', async () => {
    const test = testGate();
    await test.gate.addRule({ source: 'profile', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'make' } }, 'editor');
    await test.gate.check(shell('make all'));
    const id = test.store.state.profileRules[0]?.id ?? '';
    assert.deepEqual((await tryEdit(test, { remove: [id] })).flips.map(({ from, to }) => [from, to]), [['allow', 'ask']]);
    await askAndAnswer(test, write('one.txt'), 'deny_once');
    assert.deepEqual((await tryEdit(test, { settings: { mode: 'plan' } })).flips.map(({ to }) => to), ['deny', 'deny']);
  });

  it('knows what a session had read by then', async () => {
    const test = testGate();
    await askAndAnswer(test, { tool: 'read_file', input: { path: '.env' }, actor: { kind: 'agent', session: 's1' } }, 'allow_once');
    await askAndAnswer(test, { tool: 'web_fetch', input: { url: 'https://one.example/' }, actor: { kind: 'agent', session: 's1' } }, 'deny_once');
    assert.deepEqual((await tryEdit(test, { add: [{ ...rule('allow', 'x'), scope: { kind: 'tool', toolName: 'web_fetch' } }] })).flips, []);
  });

  it('leaves out a request that the record keeps only in part', async () => {
    const test = testGate();
    await askAndAnswer(test, shell(`make ${'x'.repeat(5000)}`), 'deny_once');
    await askAndAnswer(test, shell('make --password=hunter2hunter2'), 'deny_once');
    const { tried, leftOut } = await tryEdit(test, { add: [rule('deny', 'make')] });
    assert.deepEqual({ tried, leftOut }, { tried: 0, leftOut: 2 });
  });
});

describe('Use of rules and questions', () => {
  it('counts each rule once a decision, with the time of the last', async () => {
    const test = testGate();
    await test.gate.addRule({ source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'make' } }, 'editor');
    await test.gate.check(shell('make a && make b'));
    await test.gate.check(shell('make c'));
    const recorded = test.store.recorded.map((entry) => ({ ...entry, at: entry.sequence * 10 }));
    const id = test.store.state.workspaceRules[0]?.id ?? '';
    assert.deepEqual([...ruleUses(recorded)], [[id, { hits: 2, lastUsed: (recorded.at(-1)?.sequence ?? 0) * 10 }]]);
  });

  it('groups what was asked by the rule that would answer it, and keeps apart what no rule answers', async () => {
    const test = testGate();
    for (const command of ['make all', 'make all', 'git gc']) await askAndAnswer(test, shell(command), 'deny_once');
    await askAndAnswer(test, { tool: 'get_current_location' }, 'deny_once');
    const asked = mostAsked(test.store.recorded);
    assert.deepEqual(asked.map(({ count }) => count), [2, 1, 1]);
    assert.equal(asked[0]?.scope?.kind, 'command_prefix');
    assert.equal(asked.filter(({ scope }) => scope === undefined).length, 1);
    assert.equal(mostAsked(test.store.recorded, 1).length, 1);
  });

  it('counts decisions since a time, and questions by kind', async () => {
    const test = testGate();
    await test.gate.check(read('one.txt'));
    await askAndAnswer(test, write('one.txt'), 'deny_once');
    await askAndAnswer(test, shell('make all'), 'deny_once');
    await askAndAnswer(test, send('https://one.example/'), 'deny_once');
    await test.gate.check(write(`${workspace}/../elsewhere`));
    assert.deepEqual(countDecisions(test.store.recorded, 0), { allowed: 1, asked: 3, denied: 1, askedByKind: { write: 1, exec: 1, export: 1 } });
    assert.deepEqual(countDecisions(test.store.recorded, 1), { allowed: 0, asked: 0, denied: 0, askedByKind: {} });
  });
});
