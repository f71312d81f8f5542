import { cpus } from 'node:os';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import type { Request } from '../../src/core/request.ts';
import type { SessionFacts } from '../../src/core/decide/session.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { casbin, cedarWasm } from './others.ts';
import type { Other, Question } from './others.ts';
import { rulesFor } from './rulesFor.ts';

/** The targets of the design, in microseconds and as ratios */
const targets = { plain: 5, shell: 15, growth: 1.5, others: 1000 } as const;

interface Subject {
  readonly name: 'file' | 'network' | 'shell';
  readonly request: Request;
  readonly question: Question;
  readonly most: number;
}

const subjects: readonly Subject[] = [
  { name: 'file', request: { tool: 'write_file', input: { path: 'src/core/decide.ts', content: 'x' } }, question: { kind: 'path', target: '/home/ada/project/src/core/decide.ts' }, most: targets.plain },
  { name: 'network', request: { tool: 'web_fetch', input: { url: 'https://docs.example.org/guide/start' } }, question: { kind: 'domain', target: 'docs.example.org' }, most: targets.plain },
  { name: 'shell', request: { tool: 'run_command', input: { command: 'git status -s' } }, question: { kind: 'command', target: 'git status -s' }, most: targets.shell },
];

/** No disk: the file system's own time is not the engine's */
const surroundings: Surroundings = {
  workspace: '/home/ada/project', home: '/home/ada', temporary: '/tmp', platform: 'linux', shell: 'bash',
  files: { resolve: (path) => path, readText: () => undefined },
};
const session: SessionFacts = { now: 0, holds: [] };
const sizes = [10, 1000, 10_000, 100_000] as const;

/** Something every measured answer goes into, so that none can be left out */
let sink = 0;

/** The median of many short batches, in microseconds for one call: robust against what else the machine does */
function median(run: () => unknown, warmUp: number, batches: number, size: number): number {
  for (let count = 0; count < warmUp; count++) if (run() !== undefined) sink++;
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const start = process.hrtime.bigint();
    for (let count = 0; count < size; count++) if (run() !== undefined) sink++;
    times.push(Number(process.hrtime.bigint() - start) / 1000 / size);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? Number.NaN;
}

/** Measures describe and decide beside Casbin and Cedar on the same rules in the same run; true when every target holds */
export async function run(): Promise<boolean> {
  console.log(`describe + decide, median of one call in µs (${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version})`);
  console.log(row(['', ...sizes.map((size) => `${size} rules`), '100k / 10', 'target']));
  let good = true;
  const policies = new Map(sizes.map((size) => [size, compilePolicy({ ...defaultSettings, mode: 'accept_edits', permissions: { read: true, write: true, delete: true, shell: true, network: true }, rules: rulesFor(size) }, surroundings, { repositoryAllows: true })]));
  const ours = new Map<string, number>();
  for (const { name, request, most } of subjects) {
    for (const policy of policies.values()) if (evaluate(request, surroundings, policy, session).decision !== 'allow') throw new Error(`The ${name} request is not allowed by its rule.`);
    const times = interleaved([...policies].map(([size, policy]) => [size, () => evaluate(request, surroundings, policy, session).decision] as const));
    for (const [size, time] of times) ours.set(`${name} ${size}`, time);
    const growth = (times.get(100_000) ?? Number.NaN) / (times.get(10) ?? Number.NaN);
    const held = Math.max(...times.values()) < most && growth < targets.growth;
    good &&= held;
    console.log(row([name, ...sizes.map((size) => (times.get(size) ?? Number.NaN).toFixed(2)), growth.toFixed(2), `< ${most} µs, < ${targets.growth}${held ? '' : '  MISSED'}`]));
  }
  console.log(`\nbeside others on the same rules, µs (how many times ours)`);
  for (const size of [10, 10_000] as const) {
    const others: readonly Other[] = [await casbin(rulesFor(size)), cedarWasm(rulesFor(size))];
    for (const { name, question } of subjects) {
      const mine = ours.get(`${name} ${size}`) ?? Number.NaN;
      const cells = others.map((other) => {
        const time = size === 10 ? median(() => other.answer(question), 200, 21, 50) : median(() => other.answer(question), 2, 7, 1);
        const held = size < 10_000 || time / mine >= targets.others;
        good &&= held;
        return `${other.name} ${time.toFixed(1)} (${Math.round(time / mine)}×)${held ? '' : ' MISSED'}`;
      });
      console.log(row([`${name}, ${size} rules`, `ours ${mine.toFixed(2)}`, ...cells]));
    }
  }
  if (sink === 0) throw new Error('Nothing was measured.');
  return good;
}

/** Measures all sizes in turn, round by round, so that a busy moment of the machine falls on each of them */
function interleaved(runs: readonly (readonly [number, () => unknown])[]): Map<number, number> {
  const rounds = new Map<number, number[]>(runs.map(([size]) => [size, []]));
  for (const [, run] of runs) median(run, 5000, 1, 1);
  for (let round = 0; round < 15; round++) for (const [size, run] of runs) rounds.get(size)?.push(median(run, 200, 9, 200));
  return new Map([...rounds].map(([size, times]) => [size, times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN]));
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(index === 0 ? 22 : 16)).join(' ').trimEnd();
}
