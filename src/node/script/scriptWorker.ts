/** The thread that runs policy scripts: what a script does can use up this thread, and no more */
import { parentPort, workerData } from 'node:worker_threads';
import { loadEngine } from './engine.ts';
import { runInIsolate, type ScriptAnswer } from './isolate.ts';
import { type Call, type ThreadData, answered, began, counters } from './thread.ts';

const { port, shared, wasm } = workerData as ThreadData;
const counts = new Int32Array(shared, 0, counters);

function tell(counter: number, answer: ScriptAnswer): void {
  port.postMessage(answer);
  Atomics.add(counts, counter, 1);
  Atomics.notify(counts, counter);
}

void loadEngine(wasm).then((engine) => {
  port.on('message', ({ script, input }: Call) => tell(answered, runInIsolate(engine, script, input)));
  tell(began, { decision: 'pass' });
}, (error: unknown) => tell(began, { error: `the script engine could not be loaded (${String(error)})`, spent: true })).finally(() => parentPort?.postMessage('begun'));
