import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findClient } from '../../../src/agents/clients.ts';
import { clineScript, commandInScript } from '../../../src/agents/clineScript.ts';
import { installations } from '../../../src/agents/installation.ts';
import { wordsOfPlugin } from '../../../src/agents/opencodePlugin.ts';
import { hookCommand, isOurs } from '../../../src/cli/hookCommand.ts';
import { keepHttpDoor } from '../../../src/cli/httpHookDoor.ts';
import { portHolder } from '../../../src/cli/httpPortHolder.ts';
import { keepLauncher, launcherFile } from '../../../src/cli/launcher.ts';
import { lineDiff } from '../../../src/cli/lineDiff.ts';
import { planProtection, protect } from '../../../src/cli/protecting.ts';
import { type Ran, runWith } from '../cli/fakeConsole.ts';

const main = path.join(import.meta.dirname, '../../../src/cli/main.ts');

let base: string;
let home: string;
let workspace: string;
/** Variables of this process that say where an agent's settings lie */
const borrowed = ['HOME', 'XDG_CONFIG_HOME', 'COWORK_POLICY_HOME', 'CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'COPILOT_HOME'];
let before: NodeJS.ProcessEnv;

/** A home and a workspace of its own for each test of a group */
function useOwnHome(): void {
  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-install-')));
    home = path.join(base, 'it’s home');
    workspace = path.join(base, 'workspace');
    mkdirSync(home);
    mkdirSync(workspace);
    before = Object.fromEntries(borrowed.map((name) => [name, process.env[name]]));
    for (const name of borrowed) delete process.env[name];
    Object.assign(process.env, { HOME: home, COWORK_POLICY_HOME: path.join(home, 'policy') });
  });

  afterEach(() => {
    for (const name of borrowed) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(base, { recursive: true, force: true });
  });
}

/** What a process of ours may know */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, COWORK_POLICY_HOME: path.join(home, 'policy') };
}

/** A call of the command line inside this process */
function call(...words: readonly string[]): Promise<Ran> {
  return runWith(words, [], workspace);
}

function settings(client: string): string {
  const installation = installations.find((each) => each.client === client);
  assert.ok(installation);
  return path.join(home, ...installation.folder, ...installation.file);
}

