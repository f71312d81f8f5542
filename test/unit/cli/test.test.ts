import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Ran, runWith, values } from './fakeConsole.ts';
import { useFolder } from './useFolder.ts';

describe('the command line: test', () => {
  let folder: string;
  useFolder((made) => {
    folder = made;
  });

  function test(policy: unknown, ...more: readonly string[]): Promise<Ran> {
    writeFileSync(path.join(folder, 'policy.json'), typeof policy === 'string' ? policy : JSON.stringify(policy));
    return runWith(['test', '--policy', 'policy.json', ...more], [], folder);
  }

  const rule = (effect: string, scope: object, match: readonly string[], notMatch: readonly string[], more: object = {}): object => ({ effect, scope, examples: { match, notMatch }, ...more });

  it('has nothing to try where nothing is promised, and says so', async () => {
    assert.deepEqual(await test({}), { code: 0, out: 'There is nothing to try: no rule has examples, and there are no tests.\n', err: '' });
  });

  const holds: readonly (readonly [what: string, rule: object])[] = [
    ['words of a command', rule('allow', { kind: 'command_prefix', prefix: 'git status' }, ['git status', 'git  status -s'], ['git statusx', 'git status; rm x', 'git -c alias.status=x status'])],
    ['a deny on any part of a line', rule('deny', { kind: 'command_prefix', prefix: 'git push' }, ['ls; git push', 'X=1 env /usr/bin/git --no-pager push'], ['git pull'])],
    ['a path', rule('allow', { kind: 'path', path: 'src' }, ['src/a.ts', 'src'], ['srcs/a.ts', '../src/a'])],
    ['a path of one tool', rule('allow', { kind: 'path', path: 'src', toolName: 'write_file' }, ['src/a.ts'], ['b.ts'])],
    ['a host', rule('deny', { kind: 'domain', domain: '*.evil.example' }, ['a.evil.example', 'https://b.evil.example:8443/x'], ['evil.example'])],
    ['a tool', rule('ask', { kind: 'tool', toolName: 'read_clipboard' }, ['read_clipboard'], ['write_clipboard'])],
    ['a server', rule('allow', { kind: 'mcp_server', serverName: 'tickets' }, ['tickets/list'], ['other/list'])],
    ['a whole request', rule('deny', { kind: 'path', path: 'dist' }, ['{"tool":"write_file","input":{"path":"dist/a","content":""}}'], ['{"tool":"read_file","input":{"path":"a"}}'])],
    ['a rule whose time is over: an example is about its scope', rule('deny', { kind: 'command_prefix', prefix: 'git push' }, ['git push'], [], { expiresAt: 1, usesLeft: 0 })],
    ['an allow of the repository, trusted or not', rule('allow', { kind: 'command_prefix', prefix: 'make lint' }, ['make lint'], [], { source: 'workspace_manifest' })],
  ];
  for (const [what, each] of holds) {
    it(`holds examples of ${what}`, async () => {
      const { code, out } = await test({ rules: [each] });
      assert.equal(code, 0, out);
      assert.match(out, /\d+ hold, 0 fail\.\n$/);
    });
  }

  it('fails with each example that does not hold, and names its rule', async () => {
    const { code, out } = await test({ rules: [
      rule('allow', { kind: 'command_prefix', prefix: 'git status' }, ['git stash'], ['git status -s']),
      rule('allow', { kind: 'command_prefix', prefix: 'sudo' }, ['sudo ls'], []),
      rule('allow', { kind: 'mcp_server', serverName: 'tickets' }, ['tickets', '{"no":"tool"}'], []),
    ] });
    assert.equal(code, 1);
    assert.equal(out, [
      'FAILS  allow commands starting with "git status": match “git stash”; no match',
      'FAILS  allow commands starting with "git status": no match “git status -s”; match',
      'FAILS  allow commands starting with "sudo": match “sudo ls”; no match',
      'FAILS  allow MCP server tickets: match “tickets”; no request',
      'FAILS  allow MCP server tickets: match “{"no":"tool"}”; no request',
      '0 hold, 5 fail.', '',
    ].join('\n'));
  });

  it('tries the tests by the whole policy, and says why one fails', async () => {
    const policy = { mode: 'accept_edits', rules: [{ effect: 'deny', scope: { kind: 'path', path: 'secrets' } }], tests: [
      { request: { tool: 'write_file', input: { path: 'a', content: '' } }, decision: 'allow' },
      { name: 'secrets stay', request: { tool: 'read_file', input: { path: 'secrets/a' } }, decision: 'deny' },
      { name: 'shell is off', request: { tool: 'run_command', input: { command: 'ls' } }, decision: 'allow' },
    ] };
    const { code, out } = await test(policy, '--json');
    assert.equal(code, 1);
    assert.deepEqual(values(out).map(({ kind, text, expected, got, ok }) => [kind, text, expected, got, ok]), [
      ['test', 'write_file {"path":"a","content":""}', 'allow', 'allow', true],
      ['test', 'secrets stay', 'deny', 'deny', true],
      ['test', 'shell is off', 'allow', 'deny', false],
    ]);
    assert.equal(typeof values(out)[2]?.['why'], 'string');
    assert.equal((await test(policy, '--mode', 'plan', '--json')).code, 1);
  });

  it('tries the tests of the workspace, and leaves no trace', async () => {
    mkdirSync(path.join(folder, '.cowork'));
    const tests = path.join(folder, '.cowork/tests.json');
    writeFileSync(tests, '[\n  // what we count on\n  {"request":{"tool":"write_file","input":{"path":"a","content":""}},"decision":"ask"},\n]');
    assert.deepEqual(await runWith(['test'], [], folder), { code: 0, out: 'ok     ask: write_file {"path":"a","content":""}\n1 hold, 0 fail.\n', err: '' });
    assert.deepEqual(readdirSync(folder), ['.cowork']);
    assert.deepEqual(readdirSync(path.join(folder, '.cowork')), ['tests.json']);
  });

  it('reads no tests through a link', async () => {
    mkdirSync(path.join(folder, '.cowork'));
    symlinkSync('/etc/passwd', path.join(folder, '.cowork/tests.json'));
    const { code, err } = await runWith(['test'], [], folder);
    assert.equal(code, 1);
    assert.match(err, /is a link; replace it by a plain file/);
  });

  const bad: readonly (readonly [what: string, policy: unknown, says: RegExp])[] = [
    ['is no JSON', '{"tests":[}', /policy\.json:1:11: this is not JSON/],
    ['has tests that are no list', { tests: {} }, /“tests”|tests: /],
    ['expects what is no decision', { tests: [{ request: { tool: 'ls' }, decision: 'maybe' }] }, /must be one of allow, ask, deny/],
    ['asks for what is no request', { tests: [{ request: { input: {} }, decision: 'ask' }] }, /tests\[0\]\.request: “tool” must be a text/],
    ['has a key that is not known', { tests: [{ request: { tool: 'ls' }, decision: 'ask', expect: 'allow' }] }, /keys that are not known/],
  ];
  for (const [what, policy, says] of bad) {
    it(`refuses a file that ${what}`, async () => {
      const { code, out, err } = await test(policy);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, says);
      assert.equal(err.trimEnd().split('\n').length, 1);
    });
  }

  it('takes no words', async () => {
    assert.equal((await runWith(['test', 'x'], [], folder)).code, 2);
  });
});
