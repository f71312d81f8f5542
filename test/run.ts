/**
 * Runs every suite and ends with one line `N passed, N failed`: `node test/run.ts [suite …]`.
 * A compiler or linter run counts as one test. A suite that runs no test, or that dies before its end, is a failure.
 */
import { createWriteStream, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withClients } from './agents/withClients.ts';
import { bubblewrap, chromium, ngircd } from './house/program.ts';
import { root } from './house/root.ts';
import { add, allOf, mocha, needing, tool, type Suite, type Tally } from './house/suite.ts';

const logFolder = path.join(root, '.cache/log');

/** In this order: what is quick and most often broken first, the real editor last */
const suites: Readonly<Record<string, Suite>> = {
  build: tool('esbuild.mjs'),
  types: allOf(
    ['.', ...globSync(['src/*/tsconfig.json', 'webview/tsconfig.json'], { cwd: root })].map((project) =>
      tool('node_modules/typescript/bin/tsc', '--project', project),
    ),
  ),
  lint: tool('node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
  unit: mocha('test/unit', 20),
  property: mocha('test/property', 300),
  corpus: mocha('test/corpus', 120),
  crash: needing(bubblewrap, mocha('test/crash', 600)),
  judge: needing(bubblewrap, mocha('test/judge', 900)),
  sandbox: needing(bubblewrap, mocha('test/sandbox', 60)),
  tools: needing(bubblewrap, mocha('test/tools', 300)),
  channels: mocha('test/channels', 60),
  gateway: needing(ngircd, needing(chromium, mocha('test/gateway', 120))),
  editor: needing(chromium, mocha('test/editor', 120)),
  agents: needing(bubblewrap, needing(chromium, withClients(mocha('test/agents', 300)))),
};

async function main(): Promise<void> {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0) {
    console.error(`there is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`);
    process.exit(2);
  }
  mkdirSync(logFolder, { recursive: true });
  // No test finds, or touches, what the person who runs it decided elsewhere
  const userFolder = mkdtempSync(path.join(tmpdir(), 'cowork-test-user-'));
  process.env['COWORK_POLICY_HOME'] = userFolder;
  process.once('exit', () => {
    rmSync(userFolder, { recursive: true, force: true });
  });
  const sum: Tally = { passed: 0, failed: 0 };
  for (const [name, suite] of Object.entries(suites)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const started = performance.now();
    console.log(`== ${name}`);
    const log = createWriteStream(path.join(logFolder, `${name}.log`));
    const tally = await suite(log, console.log);
    log.end();
    add(sum, tally);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const where = tally.failed === 0 ? '' : `, log: .cache/log/${name}.log`;
    console.log(`   ${name}: ${tally.passed} passed, ${tally.failed} failed (${seconds} s)${where}`);
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

await main();
