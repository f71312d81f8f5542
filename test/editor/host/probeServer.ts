import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as vscode from 'vscode';

/** Runs in the extension host; it is sent as source, so it sees its arguments and nothing else of the test */
export type InsideFunction<Args extends readonly unknown[], Result> = (
  api: typeof vscode,
  ...args: Args
) => Result | PromiseLike<Result>;

/** The outer end of the probe extension */
export interface ProbeServer {
  readonly port: number;
  /** Resolves when an extension host other than those seen before has called in */
  nextHost(): Promise<void>;
  /** Resolves when every extension host that called in has ended, with all that it does last; rejects after so many milliseconds */
  noHost(patience: number): Promise<void>;
  run<Args extends readonly unknown[], Result>(inside: InsideFunction<Args, Result>, args: Args): Promise<Result>;
  close(): Promise<void>;
}

type Reply = { readonly ready: number } | { readonly id: number; readonly result?: unknown; readonly error?: string };

/** Waits for extension hosts on loopback */
export async function startProbeServer(): Promise<ProbeServer> {
  let current: Socket | undefined;
  let waiting: (() => void)[] = [];
  const hosts = new Set<number>();
  let lastId = 0;
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const sockets = new Set<Socket>();

  function take(socket: Socket, reply: Reply): void {
    if ('ready' in reply) {
      current = socket;
      hosts.add(reply.ready);
      for (const go of waiting) go();
      waiting = [];
      return;
    }
    const call = open.get(reply.id);
    open.delete(reply.id);
    if (reply.error === undefined) call?.resolve(reply.result);
    else call?.reject(new Error(`in the extension host: ${reply.error}`));
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(socket, JSON.parse(line) as Reply);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (current !== socket) return;
      current = undefined;
      for (const { reject } of open.values()) reject(new Error('the extension host went away'));
      open.clear();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    nextHost: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    noHost: async (patience) => {
      for (const end = Date.now() + patience; hosts.size > 0; await sleep(10)) {
        if (Date.now() > end) throw new Error('the extension host did not end with its window');
        for (const host of hosts) if (!isRunning(host)) hosts.delete(host);
      }
    },
    run: <Args extends readonly unknown[], Result>(inside: InsideFunction<Args, Result>, args: Args) =>
      new Promise<Result>((resolve, reject) => {
        if (current === undefined) {
          reject(new Error('no extension host is connected'));
          return;
        }
        const id = ++lastId;
        open.set(id, { resolve: resolve as (value: unknown) => void, reject });
        current.write(`${JSON.stringify({ id, source: inside.toString(), args })}\n`);
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function isRunning(host: number): boolean {
  try {
    process.kill(host, 0);
    return true;
  } catch {
    // There is no such process
    return false;
  }
}
