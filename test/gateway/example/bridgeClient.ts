import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A conversation as the editor names it */
export interface Chat {
  readonly id: string;
  readonly thread?: string;
  readonly context: 'direct' | 'group';
}

/** What the editor asks a gateway to do */
export type Command = { readonly id: number } & (
  | { readonly do: 'send'; readonly chat: Chat; readonly text: string; readonly buttons: readonly { readonly label: string; readonly data: string }[] }
  | { readonly do: 'edit'; readonly message: { readonly chat: Chat; readonly messageId: string }; readonly text: string; readonly buttons: readonly { readonly label: string; readonly data: string }[] }
  | { readonly do: 'acknowledge'; readonly press: string; readonly text: string }
  | { readonly do: 'fetch'; readonly reference: string; readonly limit: number }
);

/** A channel of the editor's that we speak for */
export interface Bridge {
  /** What is to be done; waits up to 25 s for something */
  next(): Promise<readonly Command[]>;
  /** Hands in what happened; resolves when it is on disk. The same `key` again does nothing */
  take(incoming: object): Promise<void>;
  /** How a command went: of `send` the `messageId`, of any an `error` in one sentence where it could not be done */
  done(id: number, outcome: { readonly messageId?: string; readonly error?: string }): Promise<void>;
  /** Rejects when the editor hung up */
  readonly over: Promise<never>;
  close(): void;
}

interface Discovery {
  readonly address: string;
  readonly token: string;
  readonly workspace: string;
}

/** Connects to the editor that has the workspace open (its real path) and speaks for the channel with this token from then on */
export async function attach(workspace: string, token: string, as: string): Promise<Bridge> {
  const found = readDiscovery(workspace);
  if (found === undefined) throw new Error('no editor has this workspace open');
  const line = await openLine(found.address);
  await line.call('hello', { token: found.token, version: 1 });
  const { session } = (await line.call('channel.attach', { token, as })) as { session: string };
  return {
    next: async () => ((await line.call('channel.next', { session })) as { commands: readonly Command[] }).commands,
    take: async (incoming) => {
      await line.call('channel.take', { session, incoming });
    },
    done: async (id, outcome) => {
      await line.call('channel.done', { session, id, ...outcome });
    },
    over: line.over,
    close: line.close,
  };
}

/** Each editor publishes where it listens in a file that only its user can read */
function readDiscovery(workspace: string): Discovery | undefined {
  const folder = path.join(userFolder(), 'endpoints');
  const found = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Discovery);
  return found.find((each) => each.workspace === workspace);
}

function userFolder(): string {
  const named = process.env['COWORK_POLICY_HOME'];
  if (named !== undefined) return named;
  if (process.platform === 'win32') return path.join(process.env['APPDATA'] ?? '', 'cowork-policy');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'cowork-policy');
  return path.join(process.env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config'), 'cowork-policy');
}

interface Line {
  call(method: string, params: object): Promise<unknown>;
  readonly over: Promise<never>;
  close(): void;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** JSON-RPC 2.0, one message a line, over a Unix socket or named pipe */
async function openLine(address: string): Promise<Line> {
  const socket = await new Promise<Socket>((done, fail) => {
    const opening = connect(address, () => done(opening));
    opening.once('error', fail);
  });
  const waiting = new Map<number, { done(result: unknown): void; fail(error: Error): void }>();
  let last = 0;
  const over = new Promise<never>((_, fail) => {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const error = new Error('the editor hung up');
      for (const call of waiting.values()) call.fail(error);
      fail(error);
    });
  });
  // Whoever calls hears of it there too
  over.catch(() => undefined);
  createInterface({ input: socket }).on('line', (text) => {
    const { id, result, error } = JSON.parse(text) as Answer;
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.done(result);
    else call?.fail(new Error(error.message));
  });
  return {
    call: (method, params) =>
      new Promise((done, fail) => {
        if (socket.destroyed) {
          fail(new Error('the editor hung up'));
          return;
        }
        last += 1;
        waiting.set(last, { done, fail });
        socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method, params })}\n`);
      }),
    over,
    close: () => socket.destroy(),
  };
}
