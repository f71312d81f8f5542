import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** The bytes of a file of which only the pressed form is packed: `FILE.br` (esbuild.mjs) */
export function readPressed(file: string): Buffer {
  return brotliDecompressSync(readFileSync(`${file}.br`));
}
