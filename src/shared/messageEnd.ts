import type { HostMessage, Method, PanelMessage, Requests } from './messages.ts';

/** What may come along with a request: a way to stop it, and someone to tell how far it came */
export interface Asking {
  readonly signal?: AbortSignal;
  /** `total` is `undefined` where nobody knows it */
  readonly progress?: (done: number, total: number | undefined) => void;
}

/** Does what a request asks for; a rejection becomes a `failed` answer with its message, so that is written for people */
export type Answering = (method: Method, params: unknown, asking: Required<Asking>) => Promise<unknown>;

/** The other end says that a request failed; `message` is one sentence for people */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

type Call = Extract<PanelMessage | HostMessage, { readonly id: number }>;

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
  readonly progress: Asking['progress'];
}

/**
 * One end of the wire between panel and host: numbers requests, answers them and matches the answers. The host makes it with
 * something that answers, the panel without.
 *
 * INVARIANT: every request that was read is answered once, failures too.
 */
export class MessageEnd {
  private readonly post: (message: Call) => void;
  private readonly answering: Answering | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private readonly underWay = new Map<number, AbortController>();
  private last = 0;

  constructor(post: (message: Call) => void, answering?: Answering) {
    this.post = post;
    this.answering = answering;
  }

  /** Asks the other end; rejects with a `RequestError` that says why it failed */
  request<M extends Method>(method: M, params: Requests[M]['params'], { signal, progress }: Asking = {}): Promise<Requests[M]['result']> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, progress });
      signal?.addEventListener('abort', () => this.post({ type: 'cancel', id }), { once: true });
      this.post({ type: 'request', id, method, params });
    });
  }

  /** Takes a message about requests and answers, already checked */
  receive(message: Call): void {
    switch (message.type) {
      case 'request': return void this.answer(message.id, message.method, message.params);
      case 'cancel': return this.underWay.get(message.id)?.abort();
      case 'progress': return this.waiting.get(message.id)?.progress?.(message.done, message.total);
      case 'answer': return this.settle(message.id)?.resolve(message.result as never);
      case 'failed': return this.settle(message.id)?.reject(new RequestError(message.reason));
    }
  }

  /** Stops what is under way; those who wait here are told that the other end is gone */
  dispose(): void {
    for (const controller of this.underWay.values()) controller.abort();
    for (const id of this.waiting.keys()) this.settle(id)?.reject(new RequestError('The panel was closed.'));
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private async answer(id: number, method: Method, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.underWay.set(id, controller);
    try {
      if (this.answering === undefined) throw new Error('This end answers nothing.');
      const progress = (done: number, total: number | undefined): void => this.post({ type: 'progress', id, done, ...(total === undefined ? {} : { total }) });
      this.post({ type: 'answer', id, result: await this.answering(method, params, { signal: controller.signal, progress }) });
    } catch (error) {
      this.post({ type: 'failed', id, reason: error instanceof Error ? error.message : String(error) });
    } finally {
      this.underWay.delete(id);
    }
  }
}
