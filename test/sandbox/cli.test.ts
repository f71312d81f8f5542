import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PolicySettings } from '../../src/core/policy/policy.ts';
import { defaultSandbox } from '../../src/core/policy/sandboxChoice.ts';
import { author, withGate } from '../../src/cli/ownGate.ts';
import { type Ran, runWith, values } from '../unit/cli/fakeConsole.ts';

let folder: string;
let workspace: string;
let homeBefore: string | undefined;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-sandbox-cli-')));
  workspace = path.join(folder, 'workspace');
  mkdirSync(workspace);
  homeBefore = process.env['COWORK_POLICY_HOME'];
  process.env['COWORK_POLICY_HOME'] = path.join(folder, 'user');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (homeBefore === undefined) delete process.env['COWORK_POLICY_HOME'];
  else process.env['COWORK_POLICY_HOME'] = homeBefore;
});

function sandbox(...words: readonly string[]): Promise<Ran> {
  return runWith(['sandbox', ...words], [], workspace);
}

async function switchShellOn(more: Partial<PolicySettings> = {}): Promise<void> {
  const console = { input: process.stdin, print: () => Promise.resolve(), complain: () => undefined, folder: workspace, now: () => Date.now() };
  const outcome = await withGate({}, console, (gate) => gate.changeSettings({ mode: 'dangerous_only', permissions: { read: true, write: true, delete: false, shell: true, network: true }, ...more }, author));
  assert.ok(outcome.ok);
}

describe('the command line: sandbox run', () => {
  it('runs nothing that is denied, and explains', async () => {
    const { code, err } = await sandbox('run', '--', 'touch made');
    assert.equal(code, 1);
    assert.match(err, /^DENY {2}run_command\n/);
    assert.match(err, /not run\. .*switched off/);
    assert.equal(existsSync(path.join(workspace, 'made')), false);
  });

  it('runs nothing that a person would have to be asked about, and says how to allow it', async () => {
    await switchShellOn();
    const { code, err } = await sandbox('run', '--', 'touch made');
    assert.equal(code, 1);
    assert.match(err, /rules add allow --command 'touch made'/);
    assert.equal(existsSync(path.join(workspace, 'made')), false);
    const { out } = await runWith(['audit', 'list', '--json'], [], workspace);
    assert.ok(values(out).some(({ entry }) => (entry as { type: string; settledBy?: string }).settledBy === 'withdrawn'), 'it stands in the record');
  });

  it('runs what is allowed, in a sandbox, with its own output and code', async () => {
    await switchShellOn();
    assert.equal((await runWith(['rules', 'add', 'allow', '--command', 'sh -c'], [], workspace)).code, 0);
    const { code, out, err } = await sandbox('run', '--', 'pwd');
    assert.deepEqual({ code, out, err }, { code: 0, out: `${workspace}\n`, err: '' });
    const none = await sandbox('run', '--sandbox', 'none', '--', 'cat missing');
    assert.equal(none.code, 1);
    assert.match(none.err, /missing: No such file/);
  });

  it('hands several words on as they are', async () => {
    await switchShellOn();
    assert.equal((await sandbox('run', '--', 'ls', 'a  b; echo x')).code, 2);
    assert.match((await sandbox('run', '--', 'ls', 'a  b; echo x')).err, /a {2}b; echo x/);
  });

  it('gives a folder to read, and none that leads around the sandbox', async () => {
    await switchShellOn();
    const extra = path.join(folder, 'extra');
    mkdirSync(extra);
    const line = ['run', '--mount', extra, '--', 'ls', extra];
    const { code, err } = await sandbox(...line);
    assert.equal(code, 0, err);
    assert.notEqual((await sandbox('run', '--', 'ls', extra)).code, 0);
    for (const wrong of [folder, '/', path.join(folder, 'user'), path.join(folder, 'missing')]) assert.equal((await sandbox('run', '--mount', wrong, '--', 'pwd')).code, 2, wrong);
  });

  it('asks the gate for each host, as for an export to it, where hosts may be asked for', async () => {
    await switchShellOn({ sandbox: { ...defaultSandbox, network: 'hosts' } });
    const line = `exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT allowed.invalid:443 HTTP/1.1\\r\\n\\r\\n' >&3; head -n 1 <&3`;
    assert.equal((await runWith(['rules', 'add', 'allow', '--tool', 'run_command'], [], workspace)).code, 0);
    const script = path.join(workspace, 'ask.sh');
    writeFileSync(script, line);
    const ask = async (): Promise<readonly string[]> => {
      const { out, err } = await sandbox('run', '--', 'bash ask.sh');
      assert.match(out, /^HTTP\/1\.1 403 /, err);
      const entries = values((await runWith(['audit', 'list', '--json'], [], workspace)).out).map(({ entry }) => entry as { type: string; decision?: string; request?: { tool: string } });
      return entries.filter(({ type, request }) => type === 'decision' && request?.tool === 'http_request').map(({ decision }) => decision ?? '');
    };
    assert.deepEqual(await ask(), ['deny'], 'the rule for the command does not cover it');
    assert.equal((await runWith(['rules', 'add', 'allow', '--domain', 'allowed.invalid'], [], workspace)).code, 0);
    // The name has no address, so nothing is sent; but it was allowed
    assert.deepEqual((await ask()).toSorted(), ['allow', 'deny']);
  });

  it('tells the result as JSON', async () => {
    await switchShellOn();
    const [result] = values((await sandbox('run', '--json', '--', 'pwd')).out);
    assert.deepEqual({ ok: result?.['ok'], sandbox: result?.['sandbox'], exitCode: result?.['exitCode'], stdout: result?.['stdout'] }, { ok: true, sandbox: 'bubblewrap', exitCode: 0, stdout: `${workspace}\n` });
    const [denied] = values((await sandbox('run', '--json', '--', 'sudo id')).out);
    assert.deepEqual({ ok: denied?.['ok'], decision: denied?.['decision'] }, { ok: false, decision: 'deny' });
  });

  it('does not fall back where the sandbox asked for cannot start', async () => {
    await switchShellOn();
    const { code, err } = await sandbox('run', '--sandbox', 'macos', '--', 'pwd');
    assert.equal(code, 1);
    assert.match(err, /Nothing was run\. sandbox-exec is part of macOS only/);
  });

  it('is told when it is called wrongly', async () => {
    for (const words of [[], ['run'], ['go', '--', 'ls'], ['run', '--sandbox', 'cardboard', '--', 'ls'], ['run', '--timeout', '301', '--', 'ls'], ['run', '--timeout', '-1', '--', 'ls']]) assert.equal((await sandbox(...words)).code, 2, words.join(' '));
  });
});
