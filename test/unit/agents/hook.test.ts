import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clock } from '../../../src/cli/clock.ts';
import { hookCommand } from '../../../src/cli/hookCommand.ts';
import { createGate, type Gate } from '../../../src/gate/gate.ts';
import { newDiscovery, publishDiscovery } from '../../../src/node/endpoint/discovery.ts';
import { gateMethods } from '../../../src/node/endpoint/gateMethods.ts';
import { openEndpoint, type Endpoint } from '../../../src/node/endpoint/server.ts';
import { type FolderStore, openStore } from '../../../src/node/store/openStore.ts';
import { nodeSurroundings } from '../../../src/node/surroundings.ts';

const main = path.join(import.meta.dirname, '../../../src/cli/main.ts');

let base: string;
let workspace: string;
let userFolder: string;
const open: (() => unknown)[] = [];

/** A workspace and a user's folder of its own for each test of a group */
function useOwnFolders(): void {
  beforeEach(async () => {
    base = await realpath(await mkdtemp(path.join(tmpdir(), 'cowork-hook-')));
    workspace = path.join(base, 'workspace');
    userFolder = path.join(base, 'user');
    await mkdir(workspace);
  });

  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
    await rm(base, { recursive: true, force: true });
  });
}

interface Answered {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Call {
  readonly client?: string;
  readonly words?: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input: string | Uint8Array;
}

function start({ client = 'claude', words = [], cwd = workspace, env = {} }: Omit<Call, 'input'>): ChildProcess {
  return spawn(process.execPath, [main, 'hook', client, ...words], { cwd, env: { PATH: process.env['PATH'], HOME: base, COWORK_POLICY_HOME: userFolder, ...env } });
}

function ending(child: ChildProcess): Promise<Answered> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  // A call that is refused half read
  child.stdin?.on('error', () => undefined);
  return new Promise((done) => child.once('close', (code) => done({ code, out, err })));
}

function hook({ input, ...call }: Call): Promise<Answered> {
  const child = start(call);
  const answered = ending(child);
  child.stdin?.end(input);
  return answered;
}

function claudeCall(tool: string, input: object, more: object = {}): string {
  return JSON.stringify({ session_id: 's', cwd: workspace, hook_event_name: 'PreToolUse', tool_name: tool, tool_input: input, ...more });
}

const write = (name = 'a.txt'): string => claudeCall('Write', { file_path: path.join(workspace, name), content: 'x' });

function decisionOf({ out }: Answered): string | undefined {
  const { hookSpecificOutput } = JSON.parse(out) as { hookSpecificOutput?: { permissionDecision?: string } };
  return hookSpecificOutput?.permissionDecision;
}

function assertDenied(answered: Answered, reason: RegExp): void {
  assert.equal(answered.code, 2, answered.err);
  assert.match(answered.err, reason);
  assert.equal(decisionOf(answered), 'deny');
}

/** A gate of a workspace with its endpoint, as an editor has it */
async function openGate(folder = workspace): Promise<{ gate: Gate; store: FolderStore; endpoint: Endpoint }> {
  const surroundings = nodeSurroundings(folder);
  assert.ok(surroundings);
  const store = await openStore({ folder, userFolder, clock, watch: false });
  open.push(() => store.close());
  const gate = createGate({ store, clock, ids: randomUUID, trusted: () => true, surroundings: () => surroundings });
  open.push(() => gate.dispose());
  await gate.changeSettings({ mode: 'default' }, 'test');
  const endpoint = await openEndpoint({ userFolder, workspace: folder, methods: gateMethods(gate), onError: () => undefined });
  open.push(() => endpoint.close());
  return { gate, store, endpoint };
}

/** Leaves a workspace's state on disk, with no editor open */
async function leaveState(mode: 'default' | 'accept_edits' | 'plan', folder = workspace): Promise<void> {
  const { gate } = await openGate(folder);
  await gate.changeSettings({ mode }, 'test');
  for (const close of open.splice(0).reverse()) await close();
}

/** An endpoint that is found and then does as told with each connection */
async function strangeEndpoint(behave: Parameters<typeof createServer>[1]): Promise<void> {
  const discovery = await newDiscovery(userFolder, workspace);
  const server: Server = createServer(behave as () => void);
  await new Promise<void>((done) => server.listen(discovery.address, done));
  open.push(() => server.close());
  await publishDiscovery(userFolder, discovery);
}

