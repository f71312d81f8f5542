import { lstatSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { LineSplitter } from './lines.ts';
import { protocolVersion, readResponse, type Response } from './protocol.ts';
import { publishedEndpoints, type Discovery } from './published.ts';

/** The endpoint cannot be reached, hung up, or refused */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
}

/** A connection to the editor that holds a workspace's policy */
export interface EndpointClient {
  /** Calls a method; rejects with `EndpointError` when the call fails or the connection ends, with the signal's reason when aborted */
  call(method: string, params?: unknown, signal?: AbortSignal): Promise<unknown>;
  readonly closed: boolean;
  /** Resolves when the endpoint let us in; rejects where it does not */
  readonly admitted: Promise<void>;
  /** Runs once when the connection ends, for whatever reason */
  onClose(listener: () => void): void;
  close(): void;
}

interface Waiting {
  readonly done: (result: unknown) => void;
  readonly fail: (error: Error) => void;
}

/** Connects to the endpoint published for `workspace`; `undefined` when there is none or nobody listens there any more */
export async function connectEndpoint(userFolder: string, workspace: string): Promise<EndpointClient | undefined> {
  for (const discovery of publishedEndpoints(userFolder).filter((each) => each.workspace === workspace)) {
    const client = await connectTo(discovery);
    if (client === undefined) continue;
    await client.admitted;
    return client;
  }
  return undefined;
}

/**
 * Connects to a published endpoint; `undefined` when nobody listens there any more. Does not wait to be admitted: calls may
 * be sent at once, and fail where the endpoint does not let us in.
 */
export async function connectTo(discovery: Discovery): Promise<EndpointClient | undefined> {
  if (!isOurs(discovery)) return undefined;
  const socket = await reach(discovery.address);
  if (socket === undefined) return undefined;
  return speak(socket, discovery.token);
}

/** Whether nobody else can have put the socket there: an editor that died leaves word of its own, and somebody else may come after it */
function isOurs({ address, pid }: Discovery): boolean {
  // The name of a pipe of Windows is anybody's once its program ended
  if (process.getuid === undefined) return isRunning(pid);
  const folder = lstatSync(path.dirname(address), { throwIfNoEntry: false });
  return folder?.isDirectory() === true && folder.uid === process.getuid() && (folder.mode & 0o022) === 0;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function reach(address: string): Promise<Socket | undefined> {
  return new Promise((done) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.off('error', failed);
      done(socket);
    });
    // A dead editor leaves its file and socket behind: nobody home is an answer, not a failure
    const failed = (): void => done(undefined);
    socket.once('error', failed);
  });
}

function speak(socket: Socket, token: string): EndpointClient {
  const waiting = new Map<number, Waiting>();
  const closeListeners: (() => void)[] = [];
  const lines = new LineSplitter();
  let next = 0;
  let closed = false;

  const nextId = (): number => {
    next += 1;
    return next;
  };
  const send = (call: object): void => {
    if (!closed) socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...call })}\n`);
  };
  const end = (why: string): void => {
    if (closed) return;
    closed = true;
    socket.destroy();
    for (const { fail } of waiting.values()) fail(new EndpointError(why));
    waiting.clear();
    for (const listener of closeListeners) listener();
  };
  socket.on('close', () => end('The editor that holds this policy hung up.'));
  socket.on('error', (error) => end(`The connection to the editor broke: ${error.message}`));
  socket.on('data', (bytes) => {
    try {
      for (const line of lines.push(bytes)) settle(waiting, readResponse(line));
    } catch (error) {
      end(`The editor sent something that cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  });

  const call: EndpointClient['call'] = (method, params, signal) => {
    if (closed) return Promise.reject(new EndpointError('The connection to the editor is closed.'));
    if (signal?.aborted === true) return Promise.reject(abortError(signal));
    const id = nextId();
    return new Promise((done, fail) => {
      const abort = (): void => {
        if (!waiting.delete(id) || signal === undefined) return;
        fail(abortError(signal));
        send({ id: nextId(), method: 'cancel', params: { id } });
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settled = (): void => signal?.removeEventListener('abort', abort);
      waiting.set(id, {
        done: (result) => { settled(); done(result); },
        fail: (error) => { settled(); fail(error); },
      });
      send({ id, method, params });
    });
  };
  const admitted = call('hello', { token, version: protocolVersion }).then(() => undefined);
  // Whoever calls hears of it there
  admitted.catch(() => undefined);
  return {
    call,
    admitted,
    get closed() {
      return closed;
    },
    onClose(listener) {
      if (closed) listener();
      else closeListeners.push(listener);
    },
    close: () => end('The connection was closed.'),
  };
}

function settle(waiting: Map<number, Waiting>, response: Response): void {
  if (response.id === undefined) return;
  const call = waiting.get(response.id);
  waiting.delete(response.id);
  if (call === undefined) return;
  if ('error' in response) call.fail(new EndpointError(response.error.message));
  else call.done(response.result);
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new EndpointError('The call was given up.');
}
