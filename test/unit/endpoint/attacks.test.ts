import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { connectEndpoint } from '../../../src/node/endpoint/client.ts';
import { publishDiscovery, readDiscovery } from '../../../src/node/endpoint/discovery.ts';
import { type Endpoint, type Method, openEndpoint } from '../../../src/node/endpoint/server.ts';

const workspace = '/some/workspace';

describe('local endpoint, attacked', () => {
  let userFolder: string;
  let endpoint: Endpoint;
  const errors: unknown[] = [];
  const sockets: Socket[] = [];
  const servers: Server[] = [];

  beforeEach(async () => {
    userFolder = await mkdtemp(join(tmpdir(), 'cowork-attack-'));
    errors.length = 0;
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => new Promise((done) => { server.close(done); })));
    await endpoint?.close();
    await rm(userFolder, { recursive: true, force: true });
  });

  async function open(methods: Record<string, Method>, patience = 5_000): Promise<void> {
    endpoint = await openEndpoint({ userFolder, workspace, methods, patience, onError: (error) => errors.push(error) });
  }

  function call(id: unknown, method: string, params?: unknown): string {
    return `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
  }

  function hello(): string {
    return call(0, 'hello', { token: endpoint.discovery.token, version: 1 });
  }

  async function dial(): Promise<Socket> {
    const socket = connect(endpoint.discovery.address);
    sockets.push(socket);
    // That we are cut off is what is looked at
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  /** What comes back until the other side ends, or that is in it */
  async function answersTo(bytes: string, until?: RegExp): Promise<string> {
    const socket = await dial();
    let text = '';
    const over = new Promise<void>((done) => {
      socket.on('close', () => done());
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (until?.test(text) === true) done();
      });
    });
    socket.write(bytes);
    await over;
    return text;
  }

  /** Resolves when the endpoint has let go of the connection that made this call */
  function letGo(): { readonly method: Method; readonly happened: Promise<void> } {
    let end = (): void => undefined;
    const happened = new Promise<void>((done) => { end = done; });
    return { happened, method: (_, signal) => new Promise((done) => { signal.addEventListener('abort', () => { end(); done(null); }, { once: true }); }) };
  }

  for (const many of [1, 20]) {
    it(`cuts off ${many} who never read, keeps no endless heap for them, and answers others meanwhile`, async () => {
      const big = 'x'.repeat(1024 * 1024);
      let ran = 0;
      let gone = 0;
      let allGone = (): void => undefined;
      const over = new Promise<void>((done) => { allGone = done; });
      await open({
        big: () => { ran += 1; return Promise.resolve(big); },
        wait: (_, signal) => new Promise((done) => { signal.addEventListener('abort', () => { gone += 1; if (gone === many) allGone(); done(null); }, { once: true }); }),
        echo: (params) => Promise.resolve(params),
      });
      for (let one = 0; one < many; one += 1) {
        const deaf = await dial();
        deaf.pause();
        deaf.write(hello() + call('held', 'wait'));
        for (let id = 1; id <= 200; id += 1) deaf.write(call(id, 'big'));
      }
      const client = await connectEndpoint(userFolder, workspace);
      assert.equal(await client?.call('echo', 'still here'), 'still here');
      client?.close();
      await over;
      assert.ok(ran <= many * 200);
      assert.ok(process.memoryUsage().arrayBuffers < 512 * 1024 * 1024, 'what nobody reads is let go');
      const after = await connectEndpoint(userFolder, workspace);
      assert.equal(await after?.call('echo', 'still here'), 'still here');
      after?.close();
    });
  }

  it('takes no more calls from who does not read, and goes on when they do', async () => {
    const replies = 40;
    let ran = 0;
    await open({ some: () => { ran += 1; return Promise.resolve('x'.repeat(100_000)); } });
    const slow = await dial();
    slow.pause();
    slow.write(hello());
    // One by one, so that each comes in a chunk of its own
    for (let id = 1; id <= replies; id += 1) {
      await new Promise<void>((done) => { slow.write(call(id, 'some'), () => done()); });
      await new Promise((done) => { setTimeout(done, 2); });
    }
    assert.ok(ran < replies / 2, `${ran} ran`);
    let text = '';
    await new Promise<void>((done) => {
      slow.on('data', (chunk) => {
        text += chunk.toString();
        if (text.split('\n').length > replies + 1) done();
      }).resume();
    });
    assert.equal(ran, replies);
    assert.equal(text.split('\n').length - 1, replies + 1);
  });

  it('lets go of who is refused and neither reads nor hangs up', async () => {
    const held = letGo();
    await open({ wait: held.method }, 100);
    const deaf = await dial();
    deaf.pause();
    deaf.write(hello() + call(1, 'wait') + call(1, 'wait'));
    await held.happened;
  });

  it('lets go of who never says hello, however slowly they speak', async () => {
    await open({}, 100);
    const slow = await dial();
    const dribble = setInterval(() => slow.write('{'), 10);
    slow.resume();
    await new Promise<void>((done) => { slow.on('close', () => done()); });
    clearInterval(dribble);
  });

  it('keeps no more than a hello of who has not said it', async () => {
    await open({});
    assert.match(await answersTo(`${' '.repeat(2_000)}${'x'.repeat(5_000)}`), /longer than 4096 bytes/);
    const long = call(1, 'echo', 'x'.repeat(100_000));
    assert.match(await answersTo(`${hello()}${long}${call(1, 'no')}no json\n`), /There is no method \\"echo\\"/);
  });

  const frames: readonly (readonly [what: string, bytes: () => string, answer: RegExp])[] = [
    ['a batch', () => `[${call(1, 'echo').trim()}]\n`, /no JSON-RPC/],
    ['a call without id', () => '{"jsonrpc":"2.0","method":"echo"}\n', /no JSON-RPC/],
    ['an id that is an object', () => call({ toString: 1 }, 'echo'), /no JSON-RPC/],
    ['a method of 101 characters', () => call(1, 'x'.repeat(101)), /no JSON-RPC/],
    ['nothing but brackets, ten million', () => `${'['.repeat(10_000_000)}\n`, /no JSON-RPC|cannot be read/],
    ['params a million deep', () => `{"jsonrpc":"2.0","id":1,"method":"deep","params":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}\nno json\n`, /no JSON-RPC/],
    ['a message of ten megabytes that is none', () => `${'x'.repeat(10_000_000)}\n`, /no JSON-RPC/],
    ['bytes that are no UTF-8', () => '\u0000\ud800\n', /no JSON-RPC/],
    ['hello again, with what another says', () => `${call(1, 'hello', { token: 'x', version: 1 })}no json\n`, /There is no method \\?"hello/],
    ['an id twice while the first is under way', () => call(1, 'wait') + call(1, 'wait'), /under way/],
    ['another kind of id that looks the same', () => `${call(1, 'wait')}${call('1', 'echo')}`, /"id":"1","result"/],
    ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', ''].map((method) => [`the method “${method}”`, () => `${call(1, method)}no json\n`, /There is no method/] as const),
  ];
  for (const [what, bytes, answer] of frames) {
    it(`stands ${what}`, async () => {
      await open({ echo: (params) => Promise.resolve(params ?? null), deep: (params) => Promise.resolve(typeof params), wait: (_, signal) => new Promise((done) => { signal.addEventListener('abort', () => done(null), { once: true }); }) });
      assert.match(await answersTo(hello() + bytes(), answer), answer);
      const client = await connectEndpoint(userFolder, workspace);
      assert.equal(await client?.call('echo', 1), 1);
      client?.close();
    });
  }

  it('reads keys of prototypes as keys like any other', async () => {
    const seen: unknown[] = [];
    await open({ echo: (params) => { seen.push(params); return Promise.resolve(null); } });
    await answersTo(`${hello()}{"jsonrpc":"2.0","id":1,"method":"echo","params":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"__proto__":{"method":"x"}}\nno json\n`);
    assert.equal(seen.length, 1);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  it('hangs up on a message over the cap', async () => {
    await open({ echo: (params) => Promise.resolve(params) });
    await answersTo(`${hello()}${'x'.repeat(17 * 1024 * 1024)}`);
    const client = await connectEndpoint(userFolder, workspace);
    assert.equal(await client?.call('echo', 1), 1);
    client?.close();
  });

  it('closes its socket again where it cannot be published', async () => {
    if (process.platform === 'win32') return;
    await open({});
    const { address } = endpoint.discovery;
    await endpoint.close();
    await rm(join(userFolder, 'endpoints'), { recursive: true });
    await writeFile(join(userFolder, 'endpoints'), 'in the way');
    await assert.rejects(openEndpoint({ userFolder, workspace, methods: {}, onError: () => undefined }));
    await assert.rejects(once(connect(address), 'connect'));
    await rm(join(userFolder, 'endpoints'));
  });

  describe('by who may write beside it', () => {
    let temporary: string | undefined;
    beforeEach(() => { temporary = process.env['TMPDIR']; });
    afterEach(() => {
      if (temporary === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = temporary;
    });

    const opening = (home: string): Promise<Endpoint> => openEndpoint({ userFolder: home, workspace, methods: {}, onError: () => undefined });

    it('opens in no folder that a link stands for, neither at home nor in the temporary one', async () => {
      if (process.platform === 'win32') return;
      const elsewhere = join(userFolder, 'elsewhere');
      await mkdir(elsewhere, { mode: 0o700 });
      await symlink(elsewhere, join(userFolder, 'endpoints'));
      await assert.rejects(opening(userFolder), /is not a folder of yours/);
      process.env['TMPDIR'] = userFolder;
      // Too long for a socket, so that the temporary folder is taken
      const home = join(userFolder, 'x'.repeat(100));
      await symlink(elsewhere, join(userFolder, `cowork-policy-${userInfo().uid}`));
      await assert.rejects(opening(home), /is not a folder of yours/);
      assert.deepEqual(await readdir(elsewhere), []);
    });

    it('takes a folder that stood open to others for itself before anything is in it', async () => {
      if (process.platform === 'win32') return;
      process.env['TMPDIR'] = userFolder;
      const home = join(userFolder, 'x'.repeat(100));
      const shared = join(userFolder, `cowork-policy-${userInfo().uid}`);
      await mkdir(shared);
      await chmod(shared, 0o777);
      endpoint = await opening(home);
      assert.equal((await stat(shared)).mode & 0o777, 0o700);
      assert.equal(dirname(endpoint.discovery.address), shared);
      const client = await connectEndpoint(home, workspace);
      assert.ok(client !== undefined);
      client.close();
    });
  });

  describe('by somebody who came after an editor that died', () => {
    /** An endpoint of somebody else's that allows everything */
    async function impostor(address: string): Promise<() => number> {
      let asked = 0;
      const server = createServer((socket) => socket.on('data', () => {
        asked += 1;
        socket.write('{"jsonrpc":"2.0","id":1,"result":{"version":1,"pid":1}}\n');
      }));
      servers.push(server);
      await new Promise<void>((done) => { server.listen(address, done); });
      return () => asked;
    }

    for (const [what, prepare] of [
      ['a folder that others may write to', async (folder: string) => { await mkdir(folder); await chmod(folder, 0o777); }],
      ['a link to another folder', async (folder: string) => { await mkdir(`${folder}-real`, { mode: 0o700 }); await symlink(`${folder}-real`, folder); }],
    ] as const) {
      it(`is not let in on ${what}`, async () => {
        if (process.platform === 'win32') return;
        const folder = join(userFolder, 'shared');
        await prepare(folder);
        const address = join(folder, 'x.sock');
        const asked = await impostor(address);
        await publishDiscovery(userFolder, { version: 1, address, token: 'a'.repeat(64), pid: 1, workspace });
        assert.equal(readDiscovery(userFolder, workspace)?.address, address);
        assert.equal(await connectEndpoint(userFolder, workspace), undefined);
        assert.equal(asked(), 0);
      });
    }
  });
});
