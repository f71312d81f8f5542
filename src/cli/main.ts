import { once } from 'node:events';
import { visible } from '../core/visible.ts';
import { run } from './run.ts';
import type { Console } from './verb.ts';

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
