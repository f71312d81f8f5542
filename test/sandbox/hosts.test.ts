import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readHost } from '../../src/core/describe/host.ts';
import { bubblewrapSandbox } from '../../src/node/sandbox/bubblewrap.ts';
import { dockerSandbox } from '../../src/node/sandbox/docker.ts';
import { type HostProxy, type PortProxy, openHostProxy, openPortProxy } from '../../src/node/sandbox/hosts/hostProxy.ts';
import type { Reach } from '../../src/node/sandbox/hosts/reach.ts';
import { proxyVariables } from '../../src/node/sandbox/hosts/relay.ts';
import type { Sandbox, SandboxSettings } from '../../src/node/sandbox/sandbox.ts';
import { checkedAddresses } from '../../src/node/tools/http/checkedAddresses.ts';
import { suiteEngine } from './suiteEngine.ts';

/** A server on loopback that stands for the whole world; what it was asked */
let world: Server;
let port: number;
let seen: { host: string | undefined; url: string | undefined; headers: NodeJS.Dict<string | string[]> }[];
let asked: string[];
let names: Record<string, readonly string[]>;
let connected: string[];

const reach: Reach = {
  allow: (url) => {
    asked.push(url);
    return Promise.resolve(readHost(url).ok && /^https?:\/\/(?:allowed|inner|rebinds)\.example(?::|\/)/.test(url) ? { ok: true } : { ok: false, message: 'No rule names it.' });
  },
  addresses: (found) =>
    checkedAddresses(found, 'https', { resolve: (host) => Promise.resolve(names[host] ?? []), connect: () => net.connect(1) }, () => ({ decision: 'allow', reason: { type: 'mode', summary: '' } }) as never),
  network: {
    connect(address, wanted) {
      connected.push(`${address} ${wanted}`);
      return net.connect({ host: '127.0.0.1', port });
    },
  },
};

beforeEach(async () => {
  [seen, asked, connected] = [[], [], []];
  names = { 'allowed.example': ['93.184.216.34'], 'inner.example': ['10.0.0.7'], 'rebinds.example': ['93.184.216.34', '169.254.169.254'] };
  world = createServer((request, response) => {
    seen.push({ host: request.headers.host, url: request.url, headers: request.headers });
    response.end(`the world says ${request.method} ${request.url}`);
  });
  await new Promise<void>((resolve) => world.listen(0, '127.0.0.1', resolve));
  port = (world.address() as net.AddressInfo).port;
});

afterEach(() => {
  world.closeAllConnections();
  world.close();
});

/** Says the text to the proxy and gives all that comes back */
function say({ socket }: HostProxy, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = net.connect(socket);
    let answer = '';
    connection.setEncoding('utf8').on('data', (part: string) => (answer += part));
    connection.once('close', () => resolve(answer));
    connection.once('error', reject);
    connection.write(text);
  });
}

const get = (host: string, target = '/'): string => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

