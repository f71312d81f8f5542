import { fork, spawn } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Progress } from './progressReporter.ts';
import { needProgram, type NeededProgram } from './program.ts';
import { root } from './root.ts';

export interface Tally {
  passed: number;
  failed: number;
}

/** Where a step of a test run says what it does */
export interface Stage {
  /** Takes everything it prints */
  readonly log: Pick<WriteStream, 'write'>;
  /** A line that a person should see */
  show(line: string): void;
  /** How many of its tests are over, of how many */
  count(done: number, planned: number): void;
}

/** One step of a test run */
export type Suite = (stage: Stage) => Promise<Tally>;

/** Lines of a suite's own output that are shown; the log has all */
const shownLines = 12;
/** Failures of one suite that are shown */
const shownFailures = 20;
/** How long a suite may take to end after its last test, in milliseconds */
const grace = 20_000;

/** Runs a script of ours or of a package; its exit code is the result, its output is shown when it fails */
export function tool(script: string, ...args: string[]): Suite {
  return ({ log, show }) =>
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
  return async (stage) => {
    const sum: Tally = { passed: 0, failed: 0 };
    for (const part of parts) add(sum, await part(stage));
    return sum;
  };
}

/** Sees to a program of the system first; where it cannot be had the suite has failed */
export function needing(program: NeededProgram, suite: Suite): Suite {
  return async (stage) => {
    try {
      needProgram(program, (line) => {
        stage.show(`   ${line}`);
      });
    } catch (error) {
      stage.show(`   ${error instanceof Error ? error.message : String(error)}`);
      return { passed: 0, failed: 1 };
    }
    return suite(stage);
  };
}

/**
 * Runs all test files of one folder in a process of their own. It finds, and touches, nothing of what the person who runs it
 * decided elsewhere, nor of what another suite decides meanwhile.
 *
 * @param folder relative to the project
 * @param timeoutSeconds for each test that sets none itself
 */
export function mocha(folder: string, timeoutSeconds: number): Suite {
  return ({ log, show, count }) =>
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
      const userFolder = mkdtempSync(path.join(tmpdir(), 'cowork-test-user-'));
      const child = fork(path.join(root, 'node_modules/mocha/bin/mocha.js'), [...options, ...files], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...process.env, COWORK_POLICY_HOME: userFolder, FORCE_COLOR: '0' },
      });
      let planned = 0;
      let finished = false;
      let shown = 0;
      let leftOpen: NodeJS.Timeout | undefined;
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
        count(tally.passed + tally.failed, planned);
      });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearTimeout(leftOpen);
        rmSync(userFolder, { recursive: true, force: true });
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