/** Every command line in a settings file or plugin, wherever it stands */
function commandsIn(file: string): readonly string[] {
  if (file.endsWith('PreToolUse')) return [commandInScript(readFileSync(file, 'utf8')) ?? ''];
  if (file.endsWith('.js')) return [String(wordsOfPlugin(readFileSync(file, 'utf8'))?.at(-1))];
  const found: string[] = [];
  JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => {
    if ((key === 'command' || key === 'bash') && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

describe('install', () => {
  useOwnHome();

  for (const { client } of installations) {
    it(`${client}: writes a line that denies as the agent understands it, and takes it out again without a trace`, async () => {
      const file = settings(client);
      const installed = await call('install', client);
      assert.equal(installed.code, 0, installed.err);
      assert.match(installed.out, /\+.*hook/);
      assert.match(installed.out, /the hook denied what it must deny/);
      const [command = ''] = commandsIn(file);
      assert.equal(command.includes(` hook ${client} `), true);
      const called = spawnSync('sh', ['-c', command], { cwd: workspace, env: environment(), input: 'garbage', encoding: 'utf8' });
      assert.equal(called.status, ['cline', 'gemini', 'qwen'].includes(client) ? 0 : 2);
      assert.match(called.stdout, /cannot be read/);
      assert.equal((await call('uninstall', client)).code, 0);
      assert.equal(existsSync(file), false);
    });
  }

  it('keeps what is there: other hooks, comments, unknown keys', async () => {
    const file = settings('claude');
    mkdirSync(path.dirname(file));
    const own = `{
  // of my own
  "model": "opus",
  "hooks": {
    "PreToolUse": [
      {
        "matcher": "Bash",
        "hooks": [
          {
            "type": "command",
            "command": "mine"
          }
        ]
      }
    ],
    "Stop": []
  }
}
`;
    writeFileSync(file, own);
    assert.equal((await call('install', 'claude')).code, 0);
    const after = readFileSync(file, 'utf8');
    assert.match(after, /\/\/ of my own\n/);
    assert.match(after, /"command": "mine"/);
    assert.match(after, /"onFailure": "block"/);
    assert.equal((await call('uninstall', 'claude')).code, 0);
    assert.equal(readFileSync(file, 'utf8'), own);
  });

  it('twice is as good as once', async () => {
    await call('install', 'qwen');
    const once = readFileSync(settings('qwen'), 'utf8');
    const again = await call('install', 'qwen');
    assert.match(again.out, /Nothing changes/);
    assert.equal(readFileSync(settings('qwen'), 'utf8'), once);
  });

  it('only shows the change with --dry-run', async () => {
    const { code, out } = await call('install', 'gemini', '--dry-run');
    assert.equal(code, 0);
    assert.match(out, /^\+.*"BeforeTool"/m);
    assert.equal(existsSync(settings('gemini')), false);
  });

  it('says that Codex wants to be told to trust the hook, and does not do it itself', async () => {
    const { out } = await call('install', 'codex');
    assert.match(out, /does not call it before you have done what stands below/);
    assert.match(out, /\/hooks/);
    assert.equal(existsSync(path.join(home, '.codex/config.toml')), false);
  });

  const refused: readonly (readonly [what: string, prepare: (file: string) => void, why: RegExp])[] = [
    ['does not parse', (file) => writeFileSync(file, '{"hooks":'), /cannot be read as JSON/],
    ['holds a list', (file) => writeFileSync(file, '[]'), /holds no JSON object/],
    ['has something else in the place of the hooks', (file) => writeFileSync(file, '{"hooks":{"PreToolUse":{}}}'), /is no list/],
    ['is a link', (file) => {
      writeFileSync(path.join(base, 'elsewhere.json'), '{}');
      symlinkSync(path.join(base, 'elsewhere.json'), file);
    }, /is a link/],
    ['is a folder', (file) => mkdirSync(file), /no plain file/],
  ];
  for (const [what, prepare, why] of refused) {
    it(`leaves a file alone that ${what}`, async () => {
      const file = settings('claude');
      mkdirSync(path.dirname(file));
      prepare(file);
      const { code, err } = await call('install', 'claude');
      assert.equal(code, 1);
      assert.match(err, why);
      if (what === 'is a link') assert.equal(readFileSync(path.join(base, 'elsewhere.json'), 'utf8'), '{}');
    });
  }

  it('leaves a folder alone that is a link', async () => {
    mkdirSync(path.join(base, 'elsewhere'));
    symlinkSync(path.join(base, 'elsewhere'), path.join(home, '.claude'));
    assert.match((await call('install', 'claude')).err, /is a link/);
    assert.equal(existsSync(path.join(base, 'elsewhere/settings.json')), false);
  });

  it('over HTTP: tells Claude Code the editor’s address and a token, tries them, and takes both out again without a trace', async () => {
    const file = settings('claude');
    const door = keepHttpDoor(path.join(home, 'policy'), (error) => assert.fail(String(error)));
    try {
      const { code, out } = await call('install', 'claude', '--form', 'http', '--json');
      assert.equal(code, 0);
      const said = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as { readonly milliseconds: number | null };
      assert.equal(typeof said.milliseconds, 'number', 'it was tried');
      const { hooks } = JSON.parse(readFileSync(file, 'utf8')) as { readonly hooks: { readonly PreToolUse: readonly { readonly hooks: readonly Record<string, unknown>[] }[] } };
      const [entry] = hooks.PreToolUse[0]?.hooks ?? [];
      assert.deepEqual([entry?.['type'], entry?.['onFailure'], entry?.['timeout']], ['http', 'block', 330]);
      assert.match(String(entry?.['url']), /^http:\/\/127\.0\.0\.1:\d+\/hook\/claude$/);
      assert.match((await call('doctor')).out, /warn {2}Claude Code.* has not called it yet/);
    } finally {
      await door.close();
    }
    assert.match((await call('doctor')).out, /warn {2}Claude Code.* has not called it yet/, 'without an editor the agent denies by itself');
    await call('install', 'claude');
    assert.equal(commandsIn(file).length, 1, 'one form takes the place of the other');
    assert.doesNotMatch(readFileSync(file, 'utf8'), /127\.0\.0\.1/);
    await call('uninstall', 'claude');
    assert.equal(existsSync(file), false);
  });

  it('over HTTP: where another user’s program answers at the address, doctor fails, and install changes nothing and sends no token', async () => {
    // Only Linux tells whose program it is
    assert.equal(portHolder(0x1f90, ['  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1234 0 1 1 0 100 0']), 1234);
    if (process.platform !== 'linux') return;
    await call('install', 'claude', '--form', 'http');
    const told = readFileSync(settings('claude'), 'utf8');
    const calls: string[] = [];
    const server = createServer(({ headers }, response) => {
      calls.push(headers.authorization ?? '');
      response.end('{}');
    });
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(told)?.[1]);
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    const { getuid } = process;
    try {
      assert.equal(portHolder(port), getuid?.());
      process.getuid = () => (getuid?.() ?? 0) + 1;
      assert.match((await call('doctor')).out, /fail {2}Claude Code: another user of this machine \(number \d+\) answers at port \d+.*--form command/);
      assert.match((await call('install', 'claude', '--form', 'http')).err, /nothing was changed: another user/);
    } finally {
      if (getuid !== undefined) process.getuid = getuid;
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
    assert.deepEqual(calls, []);
    assert.equal(readFileSync(settings('claude'), 'utf8'), told);
  });

  it('from the editor names a script that leads to whichever version of the extension is there, and doctor knows it', async () => {
    const installation = installations.find(({ client }) => client === 'claude') ?? assert.fail();
    const policy = path.join(home, 'policy');
    const plan = await planProtection(installation, settings('claude'), 'command', 'launcher');
    assert.equal((await protect(plan)).ok, true);
    const [line = ''] = commandsIn(settings('claude'));
    assert.ok(line.includes(launcherFile(policy)) && !line.includes('main.ts'), line);
    assert.match((await call('doctor')).out, /warn {2}Claude Code.* has not called it yet/);
    writeFileSync(launcherFile(policy), '#!/bin/sh\nexec /gone/with/the/old/version "$@"\n');
    const gone = spawnSync('sh', ['-c', line], { cwd: workspace, env: environment(), input: '{}', encoding: 'utf8' });
    assert.equal(gone.status, 2, 'until the editor has been started again, everything is denied');
    keepLauncher(policy);
    const called = spawnSync('sh', ['-c', line], { cwd: workspace, env: environment(), input: JSON.stringify(installation.probe(workspace)), encoding: 'utf8' });
    assert.match(called.stdout, /"permissionDecision":"deny"/);
    assert.equal((await call('uninstall', 'claude')).code, 0);
    assert.equal(existsSync(settings('claude')), false);
  });

  it('over HTTP is for agents that can, and its address is never taken from a project’s file', async () => {
    assert.equal((await call('install', 'codex', '--form', 'http')).code, 2);
    assert.equal((await call('install', 'claude', '--form', 'pigeon')).code, 2);
    mkdirSync(path.join(workspace, '.claude'));
    writeFileSync(path.join(workspace, '.claude/settings.json'), JSON.stringify({ hooks: { PreToolUse: [{ hooks: [{ type: 'http', url: 'http://127.0.0.1:9/hook/claude' }] }] } }));
    assert.match((await call('doctor')).out, /fail {2}Claude Code: .*has the hook of another version or copy of this program/);
  });

  it('goes into a project only where the agent never skips that', async () => {
    assert.equal((await call('install', 'claude', '--scope', 'project')).code, 0);
    assert.equal(commandsIn(path.join(workspace, '.claude/settings.json')).length, 1);
    for (const client of ['codex', 'gemini', 'copilot', 'opencode', 'cursor']) assert.match((await call('install', client, '--scope', 'project')).err, /use --scope user/, client);
  });

  const scriptCases: readonly (readonly [what: string, command: string, said: object])[] = [
    ['what our program says', `echo '{"cancel":false}'`, { cancel: false }],
    ['a denial of our program, whatever its exit code', `echo '{"cancel":true,"errorMessage":"No."}'; exit 2`, { cancel: true, errorMessage: 'No.' }],
    ['a denial where it says nothing', 'exit 0', { cancel: true, errorMessage: 'Denied: CoWork Policy could not be asked. See cowork-policy doctor.' }],
    ['a denial where it is gone', '/no/such/program', { cancel: true, errorMessage: 'Denied: CoWork Policy could not be asked. See cowork-policy doctor.' }],
    ['a denial where it is killed', 'kill -9 $$', { cancel: true, errorMessage: 'Denied: CoWork Policy could not be asked. See cowork-policy doctor.' }],
    ['a denial where it says something else', 'echo fine', { cancel: true, errorMessage: 'Denied: CoWork Policy could not be asked. See cowork-policy doctor.' }],
  ];
  for (const [what, command, said] of scriptCases) {
    it(`cline: its script says ${what}, and ends with 0`, () => {
      const file = path.join(base, 'PreToolUse');
      writeFileSync(file, clineScript(`/bin/sh -c '${command.replaceAll("'", String.raw`'\''`)}'`), { mode: 0o755 });
      const { status, stdout } = spawnSync(file, { input: '{}', encoding: 'utf8' });
      assert.deepEqual([status, JSON.parse(stdout)], [0, said]);
    });
  }

  it('leaves a plugin alone that is not ours', async () => {
    const file = settings('opencode');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'export const Mine = 1;');
    assert.match((await call('install', 'opencode')).err, /not ours/);
    await call('uninstall', 'opencode');
    assert.equal(readFileSync(file, 'utf8'), 'export const Mine = 1;');
  });

  it('knows only its agents', async () => {
    const { code, err } = await call('install', 'nobody');
    assert.equal(code, 2);
    assert.match(err, /claude \| codex/);
  });
});

describe('the line that an agent calls', () => {
  useOwnHome();

  it('denies where the program is gone, crashes or is killed', () => {
    const line = hookCommand('claude', 10, home);
    for (const [from, to] of [[main, '/nowhere/cli.js'], [main, '--eval "process.exit(3)"'], [main, '--eval "process.kill(process.pid, 9)"'], [process.execPath, '/nowhere/node']] as const) {
      assert.ok(line.includes(from));
      const { status, stderr } = spawnSync('sh', ['-c', line.replace(from, to)], { env: environment(), input: '{}', encoding: 'utf8' });
      assert.equal(status, 2, to);
      assert.match(stderr, /so the call is denied/);
    }
  });

  /** The line of an agent, with a program of the test in place of the hook */
  function lineAround(client: string, program: string): string {
    return hookCommand(client, 10, home, [process.execPath, '--eval', program]).replace(' hook ', ' -- hook ');
  }
  const killsShell = 'process.kill(process.ppid, 9); process.kill(process.pid, 9)';

  for (const client of ['gemini', 'qwen']) {
    const cases: readonly (readonly [what: string, program: string])[] = [
      ['is killed together with its shell', killsShell], ['is killed', 'process.kill(process.pid, 9)'], ['crashes', 'throw new Error("no JSON")'],
    ];
    for (const [what, program] of cases) {
      it(`${client}: a hook that ${what} leaves one denial in the agent’s own form, and nothing else`, () => {
        const { stdout, stderr } = spawnSync('sh', ['-c', lineAround(client, program)], { env: environment(), input: '{}', encoding: 'utf8' });
        assert.equal(stdout, '');
        const denial = JSON.parse(findClient(client)?.write({ decision: 'deny', message: 'x' }).stdout ?? '') as object;
        assert.match(JSON.stringify(JSON.parse(stderr)), new RegExp(JSON.stringify(denial).replace('"x"', '".*so the call is denied.*"')));
      });
    }

    it(`${client}: a hook that crashes with half an answer on its lips ends with 2, at which no agent takes that for one; one that says nothing, with the denial`, () => {
      const half = spawnSync('sh', ['-c', lineAround(client, 'require("fs").writeSync(1, "{"); process.exit(3)')], { env: environment(), input: '{}', encoding: 'utf8' });
      assert.deepEqual([half.status, half.stdout], [2, '{']);
      const silent = spawnSync('sh', ['-c', lineAround(client, '')], { env: environment(), input: '{}', encoding: 'utf8' });
      assert.deepEqual([silent.status, silent.stdout], [0, '']);
      assert.match(silent.stderr, /^\{.*so the call is denied.*\}$/);
    });

    it(`${client}: what the hook says stands alone on standard output, and the line ends with 0`, () => {
      const { status, stdout } = spawnSync('sh', ['-c', lineAround(client, 'console.error("a warning"); console.log("{}"); process.exit(2)')], { env: environment(), input: '{}', encoding: 'utf8' });
      assert.deepEqual([status, stdout], [0, '{}\n']);
    });
  }

  it('codex: a stream stays open where the hook is killed together with its shell, until the agent closes it', async () => {
    const shell = spawn('/bin/sh', ['-c', lineAround('codex', killsShell)], { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
    const [[, signal]] = await Promise.all([once(shell, 'exit'), once(shell.stderr, 'data')]);
    shell.stderr.destroy();
    assert.equal(signal, 'SIGKILL');
    await holderGone();
  });

  it('codex: a stream stays open where a shell around ours is killed, whose end is all that the agent sees', async () => {
    const program = 'process.stdin.resume().on("end", () => process.exit(2)); console.log("ready")';
    const shell = spawn('/bin/sh', ['-c', `(${lineAround('codex', program)}); true`], { env: environment(), stdio: ['pipe', 'pipe', 'pipe'] });
    await once(shell.stdout, 'data');
    shell.kill('SIGKILL');
    await once(shell, 'exit');
    const answered = once(shell.stdout, 'close');
    shell.stdin.end();
    await answered;
    await once(shell.stderr, 'data');
    shell.stderr.destroy();
    await holderGone();
  });

  it('codex: both streams are closed with the answer where the hook comes to its end', async () => {
    for (const [program, wanted] of [['console.log("{}")', [0, '{}\n']], ['console.log("{}"); process.exit(2)', [2, '{}\n']], ['process.kill(process.pid, 9)', [2, '']]] as const) {
      const { status, stdout } = spawnSync('/bin/sh', ['-c', lineAround('codex', program)], { env: environment(), encoding: 'utf8' });
      assert.deepEqual([status, stdout], wanted);
    }
    await holderGone();
  });

  it('codex: nothing is held where standard error is no pipe: nobody waits for its end, and nobody could let it go', async () => {
    const file = openSync(path.join(base, 'log'), 'w');
    for (const stream of ['ignore', file] as const) {
      const shell = spawn('/bin/sh', ['-c', lineAround('codex', killsShell)], { env: environment(), stdio: ['ignore', 'ignore', stream] });
      assert.deepEqual(await once(shell, 'exit'), [null, 'SIGKILL']);
      await holderGone();
    }
    closeSync(file);
  });

  /** Waits until nothing of this home holds a pipe open any more */
  async function holderGone(): Promise<void> {
    for (let tries = 0; spawnSync('ps', ['-A', 'eww', '-o', 'args'], { encoding: 'utf8' }).stdout.split('\n').some((line) => line.includes('cowork-policy-holder') && line.includes(home)); tries += 1) {
      assert.ok(tries < 200, 'it is still there');
      await sleep(50);
    }
  }

  it('tells agents that let a tool run after a time-out to wait for weeks, and Qwen Code to wait for less than the minute it has', async () => {
    const told = async (client: string): Promise<string> => (await call('install', client, '--dry-run')).out;
    assert.match(await told('codex'), /"timeout": 2000000\b/);
    assert.match(await told('gemini'), /"timeout": 2000000000\b/);
    assert.match(await told('copilot'), /"timeoutSec": 2000000\b/);
    assert.match(await told('qwen'), /--deadline 45 .*"timeout": 65\b/s);
  });

  it('copilot: on Windows is one for PowerShell, under its own key, and ends with 0 only where the hook did', () => {
    const line = hookCommand('copilot', 310, String.raw`C:\Users\O'Neil`, [String.raw`C:\Program Files\node.exe`, String.raw`C:\ext\cli.js`], 'win32');
    assert.equal(line, String.raw`$s = 2; try { & 'C:\Program Files\node.exe' C:\ext\cli.js hook copilot --deadline 310 --user-folder 'C:\Users\O''Neil'; $s = $LASTEXITCODE } catch { }; if ($s -ne 0) { exit 2 }; exit 0`);
    assert.equal(isOurs(line, 'copilot'), true);
    const installation = installations.find(({ client }) => client === 'copilot') ?? assert.fail();
    assert.deepEqual(installation.entries(line, 9, true).map(({ entry }) => entry), [{ type: 'command', powershell: line, timeoutSec: 9 }]);
    assert.deepEqual(installation.entries('line', 9).map(({ entry }) => entry), [{ type: 'command', bash: 'line', timeoutSec: 9 }]);
  });

  it('copilot: on Windows no quotation mark of any kind ends a word that PowerShell reads', () => {
    assert.match(hookCommand('copilot', 310, String.raw`C:\Users\O’Neil‘‚‛'`, ['node'], 'win32'), / --user-folder 'C:\\Users\\O’’Neil‘‘‚‚‛‛'''; /);
  });

  it('on Windows is not made of what the command prompt reads inside of quotation marks, too', () => {
    for (const name of ['100%PATH%', 'a"b']) assert.throws(() => hookCommand('claude', 310, `C:\\Users\\${name}`, ['node'], 'win32'), /cannot be named in a command line/);
  });

  for (const folder of [`it's "here" $HOME \`id\` %PATH% !x;(y)`, 'two\nlines', String.raw`back\slash\\'s\'`]) {
    for (const client of ['claude', 'codex', 'gemini', 'qwen']) {
      it(`${client}: hands the folder ${JSON.stringify(folder)} over as it is`, () => {
        const line = hookCommand(client, 10, folder, [process.execPath, '--eval', 'process.stdout.write(process.argv.at(-1))', '--']);
        assert.equal(spawnSync('/bin/sh', ['-c', line], { env: environment(), encoding: 'utf8' }).stdout, folder);
        // fish takes a backslash in single quotation marks for an escape
        const words = line.match(/'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^'"\\]+/gs) ?? [];
        assert.deepEqual([words.join(''), words.filter((word) => word.startsWith("'") && word.includes('\\'))], [line, []]);
      });
    }
  }

  it('uses the user’s folder it names, whatever the environment says', async () => {
    await call('mode', 'set', 'plan');
    const line = hookCommand('claude', 20, path.join(home, 'policy'));
    const input = JSON.stringify({ session_id: 's', cwd: workspace, hook_event_name: 'PreToolUse', tool_name: 'Write', tool_input: { file_path: 'a', content: '' } });
    const { stderr } = spawnSync('sh', ['-c', line], { cwd: workspace, env: { ...environment(), COWORK_POLICY_HOME: path.join(base, 'evil') }, input, encoding: 'utf8' });
    assert.match(stderr, /plan/i);
  });
});

describe('doctor', () => {
  useOwnHome();

  it('tells which agents are here, which ask, and when they last did', async () => {
    await call('mode', 'set', 'accept_edits');
    mkdirSync(path.join(home, '.gemini'));
    await call('install', 'claude');
    assert.match((await call('doctor')).out, /warn {2}Claude Code.* has not called it yet/);
    assert.match((await call('doctor')).out, /warn {2}Gemini CLI.* asks nobody/);
    const [command = ''] = commandsIn(settings('claude'));
    const input = JSON.stringify({ session_id: 's', cwd: workspace, hook_event_name: 'PreToolUse', tool_name: 'Read', tool_input: { file_path: path.join(workspace, 'a') } });
    spawnSync('sh', ['-c', command], { cwd: workspace, env: environment(), input });
    const { code, out } = await call('doctor');
    assert.match(out, /pass {2}Claude Code.* is under the policy .*; it last asked today/);
    assert.match(out, /pass {2}The record holds/);
    assert.doesNotMatch(out, /Codex/);
    assert.equal(code, 0);
  });

  /** A Codex that answers as told when it is asked for its hooks */
  function putCodex(answer: string): void {
    const bin = path.join(base, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'codex'), `#!${process.execPath}\nprocess.stdin.resume(); const line = process.env.LINE; ${answer}`, { mode: 0o755 });
  }
  const listing = (trustStatus: string, enabled = true): string => `setTimeout(() => console.log(JSON.stringify({ id: 2, result: { data: [{ hooks: [{ key: 'k', command: line, enabled: ${enabled}, trustStatus: '${trustStatus}' }] }] } })), 50);`;
  const codexCases: readonly (readonly [what: string, answer: string, told: RegExp])[] = [
    ['fails where Codex does not trust the hook', listing('untrusted'), /fail {2}Codex: Codex does not trust the hook yet, so it runs its tools WITHOUT asking/],
    ['fails where Codex has it switched off', listing('trusted', false), /fail {2}Codex: Codex has the hook switched off/],
    ['says nothing bad where Codex trusts it', listing('trusted'), /warn {2}Codex has our hook/],
    ['leaves it to the person to look where Codex does not tell', 'console.log("{}"); console.log("no JSON"); process.exit(1)', /warn {2}Codex has our hook.*Did you trust it/],
  ];
  for (const [what, answer, told] of codexCases) {
    it(what, async () => {
      const search = process.env['PATH'];
      try {
        await call('install', 'codex');
        putCodex(answer);
        Object.assign(process.env, { PATH: `${path.join(base, 'bin')}:${search ?? ''}`, LINE: commandsIn(settings('codex'))[0] });
        assert.match((await call('doctor')).out, told);
      } finally {
        process.env['PATH'] = search;
        delete process.env['LINE'];
      }
    });
  }

  it('says what an older hook lacks, and that Codex has to trust the new one again', async () => {
    for (const client of ['claude', 'codex']) {
      await call('install', client);
      const file = settings(client);
      writeFileSync(file, readFileSync(file, 'utf8').replace('exec /bin/sh', '/bin/sh'));
    }
    const { out } = await call('doctor');
    assert.match(out, /fail {2}Claude Code: .*settings\.json has the hook of another version or copy of this program; run “cowork-policy install claude” again\.\n/);
    assert.match(out, /fail {2}Codex: .*; run “cowork-policy install codex” again, then start codex, type \/hooks and trust it: until then Codex runs its tools WITHOUT asking\.\n/);
  });

  it('does not count what Codex asked before its hook was changed: it has to trust that one first', async () => {
    await call('install', 'codex');
    const [command = ''] = commandsIn(settings('codex'));
    const input = JSON.stringify({ session_id: 's', cwd: workspace, hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'ls' } });
    spawnSync('sh', ['-c', command], { cwd: workspace, env: environment(), input });
    assert.match((await call('doctor')).out, /pass {2}Codex is under the policy/);
    const later = Date.now() / 1000 + 60;
    utimesSync(settings('codex'), later, later);
    assert.match((await call('doctor')).out, /warn {2}Codex has our hook .* has not called it yet\. Did you trust it/);
  });

  it('takes no version that is none, whatever a package says of itself', async () => {
    const search = process.env['PATH'];
    try {
      putCodex('');
      process.env['PATH'] = `${path.join(base, 'bin')}:${search ?? ''}`;
      for (const [version, wanted] of [['1.2.3-beta.4+x', 'warn  Codex 1.2.3-beta.4+x is here'], ['9 and all is well, \u202e', 'warn  Codex is here'], ['1'.repeat(10_000), 'warn  Codex is here']] as const) {
        writeFileSync(path.join(base, 'bin/package.json'), JSON.stringify({ version }));
        assert.ok((await call('doctor')).out.includes(wanted), version.slice(0, 50));
      }
    } finally {
      process.env['PATH'] = search;
    }
  });

  it('fails where a hook is not the one we would write, and never runs what a project’s file says', async () => {
    const evidence = path.join(base, 'ran');
    mkdirSync(path.join(workspace, '.claude'));
    const command = `touch ${evidence}; x hook claude --deadline 1 --user-folder /x`;
    writeFileSync(path.join(workspace, '.claude/settings.json'), JSON.stringify({ hooks: { PreToolUse: [{ matcher: '*', hooks: [{ type: 'command', command }] }] } }));
    const { code, out } = await call('doctor');
    assert.match(out, /fail {2}Claude Code: .*has the hook of another version or copy of this program/);
    assert.equal(code, 1);
    assert.equal(existsSync(evidence), false);
  });

  it('prints JSON, one value a line', async () => {
    const values = (await call('doctor', '--json')).out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(values.some((value) => value['id'] === 'mode' && value['state'] === 'pass'));
    assert.deepEqual(values.filter((value) => 'agent' in value).map((value) => value['agent']), installations.map(({ client }) => client));
  });
});

describe('the difference of two files', () => {
  it('shows what comes and goes with three lines around', () => {
    assert.equal(lineDiff('f', '1\n2\n3\n4\n5\n6\n7\n8\n', '1\n2\n3\n4\nfive\n6\n7\n8\n'), '--- f\n+++ f\n@@ line 2 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n');
  });
  it('of a new file is all of it, and of equal ones nothing', () => {
    assert.equal(lineDiff('f', undefined, 'a\n'), '--- (no file)\n+++ f\n@@ line 1 @@\n+a\n');
    assert.equal(lineDiff('f', 'a\n', 'a\n'), '');
  });
});
