import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEndpoint, EndpointError, type EndpointClient } from '../../../src/node/endpoint/client.ts';
import { publishDiscovery, readDiscovery } from '../../../src/node/endpoint/discovery.ts';
import { openEndpoint, type Endpoint, type Method } from '../../../src/node/endpoint/server.ts';

const workspace = '/some/workspace';

describe('local endpoint', () => {
  let userFolder: string;
  let endpoint: Endpoint | undefined;
  const errors: unknown[] = [];

  beforeEach(async () => {
    userFolder = await mkdtemp(join(tmpdir(), 'cowork-endpoint-'));
    errors.length = 0;
  });
  afterEach(async () => {
    await endpoint?.close();
    endpoint = undefined;
    await rm(userFolder, { recursive: true, force: true });
  });

  async function open(methods: Record<string, Method>, limit?: number): Promise<Endpoint> {
    endpoint = await openEndpoint({
      userFolder, workspace, methods, ...(limit === undefined ? {} : { limit }), onError: (error) => errors.push(error),
    });
    return endpoint;
  }

  async function joined(): Promise<EndpointClient> {
    const client = await connectEndpoint(userFolder, workspace);
    assert.ok(client);
    return client;
  }

  /** Writes raw bytes and gathers what comes back until the other side ends */
  async function raw(bytes: string): Promise<string> {
    const discovery = readDiscovery(userFolder, workspace);
    assert.ok(discovery);
    return new Promise((done, fail) => {
      const socket = connect(discovery.address, () => socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => { text += chunk.toString(); });
      socket.on('close', () => done(text));
      socket.on('error', fail);
    });
  }

  it('answers each caller with its own result, and a slow call delays no other', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((done) => { release = done; });
    await open({ slow: async () => { await gate; return 'slow'; }, echo: (params) => Promise.resolve(params) });
    const clients = await Promise.all([joined(), joined(), joined(), joined(), joined()]);
    const slow = clients[0].call('slow');
    const echoes = await Promise.all(clients.flatMap((client, c) => Array.from({ length: 10 }, (_, n) => client.call('echo', `${c}/${n}`))));
    assert.deepEqual(echoes, clients.flatMap((_, c) => Array.from({ length: 10 }, (__, n) => `${c}/${n}`)));
    release();
    assert.equal(await slow, 'slow');
    for (const client of clients) client.close();
  });

  it('keeps its file and socket to its user', async function () {
    if (process.platform === 'win32') return;
    await open({});
    const folder = join(userFolder, 'endpoints');
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    for (const name of (await readdir(folder)).filter((found) => found.endsWith('.json'))) {
      assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
    }
  });

  it('admits nobody without the token, and runs nothing for them', async () => {
    let ran = 0;
    await open({ check: () => { ran += 1; return Promise.resolve(true); } });
    const call = (method: string, params: unknown): string => `${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })}\n`;
    const attempts = [
      call('check', {}),
      call('hello', { token: 'f'.repeat(64), version: 1 }) + call('check', {}),
      call('hello', { token: '', version: 1 }) + call('check', {}),
      call('hello', {}) + call('check', {}),
      'no json\n' + call('check', {}),
    ];
    for (const attempt of attempts) assert.match(await raw(attempt), /"error"/);
    assert.equal(ran, 0);
  });

  it('cuts off a message over the cap instead of keeping it', async () => {
    await open({}, 1000);
    assert.match(await raw('x'.repeat(5000)), /longer than 1000 bytes/);
  });

  it('tells a running call when its caller gives up or hangs up', async () => {
    const aborted: string[] = [];
    await open({
      wait: (params, signal) => new Promise((done) => {
        signal.addEventListener('abort', () => { aborted.push(String(params)); done(null); }, { once: true });
      }),
      echo: (params) => Promise.resolve(params),
    });
    const client = await joined();
    const given = new AbortController();
    const first = client.call('wait', 'given up', given.signal);
    const second = client.call('wait', 'hung up');
    await client.call('echo', 1);
    given.abort(new EndpointError('enough'));
    await assert.rejects(first, /enough/);
    await client.call('echo', 2);
    assert.deepEqual(aborted, ['given up']);
    client.close();
    await assert.rejects(second, EndpointError);
    while (aborted.length < 2) await new Promise((done) => setTimeout(done, 5));
    assert.deepEqual(aborted, ['given up', 'hung up']);
  });

  it('hands on a failure as its message, and a method that does not exist as such', async () => {
    await open({ fail: () => Promise.reject(new Error('The disk is full.')) });
    const client = await joined();
    await assert.rejects(client.call('fail'), /The disk is full\./);
    await assert.rejects(client.call('toString'), /There is no method/);
    client.close();
  });

  it('finds nobody where no editor is, or only what a dead one left behind', async () => {
    assert.equal(await connectEndpoint(userFolder, workspace), undefined);
    await publishDiscovery(userFolder, { version: 1, address: join(userFolder, 'gone.sock'), token: 'a'.repeat(64), pid: 1, workspace });
    assert.equal(await connectEndpoint(userFolder, workspace), undefined);
  });

  it('does not trust a discovery file that others can read, that is garbage, or that names another workspace', async function () {
    const { discovery } = await open({});
    const file = (await readdir(join(userFolder, 'endpoints'))).find((name) => name.endsWith('.json'));
    assert.ok(file);
    const path = join(userFolder, 'endpoints', file);
    await writeFile(path, 'garbage');
    assert.equal(readDiscovery(userFolder, workspace), undefined);
    await writeFile(path, JSON.stringify({ ...discovery, workspace: '/other' }));
    assert.equal(readDiscovery(userFolder, workspace), undefined);
    if (process.platform === 'win32') return;
    const { chmod } = await import('node:fs/promises');
    await writeFile(path, JSON.stringify(discovery));
    await chmod(path, 0o644);
    assert.equal(readDiscovery(userFolder, workspace), undefined);
  });

  // Only root may become somebody else
  if (process.getuid?.() === 0) {
    it('lets another user of the machine in by no way, even with the token', async () => {
      const { discovery } = await open({ check: () => Promise.resolve('let in') });
      const program = `const socket = require('node:net').connect(${JSON.stringify(discovery.address)});
        socket.on('error', ({ code }) => console.log(code)).on('connect', () => socket.write(${JSON.stringify(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'hello', params: { token: discovery.token, version: 1 } })}\n`)})).on('data', (bytes) => console.log(String(bytes)));
        try { console.log(require('node:fs').readFileSync(${JSON.stringify(join(userFolder, 'endpoints'))})); } catch ({ code }) { console.log(code); }
        setTimeout(() => process.exit(), 500);`;
      const said = spawnSync(process.execPath, ['-e', program], { uid: 65_534, gid: 65_534, cwd: '/', encoding: 'utf8' });
      assert.equal(said.stdout.trim().replaceAll(/\s+/g, ' '), 'EACCES EACCES', said.stderr);
    });
  }
});
