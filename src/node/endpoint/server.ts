import { timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { newDiscovery, publishDiscovery, withdrawDiscovery } from './discovery.ts';
import { LineSplitter, messageLimit, ProtocolError } from './lines.ts';
import { callSchema, cancelSchema, helloSchema, type Call } from './message.ts';
import { errorCodes } from './protocol.ts';
import type { Discovery } from './published.ts';

/** One thing the endpoint can do; `signal` aborts when the caller hangs up. A thrown `Error`'s message reaches the caller */
export type Method = (params: unknown, signal: AbortSignal) => Promise<unknown>;

export interface EndpointOptions {
  readonly userFolder: string;
  /** Canonical workspace folder */
  readonly workspace: string;
  readonly methods: Readonly<Record<string, Method>>;
  /** Bytes a message may have */
  readonly limit?: number;
  /** Milliseconds in which a connection must say hello, and hang up once it was refused */
  readonly patience?: number;
  readonly onError: (error: unknown) => void;
}

export interface Endpoint {
  readonly discovery: Discovery;
  close(): Promise<void>;
}

const maxConnections = 64;
const maxCallsPerConnection = 256;
const usualPatience = 5_000;
/** Characters that are kept of who has not said hello */
const longestHello = 4096;
/** Bytes of replies that may wait for one client that does not read, and for all of them; beyond, who lets most wait is cut off */
const mostUnread = 8 * 1024 * 1024;
const mostUnreadInAll = 64 * 1024 * 1024;

/**
 * Opens the local endpoint of a workspace and publishes where it is.
 * Speaks newline-delimited JSON-RPC 2.0; every call runs by itself, so a slow one never delays another. From a client that does not
 * read its replies no more calls are taken, and one that lets many wait is cut off.
 */
export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const discovery = await newDiscovery(options.userFolder, options.workspace);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (sockets.size >= maxConnections) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, discovery.token, options, () => cutOffTheDeaf(sockets));
  });
  await listen(server, discovery.address);
  server.on('error', options.onError);
  try {
    await publishDiscovery(options.userFolder, discovery);
  } catch (error) {
    // Nobody would find it, nor close it
    server.close();
    throw error;
  }
  return {
    discovery,
    async close() {
      await withdrawDiscovery(options.userFolder, discovery);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
      if (process.platform !== 'win32') await rm(discovery.address, { force: true });
    },
  };
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(address, () => {
      server.off('error', fail);
      done();
    });
  });
}

/** Lets go of who has not read what is too much to keep */
function cutOffTheDeaf(sockets: ReadonlySet<Socket>): void {
  const unread = [...sockets].filter((socket) => !socket.destroyed).sort((a, b) => b.writableLength - a.writableLength);
  let inAll = unread.reduce((sum, { writableLength }) => sum + writableLength, 0);
  for (const socket of unread) {
    if (socket.writableLength <= mostUnread && inAll <= mostUnreadInAll) return;
    inAll -= socket.writableLength;
    socket.destroy();
  }
}

function serve(socket: Socket, token: string, options: EndpointOptions, written: () => void): void {
  const { limit = messageLimit, patience = usualPatience } = options;
  const lines = new LineSplitter(Math.min(longestHello, limit));
  const underWay = new Map<Call['id'], AbortController>();
  let known = false;

  let deadline = setTimeout(() => socket.destroy(), patience);
  socket.once('close', () => {
    clearTimeout(deadline);
    for (const call of underWay.values()) call.abort();
  });
  // A peer that breaks off is no failure of ours: `close` follows and aborts its calls
  socket.on('error', () => socket.destroy());

  const reply = (body: object): void => {
    if (!socket.writable) return;
    const isRead = socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...body })}\n`);
    if (isRead) return;
    written();
    if (socket.isPaused()) return;
    socket.pause();
    socket.once('drain', () => socket.resume());
  };
  const refuse = (id: Call['id'] | null, code: number, message: string): void => {
    if (!socket.writable) return;
    socket.end(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`);
    clearTimeout(deadline);
    deadline = setTimeout(() => socket.destroy(), patience);
  };

  const run = async (call: Call): Promise<void> => {
    const method = Object.hasOwn(options.methods, call.method) ? options.methods[call.method] : undefined;
    if (method === undefined) {
      reply({ id: call.id, error: { code: errorCodes.unknownMethod, message: `There is no method ${JSON.stringify(call.method)}.` } });
      return;
    }
    const given = new AbortController();
    underWay.set(call.id, given);
    try {
      reply({ id: call.id, result: (await method(call.params, given.signal)) ?? null });
    } catch (error) {
      reply({ id: call.id, error: { code: errorCodes.failed, message: error instanceof Error ? error.message : 'It failed.' } });
      if (!given.signal.aborted) options.onError(error);
    } finally {
      underWay.delete(call.id);
    }
  };

  const take = (line: string): void => {
    const call = readCall(line);
    if (call === undefined) {
      refuse(null, errorCodes.parse, 'That is no JSON-RPC 2.0 call.');
    } else if (!known) {
      const first = helloSchema.safeParse(call.params);
      if (call.method !== 'hello' || !first.success || !sameToken(first.data.token, token)) {
        refuse(call.id, errorCodes.refused, 'Not admitted: the first call must be hello with the token.');
        return;
      }
      known = true;
      lines.limit = limit;
      clearTimeout(deadline);
      reply({ id: call.id, result: { version: 1, pid: process.pid } });
    } else if (call.method === 'cancel') {
      const which = cancelSchema.safeParse(call.params);
      if (which.success) underWay.get(which.data.id)?.abort();
      reply({ id: call.id, result: null });
    } else if (underWay.has(call.id)) {
      refuse(call.id, errorCodes.invalid, 'A call with that id is under way.');
    } else if (underWay.size >= maxCallsPerConnection) {
      reply({ id: call.id, error: { code: errorCodes.refused, message: `More than ${maxCallsPerConnection} calls are under way here. Wait for one to end.` } });
    } else {
      void run(call);
    }
  };

  socket.on('data', (bytes) => {
    try {
      for (const line of lines.push(bytes)) {
        if (socket.writableEnded) return;
        take(line);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) options.onError(error);
      refuse(null, errorCodes.invalid, error instanceof ProtocolError ? error.message : 'That message cannot be read.');
    }
  });
}

function readCall(line: string): Call | undefined {
  try {
    const parsed = callSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Compares in a time that does not tell how much of the token was right */
function sameToken(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
