import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';

/** A request with its body read as JSON (`{}` where there is none) */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  readonly response: ServerResponse;
}

/** An HTTP server on loopback whose connections can be cut, for the servers that speak a platform's protocol */
export class Loopback {
  readonly http: Server;
  readonly #sockets = new Set<Socket>();

  constructor(answer: (asked: Asked) => void) {
    this.http = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
        answer({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body, response });
      });
    });
    this.http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // Cutting a connection is what these servers are for
      socket.on('error', () => socket.destroy());
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((done) => {
      this.http.listen(0, '127.0.0.1', done);
    });
  }

  get address(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** Ends every connection without a word */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    if (!this.http.listening) return;
    const closed = new Promise<void>((done) => {
      this.http.close(() => done());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Answers with JSON */
export function answerJson(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Answers with bytes whose number is not told beforehand */
export function answerBytes(response: ServerResponse, bytes: Uint8Array): void {
  const half = Math.ceil(bytes.length / 2);
  response.write(bytes.subarray(0, half));
  response.end(bytes.subarray(half));
}

/** A port that nobody listened on a moment ago, for servers that choose none themselves */
export async function freePort(): Promise<number> {
  const probe = createSocketServer();
  await new Promise<void>((done) => {
    probe.listen(0, '127.0.0.1', done);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((done) => {
    probe.close(() => done());
  });
  return port;
}
