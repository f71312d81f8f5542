import { closeSync, fsync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Entry } from '../../src/gate/entry.ts';
import { openStore } from '../../src/node/store/openStore.ts';
import { root } from '../house/root.ts';

const synced = promisify(fsync);
const rounds = 1500;
const together = 32;
/** What recording one decision may cost, as a multiple of appending as many bytes and waiting for the disk (design) */
const allowed = 1.3;

/** A decision of the usual kind, as the gate records it */
const entry: Entry = {
  type: 'decision',
  request: { tool: 'run_command', input: { command: 'npm run build' }, cwd: '/workspace', actor: { kind: 'agent', name: 'bench', session: 's' } },
  session: 's',
  decision: 'allow',
  evaluated: 'ask',
  reason: { type: 'rule', summary: 'Allowed by the rule for commands starting with “npm run build”', rule: 'rule-1' },
  scope: { kind: 'command_prefix', prefix: 'npm run build' },
  actions: [{ kind: 'exec', target: 'npm run build', decision: 'allow', reason: { type: 'rule', summary: 'Allowed by a rule', rule: 'rule-1' }, rule: 'rule-1' }],
  settledBy: 'policy',
  fingerprint: 'command_prefix:npm run build',
};

/**
 * What it costs to record a decision, beside a bare append of as many bytes to a file of the same disk and its fsync. The two
 * take turns, one call each, so that what else the machine does hits both; the medians are compared.
 */
export async function run(): Promise<void> {
  const cache = path.join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  // Beside the sources: the system's temporary folder may lie in memory, where waiting for the disk costs nothing
  const folder = mkdtempSync(path.join(cache, 'bench-'));
  mkdirSync(path.join(folder, 'workspace'));
  const bare = openSync(path.join(folder, 'bare'), 'a');
  const store = await openStore({
    folder: path.join(folder, 'workspace'), userFolder: path.join(folder, 'user'), watch: false, clock: { now: () => Date.now(), after: () => ({ dispose: () => undefined }) },
  });
  try {
    await store.commit([entry]);
    const bytes = Buffer.alloc(JSON.stringify(entry).length + 250, 'x');
    const append = async (): Promise<void> => {
      writeSync(bare, bytes);
      await synced(bare);
    };
    const record = (): Promise<void> => store.commit([entry]);
    const recordTogether = async (): Promise<void> => {
      await Promise.all(Array.from({ length: together }, record));
    };
    const times = { bare: [] as number[], one: [] as number[], many: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.bare.push(await time(append));
      times.one.push(await time(record));
      if (round % 10 === 0) times.many.push((await time(recordTogether)) / together);
    }
    const [loop, one, many] = [median(times.bare), median(times.one), median(times.many)];
    console.log(`record: a decision of ${bytes.length} bytes, safe on disk before its verdict leaves`);
    console.log(`  bare append and fsync      ${micro(loop)}`);
    console.log(`  store.commit, one by one   ${micro(one)}   ${(one / loop).toFixed(2)} times the bare loop (allowed ${allowed})`);
    console.log(`  store.commit, ${together} at once  ${micro(many)}   ${(loop / many).toFixed(1)} times as fast as the bare loop`);
    if (one / loop > allowed) throw new Error(`recording costs ${(one / loop).toFixed(2)} times a bare append and fsync; ${allowed} are allowed`);
  } finally {
    await store.close();
    closeSync(bare);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Microseconds of one call */
async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) * 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function micro(value: number): string {
  return `${value.toFixed(0).padStart(6)} µs`;
}
