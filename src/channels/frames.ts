import { ChannelError } from './channel.ts';

/** How long a socket may take to open, in milliseconds */
const patience = 30_000;
/** Characters that may wait to be read; whoever sends more is cut off, and sends it again after the next connect */
const mostWaiting = 64 * 1024 * 1024;

/** A close code of our own: with 1000 or 1001 a platform would end the session as well, and nothing could be resumed */
const ourClose = 4900;

/** Text frames of a WebSocket, each read when it arrives, kept in order until it is wanted */
export interface Frames<T> {
  /** How many wait to be wanted */
  readonly waiting: number;
  /** Code with which the other side closed; `undefined` while it did not, 1006 where the connection broke */
  readonly closeCode: number | undefined;
  /** The next one; `undefined` when the connection is over, or when nothing came for `time` milliseconds */
  next(time: number): Promise<T | undefined>;
  /** Does nothing once the connection is over */
  send(value: object): void;
  close(): void;
}

/**
 * Opens a WebSocket. `read` is called with every text frame as it arrives; what it answers waits for `next`, nothing where that is
 * `undefined`. Rejects with a `ChannelError` that names no address, or with the signal's reason. The signal ends the connection.
 */
export async function openFrames<T>(platform: string, url: URL, signal: AbortSignal, read: (text: string) => T | undefined): Promise<Frames<T>> {
  signal.throwIfAborted();
  const frames = new SocketFrames(new WebSocket(url), signal, read);
  if (!(await frames.opened)) {
    signal.throwIfAborted();
    throw new ChannelError('unreachable', `${platform} cannot be reached (no connection).`);
  }
  return frames;
}

class SocketFrames<T> implements Frames<T> {
  /** Whether the socket opened in time */
  readonly opened: Promise<boolean>;
  closeCode: number | undefined;
  readonly #socket: WebSocket;
  readonly #queue: { readonly value: T; readonly size: number }[] = [];
  #size = 0;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(socket: WebSocket, signal: AbortSignal, read: (text: string) => T | undefined) {
    this.#socket = socket;
    const giveUp = (): void => this.close();
    signal.addEventListener('abort', giveUp, { once: true });
    this.opened = new Promise((done) => {
      const late = setTimeout(giveUp, patience);
      const settle = (isOpen: boolean): void => {
        clearTimeout(late);
        done(isOpen);
      };
      socket.addEventListener('open', () => settle(true));
      socket.addEventListener('close', () => settle(false));
    });
    socket.addEventListener('message', (event) => {
      const data: unknown = event.data;
      // Nothing here speaks in binary
      if (this.#ended || typeof data !== 'string') return;
      const value = read(data);
      if (value === undefined) return;
      this.#queue.push({ value, size: data.length });
      this.#size += data.length;
      if (this.#size > mostWaiting) this.#end(undefined);
      this.#wake();
    });
    socket.addEventListener('close', ({ code }) => {
      this.#end(code);
      signal.removeEventListener('abort', giveUp);
    });
  }

  get waiting(): number {
    return this.#queue.length;
  }

  async next(time: number): Promise<T | undefined> {
    if (this.#queue.length === 0 && !this.#ended) {
      await new Promise<void>((done) => {
        const late = setTimeout(done, time);
        this.#wake = () => {
          clearTimeout(late);
          done();
        };
      });
    }
    const first = this.#queue.shift();
    this.#size -= first?.size ?? 0;
    return first?.value;
  }

  send(value: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(value));
  }

  /** What waits is let go: it was not acknowledged, so it comes again */
  close(): void {
    this.#queue.length = 0;
    this.#size = 0;
    this.#end(undefined);
  }

  #end(code: number | undefined): void {
    this.closeCode ??= code;
    if (!this.#ended) {
      this.#ended = true;
      this.#socket.close(ourClose);
    }
    this.#wake();
  }
}
