import { ClientRequest, type IncomingMessage } from 'node:http';
import net from 'node:net';
import type { Readable } from 'node:stream';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { errorText } from '../../../gate/errorText.ts';
import { visible } from '../../../core/visible.ts';
import { isToolError, ToolError } from '../toolError.ts';
import type { Network } from './network.ts';

/** One request to one host, whose addresses were checked */
export interface Sent {
  readonly scheme: 'http' | 'https';
  /** Canonical, as decided; names the host to the server and in its certificate */
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
  /** Path and query */
  readonly target: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export interface Bounds {
  /** Bytes of the answer, after it is unpacked, that are read */
  readonly largest: number;
  /** Milliseconds for all of it */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names; several of one name joined by commas */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** There is more than was read */
  readonly truncated: boolean;
}

/** Bytes of all headers of an answer */
const longestHeaders = 32 * 1024;
/** Packed bytes that are read beyond the limit, for an answer that unpacks to nothing */
const slack = 1024 * 1024;

/**
 * Sends one request over a connection of its own and reads the answer, within time and size. Redirects are answers like others.
 * What takes too long, is no HTTP or ends early is a `ToolError`.
 */
export async function exchange(sent: Sent, network: Network, bounds: Bounds): Promise<Answer> {
  const clock = AbortSignal.timeout(bounds.timeout);
  const stop = bounds.signal === undefined ? clock : AbortSignal.any([clock, bounds.signal]);
  const open: net.Socket[] = [];
  const end = (): void => {
    for (const socket of open) socket.destroy();
  };
  stop.addEventListener('abort', end, { once: true });
  try {
    const socket = await connect(sent, network, stop, open);
    return await send(sent, socket, bounds.largest);
  } catch (error) {
    if (bounds.signal?.aborted === true) throw new ToolError('cancelled', 'It was cancelled.', { cause: error });
    if (clock.aborted) throw new ToolError('timed_out', `${visible(sent.host)} did not answer in time (${Math.round(bounds.timeout / 1000)} s for all of it).`, { cause: error });
    if (isToolError(error)) throw error;
    throw new ToolError('unreachable', `${visible(sent.host)} could not be talked to: ${visible(errorText(error)).slice(0, 200)}`, { cause: error });
  } finally {
    stop.removeEventListener('abort', end);
    end();
  }
}

/** The first of the addresses that takes a connection; for `https` one whose certificate is the host's */
async function connect({ scheme, host, port, addresses }: Sent, network: Network, stop: AbortSignal, open: net.Socket[]): Promise<net.Socket> {
  let last = new Error('there was no time to connect');
  for (const address of addresses) {
    if (stop.aborted) break;
    try {
      const plain = network.connect(address, port);
      open.push(plain);
      await settled(plain, 'connect');
      if (scheme === 'http') return plain;
      const secure = tls.connect({
        socket: plain, host, ALPNProtocols: ['http/1.1'], ...(net.isIP(host) === 0 ? { servername: host } : {}),
        ...(network.authorities === undefined ? {} : { ca: [...tls.rootCertificates, ...network.authorities] }),
      });
      open.push(secure);
      await settled(secure, 'secureConnect');
      return secure;
    } catch (error) {
      last = error instanceof Error ? error : new Error(String(error));
    }
  }
  throw last;
}

function settled(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
  });
}

function send({ scheme, host, port, target, method, headers, body }: Sent, socket: net.Socket, largest: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    const early = (): void => reject(new Error('the connection was closed before the answer came'));
    socket.on('close', early);
    const shown = net.isIPv6(host) ? `[${host}]` : host;
    // Not `http.request`: editors exchange that for one that may go through a proxy
    const request = new ClientRequest({
      createConnection: () => socket, method, path: target, setHost: false, maxHeaderSize: longestHeaders,
      headers: {
        ...headers, host: port === (scheme === 'https' ? 443 : 80) ? shown : `${shown}:${port}`, connection: 'close', 'accept-encoding': 'gzip, deflate, br',
        ...(body === undefined ? {} : { 'content-length': body.length }),
      },
    });
    request.on('error', reject);
    request.on('upgrade', () => reject(new Error('the server wanted another protocol')));
    request.on('response', (response) => {
      // From here on the answer itself tells when it ends early; all of it may be here already
      socket.off('close', early);
      // These have no body, whatever their headers tell of one
      const isBare = method === 'HEAD' || response.statusCode === 204 || response.statusCode === 304;
      (isBare ? noBody(response) : readBody(response, largest)).then(({ bytes, truncated }) => resolve({ status: response.statusCode ?? 0, headers: headersOf(response), body: bytes, truncated }), reject);
    });
    request.end(body);
  });
}

function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]));
}

async function noBody(response: IncomingMessage): ReturnType<typeof readBody> {
  response.resume();
  return { bytes: Buffer.alloc(0), truncated: false };
}

/** Reads an answer unpacked up to so many bytes, and not one more */
async function readBody(response: IncomingMessage, largest: number): Promise<{ readonly bytes: Buffer; readonly truncated: boolean }> {
  let received = 0;
  response.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > largest + slack) response.destroy(new ToolError('too_large', 'The answer is too large.'));
  });
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of unpacked(response) as AsyncIterable<Buffer>) {
    parts.push(chunk);
    length += chunk.length;
    if (length > largest) return { bytes: Buffer.concat(parts).subarray(0, largest), truncated: true };
  }
  if (!response.complete) throw new Error('the answer ended before it was whole');
  return { bytes: Buffer.concat(parts), truncated: false };
}

function unpacked(response: IncomingMessage): Readable {
  const encodings = (response.headers['content-encoding'] ?? '').split(',').map((each) => each.trim().toLowerCase()).filter((each) => each !== '' && each !== 'identity');
  const [encoding] = encodings;
  if (encoding === undefined) return response;
  const unpack = encodings.length > 1 ? undefined : unpackers[encoding]?.();
  if (unpack === undefined) throw new ToolError('unreadable', `The answer is packed in a way that is not known (${visible(encodings.join(', ')).slice(0, 100)}).`);
  response.on('error', (error) => unpack.destroy(error));
  return response.pipe(unpack);
}

const unpackers: Readonly<Record<string, () => zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress>> = {
  gzip: () => zlib.createGunzip(), 'x-gzip': () => zlib.createGunzip(), deflate: () => zlib.createInflate(), br: () => zlib.createBrotliDecompress(),
};
