import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request as sendRequest } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { type HostFound, readHost } from '../../../core/describe/host.ts';
import { visible } from '../../../core/visible.ts';
import { errorText } from '../../../gate/errorText.ts';
import { readUrl } from '../../readUrl.ts';
import type { Reach } from './reach.ts';

/** Connections of one command at once; more wait in the kernel or are closed */
const mostConnections = 128;
/** Hosts and ports that one command may ask for, so that it cannot flood a person with questions */
const mostHosts = 50;
/** Names of headers that belong to one connection (RFC 9110, 7.6.1), and what a proxy is told */
const ofConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host']);

/** The way out for one command */
export interface HostProxy {
  /** A socket that everybody may write to, in a folder that only we see */
  readonly socket: string;
  /** Ends all connections */
  close(): void;
}

/** The same on a port of this machine */
export interface PortProxy {
  readonly port: number;
  /** Address for the command, with the word without which nothing is handed on */
  readonly url: string;
  close(): void;
}

/**
 * A proxy for one command: `CONNECT` and plain HTTP, each host and port asked about once, connected to at an address that
 * was checked. On a Unix socket, so that no other program of this machine can use it; kept libraries for proxies listen on
 * ports and look names up by themselves, so this stands on Node's own server.
 */
export async function openHostProxy(reach: Reach): Promise<HostProxy> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cowork-hosts-'));
  const socket = path.join(folder, 's');
  const { server, end } = proxyServer(reach, undefined);
  try {
    await listening(server, (listen) => listen.listen(socket));
    // A container's user is another one; the folder around it keeps everybody else out
    chmodSync(socket, 0o666);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    socket,
    close() {
      end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same on a port of the loopback, for a sandbox that has no network of its own. A word made for the run keeps other programs of this machine out */
export async function openPortProxy(reach: Reach): Promise<PortProxy> {
  const word = randomBytes(24).toString('hex');
  const { server, end } = proxyServer(reach, `Basic ${Buffer.from(`cowork:${word}`).toString('base64')}`);
  await listening(server, (listen) => listen.listen(0, '127.0.0.1'));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://cowork:${word}@127.0.0.1:${port}`, close: end };
}

function listening(server: Server, listen: (server: Server) => void): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
    listen(server);
  });
}

/** @param credential what `Proxy-Authorization` must be, where not everybody who gets here may use it */
function proxyServer(reach: Reach, credential: string | undefined): { readonly server: Server; readonly end: () => void } {
  const open = new Set<Duplex>();
  const asked = new Map<string, Promise<Way>>();

  const wayTo = (text: string, scheme: 'http' | 'https'): Promise<Way> => {
    const found = readHost(`${scheme}://${text}/`);
    if (!found.ok || found.doubt !== undefined || found.userinfo !== undefined) return Promise.resolve({ ok: false, message: 'The host cannot be read.' });
    const url = `${scheme}://${text.toLowerCase()}/`;
    const known = asked.get(url);
    if (known !== undefined) return known;
    if (asked.size >= mostHosts) return Promise.resolve({ ok: false, message: `One command may ask for ${mostHosts} hosts; this is one more.` });
    const way = findWay(found, url, scheme, reach);
    asked.set(url, way);
    return way;
  };

  const mayUse = ({ headers }: IncomingMessage): boolean => credential === undefined || isSame(headers['proxy-authorization'] ?? '', credential);
  const server = createServer((request, response) => {
    if (!mayUse(request)) return void response.writeHead(407, { 'proxy-authenticate': 'Basic realm="cowork"', connection: 'close' }).end();
    void forward(request, response, wayTo, reach).catch(() => response.destroy());
  });
  server.maxConnections = mostConnections;
  server.on('connection', (connection: Socket) => {
    open.add(connection);
    connection.on('error', () => connection.destroy());
    connection.once('close', () => open.delete(connection));
  });
  server.on('connect', (request: IncomingMessage, client: Duplex, early: Buffer) => {
    if (!mayUse(request)) return refuse(client, 'It needs the word that the command was given.', '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="cowork"');
    void tunnel(request, client, early, wayTo, reach, open).catch(() => client.destroy());
  });
  server.on('upgrade', (_: IncomingMessage, client: Duplex) => refuse(client, 'Only CONNECT and plain requests are handed on.'));
  return {
    server,
    end() {
      server.close();
      for (const each of open) each.destroy();
    },
  };
}

