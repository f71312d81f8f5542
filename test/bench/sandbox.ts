import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { innerCommand, isolation, mountArguments, placeLines } from '../../src/node/sandbox/bubblewrap.ts';
import { dockerArguments } from '../../src/node/sandbox/docker.ts';
import { findProgram } from '../../src/node/sandbox/findProgram.ts';
import { openSandbox, whyUnavailable } from '../../src/node/sandbox/openSandbox.ts';
import { protectWorkspace } from '../../src/node/sandbox/placeHolders.ts';
import { type SandboxKind, type SandboxSettings, usualDocker, usualLimits } from '../../src/node/sandbox/sandbox.ts';
import { seccompFilter } from '../../src/node/sandbox/seccomp.ts';
import { root } from '../house/root.ts';
import { NoEngineError, dockerEngine } from '../sandbox/dockerEngine.ts';

/** What starting `true` in a sandbox of ours may cost, as a multiple of calling the program by hand */
const allowed = 1.1;

/** `true` by hand, in the very same sandbox: what it is called with, and what its descriptors from the third on are given */
interface ByHand {
  readonly program: string;
  readonly args: readonly string[];
  readonly given?: readonly (Buffer | string)[];
}

/** How long `true` takes in each of our sandboxes beside the same call by hand; the two take turns, so that what else the machine does hits both */
export async function run(): Promise<boolean> {
  const cache = path.join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'bench-'));
  const workspace = path.join(folder, 'workspace');
  // As `git init` and the first decision leave one
  for (const each of ['.git/hooks', '.cowork/policy']) mkdirSync(path.join(workspace, each), { recursive: true });
  writeFileSync(path.join(workspace, '.git/config'), '[core]\n\tbare = false\n');
  const settings: SandboxSettings = { workspace, home: path.join(folder, 'home'), userFolder: path.join(folder, 'user') };
  console.log('sandbox: true, from asking to knowing its end, in ms (median)');
  console.log(`  ${'bare'.padEnd(12)} ${(await medianOf(100, () => call({ program: '/bin/bash', args: ['--noprofile', '--norc', '-c', 'true'] }))).toFixed(1).padStart(7)}`);
  try {
    // What has to stand before the calls by hand stands already; what their mounts make goes after each, as after ours
    const held = (kind: SandboxKind): ReturnType<typeof protectWorkspace> => protectWorkspace(workspace, settings.userFolder, [], kind === 'bubblewrap');
    const protection = await held('bubblewrap');
    await protection.release();
    const filter = seccompFilter();
    const placesAt = filter === undefined ? 3 : 4;
    const bwrap: ByHand = {
      program: findProgram('bwrap') ?? 'bwrap',
      args: [...isolation, ...(filter === undefined ? [] : ['--seccomp', '3']), ...mountArguments(settings, usualLimits, protection), '--chdir', workspace, '--', ...innerCommand('/bin/bash', usualLimits, [], workspace, 'begun', placesAt, ['/bin/bash', '--noprofile', '--norc', '-c', 'true'])],
      given: [...(filter === undefined ? [] : [filter]), placeLines(settings, protection)],
    };
    let good = await compare('bubblewrap', settings, bwrap, held, 300);
    try {
      const engine = await dockerEngine(mkdtempSync(path.join('/tmp', 'cowork-docker-')));
      process.env['DOCKER_HOST'] = engine.host;
      try {
        const { entries, release } = await held('docker');
        await release();
        const docker = { ...usualDocker, image: engine.image };
        const user = process.getuid?.() === 0 ? '1000:1000' : `${process.getuid?.() ?? ''}:${process.getgid?.() ?? ''}`;
        const args = dockerArguments({ given: settings, docker, limits: usualLimits, name: '', command: 'true', cwd: workspace, user, entries, podman: false });
        const unnamed = args.filter((word, index) => word !== '--name' && args[index - 1] !== '--name');
        good = (await compare('docker', { ...settings, docker }, { program: findProgram('docker') ?? 'docker', args: unnamed }, held, 30)) && good;
      } finally {
        delete process.env['DOCKER_HOST'];
        await engine.stop();
      }
    } catch (error) {
      if (!(error instanceof NoEngineError)) throw error;
      console.log(`  docker       ${error.message}`);
    }
    return good;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(kind: SandboxKind, settings: SandboxSettings, byHand: ByHand, held: (kind: SandboxKind) => ReturnType<typeof protectWorkspace>, rounds: number): Promise<boolean> {
  const opened = await openSandbox(kind, settings);
  const reason = opened.ok ? await whyUnavailable(opened.sandbox) : 'it cannot be opened';
  if (!opened.ok || reason !== undefined) {
    console.log(`  ${kind.padEnd(12)} does not work here: ${reason ?? ''}`);
    return true;
  }
  const [hand, ours]: [number[], number[]] = [[], []];
  const byTheirs = async (): Promise<void> => {
    const protection = await held(kind);
    hand.push(await time(() => call(byHand)));
    await protection.release();
  };
  const byOurs = async (): Promise<void> => {
    ours.push(await time(async () => {
      const result = await opened.sandbox.run('true');
      if (!result.ok || result.exitCode !== 0) throw new Error(result.ok ? result.stderr : result.reason);
    }));
  };
  // Whoever is second finds things warmer, so that the two take turns in that as well. What was put up for one goes right after it
  for (let round = 0; round < rounds; round += 1) {
    for (const one of round % 2 === 0 ? [byTheirs, byOurs] : [byOurs, byTheirs]) {
      await one();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const [bare, made] = [median(hand), median(ours)];
  console.log(`  ${kind.padEnd(12)} ${made.toFixed(1).padStart(7)}   by hand ${bare.toFixed(1).padStart(7)}   ${(made / bare).toFixed(2)} times (allowed ${allowed})`);
  return made / bare <= allowed;
}

function call({ program, args, given = [] }: ByHand): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', ...given.map(() => 'pipe' as const)] });
    const complaints: Buffer[] = [];
    child.stdout?.resume();
    child.stderr?.on('data', (bytes: Buffer) => complaints.push(bytes));
    for (const [index, bytes] of given.entries()) (child.stdio as unknown as readonly Writable[])[3 + index]?.end(bytes);
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code ?? 'nothing'}: ${Buffer.concat(complaints).toString()}`))));
  });
}

async function medianOf(rounds: number, work: () => Promise<void>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) values.push(await time(work));
  return median(values);
}

async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