describe('a hook while an editor has the workspace open', () => {
  useOwnFolders();

  it('lets a person answer there, and hands the answer on', async () => {
    const { gate } = await openGate();
    const asked: string[] = [];
    gate.attach({ ask: ({ id, request }) => {
      asked.push(request.actor?.name ?? '');
      void gate.answer(id, { answer: 'allow_once', by: 'editor' });
    } });
    const answered = await hook({ input: write() });
    assert.deepEqual([decisionOf(answered), answered.code, asked], ['allow', 0, ['Claude Code']]);
  });

  it('denies with the person’s words', async () => {
    const { gate } = await openGate();
    gate.attach({ ask: ({ id }) => void gate.answer(id, { answer: 'deny_once', by: 'editor', comment: 'use b.txt' }) });
    assertDenied(await hook({ input: write() }), /use b\.txt/);
  });

  it('hands over the command as the person edited it', async () => {
    const { gate } = await openGate();
    await gate.changeSettings({ permissions: { read: true, write: true, delete: true, shell: true, network: true } }, 'test');
    gate.attach({ ask: ({ id, request }) => void gate.answer(id, { answer: 'allow_once', by: 'editor', edited: { ...request, input: { command: 'touch safe' } } }) });
    const { out } = await hook({ input: claudeCall('Bash', { command: 'touch x' }) });
    assert.deepEqual((JSON.parse(out) as { hookSpecificOutput: { updatedInput: unknown } }).hookSpecificOutput.updatedInput, { command: 'touch safe' });
  });

  it('takes the question back when the agent goes away', async () => {
    const { gate } = await openGate();
    const asked = new Promise<AbortSignal>((done) => {
      gate.attach({ ask: (_, signal) => done(signal) });
    });
    const child = start({});
    child.stdin?.end(write());
    const signal = await asked;
    child.kill('SIGKILL');
    if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
    assert.deepEqual(gate.pending, []);
  });

  it('takes it back when only the shell around it is killed, as a client does with one that it no longer wants', async () => {
    const { gate } = await openGate();
    const asked = new Promise<AbortSignal>((done) => {
      gate.attach({ ask: (_, signal) => done(signal) });
    });
    const shell = spawn('/bin/sh', ['-c', hookCommand('claude', 60, userFolder)], { cwd: workspace, env: { PATH: process.env['PATH'], HOME: base } });
    shell.stdin.end(write());
    const signal = await asked;
    shell.kill('SIGKILL');
    if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
    assert.deepEqual(gate.pending, []);
  });

  it('is stopped with a denial', async () => {
    const { gate } = await openGate();
    const asked = new Promise<void>((done) => {
      gate.attach({ ask: () => done() });
    });
    const child = start({});
    const answered = ending(child);
    child.stdin?.end(write());
    await asked;
    child.kill('SIGTERM');
    assertDenied(await answered, /stopped before it had an answer/);
  });

  it('answers itself before the client’s time is up', async () => {
    const { gate } = await openGate();
    gate.attach({ ask: () => undefined });
    assertDenied(await hook({ words: ['--deadline', '2'], input: write() }), /Nobody answered within 2 s/);
  });

  it('answers fifty calls of five clients at once, each its own', async function () {
    this.timeout(120_000);
    const { gate } = await openGate();
    gate.attach({ ask: ({ id, request }) => void gate.answer(id, { answer: String(request.input?.['file_path'] ?? request.input?.['path']).endsWith('0.txt') ? 'allow_once' : 'deny_once', by: 'editor', comment: `said ${request.actor?.session ?? ''}` }) });
    const ids = ['claude', 'codex', 'gemini', 'copilot', 'qwen'];
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, index) => {
      const client = ids[index % 5] ?? '';
      const session = `session-${index}`;
      const file = path.join(workspace, `${Math.floor(index / 5) % 2}.txt`);
      const shapes: Readonly<Record<string, object>> = {
        claude: { session_id: session, cwd: workspace, hook_event_name: 'PreToolUse', tool_name: 'Write', tool_input: { file_path: file, content: '' } },
        codex: { session_id: session, cwd: workspace, hook_event_name: 'PreToolUse', tool_name: 'mcp__x__y', tool_input: { path: file } },
        gemini: { session_id: session, cwd: workspace, hook_event_name: 'BeforeTool', tool_name: 'write_file', tool_input: { file_path: file, content: '' } },
        copilot: { sessionId: session, cwd: workspace, toolName: 'create', toolArgs: { path: file, file_text: '' } },
        qwen: { session_id: session, cwd: workspace, hook_event_name: 'PreToolUse', tool_name: 'write_file', tool_input: { file_path: file, content: '' } },
      };
      const { code, err } = await hook({ client, words: ['--deadline', '100'], input: JSON.stringify(shapes[client]) });
      const wanted = file.endsWith('0.txt') ? 0 : 2;
      return code === wanted && (wanted === 0 || err.includes(`said ${session}\n`));
    }));
    assert.deepEqual(answers.filter((right) => !right), []);
    assert.deepEqual(gate.pending, []);
  });
});

