import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { makeFolder, replaceFile } from '../store/durable.ts';
import { readPlainFile } from '../store/storeFolder.ts';

/** Where hooks that speak HTTP find the editor. It stands in the settings of agents, so it outlives every editor */
export interface HttpAddress {
  /** On 127.0.0.1 */
  readonly port: number;
  /** 32 random bytes, hex; every call must carry it */
  readonly token: string;
}

const largest = 4096;

function fileOf(userFolder: string): string {
  return path.join(userFolder, 'http-hook.json');
}

/** The address that was set up; `undefined` where none was, or its file says nothing */
export function readHttpAddress(userFolder: string): HttpAddress | undefined {
  try {
    const text = readPlainFile(fileOf(userFolder), largest)?.toString('utf8');
    const { port, token } = (text === undefined ? {} : (JSON.parse(text) ?? {})) as Partial<Record<keyof HttpAddress, unknown>>;
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 1024 || port > 65_535) return undefined;
    return typeof token === 'string' && /^[0-9a-f]{64}$/.test(token) ? { port, token } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The address, made where there is none: a port that is free now, and a fresh token, in a file that only its user can read */
export async function ensureHttpAddress(userFolder: string): Promise<HttpAddress> {
  const known = readHttpAddress(userFolder);
  if (known !== undefined) return known;
  const address = { port: await freePort(), token: randomBytes(32).toString('hex') };
  makeFolder(userFolder, 0o700);
  replaceFile(fileOf(userFolder), `${JSON.stringify({ version: 1, ...address })}\n`);
  return address;
}

/** The whole address of one agent's hook */
export function httpHookUrl({ port }: HttpAddress, client: string): string {
  return `http://127.0.0.1:${port}/hook/${client}`;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('There is no free port.'))));
    });
  });
}
