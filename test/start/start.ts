/**
 * Builds, and opens a real editor on a sample project in which a scripted agent writes a file, runs a shell line, sends a
 * file out and deletes one, so that its prompts are seen: `npm start`, or `npm start -- --headless` without a screen.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram } from '../house/program.ts';
import { root } from '../house/root.ts';
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
  step('building');
  const { status } = spawnSync(process.execPath, [path.join(root, 'esbuild.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) return 1;
  step('making a sample project');
  const sample = await makeSample();
  try {
    if (values.headless === true) return await runHeadless(sample, packExtension(sample.home), step);
    const code = values.serve === true ? undefined : findProgram({ names: process.platform === 'win32' ? ['code.cmd'] : ['code'], debian: 'code' });
    if (code !== undefined && hasScreen()) return await openDesktop(code, sample, step);
    return await serve(sample, packExtension(sample.home), values.port === undefined ? 0 : Number(values.port), step);
  } finally {
    sample.remove();
  }
}

function step(line: string): void {
  console.log(`• ${line}`);
}

process.exitCode = await main();
