import { readFileSync } from 'node:fs';
import { parse } from 'shell-quote';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import type { SessionFacts } from '../../src/core/decide/session.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { rulesFor } from './rulesFor.ts';

const surroundings: Surroundings = {
  workspace: '/home/ada/project', home: '/home/ada', temporary: '/tmp', platform: 'linux', shell: 'bash',
  files: { resolve: (path) => path, readText: () => undefined },
};
const session: SessionFacts = { now: 0, holds: [] };

/** Measures describe and decide over the Bash lines of the corpus, beside a bare parse of the same lines by shell-quote */
export function run(): void {
  const lines = readFileSync(new URL('../corpus/shell.jsonl', import.meta.url), 'utf8').trim().split('\n')
    .map((line) => JSON.parse(line) as { readonly command: string; readonly shell: string })
    .filter(({ shell, command }) => shell === 'bash' && canBeParsed(command))
    .map(({ command }) => command);
  const policy = compilePolicy({ ...defaultSettings, mode: 'dangerous_only', permissions: { read: true, write: true, delete: true, shell: true, network: true }, rules: rulesFor(1000) }, surroundings, { repositoryAllows: true });
  const ours = timesOf(lines, (command) => evaluate({ tool: 'run_command', input: { command } }, surroundings, policy, session).decision);
  const bare = timesOf(lines, (command) => parse(command));
  console.log(`the ${lines.length} Bash lines of the corpus that shell-quote parses, µs a line`);
  console.log(`  describe + decide    median ${at(ours, 0.5).toFixed(1)}  p99 ${at(ours, 0.99).toFixed(1)}`);
  console.log(`  shell-quote parse    median ${at(bare, 0.5).toFixed(1)}  p99 ${at(bare, 0.99).toFixed(1)}`);
  console.log(`  ratio                median ${(at(ours, 0.5) / at(bare, 0.5)).toFixed(2)}  p99 ${(at(ours, 0.99) / at(bare, 0.99)).toFixed(2)}`);
}

/** shell-quote gives up on some lines, such as `${a[$(x)]}`; those are left out for both */
function canBeParsed(command: string): boolean {
  try {
    parse(command);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The best of several rounds for each line, in microseconds, ascending: what the work costs, not what disturbed it */
function timesOf(lines: readonly string[], work: (line: string) => unknown): readonly number[] {
  const best = lines.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 60; round++) {
    lines.forEach((line, index) => {
      const start = process.hrtime.bigint();
      for (let count = 0; count < 5; count++) if (work(line) === undefined) throw new Error('A line was not answered.');
      const time = Number(process.hrtime.bigint() - start) / 5000;
      // The first rounds warm the engine up
      if (round >= 20 && time < (best[index] ?? 0)) best[index] = time;
    });
  }
  return best.sort((a, b) => a - b);
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
