import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { longLines } from '../judge/longLines.ts';
import { root } from '../house/root.ts';

/** What the first answer of a process may take for a line of 10 kB, in milliseconds of processor time: what else the machine does is not our cost */
const allowed = 50;
const rounds = 3;

const program = `
  import { evaluate } from ${JSON.stringify(path.join(root, 'src/core/evaluate.ts'))};
  import { compilePolicy } from ${JSON.stringify(path.join(root, 'src/core/policy/compilePolicy.ts'))};
  import { defaultSettings } from ${JSON.stringify(path.join(root, 'src/core/policy/policy.ts'))};
  import { longLines } from ${JSON.stringify(path.join(root, 'test/judge/longLines.ts'))};
  const surroundings = { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash', files: { resolve: (path) => path, readText: () => undefined } };
  const policy = compilePolicy({ ...defaultSettings, mode: 'dangerous_only', permissions: { read: true, write: true, delete: true, shell: true, network: true }, rules: [] }, surroundings, { repositoryAllows: true });
  const { text, shell } = longLines()[Number(process.argv[2])];
  const from = process.threadCpuUsage();
  evaluate({ tool: 'run_command', input: { command: text }, shell }, surroundings, policy, { now: 0, holds: [] });
  const { user, system } = process.threadCpuUsage(from);
  console.log((user + system) / 1000);
`;

/**
 * The first describe and decide of a new process for lines of 10 kB made to be dear, one process a line, the best of
 * several. False where one takes longer than it may.
 */
export async function run(): Promise<boolean> {
  const folder = mkdtempSync(path.join(root, '.cache/cold-'));
  try {
    const file = path.join(folder, 'program.mjs');
    writeFileSync(path.join(folder, 'program.ts'), program);
    await build({ entryPoints: [path.join(folder, 'program.ts')], outfile: file, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
    const times = longLines().map(({ name, shell }, index) => {
      const tries = Array.from({ length: rounds }, () => Number(execFileSync(process.execPath, [file, String(index)], { encoding: 'utf8' })));
      return { name: `${shell} ${name}`, time: Math.min(...tries) };
    }).sort((a, b) => b.time - a.time);
    console.log(`${times.length} lines of 10 kB made to be dear, the first answer of a new process, ms of processor time (best of ${rounds})`);
    for (const { name, time } of times.slice(0, 12)) console.log(`  ${time.toFixed(1).padStart(6)}  ${name}`);
    const over = times.filter(({ time }) => time > allowed).length;
    console.log(`  ${over === 0 ? 'none' : over} over ${allowed} ms`);
    return over === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