/** Compared in a time that tells nothing of where they differ */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Where a host may be connected to, or why not */
type Way = { readonly ok: true; readonly addresses: readonly string[]; readonly port: number } | { readonly ok: false; readonly message: string };
type WayTo = (text: string, scheme: 'http' | 'https') => Promise<Way>;

async function findWay(found: HostFound, url: string, scheme: 'http' | 'https', reach: Reach): Promise<Way> {
  try {
    const allowed = await reach.allow(url);
    if (!allowed.ok) return allowed;
    return { ok: true, addresses: await reach.addresses(found), port: found.port ?? (scheme === 'https' ? 443 : 80) };
  } catch (error) {
    return { ok: false, message: errorText(error) };
  }
}

/** What goes through cannot be seen, so it counts as an export to that host */
async function tunnel(request: IncomingMessage, client: Duplex, early: Buffer, wayTo: WayTo, reach: Reach, open: Set<Duplex>): Promise<void> {
  const target = request.url ?? '';
  if (!/^[^\s/?#@]+:\d{1,5}$/.test(target)) return refuse(client, 'CONNECT needs a host and a port.');
  const way = await wayTo(target, target.endsWith(':80') ? 'http' : 'https');
  if (client.destroyed) return;
  if (!way.ok) return refuse(client, way.message);
  const far = await connectFirst(way, reach).catch((error: unknown) => errorText(error));
  if (typeof far === 'string') return refuse(client, `The host does not answer (${far}).`, '502 Bad Gateway');
  if (client.destroyed) return void far.destroy();
  open.add(far);
  far.once('close', () => {
    open.delete(far);
    client.destroy();
  });
  client.once('close', () => far.destroy());
  client.on('error', () => far.destroy());
  client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (early.length > 0) far.write(early);
  far.pipe(client);
  client.pipe(far);
}

/** A request over plain HTTP, to the host in its address and no other: the `Host` header is made from it */
async function forward(request: IncomingMessage, response: ServerResponse, wayTo: WayTo, reach: Reach): Promise<void> {
  const url = readUrl(request.url ?? '');
  const answer = (status: number, message: string): void => void response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`${message}\n`);
  if (url?.protocol !== 'http:' || url.username !== '' || url.password !== '') return answer(400, 'This proxy takes whole http addresses without credentials, and CONNECT.');
  const way = await wayTo(url.host, 'http');
  if (!way.ok) return answer(403, refusal(way.message));
  const far = await connectFirst(way, reach).catch((error: unknown) => errorText(error));
  if (typeof far === 'string') return answer(502, `The host does not answer (${visible(far)}).`);
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !ofConnection.has(name) && !(request.headers.connection ?? '').toLowerCase().includes(name)));
  const sent = sendRequest({ createConnection: () => far, method: request.method, path: `${url.pathname}${url.search}`, headers: { ...headers, host: url.host, connection: 'close' } });
  sent.once('response', (answered) => {
    const kept = Object.entries(answered.headers).filter(([name]) => !ofConnection.has(name));
    response.writeHead(answered.statusCode ?? 502, { ...Object.fromEntries(kept), connection: 'close' });
    answered.pipe(response);
  });
  sent.once('error', (error) => (response.headersSent ? response.destroy() : answer(502, `The host does not answer (${visible(errorText(error))}).`)));
  response.once('close', () => far.destroy());
  request.pipe(sent);
}

async function connectFirst({ addresses, port }: Extract<Way, { ok: true }>, { network }: Reach): Promise<Socket> {
  let last: unknown = new Error('there is no address');
  for (const address of addresses) {
    try {
      return await connected(network.connect(address, port));
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer in 30 s')));
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    socket.once('error', reject);
    socket.on('error', () => socket.destroy());
  });
}

function refusal(message: string): string {
  return `Not allowed from this sandbox. ${visible(message)}`;
}

function refuse(client: Duplex, message: string, status = '403 Forbidden'): void {
  const text = `${refusal(message)}\n`;
  client.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`);
}
