import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import type { Network } from '../../src/node/tools/http/network.ts';
import { realNetwork } from '../../src/node/tools/http/network.ts';
import { type NameServer, openNameServer } from './nameServer.ts';
import { type LabOptions, type ToolLab, openLab } from './toolLab.ts';

/** Addresses of the lab's world, which count as the open network; nothing is sent to them */
const [first, second, sixth] = ['93.184.216.5', '93.184.216.6', '2606:2800:220::6'];

describe('web_fetch and http_request', () => {
  let lab: ToolLab;
  let names: NameServer;
  /** What answers, by `address:port` */
  let routes: Map<string, net.AddressInfo>;
  let dialled: string[];
  const servers: net.Server[] = [];
  const sockets = new Set<net.Socket>();
  let network: Network;

  function useLab(options: LabOptions = {}): void {
    lab?.end();
    lab = openLab({ ...options, context: { network } });
  }

  beforeEach(async () => {
    names = await openNameServer();
    names.set('first.test.example.com', [first]);
    names.set('second.test.example.com', [second]);
    routes = new Map();
    dialled = [];
    network = {
      resolve: (host) => names.resolve(host),
      connect(address, port) {
        dialled.push(`${address}:${port}`);
        const to = routes.get(`${address}:${port}`);
        const socket = to === undefined ? ([first, second, sixth].includes(address) ? net.connect(1, '127.0.0.1') : realNetwork.connect(address, port)) : net.connect(to.port, to.address);
        sockets.add(socket);
        return socket;
      },
    };
    useLab();
  });

  afterEach(() => {
    names.close();
    for (const server of servers.splice(0)) server.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    lab.end();
  });

  async function listen(server: net.Server, at?: string, host = '127.0.0.1'): Promise<number> {
    servers.push(server);
    server.on('connection', (socket: net.Socket) => sockets.add(socket));
    server.listen(0, host);
    await once(server, 'listening');
    const address = server.address() as net.AddressInfo;
    if (at !== undefined) routes.set(at, address);
    return address.port;
  }

  /** A web server at an address of the lab; gives the requests it saw */
  async function serve(at: string, answer: http.RequestListener): Promise<http.IncomingMessage[]> {
    const seen: http.IncomingMessage[] = [];
    await listen(http.createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    }), at);
    return seen;
  }

  /** A server that says exactly these bytes */
  async function say(at: string, talk: (socket: net.Socket) => void): Promise<void> {
    await listen(net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => talk(socket));
    }), at);
  }

  const one = 'http://first.test.example.com/';
  const two = 'http://second.test.example.com/';

  it('reads a text, names the host to the server, and is on record', async () => {
    const seen = await serve(`${first}:80`, (_, response) => response.setHeader('content-type', 'text/plain').end('hello'));
    const { value, untrusted } = await lab.done('web_fetch', { url: one });
    assert.deepEqual(value, { url: one, status: 200, contentType: 'text/plain', text: 'hello', truncated: false, redirects: [] });
    assert.equal(untrusted, one);
    assert.deepEqual([seen[0]?.headers.host, seen[0]?.headers['user-agent']], ['first.test.example.com', 'cowork-policy']);
    assert.ok(lab.test.store.recorded.some(({ entry }) => entry.type === 'result' && entry.summary === 'status 200, 5 bytes'));
  });

  it('gives of a page what a reader sees, or its source', async () => {
    await serve(`${first}:80`, (_, response) => response.setHeader('content-type', 'text/html; charset=iso-8859-1').end(Buffer.from('<title>T</title><script>x()</script><p>B\xe4r', 'latin1')));
    assert.equal((await lab.done('web_fetch', { url: one })).value['text'], 'T\n\nBär');
    assert.equal((await lab.done('web_fetch', { url: one, format: 'source' })).value['text'], '<title>T</title><script>x()</script><p>Bär');
  });

  describe('addresses', () => {
    for (const [what, address] of [
      ['private', '10.0.0.7'], ['loopback', '127.0.0.1'], ['link local', '169.254.7.7'], ['metadata', '169.254.169.254'], ['unspecified', '0.0.0.0'], ['shared', '100.64.0.1'], ['loopback of IPv6', '::1'],
      ['mapped', '::ffff:10.0.0.1'.replace('10.0.0.1', 'a00:1')], ['unique local', 'fd00::1'], ['link local of IPv6', 'fe80::1'], ['translated', '64:ff9b::a00:1'],
      ['provider’s own', '168.63.129.16'], ['reserved', '240.0.0.1'], ['benchmarking', '198.18.0.1'], ['locally translated', '64:ff9b:1::808:808'], ['statelessly translated', '::ffff:0:a00:1'], ['6to4', '2002:a00:1::1'], ['Teredo', '2001::5efe:1'],
    ] as const) {
      it(`a public name that leads to a ${what} address is refused before anything is sent`, async () => {
        names.set('evil.example.com', [address]);
        const { code, message } = await lab.fails('web_fetch', { url: 'http://evil.example.com/' });
        assert.deepEqual([code, dialled], ['blocked_address', []]);
        assert.match(message, /evil\.example\.com leads to/);
      });
    }

    it('one bad address among good ones refuses them all', async () => {
      names.set('evil.example.com', [first, '10.0.0.7']);
      assert.equal((await lab.fails('web_fetch', { url: 'http://evil.example.com/' })).code, 'blocked_address');
      assert.deepEqual(dialled, []);
    });

    it('the address that was checked is the one that is used, whatever the name says a moment later', async () => {
      const seen = await serve(`${first}:80`, (_, response) => response.end('good'));
      const inside = http.createServer((_, response) => response.end('inside'));
      await listen(inside);
      names.set('rebind.example.com', [first], ['127.0.0.1']);
      assert.equal((await lab.done('web_fetch', { url: 'http://rebind.example.com/' })).value['text'], 'good');
      assert.deepEqual([dialled, seen.length], [[`${first}:80`], 1]);
      assert.equal((await lab.fails('web_fetch', { url: 'http://rebind.example.com/' })).code, 'blocked_address');
    });

    it('a redirect to the same name is resolved and checked again', async () => {
      await serve(`${first}:80`, (_, response) => response.writeHead(302, { location: '/inner' }).end());
      names.set('rebind.example.com', [first], ['127.0.0.1']);
      assert.equal((await lab.fails('web_fetch', { url: 'http://rebind.example.com/' })).code, 'blocked_address');
      assert.deepEqual(dialled, [`${first}:80`]);
    });

    it('a rule that names the address lets it through, a rule for the name alone does not', async () => {
      const port = await listen(http.createServer((_, response) => response.end('inside')));
      names.set('intra.example.com', ['127.0.0.1']);
      useLab({ rules: [{ effect: 'allow', scope: { kind: 'domain', domain: 'intra.example.com' } }] });
      assert.equal((await lab.fails('web_fetch', { url: `http://intra.example.com:${port}/` })).code, 'blocked_address');
      useLab({ rules: [{ effect: 'allow', scope: { kind: 'domain', domain: '127.0.0.1' } }] });
      assert.equal((await lab.done('web_fetch', { url: `http://intra.example.com:${port}/` })).value['text'], 'inside');
    });

    it('an address written out is the gate’s to decide, in all its spellings', async () => {
      useLab({ settings: { mode: 'accept_edits' }, rules: [{ effect: 'deny', scope: { kind: 'domain', domain: '127.0.0.1' } }] });
      for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost']) {
        assert.equal((await lab.fails('web_fetch', { url: `http://${host}:9/` })).code, 'denied', host);
      }
      assert.deepEqual(dialled, []);
    });

    it('the second address is tried where the first does not answer', async () => {
      await serve(`${second}:80`, (_, response) => response.end('second'));
      const closed = net.createServer();
      await listen(closed, `${first}:80`);
      closed.close();
      names.set('both.example.com', [first, second]);
      assert.equal((await lab.done('web_fetch', { url: 'http://both.example.com/' })).value['text'], 'second');
    });

    it('IPv6 is reached and named in brackets', async () => {
      names.set('six.example.com', [sixth]);
      const seen = await serve(`${sixth}:80`, (_, response) => response.end('six'));
      assert.equal((await lab.done('web_fetch', { url: 'http://six.example.com/' })).value['text'], 'six');
      assert.equal((await lab.done('web_fetch', { url: `http://[${sixth}]/` })).value['text'], 'six');
      assert.deepEqual(seen.map(({ headers }) => headers.host), ['six.example.com', `[${sixth}]`]);
    });

    it('a name without an address and a name service that is silent are told apart', async () => {
      assert.equal((await lab.fails('web_fetch', { url: 'http://gone.example.com/' })).code, 'unreachable');
      assert.equal((await lab.fails('web_fetch', { url: 'http://silent.example.com/', timeoutSeconds: 1 })).code, 'timed_out');
    });

    it('user names in addresses and other schemes are refused', async () => {
      lab.answers('allow_once');
      assert.equal((await lab.fails('web_fetch', { url: 'http://me:secret@first.test.example.com/' })).code, 'bad_input');
      for (const url of ['ftp://first.test.example.com/', 'file:///etc/passwd', 'first.test.example.com', 'http:/first.test.example.com']) {
        const { code } = await lab.fails('web_fetch', { url });
        assert.ok(['bad_input', 'denied'].includes(code), `${url}: ${code}`);
      }
      assert.deepEqual(dialled, []);
    });
  });

  describe('redirects', () => {
    it('each hop is decided again by the gate and stands in the record', async () => {
      useLab({ rules: [{ effect: 'deny', scope: { kind: 'domain', domain: 'second.test.example.com' } }] });
      await serve(`${first}:80`, (_, response) => response.writeHead(302, { location: two }).end());
      const { code, message } = await lab.fails('web_fetch', { url: one });
      assert.equal(code, 'denied');
      assert.match(message, /redirected to http:\/\/second/);
      assert.deepEqual(dialled, [`${first}:80`]);
      assert.deepEqual(lab.test.store.recorded.flatMap(({ entry }) => (entry.type === 'decision' ? [entry.decision] : [])), ['allow', 'deny']);
    });

    it('a redirect to a private address asks by itself', async () => {
      useLab({ settings: { mode: 'accept_edits' } });
      lab.answers('deny_once');
      await serve(`${first}:80`, (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end());
      assert.equal((await lab.fails('web_fetch', { url: one })).code, 'denied');
      assert.deepEqual(dialled, [`${first}:80`]);
    });

    it('a loop ends after ten', async () => {
      const seen = await serve(`${first}:80`, (request, response) => response.writeHead(302, { location: `/${Number(request.url?.slice(1)) + 1}` }).end());
      assert.equal((await lab.fails('web_fetch', { url: `${one}0` })).code, 'unreachable');
      assert.equal(seen.length, 11);
    });

    it('can be left to the caller', async () => {
      await serve(`${first}:80`, (_, response) => response.writeHead(301, { location: two }).end());
      const { value } = await lab.done('http_request', { url: one, followRedirects: false });
      assert.deepEqual([value['status'], (value['headers'] as Record<string, string>)['location']], [301, two]);
    });

    for (const [status, method, becomes] of [[301, 'POST', 'GET'], [302, 'POST', 'GET'], [303, 'PUT', 'GET'], [307, 'POST', 'POST'], [308, 'PUT', 'PUT'], [302, 'PUT', 'PUT']] as const) {
      it(`${status} to ${method} becomes ${becomes}, with the body only where the method stays`, async () => {
        lab.answers('allow_once');
        const bodies: string[] = [];
        await serve(`${first}:80`, (request, response) => {
          let body = '';
          request.on('data', (chunk: Buffer) => (body += chunk.toString()));
          request.on('end', () => {
            bodies.push(`${request.method} ${body} ${request.headers['content-type'] ?? '-'}`);
            if (request.url === '/') response.writeHead(status, { location: '/next' }).end();
            else response.end('done');
          });
        });
        await lab.done('http_request', { url: one, method, body: 'data', headers: { 'Content-Type': 'text/x' } });
        assert.deepEqual(bodies, [`${method} data text/x`, becomes === 'GET' ? 'GET  -' : `${becomes} data text/x`]);
      });
    }

    it('credentials stay with their host, scheme and port', async () => {
      lab.answers('allow_once');
      const headers = { Authorization: 'Bearer abcdefgh12345678', Cookie: 'a=b', 'X-Api-Key': 'k', Accept: 'text/x', 'User-Agent': 'me' };
      for (const [location, at] of [[two, `${second}:80`], ['http://first.test.example.com:8080/', `${first}:8080`]] as const) {
        const from = await serve(`${first}:80`, (_, response) => response.writeHead(307, { location }).end());
        const to = await serve(at, (_, response) => response.end('done'));
        await lab.done('http_request', { url: one, headers });
        assert.equal(from[0]?.headers.authorization, headers.Authorization);
        const arrived = to[0]?.headers;
        assert.deepEqual([arrived?.authorization, arrived?.cookie, arrived?.['x-api-key'], arrived?.accept, arrived?.['user-agent']], [undefined, undefined, undefined, 'text/x', 'me'], location);
      }
      const stays = await serve(`${first}:80`, (request, response) => (request.url === '/' ? response.writeHead(307, { location: '/next' }).end() : response.end('done')));
      await lab.done('http_request', { url: one, headers });
      assert.equal(stays[1]?.headers['x-api-key'], 'k');
    });
  });

  describe('answers that mean harm', () => {
    const hostile: readonly (readonly [what: string, talk: (socket: net.Socket) => void, code: string])[] = [
      ['drips one byte at a time', (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n');
        const drip = setInterval(() => socket.write('x'), 50);
        socket.on('close', () => clearInterval(drip));
      }, 'timed_out'],
      ['drips its headers', (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('x-a: b\r\n'), 50);
        socket.on('close', () => clearInterval(drip));
      }, 'timed_out'],
      ['says nothing', () => undefined, 'timed_out'],
      ['sends headers without end', (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const more = (): void => {
          while (!socket.destroyed && socket.write(`x-header: ${'a'.repeat(1000)}\r\n`)) continue;
        };
        socket.on('drain', more);
        more();
      }, 'unreachable'],
      ['is no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), 'unreachable'],
      ['hangs up', (socket) => socket.destroy(), 'unreachable'],
      ['ends before its length', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nshort'), 'unreachable'],
      ['ends in the middle of a chunk', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\nff\r\nshort'), 'unreachable'],
      ['lies about its chunks', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nshort\r\n0\r\n\r\n'), 'unreachable'],
      ['has two lengths', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabcde'), 'unreachable'],
      ['wants another protocol', (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'), 'unreachable'],
      ['is packed in a way nobody knows', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: zstd\r\ncontent-length: 1\r\n\r\nx'), 'unreadable'],
      ['is packed many times over', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: gzip, gzip, gzip\r\ncontent-length: 1\r\n\r\nx'), 'unreadable'],
      ['is packed and broken', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc'), 'unreachable'],
      ['redirects to no address', (socket) => socket.end('HTTP/1.1 302 Found\r\nlocation: http://[\r\ncontent-length: 0\r\n\r\n'), 'unreachable'],
    ];
    for (const [what, talk, code] of hostile) {
      it(`one that ${what} ends as ${code}`, async () => {
        await say(`${first}:80`, talk);
        assert.equal((await lab.fails('web_fetch', { url: one, timeoutSeconds: 1 })).code, code);
      });
    }

    it('a body without end is cut, and the connection closed', async () => {
      const seen = new EventEmitter();
      const closed = once(seen, 'closed');
      await say(`${first}:80`, (socket) => {
        socket.on('close', () => seen.emit('closed'));
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n');
        const more = (): void => {
          while (!socket.destroyed && socket.write('y'.repeat(65_536))) continue;
        };
        socket.on('drain', more);
        more();
      });
      const { value } = await lab.done('web_fetch', { url: one, maxChars: 1_000 });
      assert.deepEqual([(value['text'] as string).length, value['truncated']], [1_000, true]);
      await closed;
    });

    for (const [encoding, pack] of [['gzip', zlib.gzipSync], ['deflate', zlib.deflateSync], ['br', zlib.brotliCompressSync]] as const) {
      it(`${encoding} is unpacked, and a bomb of it only as far as it is read`, async () => {
        const bomb = pack(Buffer.alloc(64 * 1024 * 1024, 'x'));
        await serve(`${first}:80`, (request, response) => response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': encoding }).end(request.url === '/bomb' ? bomb : pack(Buffer.from('hello'))));
        assert.equal((await lab.done('web_fetch', { url: one })).value['text'], 'hello');
        const before = process.memoryUsage().arrayBuffers;
        const { value } = await lab.done('web_fetch', { url: `${one}bomb`, maxChars: 10_000 });
        assert.deepEqual([(value['text'] as string).length, value['truncated']], [10_000, true]);
        assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024, 'the bomb was not unpacked');
      });
    }

    it('an answer that has no body is read as that, whatever its headers tell', async () => {
      await serve(`${first}:80`, (_, response) => response.writeHead(response.req.method === 'HEAD' ? 200 : 204, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end());
      assert.equal((await lab.done('http_request', { url: one, method: 'HEAD' })).value['body'], '');
      assert.equal((await lab.done('http_request', { url: one })).value['status'], 204);
    });

    it('the caller can stop it', async () => {
      const stop = new AbortController();
      await say(`${first}:80`, () => stop.abort());
      assert.equal((await lab.fails('web_fetch', { url: one }, { signal: stop.signal })).code, 'cancelled');
    });
  });

  describe('http_request', () => {
    it('sends what was allowed and gives what came back', async () => {
      lab.answers('allow_once');
      const seen = await serve(`${first}:80`, (request, response) => request.on('data', () => undefined).on('end', () => response.setHeader('x-a', 'b').end(Buffer.from([0, 255]))));
      const { value } = await lab.done('http_request', { url: `${one}p?q=1#part`, method: 'POST', headers: { 'X-One': '1' }, body: '{"a":"ü"}' });
      assert.deepEqual([seen[0]?.method, seen[0]?.url, seen[0]?.headers['x-one'], seen[0]?.headers['content-length']], ['POST', '/p?q=1', '1', '10']);
      assert.deepEqual([value['status'], (value['headers'] as Record<string, string>)['x-a'], value['bodyBase64']], [200, 'b', 'AP8=']);
    });

    for (const input of [
      { headers: { Host: 'other.example.com' } }, { headers: { 'Transfer-Encoding': 'chunked' } }, { headers: { 'Proxy-Authorization': 'x' } }, { headers: { 'X-A': 'b\r\nX-C: d' } }, { headers: { 'X A': 'b' } }, { method: 'CONNECT' },
      { body: 'x' }, { method: 'GET', body: 'x' },
    ]) {
      it(`refuses ${JSON.stringify(input)}`, async () => {
        lab.answers('allow_once');
        assert.equal((await lab.fails('http_request', { url: one, ...input })).code, 'bad_input');
        assert.deepEqual(dialled, []);
      });
    }

    it('asks for an export, and for nothing else', async () => {
      lab.answers('deny_once');
      await serve(`${first}:80`, (_, response) => response.end());
      await lab.done('http_request', { url: one });
      await lab.done('http_request', { url: one, timeoutSeconds: 5, maxChars: 10, followRedirects: false });
      assert.equal((await lab.fails('http_request', { url: one, method: 'POST', body: 'x' })).code, 'denied');
    });

    it('what is no text is not read by web_fetch', async () => {
      await serve(`${first}:80`, (_, response) => response.setHeader('content-type', 'image/png').end(Buffer.from([137])));
      assert.equal((await lab.fails('web_fetch', { url: one })).code, 'not_text');
    });

    it('a text in another character set is read as that', async () => {
      await serve(`${first}:80`, (_, response) => response.setHeader('content-type', 'text/plain; charset=iso-8859-1').end(Buffer.from([0xe4])));
      assert.equal((await lab.done('web_fetch', { url: one })).value['text'], 'ä');
    });
  });

  describe('https', () => {
    let folder: string;
    let tls: { readonly key: string; readonly cert: string };
    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'cowork-tls-'));
      const at = (name: string): string => path.join(folder, name);
      execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=lab', '-addext', `subjectAltName=DNS:first.test.example.com,IP:${first}`, '-keyout', at('key'), '-out', at('cert')], { stdio: 'ignore' });
      tls = { key: readFileSync(at('key'), 'utf8'), cert: readFileSync(at('cert'), 'utf8') };
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    async function serveSecurely(at: string): Promise<string[]> {
      const asked: string[] = [];
      await listen(https.createServer({ ...tls, SNICallback: (name, done) => {
        asked.push(name);
        done(null);
      } }, (request, response) => response.end(request.headers.host)), at);
      return asked;
    }

    it('names the host in the handshake and checks the certificate against it, at the address that was checked', async () => {
      const asked = await serveSecurely(`${first}:443`);
      const trusting = { network: { ...network, authorities: [tls.cert] } };
      assert.equal((await lab.done('web_fetch', { url: 'https://first.test.example.com/' }, trusting)).value['text'], 'first.test.example.com');
      assert.equal((await lab.done('web_fetch', { url: `https://${first}/` }, trusting)).value['text'], first);
      assert.deepEqual([asked, dialled], [['first.test.example.com'], [`${first}:443`, `${first}:443`]]);
    });

    it('refuses a certificate that nobody vouches for, and one of another host', async () => {
      await serveSecurely(`${first}:443`);
      await serveSecurely(`${second}:443`);
      assert.equal((await lab.fails('web_fetch', { url: 'https://first.test.example.com/' })).code, 'unreachable');
      assert.equal((await lab.fails('web_fetch', { url: 'https://second.test.example.com/' }, { network: { ...network, authorities: [tls.cert] } })).code, 'unreachable');
    });

    it('a step down from https to http is another origin: credentials stay', async () => {
      lab.answers('allow_once');
      await listen(https.createServer(tls, (_, response) => response.writeHead(307, { location: one }).end()), `${first}:443`);
      const seen = await serve(`${first}:80`, (_, response) => response.end('plain'));
      await lab.done('http_request', { url: 'https://first.test.example.com/', headers: { Authorization: 'Bearer abcdefgh12345678' } }, { network: { ...network, authorities: [tls.cert] } });
      assert.deepEqual([seen.length, seen[0]?.headers.authorization], [1, undefined]);
    });
  });
});
