import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clock } from '../../../src/cli/clock.ts';
import { createGate, type Gate } from '../../../src/gate/gate.ts';
import { connectEndpoint } from '../../../src/node/endpoint/client.ts';
import { gateMethods } from '../../../src/node/endpoint/gateMethods.ts';
import { remoteGate } from '../../../src/node/endpoint/remoteGate.ts';
import { openEndpoint, type Endpoint } from '../../../src/node/endpoint/server.ts';
import { openStore, type FolderStore } from '../../../src/node/store/openStore.ts';
import { nodeSurroundings } from '../../../src/node/surroundings.ts';

const run = promisify(execFile);

describe('a folder that an editor holds', () => {
  let base: string;
  let workspace: string;
  let userFolder: string;
  let store: FolderStore;
  let gate: Gate;
  let endpoint: Endpoint;

  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'cowork-held-')));
    workspace = join(base, 'workspace');
    userFolder = join(base, 'home');
    await mkdir(workspace);
    const surroundings = nodeSurroundings(workspace);
    assert.ok(surroundings);
    store = await openStore({ folder: workspace, userFolder, clock, watch: false });
    gate = createGate({ store, clock, ids: randomUUID, trusted: () => true, surroundings: () => surroundings });
    await gate.changeSettings({ mode: 'default' }, 'test');
    endpoint = await openEndpoint({ userFolder, workspace, methods: gateMethods(gate), onError: () => undefined });
  });
  afterEach(async () => {
    await endpoint.close();
    await gate.dispose();
    await store.close();
    await rm(base, { recursive: true, force: true });
  });

  function commandLine(...words: string[]): Promise<{ stdout: string; stderr: string }> {
    const env = { ...process.env, COWORK_POLICY_HOME: userFolder };
    return run(process.execPath, [join(import.meta.dirname, '../../../src/cli/main.ts'), ...words, '--workspace', workspace], { env });
  }

  it('takes rules and the mode from the command line, through the editor', async () => {
    await commandLine('rules', 'add', 'deny', '--command', 'npm publish');
    await commandLine('mode', 'set', 'accept_edits');
    assert.deepEqual(store.state.workspaceRules.map(({ effect, scope }) => [effect, scope]), [['deny', { kind: 'command_prefix', prefix: 'npm publish' }]]);
    assert.equal(store.state.settings.mode, 'accept_edits');
    assert.match(await readFile(join(workspace, '.cowork/policy/permissions.json'), 'utf8'), /npm publish/);
    const [rule] = store.state.workspaceRules;
    assert.ok(rule);
    await commandLine('rules', 'remove', rule.id);
    assert.deepEqual(store.state.workspaceRules, []);
  });

  it('answers a request of a second window after a person answered in the first', async () => {
    const client = await connectEndpoint(userFolder, workspace);
    assert.ok(client);
    const asked = new Promise<string>((done) => {
      gate.attach({ ask: (approval) => done(approval.id) });
    });
    const verdict = remoteGate(client).check({ tool: 'write_file', input: { path: 'a.txt', content: 'x' } });
    const outcome = await gate.answer(await asked, { answer: 'allow_once', by: 'editor' });
    assert.equal(outcome.outcome, 'settled');
    assert.equal((await verdict).decision, 'allow');
    client.close();
  });

  it('withdraws the question when the second window goes away', async () => {
    const client = await connectEndpoint(userFolder, workspace);
    assert.ok(client);
    const asked = new Promise<AbortSignal>((done) => {
      gate.attach({ ask: (_, signal) => done(signal) });
    });
    const verdict = remoteGate(client).check({ tool: 'write_file', input: { path: 'a.txt', content: 'x' } });
    const signal = await asked;
    client.close();
    await assert.rejects(verdict);
    if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
    assert.deepEqual(gate.pending, []);
  });

  it('offers no way to answer a question, nor to read the state with its nonces and hashes', async () => {
    const client = await connectEndpoint(userFolder, workspace);
    assert.ok(client);
    for (const method of ['answer', 'state', 'approveAllForSession', 'reviewManifest', 'constructor', '__proto__', 'toString']) {
      await assert.rejects(client.call(method, { id: 'x', answer: 'allow_once' }), /There is no method/, method);
    }
    client.close();
  });

  it('records the name that a caller gives itself as its own word', async () => {
    const client = await connectEndpoint(userFolder, workspace);
    assert.ok(client);
    const file = { path: join(workspace, 'a.txt'), sha256: 'a'.repeat(64), size: 1, kind: 'user_imported_external' } as const;
    assert.deepEqual(await remoteGate(client).noteFile(file, 'editor\u202e'), { ok: true });
    const [noted] = await store.history({ types: ['file_noted'] });
    assert.ok(noted?.entry.type === 'file_noted');
    assert.equal(noted.entry.by, 'another program, which says it is editor\\u{202e}');
    assert.equal(noted.entry.file.claimed, true);
    client.close();
  });
});
