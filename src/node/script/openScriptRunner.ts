import { existsSync } from 'node:fs';
import path from 'node:path';
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
}

const usualTimes: ScriptTimes = { run: 300, start: 5_000 };

/**
 * Opens the runner of policy scripts of one folder. The thread is started with the first need and ended with whatever does
 * not end by itself: the caller sleeps until the answer or the time is there, so that no script outlives its time.
 */
export function openScriptRunner(times: ScriptTimes = usualTimes): ScriptRunner {
  let thread: Thread | undefined;

  function started(): Thread {
    thread ??= new Thread();
    return thread;
  }

  function end(): void {
    thread?.end();
    thread = undefined;
  }

  function ask(script: string, input: string | undefined): ScriptAnswer {
    try {
      const now = started();
      const start = now.begun(times.start);
      if ('error' in start) return start;
      return now.ask({ script, ...(input === undefined ? {} : { input }) }, times.run);
    } catch (error) {
      return { error: `the script engine could not be used (${errorText(error)})`, spent: true };
    }
  }

  return {
    async ready() {
      try {
        await started().beginning(times.start);
      } catch {
        // The run that follows fails of the same, and says so
        end();
      }
    },
    run(script, input) {
      const { spent, ...ruling } = ask(script, input);
      if (spent === true) end();
      return ruling;
    },
    dispose: end,
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

  constructor() {
    const { port1, port2 } = new MessageChannel();
    const shared = new SharedArrayBuffer(counters * Int32Array.BYTES_PER_ELEMENT);
    this.#port = port1;
    this.#counts = new Int32Array(shared);
    this.#worker = startWorker({ port: port2, shared }, port2);
    // An end that nobody waits for shows at the next call, as silence
    this.#worker.on('error', () => undefined);
    this.#told = new Promise((resolve) => {
      this.#worker.once('message', () => resolve()).once('exit', () => resolve());
    });
    this.#worker.unref();
  }

  /** Sleeps until the engine is there */
  begun(most: number): ScriptAnswer {
    this.#begun ??= this.#wait(began, 0, most, `the script engine did not start in ${most} ms`);
    return this.#begun;
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
    this.begun(0);
    this.#worker.unref();
  }

  ask(call: Call, most: number): ScriptAnswer {
    const before = Atomics.load(this.#counts, answered);
    this.#port.postMessage(call);
    return this.#wait(answered, before, most, `it did not end in ${most} ms`);
  }

  #wait(counter: number, before: number, most: number, silence: string): ScriptAnswer {
    const woken = Atomics.wait(this.#counts, counter, before, most);
    const answer = woken === 'timed-out' ? undefined : (receiveMessageOnPort(this.#port)?.message as ScriptAnswer | undefined);
    return answer ?? { error: silence, spent: true };
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
