import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bubblewrapSandbox } from '../../src/node/sandbox/bubblewrap.ts';
import { whyUnavailable } from '../../src/node/sandbox/openSandbox.ts';
import { bubblewrap, findProgram } from '../house/program.ts';
import { root } from '../house/root.ts';

const rounds = 60;
/** What starting `true` in a sandbox of ours may cost, as a multiple of calling the program by hand (issue of the sandbox) */
const allowed = 1.1;
/** The mounts that a careful person would write: the system read only, the workspace, everything else its own */
const byHand = [
  '--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session', '--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64', '--ro-bind', '/etc', '/etc',
  '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/home',
];

/** How long `true` takes in our sandbox beside the same by hand; the two take turns, so that what else the machine does hits both */
export async function run(): Promise<boolean> {
  const cache = path.join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'bench-'));
  const workspace = path.join(folder, 'workspace');
  mkdirSync(workspace);
  try {
    const program = findProgram(bubblewrap);
    const sandbox = bubblewrapSandbox({ workspace, home: path.join(folder, 'home'), userFolder: path.join(folder, 'user') });
    const reason = program === undefined ? 'it is not installed' : await whyUnavailable(sandbox);
    if (program === undefined || reason !== undefined) {
      console.log(`sandbox: bubblewrap does not work here: ${reason ?? ''}`);
      return true;
    }
    const hand: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      hand.push(await time(() => call(program, [...byHand, '--bind', workspace, workspace, '--chdir', workspace, '--', '/bin/bash', '-c', 'true'])));
      ours.push(await time(async () => {
        await sandbox.run('true');
      }));
    }
    const [bare, made] = [median(hand), median(ours)];
    const ratio = made / bare;
    console.log(`sandbox: true, from asking to knowing its end`);
    console.log(`  bwrap by hand   ${bare.toFixed(1).padStart(6)} ms`);
    console.log(`  bubblewrap      ${made.toFixed(1).padStart(6)} ms   ${ratio.toFixed(2)} times by hand (allowed ${allowed})`);
    return ratio <= allowed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function call(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`bwrap ended with ${code ?? 'nothing'}`))));
  });
}

async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
