/**
 * Runs every suite and ends with one line `N passed, N failed`: `node test/run.ts [suite …]`.
 * A compiler or linter run counts as one test. A suite that runs no test, or that dies before its end, is a failure.
 */
import { createWriteStream, globSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { withClients } from './agents/withClients.ts';
import { type Report, runInLanes } from './house/lanes.ts';
import { packedByRun } from './house/pack.ts';
import { bubblewrap, chromium, ngircd } from './house/program.ts';
import { root } from './house/root.ts';
import { add, allOf, mocha, needing, tool, type Suite } from './house/suite.ts';

const logFolder = path.join(root, '.cache/log');
const vsix = path.join(root, '.cache/tested.vsix');

/**
 * The build comes alone, since the others use what it makes. Then what takes longest, beside the others in this order: what is
 * quick and most often broken first
 */
const suites: Readonly<Record<string, Suite>> = {
  build: tool('esbuild.mjs'),
  editor: needing(chromium, mocha('test/editor', 180)),
  types: allOf(
    ['.', ...globSync(['src/*/tsconfig.json', 'webview/tsconfig.json'], { cwd: root })].map((project) =>
      tool('node_modules/typescript/bin/tsc', '--project', project),
    ),
  ),
  lint: tool('node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
  unit: mocha('test/unit', 60),
  property: mocha('test/property', 300),
  corpus: mocha('test/corpus', 120),
  crash: needing(bubblewrap, mocha('test/crash', 600)),
  judge: needing(bubblewrap, mocha('test/judge', 900)),
  sandbox: needing(bubblewrap, mocha('test/sandbox', 120)),
  tools: needing(bubblewrap, mocha('test/tools', 300)),
  channels: mocha('test/channels', 120),
  gateway: needing(ngircd, needing(chromium, mocha('test/gateway', 120))),
  agents: needing(bubblewrap, needing(chromium, withClients(mocha('test/agents', 300)))),
};

/** How many suites run at a time behind the build: the machines this runs on have two processors */
const lanes = 2;

const report: Report = {
  openLog: (name) => createWriteStream(path.join(logFolder, `${name}.log`)),
  say: (text) => console.log(text),
};

async function main(): Promise<void> {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0) {
    console.error(`there is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`);
    process.exit(2);
  }
  mkdirSync(logFolder, { recursive: true });
  const wanted = Object.entries(suites).filter(([name]) => chosen.length === 0 || chosen.includes(name));
  const sum = await runInLanes(wanted.filter(([name]) => name === 'build'), 1, report);
  rmSync(vsix, { force: true });
  if (sum.passed > 0) process.env[packedByRun] = vsix;
  add(sum, await runInLanes(wanted.filter(([name]) => name !== 'build'), lanes, report));
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

await main();
