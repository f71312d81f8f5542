import type { MessagePort } from 'node:worker_threads';

/** What the thread is started with */
export interface ThreadData {
  readonly port: MessagePort;
  /** Counters that the one who asks sleeps on */
  readonly shared: SharedArrayBuffer;
  /** The engine's file, where it is not beside its package */
  readonly wasm?: Uint8Array<ArrayBuffer>;
}

/** One run; without `input` (JSON) the script is only read */
export interface Call {
  readonly script: string;
  readonly input?: string;
}

/** Which counter goes up when the engine is there, or cannot be; the answer to that comes by the port like any other */
export const began = 0;
/** Which counter goes up when a run is answered */
export const answered = 1;
export const counters = 2;
