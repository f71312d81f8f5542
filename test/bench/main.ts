import { existsSync } from 'node:fs';

/** Runs the benches one after another; the exit code is 1 when a target is missed */
interface Bench {
  run(): Promise<boolean | void> | boolean | void;
}

let good = true;
for (const name of ['decide', 'lines', 'coldLines', 'record', 'hookStart', 'sandbox', 'activation', 'panel']) {
  const file = new URL(`./${name}.ts`, import.meta.url);
  if (!existsSync(file)) continue;
  const bench = (await import(file.href)) as Bench;
  if ((await bench.run()) === false) good = false;
  console.log('');
}
process.exitCode = good ? 0 : 1;
