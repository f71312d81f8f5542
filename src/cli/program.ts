import { once } from 'node:events';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { visible } from '../core/visible.ts';
import type { AloneCall } from './hookAlone.ts';
import { run } from './run.ts';
import type { Console } from './verb.ts';

/** Runs the verb that the program was called with */
export function runProgram(): void {
  // Whoever read our answers is gone: nothing is left to do, and that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.stderr.on('error', () => undefined);

  const console: Console = {
    input: process.stdin,
    async print(text) {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    },
    complain: (text) => void process.stderr.write(`${visible(text)}\n`),
    folder: process.cwd(),
    now: () => Date.now(),
  };

  run(process.argv.slice(2), console).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.complain(`cowork-policy: this should not have happened: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exitCode = 1;
    },
  );
}

/** The thread on which a hook decides where no editor is open */
async function decideOnThread(): Promise<void> {
  const { decideAlone } = await import('./hookAlone.ts');
  parentPort?.postMessage(await decideAlone(workerData as AloneCall));
}

// A thread that fails ends with an error, which the hook makes a denial
if (!isMainThread) void decideOnThread();
