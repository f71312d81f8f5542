import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import { visible } from '../../../core/visible.ts';
import { ToolError } from '../toolError.ts';
import type { DocumentText, Given, Read } from './document.ts';

/** What reading one document may take */
export interface ReadBounds {
  /** Milliseconds */
  readonly time: number;
  /** Bytes that this process may grow by meanwhile; the limits of a thread do not count buffers */
  readonly growth: number;
}

const usualBounds: ReadBounds = { time: 30_000, growth: 768 * 1024 ** 2 };
/** Objects of the thread, in megabytes */
const memory = 512;
/** How often the growth is looked at, in milliseconds: a bomb unpacks some 30 MB in it */
const glance = 20;

/**
 * Reads the text of a document in a thread of its own, which is ended when it takes too long or too much: a document comes
 * from outside, and programs that read them have been led astray before. The libraries are loaded there, on first need.
 */
export function readDocument(given: Given, signal: AbortSignal | undefined, shown: string, bounds: ReadBounds = usualBounds): Promise<DocumentText> {
  return new Promise((resolve, reject) => {
    const worker = startWorker({ workerData: given, env: {}, stdin: false, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      clearInterval(watch);
      signal?.removeEventListener('abort', cancel);
      void worker.terminate();
      settle();
    };
    const cancel = (): void => end(() => reject(new ToolError('cancelled', 'It was cancelled.')));
    const timer = setTimeout(() => end(() => reject(new ToolError('unreadable', `${shown} could not be read in ${bounds.time / 1000} s.`))), bounds.time);
    const before = process.memoryUsage.rss();
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > bounds.growth) end(() => reject(new ToolError('unreadable', `${shown} cannot be read: it unpacks to far more than a document does.`)));
    }, glance);
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

/** The thread: as source, or as the pressed bundle that lies beside ours (esbuild.mjs) */
function startWorker(options: WorkerOptions): Worker {
  const source = path.join(import.meta.dirname, 'documentWorker.ts');
  if (existsSync(source)) return new Worker(source, options);
  return new Worker(brotliDecompressSync(readFileSync(path.join(import.meta.dirname, 'documentWorker.js.br'))).toString('utf8'), { ...options, eval: true });
}
