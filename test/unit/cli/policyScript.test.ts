import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clock } from '../../../src/cli/clock.ts';
import { decideAlone } from '../../../src/cli/hookAlone.ts';
import { openStore } from '../../../src/node/store/openStore.ts';
import { runWith, values } from './fakeConsole.ts';

const script = 'function decide({ params }) { return params.command === "git push" ? { decision: "deny", reason: "Pushes go through CI" } : { decision: "pass" } }\n';

describe('the policy script where no editor is open', () => {
  let folder: string;
  let userFolder: string;
  let homeBefore: string | undefined;

  beforeEach(() => {
    const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-script-')));
    folder = path.join(root, 'workspace');
    userFolder = path.join(root, 'user');
    mkdirSync(path.join(folder, '.cowork/policy'), { recursive: true });
    homeBefore = process.env['COWORK_POLICY_HOME'];
    process.env['COWORK_POLICY_HOME'] = userFolder;
  });
  afterEach(() => {
    rmSync(path.dirname(folder), { recursive: true });
    if (homeBefore === undefined) delete process.env['COWORK_POLICY_HOME'];
    else process.env['COWORK_POLICY_HOME'] = homeBefore;
  });

  const put = (text: string): void => writeFileSync(path.join(folder, '.cowork/policy/policy.js'), text);

  /** The script as it lies there, with the mode that allows the most */
  async function prepare(text: string, reviewed: boolean): Promise<void> {
    put(text);
    const store = await openStore({ folder, userFolder, clock, watch: false });
    await store.commit([{ type: 'settings_changed', change: { mode: 'bypass_permissions', permissions: { read: true, write: true, delete: true, shell: true, network: true } }, by: 'test' }]);
    if (reviewed) await store.commit([{ type: 'script_reviewed', hash: createHash('sha256').update(text).digest('hex'), by: 'test' }]);
    await store.close();
  }

  const alone = async (command: string): Promise<string> => {
    const result = await decideAlone({ request: { tool: 'run_command', input: { command } }, workspace: folder, userFolder, mayAsk: true });
    return result.kind === 'ruled' ? `${result.ruling.decision} ${result.ruling.message}` : result.kind;
  };
  const decide = async (...words: readonly string[]): Promise<readonly unknown[]> => {
    const lines = ['git push', 'ls'].map((command) => `${JSON.stringify({ tool: 'run_command', input: { command } })}\n`);
    return values((await runWith(['decide', '--workspace', folder, ...words], lines)).out).map(({ decision }) => decision);
  };

  it('holds for a hook that decides alone', async () => {
    await prepare(script, true);
    assert.match(await alone('git push'), /^deny .*Pushes go through CI/);
    assert.match(await alone('ls'), /^allow /);
  });

  it('makes a hook ask where it changed since the review, or fails', async () => {
    await prepare(script, true);
    put('function decide() { return { decision: "pass" } }');
    assert.match(await alone('ls'), /^ask .*changed since you reviewed it/);
    await prepare('function decide() { throw new Error("oh") }', true);
    assert.match(await alone('ls'), /^ask .*Error: oh/);
  });

  it('does nothing for a hook where nobody has reviewed it', async () => {
    await prepare('function decide() { return { decision: "deny" } }', false);
    assert.match(await alone('ls'), /^allow /);
  });

  it('holds for decide and explain in a trusted workspace, and asks in one that is not', async () => {
    await prepare(script, true);
    assert.deepEqual(await decide('--trusted'), ['deny', 'allow']);
    assert.deepEqual(await decide(), ['deny', 'deny'], 'the shell is off where nothing is trusted');
    assert.match((await runWith(['explain', '--workspace', folder, '--trusted', '--', 'git push'], [])).out, /policy script forbids this: Pushes go through CI/);
    assert.match((await runWith(['explain', '--workspace', folder, '{"tool":"read_file","input":{"path":"a"}}'], [])).out, /runs only once you trust this workspace/);
  });

  it('stands in the check list of doctor', async () => {
    const line = async (): Promise<string> => (await runWith(['doctor', '--workspace', folder], [])).out.split('\n').find((each) => each.includes('policy script')) ?? '';
    assert.equal(await line(), '');
    await prepare(script, false);
    assert.match(await line(), /^warn .*nobody here has reviewed/);
    await prepare(script, true);
    assert.match(await line(), /^pass /);
    put('function decide() {}');
    assert.match(await line(), /^fail .*every request asks/);
  });

  it('has no part where a policy file alone decides', async () => {
    await prepare(script, true);
    const file = path.join(folder, 'policy.json');
    writeFileSync(file, '{"mode":"bypass_permissions","permissions":{"shell":true}}');
    assert.deepEqual(await decide('--trusted', '--policy', file), ['ask', 'allow']);
  });

  it('holds for the tests of the policy', async () => {
    await prepare(script, true);
    writeFileSync(path.join(folder, '.cowork/tests.json'), JSON.stringify([{ request: { tool: 'run_command', input: { command: 'git push' } }, decision: 'deny' }]));
    assert.equal((await runWith(['test', '--workspace', folder, '--trusted'], [])).code, 0);
    put('function decide() {}');
    assert.equal((await runWith(['test', '--workspace', folder, '--trusted'], [])).code, 1);
  });
});