describe('a hook whose editor is not well', () => {
  useOwnFolders();

  it('denies where the editor never says a word', async () => {
    await strangeEndpoint(() => undefined);
    assertDenied(await hook({ words: ['--deadline', '2'], input: write() }), /Nobody answered|does not answer/);
  });

  it('denies where the editor lets it in and then never answers', async () => {
    await strangeEndpoint((socket) => socket.once('data', () => socket.write('{"jsonrpc":"2.0","id":1,"result":{}}\n')));
    assertDenied(await hook({ words: ['--deadline', '2'], input: write() }), /Nobody answered/);
  });

  const garbage: readonly (readonly [what: string, reply: string])[] = [
    ['no JSON', 'yes\n'],
    ['an allow that is none', '{"jsonrpc":"2.0","id":2,"result":{"decision":"allowed"}}\n'],
    ['an allow without a message', '{"jsonrpc":"2.0","id":2,"result":{"decision":"allow"}}\n'],
    ['nothing', '{"jsonrpc":"2.0","id":2,"result":null}\n'],
    ['a failure', '{"jsonrpc":"2.0","id":2,"error":{"code":1,"message":"broken"}}\n'],
  ];
  for (const [what, reply] of garbage) {
    it(`denies where the editor answers ${what}`, async () => {
      await strangeEndpoint((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (bytes) => {
          for (const line of String(bytes).split('\n')) if (line !== '') socket.write(line.includes('"hello"') ? '{"jsonrpc":"2.0","id":1,"result":{}}\n' : reply);
        });
      });
      assertDenied(await hook({ words: ['--deadline', '20'], input: write() }), /Denied/);
    });
  }

  it('denies where the editor hangs up each time', async () => {
    await strangeEndpoint((socket) => socket.destroy());
    assertDenied(await hook({ words: ['--deadline', '20'], input: write() }), /Denied/);
  });

  it('decides by itself where a dead editor left its file and socket behind', async () => {
    await leaveState('accept_edits');
    const discovery = await newDiscovery(userFolder, workspace);
    await publishDiscovery(userFolder, discovery);
    assert.equal(decisionOf(await hook({ input: write() })), 'allow');
  });
});

