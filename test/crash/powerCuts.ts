// Records on a simulated disk, cuts the power at many points, opens what each cut left, and says what was lost
import { cpSync, mkdirSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Entry } from '../../src/gate/entry.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { randomOf } from './random.ts';
import { SimulatedDisk } from './simulatedDisk.ts';

const [root = '', seed = '0', wanted = '100'] = process.argv.slice(2);
const random = randomOf(Number(seed));
const folders = { workspace: path.join(root, 'workspace'), user: path.join(root, 'user') };
mkdirSync(folders.workspace);
mkdirSync(folders.user);
const disk = new SimulatedDisk([folders.workspace, folders.user], random);
const { openStore } = await import('../../src/node/store/openStore.ts');
const { verifyChain } = await import('../../src/node/store/verifyChain.ts');

const clock = { now: () => Date.now(), after: () => ({ dispose: () => undefined }) };
const open = (): ReturnType<typeof openStore> => openStore({ folder: folders.workspace, userFolder: path.join(folders.user, 'state'), watch: false, clock });

interface Cut {
  readonly folder: string;
  readonly notes: readonly string[];
  readonly rules: readonly string[];
  /** Under way: may be there or not */
  readonly open: readonly string[];
}
const cuts: Cut[] = [];
const notes: string[] = [];
const rules = new Set<string>();
const underWay = new Set<string>();

function maybeCut(chance: number): void {
  if (cuts.length >= Number(wanted) || random() >= chance) return;
  const folder = path.join(root, `cut-${cuts.length}`);
  cuts.push({ folder, notes: [...notes], rules: [...rules], open: [...underWay] });
  disk.onCall = () => undefined;
  disk.cut(folder);
  disk.onCall = atCall;
}
const atCall = (): void => maybeCut(0.2);
disk.onCall = atCall;

let count = 0;
let store = await open();
const note = (size: number): Entry => ({ type: 'problem', code: `note-${(count += 1)}`, message: 'x'.repeat(size) });
async function commit(entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) if (entry.type === 'rule_added' || entry.type === 'rule_removed') underWay.add(entry.rule.id);
  await store.commit(entries);
  for (const entry of entries) {
    if (entry.type === 'problem') notes.push(entry.code);
    if (entry.type === 'rule_added') rules.add(entry.rule.id);
    if (entry.type === 'rule_removed') rules.delete(entry.rule.id);
    if (entry.type === 'rule_added' || entry.type === 'rule_removed') underWay.delete(entry.rule.id);
  }
  maybeCut(0.3);
}
while (cuts.length < Number(wanted)) {
  const dice = random();
  if (dice < 0.3) await Promise.all([commit([note(100)]), commit([note(100), note(100)])]);
  else if (dice < 0.5) {
    const id = `rule-${(count += 1)}`;
    const rule: Rule = { id, source: 'workspace_db', effect: 'deny', scope: { kind: 'command_prefix', prefix: `make ${id}` }, createdAt: count };
    await commit([{ type: 'rule_added', rule, by: 'test' }]);
  } else if (dice < 0.6) {
    const [rule] = store.state.workspaceRules;
    if (rule !== undefined) await commit([{ type: 'rule_removed', rule, by: 'test' }]);
  } else if (dice < 0.8) await store.checkpoint();
  else if (dice < 0.95) await commit([note(400_000)]);
  else {
    await store.close();
    store = await open();
  }
}
await store.close();

disk.onCall = () => undefined;
const bad: string[] = [];
for (const [index, cut] of cuts.entries()) {
  for (const [name, folder] of [['0', folders.workspace], ['1', folders.user]] as const) {
    rmSync(folder, { recursive: true });
    cpSync(path.join(cut.folder, name), folder, { recursive: true });
  }
  // After a real cut the process that the lock names is gone
  rmSync(path.join(folders.workspace, '.cowork/policy/lock'), { force: true });
  const found = await open();
  const complain = (what: string, items: readonly string[]): void => {
    if (items.length > 0) bad.push(`cut ${index}: ${what}: ${items.slice(0, 5).join(', ')}`);
  };
  complain('closed', found.state.closedBecause === undefined ? [] : [found.state.closedBecause.message]);
  complain('taken for tampering', found.state.problems.map(({ code, message }) => `${code} ${message}`));
  const there = new Set((await found.history({ limit: Number.POSITIVE_INFINITY })).map(({ entry }) => (entry.type === 'problem' ? entry.code : '')));
  complain('lost', cut.notes.filter((name) => !there.has(name)));
  const known = new Set(found.state.workspaceRules.map(({ id }) => id));
  complain('lost rules', cut.rules.filter((id) => !known.has(id) && !cut.open.includes(id)));
  await found.commit([note(10)]);
  await found.close();
  const { firstBad } = await verifyChain(folders.workspace, path.join(folders.user, 'state'));
  complain('chain', firstBad === undefined ? [] : [`${firstBad.file}:${firstBad.line} ${firstBad.why}`]);
}
writeSync(1, JSON.stringify({ cuts: cuts.length, withNotes: cuts.filter((cut) => cut.notes.length > 0).length, bad }));
