import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import startSql from 'sql.js';
import type { RecordedEntry } from '../../src/gate/entry.ts';
import { type FolderStore, openStore } from '../../src/node/store/openStore.ts';
import { verifyChain } from '../../src/node/store/verifyChain.ts';
import { randomOf } from './random.ts';

/** Rounds in all, and rounds on one folder before a new one is begun */
const rounds = 500;
const lifetime = 50;
const atOnce = 2;

type Named = { readonly note: string } | { readonly added: string } | { readonly removed: string };
interface Said {
  readonly opened?: readonly string[];
  readonly closed?: string;
  readonly rules?: readonly string[];
  readonly trying?: readonly Named[];
  readonly acknowledged?: readonly Named[];
}

const clock = { now: () => Date.now(), after: () => ({ dispose: () => undefined }) };

describe('killed with SIGKILL at random points', () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-crash-')));
  const writer = path.join(root, 'writer.mjs');
  const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const traces = { opening: 0, between: 0, torn: 0, rotations: 0, acknowledged: 0, unacknowledged: 0 };

  before(async () => {
    // Bundled as it is shipped, and quicker to start 500 times
    await build({
      entryPoints: [path.join(import.meta.dirname, 'writer.ts')], outfile: writer, bundle: true, platform: 'node', format: 'esm',
      mainFields: ['module', 'main'], logLevel: 'error', banner: { js: "import { createRequire as requireFor } from 'node:module'; import { dirname as folderOf } from 'node:path'; const require = requireFor(import.meta.url); const __filename = import.meta.filename; const __dirname = folderOf(__filename);" },
    });
    copyFileSync(path.join(import.meta.dirname, '../../node_modules/sql.js/dist/sql-wasm.wasm'), path.join(root, 'sql-wasm.wasm'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it(`${rounds} times: the state opens, every acknowledged entry is there, the chain verifies`, async () => {
    console.log(`seed ${seed}`);
    const lives = Array.from({ length: rounds / lifetime }, (_, index) => index);
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let life = lives.shift(); life !== undefined; life = lives.shift()) await live(life);
    }));
    console.log(`${rounds} kills: ${traces.acknowledged} entries acknowledged and all found, ${traces.unacknowledged} under way; ${traces.opening} while opening, ${traces.between} between writing and renaming a file, ${traces.torn} torn lines, ${traces.rotations} closed files`);
    assert.ok(traces.acknowledged > rounds && traces.unacknowledged > rounds / 4, 'the kills hit a writer at work');
    assert.ok(traces.between > 0 && traces.rotations > 0, 'the kills hit checkpoints, mirrors and closing files');
  });

  async function live(life: number): Promise<void> {
    const random = randomOf(seed + life);
    const folders = { workspace: path.join(root, `workspace-${life}`), user: path.join(root, `user-${life}`) };
    mkdirSync(folders.workspace);
    /** Acknowledged over the whole life */
    const notes = new Set<string>();
    const rules = new Set<string>();
    /** Rules whose removal or addition was under way when the process died */
    const open = new Set<string>();
    for (let round = 0; round < lifetime; round += 1) {
      const said = await killedWriter(folders, Math.floor(random() * 2 ** 31), `${life}-${round}`, random);
      const where = `seed ${seed}, life ${life}, round ${round}`;
      take(said, { notes, rules, open }, where);
      await inspect(folders, { rules, open }, said, where);
    }
    const store = await openStore({ folder: folders.workspace, userFolder: folders.user, watch: false, clock });
    assert.deepEqual([store.state.problems, store.state.closedBecause], [[], undefined]);
    const found = (await store.history({ limit: Number.POSITIVE_INFINITY })).flatMap(({ entry }) => (entry.type === 'problem' ? [entry.code] : []));
    assert.deepEqual([...notes].filter((note) => !found.includes(note)), [], 'acknowledged and lost');
    await store.close();
    await assertFilesAgree(folders, store);
    traces.torn += found.filter((code) => code === 'line_torn').length;
    traces.rotations += readdirSync(path.join(folders.workspace, '.cowork/policy')).filter((name) => /^journal-\d+/.test(name)).length;
    rmSync(folders.workspace, { recursive: true });
  }

  /** Runs a writer for a while and kills it; gives what it said until then */
  async function killedWriter(folders: { workspace: string; user: string }, childSeed: number, round: string, random: () => number): Promise<Said[]> {
    const child = spawn(process.execPath, [writer, folders.workspace, folders.user, String(childSeed), round], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: Said[] = [];
    const ended = once(child, 'exit');
    const lines = createInterface({ input: child.stdout });
    const opened = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        said.push(JSON.parse(line) as Said);
        resolve();
      });
    });
    const read = once(lines, 'close');
    // One in eight dies while it opens, the others at work
    if (random() < 0.125) await setTimeout(random() * 120);
    else await Promise.race([opened.then(() => setTimeout(random() * 80)), ended]);
    assert.equal(child.exitCode, null, 'the writer ended by itself');
    child.kill('SIGKILL');
    await ended;
    await read;
    return said;
  }

  function take(said: readonly Said[], known: { notes: Set<string>; rules: Set<string>; open: Set<string> }, where: string): void {
    if (said.length === 0) traces.opening += 1;
    let tried = 0;
    let acknowledged = 0;
    for (const line of said) {
      if (line.opened !== undefined) assert.deepEqual([line.opened, line.closed], [[], undefined], where);
      for (const name of line.trying ?? []) {
        tried += 1;
        if ('added' in name) known.open.add(name.added);
        if ('removed' in name) known.open.add(name.removed);
      }
      for (const name of line.acknowledged ?? []) {
        acknowledged += 1;
        if ('note' in name) known.notes.add(name.note);
        if ('added' in name) known.rules.add(name.added);
        if ('removed' in name) known.rules.delete(name.removed);
        if (!('note' in name)) known.open.delete('added' in name ? name.added : name.removed);
      }
    }
    traces.acknowledged += acknowledged;
    traces.unacknowledged += tried - acknowledged;
  }

  /** Looks at what the kill left, without mending it: that is for the next writer */
  async function inspect(folders: { workspace: string; user: string }, known: { rules: Set<string>; open: Set<string> }, said: readonly Said[], where: string): Promise<void> {
    const policy = path.join(folders.workspace, '.cowork/policy');
    if (existsSync(policy) && readdirSync(policy).some((name) => name.endsWith('.new'))) traces.between += 1;
    const store = await openStore({ folder: folders.workspace, userFolder: folders.user, watch: false, clock, readOnly: true });
    assert.deepEqual(store.state.problems, [], where);
    const there = new Set(store.state.workspaceRules.map(({ id }) => id));
    assert.deepEqual([...known.rules].filter((id) => !there.has(id) && !known.open.has(id)), [], `${where}: acknowledged rules that are gone`);
    assert.deepEqual([...there].filter((id) => !known.rules.has(id) && !known.open.has(id)), [], `${where}: rules that nobody made, or that were removed`);
    const tried = said.flatMap(({ trying }) => trying ?? []).length;
    const newest: readonly RecordedEntry[] = await store.history({ limit: tried + 10 });
    const found = new Set(newest.map(({ entry }) => (entry.type === 'problem' ? entry.code : '')));
    const notes = said.flatMap(({ acknowledged }) => acknowledged ?? []).flatMap((name) => ('note' in name ? [name.note] : []));
    assert.deepEqual(notes.filter((note) => !found.has(note)), [], `${where}: acknowledged entries that are gone`);
    // What was under way is settled by what the disk says
    for (const id of known.open) {
      if (there.has(id)) known.rules.add(id);
      else known.rules.delete(id);
    }
    known.open.clear();
  }

  /** Journal, database and mirror say the same, and the chain holds */
  async function assertFilesAgree(folders: { workspace: string; user: string }, store: FolderStore): Promise<void> {
    const report = await verifyChain(folders.workspace, folders.user);
    assert.deepEqual(report.firstBad, undefined);
    const policy = path.join(folders.workspace, '.cowork/policy');
    const sql = await startSql();
    const database = new sql.Database(readFileSync(path.join(policy, 'policy.db')));
    const ids = database.exec('SELECT id FROM workspace_permission_rules ORDER BY id')[0]?.values.flat() ?? [];
    const sequence = database.exec("SELECT value FROM meta WHERE key = 'sequence'")[0]?.values[0]?.[0];
    database.close();
    assert.deepEqual(ids, store.state.workspaceRules.map(({ id }) => id).toSorted());
    assert.equal(Number(sequence), report.entries);
    assert.ok(statSync(path.join(policy, 'policy.db')).size > 0);
    const mirror = JSON.parse(readFileSync(path.join(policy, 'permissions.json'), 'utf8')) as { rules: { scope: { prefix: string } }[] };
    assert.deepEqual(mirror.rules.map(({ scope }) => scope.prefix).toSorted(), store.state.workspaceRules.map(({ id }) => `make ${id}`).toSorted());
  }
});