describe('a hook whose editor comes and goes', () => {
  useOwnFolders();

  it('is denied when its time is over, and an answer that comes after that allows nothing', async () => {
    const { gate } = await openGate();
    const asked: string[] = [];
    gate.attach({ ask: ({ id }) => void asked.push(id) });
    assertDenied(await hook({ words: ['--deadline', '2'], input: write() }), /Nobody answered/);
    while (gate.pending.length > 0) await new Promise((done) => { setTimeout(done, 20); });
    assert.notEqual((await gate.answer(asked[0] ?? '', { answer: 'allow_once', by: 'too late' })).outcome, 'settled');
    assert.doesNotMatch(await readFile(path.join(workspace, '.cowork/policy/journal.ndjson'), 'utf8'), /"decision":"allow"/);
  });

  it('is asked about again where the endpoint was opened anew while the question was open', async () => {
    const { gate, endpoint } = await openGate();
    let asked = 0;
    gate.attach({ ask: ({ id }) => {
      asked += 1;
      if (asked > 1) void gate.answer(id, { answer: 'allow_once', by: 'test' });
      else void endpoint.close().then(async () => {
        const next = await openEndpoint({ userFolder, workspace, methods: gateMethods(gate), onError: () => undefined });
        open.push(() => next.close());
      });
    } });
    assert.equal(decisionOf(await hook({ input: write() })), 'allow');
    assert.equal(asked, 2);
    assert.deepEqual(gate.pending, []);
  });

  it('that comes twice at once is asked about once, and both get the answer', async () => {
    const { gate } = await openGate();
    const asked: string[] = [];
    gate.attach({ ask: ({ id }) => void asked.push(id) });
    const checked: unknown[] = [];
    const { check } = gate;
    Object.assign(gate, { check: (...given: Parameters<Gate['check']>) => {
      checked.push(given);
      return check(...given);
    } });
    const call = claudeCall('Write', { file_path: path.join(workspace, 'twice.txt'), content: '' }, { tool_use_id: 'toolu_same' });
    const both = Promise.all([hook({ words: ['--deadline', '15'], input: call }), hook({ words: ['--deadline', '15'], input: call })]);
    while (asked.length === 0 || checked.length < 2) await new Promise((done) => { setTimeout(done, 20); });
    await gate.answer(asked[0] ?? '', { answer: 'allow_once', by: 'test' });
    assert.deepEqual((await both).map(decisionOf), ['allow', 'allow']);
    assert.equal(asked.length, 1);
  });

  it('is denied where the editor speaks another version', async () => {
    const { endpoint } = await openGate();
    const file = path.join(userFolder, 'endpoints', (await readdir(path.join(userFolder, 'endpoints'))).find((name) => name.endsWith('.json')) ?? '');
    await writeFile(file, JSON.stringify({ ...endpoint.discovery, version: 2 }));
    assertDenied(await hook({ words: ['--deadline', '2'], input: write() }), /Nobody answered|keeps the policy/);
    await writeFile(file, JSON.stringify({ ...endpoint.discovery, token: '0'.repeat(64) }));
    assertDenied(await hook({ words: ['--deadline', '20'], input: write() }), /Not admitted|hung up/);
  });
});

describe('a hook with no editor open', () => {
  useOwnFolders();

  it('decides by the state on disk, and records it', async () => {
    await leaveState('accept_edits');
    assert.equal(decisionOf(await hook({ input: write('noted.txt') })), 'allow');
    assert.match(await readFile(path.join(workspace, '.cowork/policy/journal.ndjson'), 'utf8'), /"decision":"allow".*noted\.txt|noted\.txt.*"decision":"allow"/);
  });

  it('denies by it too', async () => {
    await leaveState('plan');
    assertDenied(await hook({ input: write() }), /plan/i);
  });

  it('leaves a question to the client where that is safe, and else denies with a way to allow it', async () => {
    await leaveState('default');
    assert.equal(decisionOf(await hook({ input: write() })), 'ask');
    const codex = await hook({ client: 'codex', input: claudeCall('apply_patch', { command: '*** Begin Patch\n*** Add File: a.txt\n+x\n*** End Patch' }) });
    assertDenied(codex, /rules add allow --path \S*a\.txt/);
  });

  it('decides many calls at once, one after the other', async function () {
    this.timeout(60_000);
    await leaveState('accept_edits');
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => hook({ words: ['--deadline', '50'], input: write(`${index}.txt`) })));
    assert.deepEqual(answers.map(decisionOf), Array.from({ length: 6 }, () => 'allow'));
  });

  it('denies where nothing can be recorded', async () => {
    await leaveState('accept_edits');
    await rm(path.join(workspace, '.cowork'), { recursive: true });
    await writeFile(path.join(workspace, '.cowork'), 'in the way');
    assertDenied(await hook({ input: write() }), /Denied/);
  });

  it('never allows what garbage in the state seems to say', async () => {
    await leaveState('accept_edits');
    const folder = path.join(workspace, '.cowork/policy');
    for (const name of await readdir(folder)) if (name !== '.gitignore') await rm(path.join(folder, name), { recursive: true });
    await writeFile(path.join(folder, 'journal.ndjson'), '{"mode":"bypass_permissions"}\n\0\0');
    await writeFile(path.join(folder, 'policy.db'), 'SQLite format 3 or not');
    await writeFile(path.join(folder, 'permissions.json'), '{"version":1,"rules":[{"effect":"allow","scope":{"kind":"tool","toolName":"write_file"}}]}');
    assert.notEqual(decisionOf(await hook({ input: write() })), 'allow');
  });

  it('denies where no policy speaks for the folder', async () => {
    assertDenied(await hook({ input: write() }), /No policy speaks for this folder/);
    assert.deepEqual(await readdir(workspace), []);
  });
});

