import assert from 'node:assert/strict';
import { describe as read } from '../../../src/core/describe/describe.ts';
import { explain } from '../../../src/core/decide/explain.ts';
import { promptText } from '../../../src/gate/promptText.ts';
import { askAndAnswer, settled, shell, surroundings, testGate, type TestGate } from './testGate.ts';

/** A gate over a workspace whose package.json a test can change, as an agent would */
function withScripts(scripts: Readonly<Record<string, string>>): TestGate & { write(next: Readonly<Record<string, string>> | undefined): void } {
  let text: string | undefined = JSON.stringify({ scripts });
  const machine = { ...surroundings, files: { resolve: (path: string) => path, readText: (path: string) => (path.endsWith('/project/package.json') ? text : undefined) } };
  return Object.assign(testGate({ surroundings: () => machine }), { write: (next: Readonly<Record<string, string>> | undefined) => void (text = next && JSON.stringify({ scripts: next })) });
}

async function isAsked(test: TestGate, command: string): Promise<boolean> {
  const before = test.prompter.asked.length;
  const verdict = test.gate.check(shell(command));
  await settled();
  const asked = test.prompter.asked[before];
  if (asked !== undefined) await test.gate.answer(asked.id, { answer: 'deny_once', by: 'editor' });
  await verdict;
  return asked !== undefined;
}

describe('allowing a package script', () => {
  for (const answer of ['allow_session', 'allow_workspace', 'allow_profile'] as const) {
    it(`${answer} holds while the text stays`, async () => {
      const test = withScripts({ test: 'mocha' });
      await askAndAnswer(test, shell('npm test'), answer);
      assert.equal(await isAsked(test, 'npm test'), false);
    });

    it(`${answer} no longer answers once the agent has changed the script`, async () => {
      const test = withScripts({ test: 'mocha' });
      await askAndAnswer(test, shell('npm test'), answer);
      test.write({ test: 'mocha; node steal.js' });
      assert.equal(await isAsked(test, 'npm test'), true);
    });
  }

  it('counts its pre and post hooks, the scripts it starts, and that it is gone', async () => {
    const changes: readonly (Readonly<Record<string, string>> | undefined)[] = [
      { test: 'npm run unit', unit: 'mocha', pretest: 'node x.js' }, { test: 'npm run unit', unit: 'mocha', posttest: 'node x.js' }, { test: 'npm run unit', unit: 'node x.js' }, { test: 'npm run unit', unit: 'mocha', preunit: 'x' }, {}, undefined,
    ];
    for (const changed of changes) {
      const test = withScripts({ test: 'npm run unit', unit: 'mocha' });
      await askAndAnswer(test, shell('npm test'), 'allow_workspace');
      assert.equal(await isAsked(test, 'npm test'), false);
      test.write(changed);
      assert.equal(await isAsked(test, 'npm test'), true, JSON.stringify(changed));
    }
  });

  it('a script that nobody named does not matter', async () => {
    const test = withScripts({ test: 'mocha', build: 'tsc' });
    await askAndAnswer(test, shell('npm test'), 'allow_workspace');
    test.write({ test: 'mocha', build: 'node other.js' });
    assert.equal(await isAsked(test, 'npm test'), false);
  });

  it('the prompt says that the script changed, shows what was allowed and what would run', async () => {
    const test = withScripts({ test: 'mocha' });
    await askAndAnswer(test, shell('npm test'), 'allow_workspace');
    test.write({ test: 'mocha', pretest: 'node steal.js' });
    const verdict = test.gate.check(shell('npm test'));
    await settled();
    const approval = test.prompter.asked.at(-1);
    assert.ok(approval !== undefined);
    const { why } = promptText(approval);
    assert.deepEqual(why.slice(0, 3), ['The script it runs changed since you allowed it.', 'Allowed was: test: mocha', 'Script: pretest: node steal.js; test: mocha']);
    const text = explain(approval.request, read(approval.request, surroundings), approval.evaluation);
    assert.match(text, /lost: .*the script changed since it was allowed/);
    assert.match(text, /script: pretest: node steal\.js/);
    await test.gate.answer(approval.id, { answer: 'allow_workspace', by: 'editor' });
    assert.equal((await verdict).decision, 'allow');
    assert.equal(await isAsked(test, 'npm test'), false);
    assert.equal(test.store.entries('rule_added').length, 2);
  });

  it('a rule written by hand stays a plain prefix', async () => {
    const test = withScripts({ test: 'mocha' });
    assert.deepEqual(await test.gate.addRule({ source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'npm test' } }, 'editor'), { ok: true });
    test.write({ test: 'node other.js' });
    assert.equal(await isAsked(test, 'npm test'), false);
  });

  it('a deny stays, whatever the script becomes', async () => {
    const test = withScripts({ test: 'mocha' });
    await askAndAnswer(test, shell('npm test'), 'deny_workspace');
    test.write({ test: 'jest' });
    assert.equal((await test.gate.check(shell('npm test'))).decision, 'deny');
  });

  it('a credential in a script is not kept with the rule', async () => {
    const test = withScripts({ test: 'TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345 mocha' });
    await askAndAnswer(test, shell('npm test'), 'allow_workspace');
    assert.equal(typeof test.store.entries('rule_added')[0]?.rule.metadata?.['scriptHash'], 'string');
    assert.ok(!JSON.stringify(test.store.entries('rule_added')[0]?.rule).includes('ghp_'));
  });

  it('scripts of other packages, whose text is not looked up, are asked about every time', async () => {
    for (const command of ['npm test -w packages/a', 'npm --workspace=a test', 'npm test --workspaces', 'pnpm -r test', 'pnpm --filter a test', 'npm run test -w a -- x']) {
      const test = withScripts({ test: 'mocha' });
      const { verdict } = await askAndAnswer(test, shell(command), 'allow_once');
      assert.equal(verdict.decision, 'allow');
      assert.ok(!test.prompter.asked[0]?.evaluation.suggestions.includes('allow_workspace'), command);
    }
    const test = withScripts({ test: 'mocha' });
    await askAndAnswer(test, shell('npm test'), 'allow_workspace');
    assert.equal(await isAsked(test, 'npm test -w a'), true);
    assert.equal(await isAsked(test, 'npm test -- -w a'), false);
  });
});