describe('the proxy to allowed hosts', () => {
  let proxy: HostProxy;

  beforeEach(async () => {
    proxy = await openHostProxy(reach);
  });

  afterEach(() => {
    proxy.close();
  });

  it('opens a tunnel to a host that is allowed, at the address that was checked', async () => {
    const answer = await say(proxy, `CONNECT allowed.example:443 HTTP/1.1\r\n\r\n${get('allowed.example', '/a')}`);
    assert.match(answer, /^HTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 200 OK[^]*the world says GET \/a/);
    assert.deepEqual({ asked, connected }, { asked: ['https://allowed.example:443/'], connected: ['93.184.216.34 443'] });
  });

  it('asks once for each host and port, however many connections there are', async () => {
    await Promise.all(Array.from({ length: 5 }, () => say(proxy, `CONNECT allowed.example:443 HTTP/1.1\r\n\r\n${get('allowed.example')}`)));
    await say(proxy, `CONNECT allowed.example:8443 HTTP/1.1\r\n\r\n${get('allowed.example')}`);
    assert.deepEqual(asked, ['https://allowed.example:443/', 'https://allowed.example:8443/']);
  });

  for (const [what, target] of [
    ['a host no rule names', 'evil.example:443'], ['an address written out', '93.184.216.34:443'], ['this machine', '127.0.0.1:443'], ['this machine by another spelling', '0x7f.1:443'], ['an address of version 6', '[::1]:443'],
    ['a name that leads into a private network', 'inner.example:443'], ['a name with one good and one bad address', 'rebinds.example:443'], ['a name without an address', 'allowed.example.:443'],
    ['credentials before the host', 'allowed.example@evil.example:443'], ['a path in place of a port', 'allowed.example/:443'], ['no port', 'allowed.example'], ['a port that is none', 'allowed.example:99999'], ['nothing', ':443'],
  ] as const) {
    it(`refuses ${what}, and connects to nothing`, async () => {
      assert.match(await say(proxy, `CONNECT ${target} HTTP/1.1\r\n\r\n${get('allowed.example')}`), /^HTTP\/1\.1 40[03] /);
      assert.deepEqual({ connected, seen }, { connected: [], seen: [] });
    });
  }

  it('hands on a plain request to the host of its address, whatever its headers say', async () => {
    const answer = await say(proxy, 'GET http://allowed.example/b?c HTTP/1.1\r\nHost: evil.example\r\nProxy-Authorization: Basic x\r\nX-Own: 1\r\nConnection: close\r\n\r\n');
    assert.match(answer, /the world says GET \/b\?c/);
    assert.deepEqual({ connected, host: seen[0]?.host, url: seen[0]?.url, own: seen[0]?.headers['x-own'], told: seen[0]?.headers['proxy-authorization'] }, { connected: ['93.184.216.34 80'], host: 'allowed.example', url: '/b?c', own: '1', told: undefined });
  });

  for (const target of ['http://evil.example/', '/only/a/path', 'https://allowed.example/', 'ftp://allowed.example/', 'http://a:b@allowed.example/', 'http://inner.example/', 'http://localhost/']) {
    it(`refuses a plain request for ${target}`, async () => {
      assert.match(await say(proxy, `GET ${target} HTTP/1.1\r\nHost: allowed.example\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 40[03] /);
      assert.deepEqual(seen, []);
    });
  }

  it('takes no more than fifty hosts of one command to a person', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, index) => say(proxy, `CONNECT h${index}.example:443 HTTP/1.1\r\n\r\n`)));
    assert.equal(asked.length, 50);
  });

  it('bears what is no HTTP', async () => {
    assert.match(await say(proxy, '\u0016\u0003\u0001 not http\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(await say(proxy, 'GET http://allowed.example/ HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n'), /^HTTP\/1\.1 40[03] /);
  });

  it('leaves nothing behind, and ends what is open', async () => {
    const open = net.connect(proxy.socket);
    await new Promise((resolve) => open.once('connect', resolve));
    const closed = new Promise((resolve) => open.once('close', resolve));
    proxy.close();
    await closed;
    assert.deepEqual(readdirSync(tmpdir()).filter((name) => proxy.socket.includes(name) && name.startsWith('cowork-hosts-')), []);
  });
});

describe('the proxy to allowed hosts on a port', () => {
  let proxy: PortProxy;
  let word: string;

  beforeEach(async () => {
    proxy = await openPortProxy(reach);
    word = `Proxy-Authorization: Basic ${Buffer.from(`${new URL(proxy.url).username}:${new URL(proxy.url).password}`).toString('base64')}\r\n`;
  });

  afterEach(() => proxy.close());

  const ask = (text: string): Promise<string> => new Promise((resolve, reject) => {
    const connection = net.connect(proxy.port, '127.0.0.1');
    let answer = '';
    connection.setEncoding('utf8').on('data', (part: string) => (answer += part));
    connection.once('close', () => resolve(answer));
    connection.once('error', reject);
    connection.write(text);
  });

  it('stands on the loopback, and lets through who knows the word', async () => {
    assert.match(proxy.url, /^http:\/\/cowork:[0-9a-f]{48}@127\.0\.0\.1:\d+$/);
    assert.match(await ask(`CONNECT allowed.example:443 HTTP/1.1\r\n${word}\r\n${get('allowed.example', '/a')}`), /^HTTP\/1\.1 200 Connection Established\r\n\r\n[^]*the world says GET \/a/);
    assert.match(await ask(`GET http://allowed.example/b HTTP/1.1\r\nHost: allowed.example\r\n${word}Connection: close\r\n\r\n`), /the world says GET \/b/);
    assert.deepEqual(seen.map(({ headers }) => headers['proxy-authorization']), [undefined, undefined]);
  });

  for (const [who, wrong] of [['has no word', ''], ['has a wrong one', `Proxy-Authorization: Basic ${Buffer.from('cowork:0').toString('base64')}\r\n`], ['has half of it', 'half'], ['says it in another way', 'Authorization']] as const) {
    it(`lets nobody through who ${who}, and asks nobody about them`, async () => {
      const header = wrong === 'half' ? word.replace(/.{20}\r\n$/, '\r\n') : wrong === 'Authorization' ? word.replace('Proxy-', '') : wrong;
      assert.match(await ask(`CONNECT allowed.example:443 HTTP/1.1\r\n${header}\r\n`), /^HTTP\/1\.1 407 /);
      assert.match(await ask(`GET http://allowed.example/ HTTP/1.1\r\nHost: allowed.example\r\n${header}Connection: close\r\n\r\n`), /^HTTP\/1\.1 407 /);
      assert.deepEqual({ asked, connected, seen }, { asked: [], connected: [], seen: [] });
    });
  }

  it('is found by programs that look at the environment', async () => {
    const child = spawn(process.execPath, ['-e', 'fetch("http://allowed.example/x").then(async (r) => console.log(r.status, await r.text()))'], { env: { PATH: process.env['PATH'] ?? '', ...proxyVariables(proxy.url) }, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    await once(child, 'close');
    assert.equal(out, '200 the world says GET /x\n');
  });
});

const engine = await suiteEngine();
const kinds: readonly (readonly [string, (settings: SandboxSettings) => Sandbox])[] = [['bubblewrap', bubblewrapSandbox], ...(engine === undefined ? [] : [['docker', dockerSandbox] as const])];

for (const [kind, make] of kinds) describe(`${kind} that asks for hosts`, () => {
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-reach-test-')));
    mkdirSync(path.join(folder, 'workspace'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const sandbox = (askHosts: boolean): Sandbox => make({ workspace: path.join(folder, 'workspace'), home: path.join(folder, 'home'), userFolder: path.join(folder, 'user'), askHosts, docker: { image: engine?.image ?? '' } });
  /** Fetches through whatever proxy the environment names */
  const fetching = (url: string): string => `n=/run/cowork-node/node; [ -x $n ] || n='${process.execPath}'; [ -x $n ] || n=node; $n -e 'fetch(process.argv[1]).then(async (r) => console.log(r.status, await r.text())).catch((e) => { console.log("failed", String(e.cause)); process.exitCode = 1; })' ${url}`;

  it('reaches an allowed host, and no other', async () => {
    const result = await sandbox(true).run(`${fetching('http://allowed.example/x')}; ${fetching('http://evil.example/')}`, { reach });
    assert.ok(result.ok, result.ok ? '' : result.reason);
    assert.match(result.stdout, /^200 the world says GET \/x\nfailed /, result.stderr);
    assert.deepEqual(asked, ['http://allowed.example:80/', 'http://evil.example:80/']);
  });

  it('reaches nothing around the proxy', async () => {
    const result = await sandbox(true).run(`exec 3<>/dev/tcp/127.0.0.1/${port} && echo through; ls /sys/class/net /run`, { reach });
    assert.ok(result.ok && !result.stdout.includes('through'), JSON.stringify(result));
    assert.deepEqual(seen, []);
  });

  it('has no way out where nobody answers for hosts, nor where it was not made for it', async () => {
    for (const result of [await sandbox(true).run('env; ls /run'), await sandbox(false).run('env; ls /run', { reach })]) {
      assert.ok(result.ok);
      assert.doesNotMatch(result.stdout, /proxy|cowork-hosts/i);
    }
  });

  it('ends with its command, with its own code, and leaves no socket', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('cowork-hosts-'));
    const result = await sandbox(true).run('exit 7', { reach });
    assert.equal(result.ok && result.exitCode, 7);
    assert.deepEqual(readdirSync(tmpdir()).filter((name) => name.startsWith('cowork-hosts-')), before);
  });
});
