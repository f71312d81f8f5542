import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clock } from '../../../src/cli/clock.ts';
import { keepHttpDoor } from '../../../src/cli/httpHookDoor.ts';
import { createGate, type Gate } from '../../../src/gate/gate.ts';
import { gateMethods } from '../../../src/node/endpoint/gateMethods.ts';
import { ensureHttpAddress, httpHookUrl, type HttpAddress } from '../../../src/node/endpoint/httpAddress.ts';
import { openEndpoint } from '../../../src/node/endpoint/server.ts';
import { openStore } from '../../../src/node/store/openStore.ts';
import { nodeSurroundings } from '../../../src/node/surroundings.ts';

describe('Hooks over HTTP', () => {
  let base: string;
  let workspace: string;
  let userFolder: string;
  let address: HttpAddress;
  let gate: Gate;
  const open: (() => unknown)[] = [];
  const failures: unknown[] = [];

  before(async () => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-http-')));
    [workspace, userFolder] = [path.join(base, 'workspace'), path.join(base, 'user')];
    mkdirSync(workspace);
    address = await ensureHttpAddress(userFolder);
    const store = await openStore({ folder: workspace, userFolder, clock, watch: false });
    const surroundings = nodeSurroundings(workspace) ?? assert.fail();
    gate = createGate({ store, clock, ids: randomUUID, trusted: () => true, surroundings: () => surroundings });
    const endpoint = await openEndpoint({ userFolder, workspace, methods: gateMethods(gate), onError: (error) => failures.push(error) });
    const door = keepHttpDoor(userFolder, (error) => failures.push(error));
    open.push(() => store.close(), () => gate.dispose(), () => endpoint.close(), () => door.close());
    for (let tries = 0; tries < 100 && (await status({})) !== 200; tries += 1) await new Promise((done) => { setTimeout(done, 50); });
  });
  after(async () => {
    for (const close of open.reverse()) await close();
    rmSync(base, { recursive: true, force: true });
    assert.deepEqual(failures, []);
  });

  const payload = (tool: string, input: object, more: object = {}): object => ({ session_id: 's1', cwd: workspace, hook_event_name: 'PreToolUse', tool_name: tool, tool_input: input, ...more });

  function post(body: unknown, headers: Readonly<Record<string, string>> = {}, url = httpHookUrl(address, 'claude'), signal?: AbortSignal): Promise<Response> {
    const text = body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(url, { method: 'POST', body: text as string, headers: { 'content-type': 'application/json', authorization: `Bearer ${address.token}`, ...headers }, ...(signal === undefined ? {} : { signal }) });
  }

  async function status(body: unknown, headers?: Readonly<Record<string, string>>): Promise<number> {
    try {
      return (await post(body, headers)).status;
    } catch {
      // Not open yet
      return 0;
    }
  }

  async function answerTo(body: unknown): Promise<Record<string, unknown>> {
    const response = await post(body);
    assert.equal(response.status, 200);
    return ((await response.json()) as { hookSpecificOutput: Record<string, unknown> }).hookSpecificOutput;
  }

  /** What a browser, or a program that sends what `fetch` may not, gets as its status line */
  function raw(lines: readonly string[]): Promise<string> {
    return new Promise((done, fail) => {
      const socket = createConnection(address.port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
      let said = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      socket.once('error', fail).once('close', () => done(said.split('\r\n')[0] ?? ''));
    });
  }

  it('are answered by the gate of the window, in Claude Code’s form', async () => {
    const said = await answerTo(payload('Read', { file_path: path.join(workspace, 'a.txt') }));
    assert.deepEqual([said['hookEventName'], said['permissionDecision']], ['PreToolUse', 'allow']);
    assert.equal((await answerTo(payload('Bash', { command: 'sudo ls' })))['permissionDecision'], 'deny');
  });

  it('ask the person, and both answers come back', async () => {
    const detach = gate.attach({ ask: ({ id, request }) => void gate.answer(id, { answer: JSON.stringify(request).includes('yes') ? 'allow_once' : 'deny_once', by: 'test' }) });
    const [yes, no] = await Promise.all(['yes', 'no'].map((name) => answerTo(payload('Write', { file_path: path.join(workspace, name), content: '' }))));
    detach.dispose();
    assert.deepEqual([yes?.['permissionDecision'], no?.['permissionDecision']], ['allow', 'deny']);
  });

  it('a client that hangs up takes its question with it', async () => {
    const gone = new AbortController();
    const asked = new Promise<void>((done) => {
      open.push(gate.attach({ ask: () => done() }).dispose);
    });
    const call = post(payload('Write', { file_path: path.join(workspace, 'gone'), content: '' }), {}, undefined, gone.signal);
    await asked;
    gone.abort();
    await assert.rejects(call);
    for (let tries = 0; gate.pending.length > 0 && tries < 100; tries += 1) await new Promise((done) => { setTimeout(done, 20); });
    assert.deepEqual(gate.pending, []);
  });

  const refused: readonly (readonly [what: string, status: number, headers: Readonly<Record<string, string>>])[] = [
    ['without the token', 401, { authorization: '' }], ['with another token', 401, { authorization: `Bearer ${'0'.repeat(64)}` }], ['with half of it', 401, { authorization: 'Bearer 0' }],
    ['of a page in a browser', 403, { origin: 'https://evil.example' }], ['that is no JSON by its own account', 415, { 'content-type': 'text/plain' }],
  ];
  for (const [what, code, headers] of refused) {
    it(`a call ${what} is refused`, async () => assert.equal((await post(payload('Read', {}), headers)).status, code));
  }

  it('a call under another name for this machine is refused, as a page would make after its own name was pointed here', async () => {
    assert.match(await raw(['POST /hook/claude HTTP/1.1', `Host: evil.example:${address.port}`, `Authorization: Bearer ${address.token}`, 'Content-Type: application/json', 'Content-Length: 2']), / 403 /);
  });

  it('other methods and other hooks are refused', async () => {
    assert.equal((await fetch(httpHookUrl(address, 'claude'), { headers: { authorization: `Bearer ${address.token}` } })).status, 405);
    for (const id of ['codex', 'nobody', '../x']) assert.equal((await post(payload('Read', {}), {}, httpHookUrl(address, id))).status, 404, id);
  });

  const unreadable: readonly (readonly [what: string, body: unknown])[] = [
    ['nothing', ''], ['half a document', '{"tool_name":"Re'], ['a key twice', '{"tool_name":"Read","tool_name":"Bash"}'], ['binary', new Uint8Array([0xff, 0xfe, 0x00])],
    ['a call of nowhere', { session_id: 's', hook_event_name: 'PreToolUse', tool_name: 'Read', tool_input: {} }], ['an event nobody knows', { hook_event_name: 'ToolIsAboutToRun' }],
  ];
  for (const [what, body] of unreadable) {
    it(`${what} is denied`, async () => assert.equal((await answerTo(body))['permissionDecision'], 'deny'));
  }

  it('10 MB are not read to their end, and have no answer that lets anything run', async () => {
    const came = await post('x'.repeat(10_000_000)).then((response) => response.status, () => 0);
    assert.notEqual(came, 200);
  });

  it('a session stays with the folder it began in', async () => {
    const other = path.join(base, 'elsewhere');
    mkdirSync(other);
    await answerTo(payload('Read', { file_path: path.join(workspace, 'a') }, { session_id: 'walker' }));
    const away = await answerTo(payload('Read', { file_path: path.join(workspace, 'a') }, { session_id: 'walker', cwd: other }));
    const stranger = await answerTo(payload('Read', { file_path: path.join(workspace, 'a') }, { session_id: 'stranger', cwd: other }));
    assert.deepEqual([away['permissionDecision'], stranger['permissionDecision']], ['allow', 'deny']);
    assert.match(String(stranger['permissionDecisionReason']), /No policy speaks for this folder/);
  });

  it('another program that has the port is left alone, and taken over from when it goes', async () => {
    const folder = path.join(base, 'second');
    const second = await ensureHttpAddress(folder);
    const squatter = createServer();
    await new Promise<void>((done) => { squatter.listen(second.port, '127.0.0.1', done); });
    const door = keepHttpDoor(folder, (error) => failures.push(error));
    await new Promise((done) => { setTimeout(done, 200); });
    await new Promise((done) => { squatter.close(done); });
    let came = 0;
    for (let tries = 0; tries < 100 && came === 0; tries += 1) {
      await new Promise((done) => { setTimeout(done, 100); });
      came = await fetch(httpHookUrl(second, 'claude'), { method: 'POST' }).then((response) => response.status, () => 0);
    }
    await door.close();
    assert.equal(came, 401);
  });
});
