import assert from 'node:assert/strict';
import { readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { verbs } from '../../../src/cli/run.ts';
import { type Ran, runWith, values } from './fakeConsole.ts';
import { useFolder } from './useFolder.ts';

describe('the command line on the state of a folder', () => {
  let folder: string;
  useFolder((made) => {
    folder = made;
  });

  function call(...words: readonly string[]): Promise<Ran> {
    return runWith(words, [], folder);
  }

  describe('the command line: mode', () => {
    it('shows the default, and what was set', async () => {
      assert.deepEqual(await call('mode', 'get'), { code: 0, out: 'default\n', err: '' });
      assert.equal((await call('mode', 'set', 'plan')).code, 0);
      assert.deepEqual(await call('mode', 'get', '--json'), { code: 0, out: '{"mode":"plan"}\n', err: '' });
    });

    it('leaves no trace when it only looks', async () => {
      await call('mode', 'get');
      await call('rules', 'list');
      await call('audit', 'list');
      assert.deepEqual(readdirSync(folder), []);
    });

    it('refuses what is no mode', async () => {
      const { code, err } = await call('mode', 'set', 'yolo');
      assert.equal(code, 2);
      assert.match(err, /“yolo” is no mode/);
    });

    it('decides by the state of the workspace, and only by what tightens where nobody said it is trusted', async () => {
      await call('mode', 'set', 'accept_edits');
      const write = ['{"tool":"write_file","input":{"path":"a","content":""}}\n'];
      assert.equal(values((await runWith(['decide', '--trusted'], write, folder)).out)[0]?.['decision'], 'allow');
      assert.equal(values((await runWith(['decide'], write, folder)).out)[0]?.['decision'], 'ask');
      await call('mode', 'set', 'plan');
      assert.equal(values((await runWith(['decide'], write, folder)).out)[0]?.['decision'], 'deny');
      assert.equal(values((await runWith(['decide', '--mode', 'accept_edits'], write, folder)).out)[0]?.['decision'], 'allow');
    });
  });

  describe('the command line: commands', () => {
    const check = { command: 'acme check', does: 'test', examples: { match: ['acme check src'], notMatch: ['acme check --fix'] } };
    const push = { command: 'git status', does: 'export', examples: { match: ['git status'], notMatch: ['git log'] } };

    it('adds rows, shows them, decides by them and takes them away', async () => {
      assert.deepEqual(await call('commands', 'list'), { code: 0, out: 'There are no rows of yours; the built-in table decides.\n', err: '' });
      assert.deepEqual(await call('commands', 'add', JSON.stringify(check)), { code: 0, out: 'Added: test acme check.\n', err: '' });
      assert.equal((await call('commands', 'add', JSON.stringify(push), '--json')).out, `${JSON.stringify(push)}\n`);
      assert.deepEqual(values((await call('commands', 'list', '--json')).out), [check, push]);
      assert.equal((await call('commands', 'list')).out, 'test    acme check\nexport  git status\n');
      await call('mode', 'set', 'dangerous_only');
      const lines = ['acme check src', 'git status', 'ls'].map((command, id) => `${JSON.stringify({ id, tool: 'run_command', input: { command } })}\n`);
      const policyFile = path.join(folder, 'policy.json');
      writeFileSync(policyFile, JSON.stringify({ mode: 'dangerous_only', permissions: { shell: true }, commands: [check, push] }));
      const answers = async (...words: readonly string[]): Promise<unknown> => values((await runWith(['decide', ...words], lines, folder)).out).map(({ decision }) => decision);
      assert.deepEqual(await answers('--policy', policyFile), ['allow', 'ask', 'allow']);
      assert.deepEqual(await call('commands', 'remove', 'acme check'), { code: 0, out: 'Removed acme check.\n', err: '' });
      assert.deepEqual(values((await call('commands', 'list', '--json')).out), [push]);
    });

    it('refuses a row that is no good, with the reason, and keeps nothing of it', async () => {
      const loose = { command: 'git push', does: 'read', examples: { match: ['git push'], notMatch: ['x'] } };
      const refused = await call('commands', 'add', JSON.stringify(loose));
      assert.equal(refused.code, 1);
      assert.match(refused.err, /“git push” cannot be used: the table knows “git”/);
      for (const word of ['{', '{}', '[]', JSON.stringify({ ...check, more: 1 })]) assert.equal((await call('commands', 'add', word)).code, 2, word);
      for (const words of [[], ['add'], ['remove'], ['list', 'x'], ['add', '{}', '{}']]) assert.equal((await call('commands', ...words)).code, 2, words.join(' '));
      assert.equal((await call('commands', 'remove', 'nothing')).code, 1);
      assert.equal((await call('commands', 'list')).out, 'There are no rows of yours; the built-in table decides.\n');
    });
  });

  describe('the command line: rules', () => {
    it('adds, lists and removes', async () => {
      assert.equal((await call('rules', 'list')).out, 'There are no rules; the mode decides.\n');
      for (const scope of [['--tool', 'run_command'], ['--domain', 'h.example', '--tool', 'http_request'], ['--path', 'secrets'], ['--command', 'git push'], ['--mcp', 'github']]) {
        assert.equal((await call('rules', 'add', 'deny', ...scope)).code, 0, scope.join(' '));
      }
      const rules = values((await call('rules', 'list', '--json')).out) as { id: string; effect: string; scope: object }[];
      assert.deepEqual(rules.map(({ scope }) => scope), [
        { kind: 'tool', toolName: 'run_command' }, { kind: 'domain', domain: 'h.example', toolName: 'http_request' }, { kind: 'path', path: path.join(realpathSync(folder), 'secrets') },
        { kind: 'command_prefix', prefix: 'git push' }, { kind: 'mcp_server', serverName: 'github' },
      ]);
      assert.equal((await call('rules', 'remove', rules[0]?.id ?? '')).code, 0);
      assert.equal(values((await call('rules', 'list', '--json')).out).length, 4);
      assert.match((await call('rules', 'list')).out, /deny {3}workspace {6}commands starting with "git push"/);
    });

    it('writes the mirror that is meant to be checked in', async () => {
      await call('rules', 'add', 'allow', '--command', 'npm test');
      const mirror = JSON.parse(readFileSync(path.join(folder, '.cowork/policy/permissions.json'), 'utf8')) as { rules: { scope: object }[] };
      assert.deepEqual(mirror.rules.map(({ scope }) => scope), [{ kind: 'command_prefix', prefix: 'npm test' }]);
    });

    it('keeps the user’s own rules outside the workspace', async () => {
      assert.equal((await call('rules', 'add', 'ask', '--tool', 'web_fetch', '--profile', '--reason', 'I want to see')).code, 0);
      assert.match((await call('rules', 'list')).out, /ask {4}profile .*tool web_fetch {2}\(I want to see\)/);
    });

    it('removes nothing that is not there, and says so', async () => {
      const { code, err } = await call('rules', 'remove', 'nothing');
      assert.equal(code, 1);
      assert.match(err, /no such rule/);
    });

    for (const words of [['add'], ['add', 'perhaps', '--tool', 'x'], ['add', 'allow'], ['add', 'allow', '--tool', 'x', '--path', 'y', '--mcp', 'z'], ['add', 'allow', '--command', 'x', '--tool', 'y'], ['remove'], ['show']]) {
      it(`refuses “rules ${words.join(' ')}” with one line`, async () => {
        const { code, out, err } = await call('rules', ...words);
        assert.deepEqual([code, out], [2, '']);
        assert.equal(err.trimEnd().split('\n').length, 1);
      });
    }
  });

  describe('the command line: audit', () => {
    it('hands out every entry, oldest first, as JSON lines and as CSV', async () => {
      await call('mode', 'set', 'plan');
      await call('mode', 'set', 'default');
      const lines = values((await call('audit', 'export')).out) as { sequence: number; type: string }[];
      assert.deepEqual(lines.map(({ sequence, type }) => [sequence, type]), [[1, 'settings_changed'], [2, 'settings_changed']]);
      const csv = (await call('audit', 'export', '--format', 'csv', '--type', 'settings_changed')).out.split('\r\n');
      assert.match(csv[0] ?? '', /^sequence,time,type,/);
      assert.equal(csv.length, 4);
      assert.equal((await call('audit', 'export', '--format', 'xml')).code, 2);
    });

    it('lists what was changed, newest first, and checks the chain', async () => {
      await call('mode', 'set', 'plan');
      await call('rules', 'add', 'deny', '--tool', 'x');
      const entries = values((await call('audit', 'list', '--json')).out) as { sequence: number; entry: { type: string } }[];
      assert.deepEqual(entries.map(({ sequence, entry }) => [sequence, entry.type]), [[2, 'rule_added'], [1, 'settings_changed']]);
      assert.equal(values((await call('audit', 'list', '--json', '--type', 'rule_added', '--limit', '5')).out).length, 1);
      const held = await call('audit', 'verify');
      assert.equal(held.code, 0);
      assert.match(held.out, /holds: 2 entries/);
    });

    it('exits with 1 and names the line when the record was changed', async () => {
      await call('mode', 'set', 'plan');
      await call('rules', 'add', 'deny', '--tool', 'x');
      const journal = path.join(folder, '.cowork/policy/journal.ndjson');
      writeFileSync(journal, readFileSync(journal, 'utf8').replace('plan', 'dont_ask'));
      const { code, out } = await call('audit', 'verify', '--json');
      assert.equal(code, 1);
      const report = values(out)[0] as { ok: boolean; firstBad: { line: number } };
      assert.deepEqual([report.ok, report.firstBad.line], [false, 2]);
    });

    for (const words of [['list', '--limit', '0'], ['list', '--limit', 'x'], ['list', '--type', 'nothing'], ['burn'], []]) {
      it(`refuses “audit ${words.join(' ')}”`, async () => assert.equal((await call('audit', ...words)).code, 2));
    }
  });

  describe('the command line: explain', () => {
    it('shows a shell line as its parts, with hidden characters made visible', async () => {
      const { code, out } = await call('explain', '--mode', 'default', '--', 'git status; echo a\u202eb');
      assert.equal(code, 0);
      assert.match(out, /run_command/);
      assert.match(out, /git status/);
      assert.ok(out.includes('\\u{202e}') && !out.includes('\u202e'));
    });

    it('takes a request as word or on standard input, and prints the decision as JSON', async () => {
      const request = '{"id":7,"tool":"read_file","input":{"path":"a"}}';
      const asWord = await call('explain', '--json', request);
      const asInput = await runWith(['explain', '--json'], [request], folder);
      assert.equal(asWord.out, asInput.out);
      assert.deepEqual([values(asWord.out)[0]?.['id'], values(asWord.out)[0]?.['decision']], [7, 'allow']);
    });

    it('says what is wrong with a request', async () => {
      assert.match((await call('explain', '{"tool":')).err, /not JSON/);
      assert.match((await call('explain', '{"input":{}}')).err, /“tool”/);
      assert.equal((await call('explain')).code, 2);
    });
  });

  describe('the command line as a whole', () => {
    for (const name of Object.keys(verbs)) {
      it(`${name} --help tells how it is called`, async () => {
        const { code, out } = await call(name, '--help');
        assert.equal(code, 0);
        assert.ok(out.startsWith(`cowork-policy ${name}`) && out.includes('--workspace') && out.includes('--json'));
      });
    }

    it('without a verb prints the verbs and exits with 2; --help exits with 0', async () => {
      assert.equal((await call()).code, 2);
      const { code, out } = await call('--help');
      assert.equal(code, 0);
      for (const name of Object.keys(verbs)) assert.ok(out.includes(`\n  ${name}`), name);
    });

    it('refuses an unknown verb, also one that every object has', async () => {
      for (const name of ['constructor', 'decode', '--version']) {
        const { code, err } = await call(name);
        assert.equal(code, 2);
        assert.match(err, /use one of decide, explain/);
      }
    });

    it('refuses a workspace that is not there', async () => {
      const { code, err } = await call('mode', 'get', '--workspace', '/nowhere/at/all');
      assert.equal(code, 2);
      assert.match(err, /\/nowhere\/at\/all/);
    });
  });
});