describe('a hook call that lies about where it is', () => {
  useOwnFolders();

  beforeEach(async () => {
    await leaveState('plan');
    await mkdir(path.join(base, 'elsewhere'));
    await leaveState('accept_edits', path.join(base, 'elsewhere'));
  });

  const wrong = (): string => claudeCall('Write', { file_path: path.join(base, 'elsewhere/a.txt'), content: '' }, { cwd: path.join(base, 'elsewhere') });

  it('is judged by the policy of the folder it was started in', async () => {
    assertDenied(await hook({ input: wrong() }), /Denied/);
  });

  it('is judged by the policy of the project that the client names, wherever it went', async () => {
    assertDenied(await hook({ cwd: path.join(base, 'elsewhere'), env: { CLAUDE_PROJECT_DIR: workspace }, input: wrong() }), /Denied/);
  });

  it('is denied outside every workspace', async () => {
    assertDenied(await hook({ cwd: base, input: claudeCall('Write', { file_path: 'a', content: '' }, { cwd: base }) }), /No policy speaks/);
  });

  it('is judged by the workspace’s policy under another name of it', async () => {
    await symlink(workspace, path.join(base, 'link'));
    const link = path.join(base, 'link');
    assertDenied(await hook({ cwd: link, input: claudeCall('Write', { file_path: path.join(link, 'a'), content: '' }, { cwd: link }) }), /plan/i);
  });

  it('is judged by the workspace’s policy below a folder that brings rules of its own', async () => {
    const inner = path.join(workspace, 'inner');
    await mkdir(path.join(inner, '.cowork/policy'), { recursive: true });
    await writeFile(path.join(inner, '.cowork/policy/permissions.json'), '{"version":1,"rules":[]}');
    assertDenied(await hook({ cwd: inner, input: claudeCall('Write', { file_path: path.join(inner, 'a'), content: '' }, { cwd: inner }) }), /plan/i);
  });
});

describe('a hook that is called wrongly', () => {
  useOwnFolders();

  beforeEach(() => leaveState('accept_edits'));

  const inputs: readonly (readonly [what: string, input: () => string | Uint8Array])[] = [
    ['nothing', () => ''],
    ['half a call', () => write().slice(0, -20)],
    ['bytes that are no text', () => Uint8Array.from([0xff, 0xfe, 0, 1, 2])],
    ['ten megabytes', () => claudeCall('Write', { file_path: 'a', content: 'x'.repeat(10_000_000) })],
    ['two calls', () => write() + write()],
    ['a call with its tool twice', () => write().replace('"tool_name"', '"tool_name":"Read","tool_name"')],
    ['a call of another client', () => JSON.stringify({ sessionId: 's', cwd: workspace, toolName: 'view', toolArgs: {} })],
  ];
  for (const [what, input] of inputs) {
    it(`denies ${what}`, async () => assertDenied(await hook({ input: input() }), /Denied/));
  }

  it('denies an agent nobody knows, and options nobody knows', async () => {
    assert.equal((await hook({ client: 'nobody', input: write() })).code, 2);
    assertDenied(await hook({ words: ['--deadline', 'never'], input: write() }), /does not know --deadline never/);
    assertDenied(await hook({ words: ['--allow'], input: write() }), /does not know --allow/);
  });

  it('denies when its input never ends', async () => {
    const child = start({ words: ['--deadline', '2'] });
    const answered = ending(child);
    child.stdin?.write(write().slice(0, 10));
    assertDenied(await answered, /Nobody answered within 2 s/);
  });

  it('ends with a denial where its answer can reach nobody', async () => {
    const child = start({});
    child.stdout?.destroy();
    const answered = ending(child);
    child.stdin?.end(write());
    assert.equal((await answered).code, 2);
  });

  it('is silent about events that decide nothing', async () => {
    assert.deepEqual(await hook({ input: JSON.stringify({ hook_event_name: 'PostToolUse', tool_name: 'Write' }) }), { code: 0, out: '', err: '' });
  });
});
