import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runWith, values } from './fakeConsole.ts';

describe('the command line on policy files', () => {
  const main = path.join(import.meta.dirname, '../../../src/cli/main.ts');
  let folder: string;
  let policy: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cowork-cli-'));
    policy = path.join(folder, 'policy.json');
    writeFileSync(policy, JSON.stringify({ mode: 'accept_edits', permissions: { shell: true }, rules: [
      { effect: 'deny', scope: { kind: 'path', path: 'secrets' } },
      { source: 'workspace_manifest', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'npm test' } },
    ] }));
  });

  after(() => rmSync(folder, { recursive: true }));

  function decide(input: readonly (string | Uint8Array)[], ...more: readonly string[]) {
    return runWith(['decide', '--workspace', '/ws', '--policy', policy, ...more], input);
  }

  const read = '{"id":1,"tool":"read_file","input":{"path":"a"}}';
  const denied = '{"id":"two","tool":"read_file","input":{"path":"secrets/key"}}';

  describe('the command line: decide', () => {
    it('answers each line in order, in the shape of the contract', async () => {
      const { code, out } = await decide([`${read}\n${denied}\n`]);
      const [first = {}, second = {}] = values(out);
      assert.equal(code, 0);
      assert.deepEqual(Object.keys(first), ['id', 'decision', 'reason', 'scope', 'actions', 'losing', 'suggestions']);
      assert.deepEqual([first['id'], first['decision'], second['id'], second['decision']], [1, 'allow', 'two', 'deny']);
      assert.deepEqual((first['actions'] as { kind: string; target: string }[]).map(({ kind, target }) => [kind, target]), [['read', '/ws/a']]);
    });

    it('answers the same whatever pieces the input comes in', async () => {
      const whole = Buffer.from(`${read}\n{"id":"é","tool":"read_file","input":{"path":"é"}}\n${denied}`);
      const { out: expected } = await decide([whole]);
      for (const size of [1, 2, 7, 64]) {
        const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) => whole.subarray(index * size, (index + 1) * size));
        assert.equal((await decide(pieces)).out, expected, `pieces of ${size} bytes`);
      }
    });

    it('gives no answer to no input', async () => {
      assert.deepEqual(await decide([]), { code: 0, out: '', err: '' });
    });

    const bad: readonly (readonly [what: string, line: string | Uint8Array, code: string])[] = [
      ['is no JSON', 'nope', 'bad_json'],
      ['is empty', '', 'bad_json'],
      ['is JSON but no object', '[1]', 'bad_request'],
      ['is null', 'null', 'bad_request'],
      ['has no tool', '{"id":5}', 'bad_request'],
      ['has an empty tool', '{"tool":""}', 'bad_request'],
      ['has an input that is no object', '{"tool":"x","input":[1]}', 'bad_request'],
      ['has an unknown shell', '{"tool":"x","shell":"fish"}', 'bad_request'],
      ['is not UTF-8', Uint8Array.from([0x22, 0xff, 0xfe, 0x22]), 'bad_utf8'],
      ['holds a NUL', '{"tool":"a\0b"}', 'bad_json'],
      ['nests without end', '['.repeat(100_000), 'bad_json'],
    ];
    for (const [what, line, code] of bad) {
      it(`denies a line that ${what}, and goes on with the next`, async () => {
        const ran = await decide([line, '\n', read, '\n']);
        const [refused = {}, next = {}] = values(ran.out);
        assert.equal(ran.code, 0);
        assert.deepEqual(Object.keys(refused), ['id', 'decision', 'error']);
        assert.deepEqual([refused['id'], refused['decision'], (refused['error'] as { code: string }).code], [null, 'deny', code]);
        assert.equal(typeof (refused['error'] as { message: unknown }).message, 'string');
        assert.equal(next['decision'], 'allow');
      });
    }

    it('reads lines of megabytes, CRLF line ends and a byte order mark', async () => {
      const long = JSON.stringify({ id: 3, tool: 'write_file', input: { path: 'a', content: 'x'.repeat(3_000_000) } });
      const { out } = await decide([`\ufeff${long}\r\n${read}\r\n`]);
      assert.deepEqual(values(out).map(({ id, decision }) => [id, decision]), [[3, 'allow'], [1, 'allow']]);
    });

    it('denies a path with an escaped NUL', async () => {
      const { out } = await decide(['{"tool":"write_file","input":{"path":"a\\u0000.txt","content":""}}\n']);
      assert.equal(values(out)[0]?.['decision'], 'deny');
    });

    it('takes the mode from the option, and the repository’s allow rules only where trusted', async () => {
      const test = '{"tool":"run_command","input":{"command":"npm test"}}\n';
      assert.equal(values((await decide([test])).out)[0]?.['decision'], 'ask');
      assert.equal(values((await decide([test], '--untrusted')).out)[0]?.['decision'], 'ask');
      assert.equal(values((await decide([test], '--trusted')).out)[0]?.['decision'], 'allow');
      assert.equal(values((await decide([test], '--mode', 'plan')).out)[0]?.['decision'], 'deny');
    });

    it('follows links that are on the disk', async () => {
      const workspace = path.join(folder, 'ws');
      mkdirSync(path.join(workspace, 'secrets'), { recursive: true });
      symlinkSync('secrets', path.join(workspace, 'link'));
      const { out } = await runWith(['decide', '--workspace', workspace, '--policy', policy], ['{"tool":"read_file","input":{"path":"link/key"}}\n']);
      assert.equal(values(out)[0]?.['decision'], 'deny');
    });

    it('with a policy file touches nothing of the workspace', async () => {
      const workspace = path.join(folder, 'untouched');
      mkdirSync(workspace);
      await runWith(['decide', '--workspace', workspace, '--policy', policy], [`${read}\n`]);
      assert.deepEqual(readdirSync(workspace), []);
    });

    it('reads Windows paths by text where the workspace is a Windows folder', async () => {
      const { out } = await runWith(['decide', '--workspace', 'C:\\ws', '--policy', policy], ['{"tool":"read_file","input":{"path":"SECRETS\\\\key"}}\n{"tool":"read_file","input":{"path":"a"}}\n']);
      assert.deepEqual(values(out).map(({ decision }) => decision), ['deny', 'allow']);
    });

    it('a secret read earlier in a session makes a later fetch of that session an export', async () => {
      const actor = { kind: 'agent', name: 'x', session: 's' };
      const line = (tool: string, input: object, session: string): string => `${JSON.stringify({ tool, input, actor: { ...actor, session } })}\n`;
      const { out } = await decide([line('read_file', { path: '.env' }, 's'), line('web_fetch', { url: 'https://h.example' }, 's'), line('web_fetch', { url: 'https://h.example' }, 't')], '--mode', 'dont_ask');
      assert.deepEqual(values(out).map(({ decision }) => decision), ['allow', 'ask', 'allow']);
    });

    const wrong: readonly (readonly [words: readonly string[], message: RegExp])[] = [
      [['--polcy', 'x'], /Unknown option '--polcy'/],
      [['--mode', 'yolo'], /“yolo” is no mode; use one of default, plan/],
      [['--trusted', '--untrusted'], /give one/],
      [['extra'], /standard input/],
      [['--policy', '/nowhere/p.json'], /\/nowhere\/p\.json cannot be read \(ENOENT\)/],
      [['--policy'], /--policy/],
    ];
    for (const [words, message] of wrong) {
      it(`refuses ${words.join(' ')} with one line and exit code 2`, async () => {
        const { code, out, err } = await runWith(['decide', ...words], []);
        assert.deepEqual([code, out], [2, '']);
        assert.match(err, message);
        assert.equal(err.trimEnd().split('\n').length, 1);
      });
    }

    const broken: readonly (readonly [text: string, message: RegExp])[] = [
      ['{"mode": "default",\n "rules": [}', /broken\.json:2:\d+: this is not JSON/],
      ['{"mode":"yolo"}', /broken\.json: “mode” must be one of default/],
      ['{"rules":[{"effect":"allow","scope":{"kind":"nothing"}}]}', /broken\.json: “rules\[0\]\.scope/],
      ['{"guardrails":{"customBlockedPatterns":["a("]}}', /broken\.json: .*a\(/],
      ['', /broken\.json:1:1/],
      ['[]', /broken\.json/],
    ];
    for (const [text, message] of broken) {
      it(`refuses a policy file that says ${JSON.stringify(text).slice(0, 50)}`, async () => {
        const file = path.join(folder, 'broken.json');
        writeFileSync(file, text);
        const { code, out, err } = await runWith(['decide', '--policy', file], [`${read}\n`]);
        assert.deepEqual([code, out], [2, '']);
        assert.match(err, message);
        assert.equal(err.trimEnd().split('\n').length, 1);
      });
    }

    it('reads a policy file with comments and trailing commas', async () => {
      const file = path.join(folder, 'comments.json');
      writeFileSync(file, '\ufeff{ // mode\n "mode": "plan", }');
      const { out } = await runWith(['decide', '--policy', file, '--workspace', '/ws'], ['{"tool":"write_file","input":{"path":"a"}}\n']);
      assert.equal(values(out)[0]?.['decision'], 'deny');
    });

    it('ends quietly when nobody reads its answers any more', async () => {
      const child = spawn(process.execPath, [main, 'decide', '--workspace', '/ws', '--policy', policy], { stdio: ['pipe', 'pipe', 'pipe'] });
      let complaints = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
      child.stdin.on('error', () => undefined);
      child.stdout.once('data', () => child.stdout.destroy());
      const feeding = setInterval(() => child.stdin.write(`${read}\n`.repeat(2_000)), 5);
      const code = await new Promise((resolve) => child.once('close', resolve));
      clearInterval(feeding);
      assert.deepEqual([code, complaints], [0, '']);
    });

    it('answers a line before the next one comes', async () => {
      const child = spawn(process.execPath, [main, 'decide', '--workspace', '/ws', '--policy', policy], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.write(`${read}\n`);
      const [reply] = (await child.stdout.take(1).toArray()) as Buffer[];
      assert.equal(JSON.parse(String(reply)).id, 1);
      child.kill();
    });
  });
});
