import { fork, spawn } from 'node:child_process';
import { globSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import type { Progress } from './progressReporter.ts';
import { needProgram, type NeededProgram } from './program.ts';
import { root } from './root.ts';

export interface Tally {
  passed: number;
  failed: number;
}

/** One step of a test run. `log` takes everything it prints, `show` what a person should see at once */
export type Suite = (log: Pick<WriteStream, 'write'>, show: (line: string) => void) => Promise<Tally>;

/** Lines of a suite's own output that are shown; the log has all */
const shownLines = 12;
/** Failures of one suite that are shown */
const shownFailures = 20;
/** How long a suite may take to end after its last test, in milliseconds */
const grace = 20_000;

/** Runs a script of ours or of a package; its exit code is the result, its output is shown when it fails */
export function tool(script: string, ...args: string[]): Suite {
  return (log, show) =>
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
        if (code !== 0) show(indent(output));
        resolve(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
      });
    });
}

/** Several steps as one */
export function allOf(parts: readonly Suite[]): Suite {
  return async (log, show) => {
    const sum: Tally = { passed: 0, failed: 0 };
    for (const part of parts) add(sum, await part(log, show));
    return sum;
  };
}

/** Sees to a program of the system first; where it cannot be had the suite has failed */
export function needing(program: NeededProgram, suite: Suite): Suite {
  return async (log, show) => {
    try {
      needProgram(program, (line) => {
        show(`   ${line}`);
      });
    } catch (error) {
      show(`   ${error instanceof Error ? error.message : String(error)}`);
      return { passed: 0, failed: 1 };
    }
    return suite(log, show);
  };
}

/**
 * Runs all test files of one folder in a process of their own.
 *
 * @param folder relative to the project
 * @param timeoutSeconds for each test that sets none itself
 */
export function mocha(folder: string, timeoutSeconds: number): Suite {
  return (log, show) =>
    new Promise((resolve, reject) => {
      const home = path.resolve(root, folder);
      const files = globSync('**/*.test.ts', { cwd: home })
        .toSorted()
        .map((file) => path.join(home, file));
      const tally: Tally = { passed: 0, failed: 0 };
      if (files.length === 0) {
        show(`   no test in ${folder}`);
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
      let leftOpen: NodeJS.Timeout | undefined;
      const keepAlive = setInterval(() => {
        show(`   … ${tally.passed + tally.failed} of ${planned}`);
      }, 15_000);
      const take = (text: string) => {
        log.write(text);
        for (const line of text.split('\n')) {
          if (line.trim() === '' || line.startsWith('  ok   ') || shown >= shownLines || tally.failed > 0) continue;
          shown++;
          show(`   ${line}${shown === shownLines ? `\n   (the rest is in the log)` : ''}`);
        }
      };
      child.stdout?.setEncoding('utf8').on('data', take);
      child.stderr?.setEncoding('utf8').on('data', take);
      child.on('message', (message) => {
        const progress = message as Progress;
        if (progress.event === 'planned') planned = progress.total;
        if (progress.event === 'passed') tally.passed++;
        if (progress.event === 'finished') {
          finished = true;
          leftOpen = setTimeout(() => {
            show('   the tests are through, but something they left open keeps the suite from ending');
            child.kill('SIGKILL');
          }, grace);
        }
        if (progress.event === 'failed') {
          tally.failed++;
          const more = tally.failed === shownFailures ? '\n   (what else fails is in the log)' : '';
          if (tally.failed <= shownFailures) show(`   FAILED ${progress.title}\n${indent(progress.error)}${more}`);
        }
      });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearInterval(keepAlive);
        clearTimeout(leftOpen);
        if (!finished) {
          show(`   the suite ended before its tests did (${signal ?? `exit ${code ?? '?'}`})`);
          tally.failed++;
        } else if (tally.passed + tally.failed === 0) {
          show(`   no test ran in ${folder}`);
          tally.failed++;
        } else if (code !== 0 && tally.failed === 0) {
          show(`   every test passed, yet the suite ended with ${signal ?? `exit ${code ?? '?'}`}`);
          tally.failed++;
        }
        resolve(tally);
      });
    });
}

/** Adds the part to the sum */
export function add(sum: Tally, part: Tally): void {
  sum.passed += part.passed;
  sum.failed += part.failed;
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '     ');
}

