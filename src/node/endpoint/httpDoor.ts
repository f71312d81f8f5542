import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { HttpAddress } from './httpAddress.ts';

/** Answers the body of one call to `/hook/<client>`; `signal` aborts when the caller hangs up. `undefined`: there is no such client */
export type HttpAnswer = (client: string, body: Buffer, signal: AbortSignal) => Promise<string | undefined>;

export interface HttpDoorOptions {
  readonly address: HttpAddress;
  readonly answer: HttpAnswer;
  readonly onError: (error: unknown) => void;
  /** Milliseconds in which a call must have come in whole */
  readonly patience?: number;
}

export interface HttpDoor {
  close(): Promise<void>;
}

/** Bytes of a call */
const longestBody = 8_000_000;
const mostConnections = 64;
const usualPatience = 10_000;

/**
 * Opens the door for hooks that speak HTTP, on 127.0.0.1 alone; `undefined` where somebody else has the port, which is
 * another window of ours as a rule.
 *
 * INVARIANT: an answer with status 200 is one that the gate gave; whatever is wrong with a call or goes wrong has another
 * status, which agents that were told to (`onFailure: "block"`) take for a denial.
 */
export function openHttpDoor({ address, answer, onError, patience = usualPatience }: HttpDoorOptions): Promise<HttpDoor | undefined> {
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = refusal(request, address);
    if (refused !== undefined) return end(response, ...refused);
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('The agent hung up.')));
    const body = await bodyOf(request);
    if (body === undefined) return end(response, 413, `This hook call is longer than ${longestBody} bytes`);
    const client = /^\/hook\/([a-z]+)$/.exec(request.url ?? '')?.[1] ?? '';
    const said = await answer(client, body, gone.signal);
    return said === undefined ? end(response, 404, 'There is no such hook') : end(response, 200, said);
  };
  // Every user of this machine may connect: who says nothing must not keep those out who call. Node looks only every 30 s unless told
  const times = { requestTimeout: patience, headersTimeout: patience / 5, connectionsCheckingInterval: patience / 10 };
  const server = createServer({ ...times, maxHeaderSize: 16 * 1024 }, (request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (!response.destroyed) end(response, 500, 'The hook failed');
      onError(error);
    });
  });
  server.maxConnections = mostConnections;
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? done(undefined) : fail(error)));
    server.listen(address.port, '127.0.0.1', () => {
      server.on('error', onError);
      done({
        close: () => new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        }),
      });
    });
  });
}

/** Why a call is not let in. A page in a browser has an `Origin`, and may reach us under a name of its own (`Host`) */
function refusal(request: IncomingMessage, { port, token }: HttpAddress): readonly [status: number, why: string] | undefined {
  const { host, origin, authorization } = request.headers;
  if (host !== `127.0.0.1:${port}` || origin !== undefined) return [403, 'Not for browsers'];
  if (!sameText(authorization ?? '', `Bearer ${token}`)) return [401, 'The token is missing or wrong'];
  if (request.method !== 'POST') return [405, 'Only POST'];
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return [415, 'Only JSON'];
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestBody) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'text/plain', 'cache-control': 'no-store', connection: 'close' });
  response.end(text);
}

/** Compares in a time that does not tell how much was right */
function sameText(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
