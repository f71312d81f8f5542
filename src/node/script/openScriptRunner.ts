import { existsSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MessageChannel, type MessagePort, Worker, type WorkerOptions, receiveMessageOnPort } from 'node:worker_threads';
import { errorText } from '../../gate/errorText.ts';
import type { ScriptRunner } from '../../gate/scriptRunner.ts';
import { readPressed } from '../readPressed.ts';
import type { ScriptAnswer } from './isolate.ts';
import { type Call, type ThreadData, answered, began, counters } from './thread.ts';

/** What running may take, in milliseconds */
export interface ScriptTimes {
  /** One run (cowork-facts 1.16) */
  readonly run: number;
  /** Starting the thread; on a machine that is very busy it takes a second */
  readonly start: number;
  /** All that the caller sleeps until its event loop comes round again; no end unless told */
  readonly turn?: number;
}

const usualTimes: ScriptTimes = { run: 300, start: 5_000 };

/** For a caller that others wait for: it may look at 200 open questions at once */
export const editorTimes: ScriptTimes = { ...usualTimes, turn: 1_000 };

/**
 * Opens the runner of policy scripts of one folder. The thread is started with the first need and ended with whatever does
 * not end by itself: the caller sleeps until the answer or the time is there, so that no script outlives its time.
 */
export function openScriptRunner(times: ScriptTimes = usualTimes): ScriptRunner {
  const { turn = Infinity } = times;
  let thread: Thread | undefined;
  let closed = false;
  /** Milliseconds that the caller slept in this turn of its event loop */
  let slept = 0;

  function started(): Thread {
    thread ??= new Thread();
    return thread;
  }

  /** Asks as long as the turn lasts, and counts what it takes */
  function askInTurn(script: string, input: string | undefined): ScriptAnswer {
    if (slept >= turn) return { error: 'too many requests were put to it at once', passing: true };
    if (slept === 0) setImmediate(() => {
      slept = 0;
    });
    const before = performance.now();
    const answer = ask(script, input);
    slept += performance.now() - before;
    return answer;
  }

  function end(): void {
    thread?.end();
    thread = undefined;
  }

  function ask(script: string, input: string | undefined): ScriptAnswer {
    try {
      const now = started();
      const start = now.begun(Math.min(times.start, Math.ceil(turn - slept)), times.start);
      if ('error' in start) return start;
      return now.ask({ script, ...(input === undefined ? {} : { input }) }, times.run);
    } catch (error) {
      return { error: `the script engine could not be used (${errorText(error)})`, spent: true };
    }
  }

  return {
    async ready() {
      // Whoever waits for it finds a whole turn
      if (slept > 0) await nextTurn();
      if (closed) return;
      try {
        await started().beginning(times.start);
      } catch {
        // The run that follows fails of the same, and says so
        end();
      }
    },
    run(script, input) {
      if (closed) return { error: 'the script engine was closed' };
      const { spent, ...ruling } = askInTurn(script, input);
      if (spent === true) end();
      return ruling;
    },
    dispose() {
      closed = true;
      end();
    },
  };
}

/** The thread, the line to it and the counters it wakes us by */
class Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #counts: Int32Array<SharedArrayBuffer>;
  /** When the thread says that it has begun, or is gone */
  readonly #told: Promise<void>;
  #begun: ScriptAnswer | undefined;
  /** It ended, and not by our word */
  #gone = false;
  readonly #since = performance.now();

  constructor() {
    const { port1, port2 } = new MessageChannel();
    const shared = new SharedArrayBuffer(counters * Int32Array.BYTES_PER_ELEMENT);
    this.#port = port1;
    this.#counts = new Int32Array(shared);
    this.#worker = startWorker({ port: port2, shared }, port2);
    // An end that nobody waits for shows at the next call, as silence
    this.#worker.on('error', () => undefined);
    this.#told = new Promise((resolve) => {
      this.#worker.once('message', () => resolve()).once('exit', () => {
        this.#gone = true;
        resolve();
      });
    });
    this.#worker.unref();
  }

  /** Sleeps until the engine is there, for `most`; one that is not there `patience` after its start never will be. Both in milliseconds */
  begun(most: number, patience: number): ScriptAnswer {
    if (this.#begun !== undefined) return this.#begun;
    const answer = this.#wait(began, 0, most) ?? (!this.#gone && performance.now() - this.#since < patience ? undefined : { error: `the script engine did not start in ${patience} ms`, spent: true });
    this.#begun = answer;
    return answer ?? { error: 'the script engine is still starting', passing: true };
  }

  /** The same, without holding anybody up */
  async beginning(most: number): Promise<void> {
    if (this.#begun !== undefined) return;
    this.#worker.ref();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.#told, new Promise<void>((resolve) => {
      timer = setTimeout(resolve, most);
    })]);
    clearTimeout(timer);
    this.begun(0, most);
    this.#worker.unref();
  }

  ask(call: Call, most: number): ScriptAnswer {
    const before = Atomics.load(this.#counts, answered);
    this.#port.postMessage(call);
    return this.#wait(answered, before, most) ?? { error: `it did not end in ${most} ms`, spent: true };
  }

  /** What comes with the next step of a counter; nothing where that does not come in time */
  #wait(counter: number, before: number, most: number): ScriptAnswer | undefined {
    const woken = Atomics.wait(this.#counts, counter, before, most);
    return woken === 'timed-out' ? undefined : (receiveMessageOnPort(this.#port)?.message as ScriptAnswer | undefined);
  }

  end(): void {
    this.#port.close();
    void this.#worker.terminate();
  }
}

/** The thread: as source, or as the pressed bundle that lies beside ours (esbuild.mjs) */
function startWorker(data: ThreadData, line: MessagePort): Worker {
  const options: WorkerOptions = { env: {}, stdin: false, stdout: true, stderr: true, transferList: [line], resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 } };
  const source = path.join(import.meta.dirname, 'scriptWorker.ts');
  if (existsSync(source)) return new Worker(source, { ...options, workerData: data });
  const beside = (file: string): Buffer => readPressed(path.join(import.meta.dirname, file));
  return new Worker(beside('scriptWorker.js').toString('utf8'), { ...options, eval: true, workerData: { ...data, wasm: new Uint8Array(beside('quickjs.wasm')) } });
}
