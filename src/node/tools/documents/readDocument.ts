import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { visible } from '../../../core/visible.ts';
import { ToolError } from '../toolError.ts';
import type { DocumentText, Given, Read } from './document.ts';

/** How long a document may be read, in milliseconds, and with how much memory, in megabytes */
const patience = 30_000;
const memory = 512;

/**
 * Reads the text of a document in a thread of its own, which is ended when it takes too long or too much: a document comes
 * from outside, and programs that read them have been led astray before. The libraries are loaded there, on first need.
 */
export function readDocument(given: Given, signal: AbortSignal | undefined, shown: string, timeout: number = patience): Promise<DocumentText> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile(), { workerData: given, env: {}, stdin: false, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      void worker.terminate();
      settle();
    };
    const cancel = (): void => end(() => reject(new ToolError('cancelled', 'It was cancelled.')));
    const timer = setTimeout(() => end(() => reject(new ToolError('unreadable', `${shown} could not be read in ${timeout / 1000} s.`))), timeout);
    signal?.addEventListener('abort', cancel, { once: true });
    worker.once('message', (read: Read) => end(() => {
      if (read.ok) resolve(read);
      else reject(new ToolError('unreadable', `${shown} cannot be read. ${visible(read.reason).slice(0, 300)}`));
    }));
    // Also where it ran out of memory
    worker.once('error', (error: Error) => end(() => reject(new ToolError('unreadable', `${shown} cannot be read: it takes more than a document does (${visible(error.message).slice(0, 200)}).`))));
    worker.once('exit', () => end(() => reject(new ToolError('unreadable', `${shown} cannot be read.`))));
  });
}

/** Beside the bundle, or as source */
function workerFile(): string {
  const [bundled, source] = ['documentWorker.js', 'documentWorker.ts'].map((name) => path.join(import.meta.dirname, name));
  if (bundled === undefined || source === undefined || !(existsSync(bundled) || existsSync(source))) throw new Error(`documentWorker.js is not beside ${import.meta.dirname}; build again`);
  return existsSync(bundled) ? bundled : source;
}
