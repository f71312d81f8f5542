// Runs where `full` and `crowded` of the folder named on the command line are tiny disks and `frozen` cannot be written; says how the store behaves there
import { appendFileSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Entry } from '../../src/gate/entry.ts';
import { StoreError } from '../../src/gate/ports.ts';
import { openStore } from '../../src/node/store/openStore.ts';
import { verifyChain } from '../../src/node/store/verifyChain.ts';
import { TestClock, added } from '../unit/node/store/testFolders.ts';

const root = process.argv[2] ?? '';
const at = (name: string): string => path.join(root, name);
const user = at('user');
const clock = new TestClock();
const note = (code: string, size = 10): Entry => ({ type: 'problem', code, message: 'x'.repeat(size) });
const refusal = async (work: Promise<void>): Promise<string> => {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof StoreError ? error.problem.code : String(error);
  }
};
const isThere = (folder: string, code: string): boolean => readFileSync(path.join(folder, '.cowork/policy/journal.ndjson'), 'utf8').includes(`"${code}"`);

/** Takes what small entries would still fit into */
function fill(file: string): void {
  try {
    for (;;) appendFileSync(file, 'x'.repeat(512));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

async function frozen(folder: string): Promise<Record<string, unknown>> {
  const store = await openStore({ folder, userFolder: user, clock, watch: false });
  const result = {
    closed: store.state.closedBecause?.code, rules: store.state.workspaceRules.length, problems: store.state.problems.map(({ code }) => code), refusal: await refusal(store.commit([note('x')])),
  };
  await store.close();
  return result;
}

async function full(folder: string): Promise<Record<string, unknown>> {
  const store = await openStore({ folder, userFolder: user, clock, watch: false });
  await store.commit([added({ effect: 'deny' }), note('before')]);
  const acknowledged = ['before'];
  let refused = 'none';
  let last = '';
  // Fills the disk by recording alone, until it says no
  for (let index = 0; refused === 'none' && index < 1000; index += 1) {
    last = `filling-${index}`;
    refused = await refusal(store.commit([note(last, 8000)]));
    if (refused === 'none') acknowledged.push(last);
  }
  const whenFull = { refused, closed: store.state.closedBecause?.code, rules: store.state.workspaceRules.length, halfWritten: isThere(folder, last) };
  fill(path.join(folder, 'rest'));
  clock.advance(5000);
  await store.history();
  const stillFull = { closed: store.state.closedBecause?.code, refused: await refusal(store.commit([note('still')])) };
  rmSync(path.join(folder, 'ballast'));
  clock.advance(5000);
  await store.history();
  const withSpace = { closed: store.state.closedBecause?.code ?? 'open', refused: await refusal(store.commit([note('after')])) };
  const found = (await store.history({ limit: 5000 })).flatMap(({ entry }) => (entry.type === 'problem' ? [entry.code] : []));
  const lost = [...acknowledged, 'after'].filter((code) => !found.includes(code));
  await store.close();
  return { whenFull, stillFull, withSpace, lost, told: found.includes('disk_full'), chain: (await verifyChain(folder, user)).ok };
}

/** The checkpoint has no room, but the journal has: nothing is refused, and the person is told */
async function crowded(folder: string): Promise<Record<string, unknown>> {
  const store = await openStore({ folder, userFolder: user, clock, watch: false });
  await store.commit([note('one')]);
  await store.checkpoint();
  const problems = store.state.problems.map(({ code }) => code);
  const refused = await refusal(store.commit([note('two')]));
  rmSync(path.join(folder, 'ballast'));
  await store.checkpoint();
  const after = store.state.problems.map(({ code }) => code);
  await store.close();
  return { problems, refused, after };
}

writeFileSync(at('full/ballast'), Buffer.alloc(700 * 1024));
writeFileSync(at('crowded/ballast'), Buffer.alloc(940 * 1024));
const results = { frozen: await frozen(at('frozen/empty')), frozenWithState: await frozen(at('frozen/used')), full: await full(at('full')), crowded: await crowded(at('crowded')) };
writeSync(1, JSON.stringify(results));
