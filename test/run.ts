/**
 * Runs every suite and ends with one line `N passed, N failed`: `node test/run.ts [suite …]`.
 * A compiler or linter run counts as one test. A suite that runs no test, or that dies before its end, is a failure.
 */
import { fork, spawn } from 'node:child_process';
import { createWriteStream, globSync, mkdirSync, mkdtempSync, rmSync, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Progress } from './house/progressReporter.ts';
import { bubblewrap, chromium, needProgram, type NeededProgram } from './house/program.ts';
import { root } from './house/root.ts';

interface Tally {
  passed: number;
  failed: number;
}

/** One step of the run; `log` takes everything it prints */
type Suite = (log: WriteStream) => Promise<Tally>;

const logFolder = path.join(root, '.cache/log');
/** Lines of a suite's own output that the screen shows; the log has all */
const shownLines = 12;

/** In this order: what is quick and most often broken first, the real editor last */
const suites: Readonly<Record<string, Suite>> = {
  build: tool('esbuild.mjs'),
  types: allOf(
    ['.', ...globSync(['src/*/tsconfig.json', 'webview/tsconfig.json'], { cwd: root })].map((project) =>
      tool('node_modules/typescript/bin/tsc', '--project', project),
    ),
  ),
  lint: tool('node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
  unit: mocha('unit', 20),
  property: mocha('property', 300),
  corpus: mocha('corpus', 120),
  crash: mocha('crash', 600),
  judge: needing(bubblewrap, mocha('judge', 900)),
  editor: needing(chromium, mocha('editor', 120)),
};

/** Runs a script of ours or of a package; its exit code is the result, its output is shown when it fails */
function tool(script: string, ...args: string[]): Suite {
  return (log) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [path.join(root, script), ...args], { cwd: root });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          log.write(text);
        });
      }
      child.once('error', reject);
      child.once('close', (code) => {
        if (code !== 0) console.log(indent(output));
        resolve(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
      });
    });
}

function allOf(parts: readonly Suite[]): Suite {
  return async (log) => {
    const sum: Tally = { passed: 0, failed: 0 };
    for (const part of parts) add(sum, await part(log));
    return sum;
  };
}

/** Sees to a program of the system first; where it cannot be had the suite has failed */
function needing(program: NeededProgram, suite: Suite): Suite {
  return async (log) => {
    try {
      needProgram(program, (line) => {
        console.log(`   ${line}`);
      });
    } catch (error) {
      console.log(`   ${error instanceof Error ? error.message : String(error)}`);
      return { passed: 0, failed: 1 };
    }
    return suite(log);
  };
}

/** Runs all test files of one folder in a process of their own */
function mocha(folder: string, timeoutSeconds: number): Suite {
  return (log) =>
    new Promise((resolve, reject) => {
      const files = globSync(`test/${folder}/**/*.test.ts`, { cwd: root }).toSorted();
      const tally: Tally = { passed: 0, failed: 0 };
      if (files.length === 0) {
        console.log(`   no test in test/${folder}`);
        resolve({ passed: 0, failed: 1 });
        return;
      }
      const options = ['--reporter', path.join(root, 'test/house/progressReporter.ts'), '--timeout', `${timeoutSeconds}s`];
      const child = fork(path.join(root, 'node_modules/mocha/bin/mocha.js'), [...options, ...files], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...process.env, FORCE_COLOR: '0' },
      });
      let planned = 0;
      let finished = false;
      let shown = 0;
      const keepAlive = setInterval(() => {
        console.log(`   … ${tally.passed + tally.failed} of ${planned}`);
      }, 15_000);
      const show = (text: string) => {
        log.write(text);
        for (const line of text.split('\n')) {
          if (line.trim() === '' || line.startsWith('  ok   ') || shown >= shownLines || tally.failed > 0) continue;
          shown++;
          console.log(`   ${line}${shown === shownLines ? `\n   (the rest is in .cache/log/${folder}.log)` : ''}`);
        }
      };
      child.stdout?.setEncoding('utf8').on('data', show);
      child.stderr?.setEncoding('utf8').on('data', show);
      child.on('message', (message) => {
        const progress = message as Progress;
        if (progress.event === 'planned') planned = progress.total;
        if (progress.event === 'passed') tally.passed++;
        if (progress.event === 'finished') finished = true;
        if (progress.event === 'failed') {
          tally.failed++;
          console.log(`   FAILED ${progress.title}\n${indent(progress.error)}`);
        }
      });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearInterval(keepAlive);
        if (!finished) {
          console.log(`   the suite ended before its tests did (${signal ?? `exit ${code ?? '?'}`}): .cache/log/${folder}.log`);
          tally.failed++;
        } else if (tally.passed + tally.failed === 0) {
          console.log(`   no test ran in test/${folder}`);
          tally.failed++;
        } else if (code !== 0 && tally.failed === 0) {
          console.log(`   every test passed, yet the suite ended with exit ${code ?? '?'}`);
          tally.failed++;
        }
        resolve(tally);
      });
    });
}

function add(sum: Tally, part: Tally): void {
  sum.passed += part.passed;
  sum.failed += part.failed;
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '     ');
}

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
    const tally = await suite(log);
    log.end();
    add(sum, tally);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`   ${name}: ${tally.passed} passed, ${tally.failed} failed (${seconds} s)`);
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

await main();
