/**
 * Builds, and opens a real editor on a sample project in which a scripted agent writes a file, runs a shell line, sends a
 * file out and deletes one, so that its prompts are seen: `npm start`, or `npm start -- --headless` without a screen.
 */
import { parseArgs } from 'node:util';
import { findProgram } from '../house/program.ts';
import { openDesktop } from './desktop.ts';
import { packExtension } from '../house/pack.ts';
import { hasScreen } from './hasScreen.ts';
import { makeSample } from './sample.ts';
import { runHeadless } from './headless.ts';
import { serve } from './serve.ts';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { headless: { type: 'boolean' }, serve: { type: 'boolean' }, port: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log('npm start [-- --headless | --serve [--port N]]\n  --headless  answers the prompts by itself and prints what happened\n  --serve     serves the editor to a browser even where there is a `code` command');
    return 0;
  }
  step('making a sample project');
  const sample = await makeSample();
  try {
    step('building and packing the extension');
    const vsix = packExtension(sample.home);
    if (values.headless === true) return await runHeadless(sample, vsix, step);
    const code = values.serve === true ? undefined : findProgram({ names: process.platform === 'win32' ? ['code.cmd'] : ['code'], debian: 'code' });
    if (code !== undefined && hasScreen()) return await openDesktop(code, sample, step);
    return await serve(sample, vsix, values.port === undefined ? 0 : Number(values.port), step);
  } finally {
    sample.remove();
  }
}

function step(line: string): void {
  console.log(`• ${line}`);
}

process.exitCode = await main();
