import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../../src/node/store/openStore.ts';
import { TestClock, added } from '../unit/node/store/testFolders.ts';

/** Bytes of the small disks */
const small = 1024 * 1024;

type Findings = Readonly<Record<'frozen' | 'frozenWithState' | 'full' | 'crowded', Readonly<Record<string, unknown>>>>;

describe('a store on a disk that takes nothing', () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-disks-')));
  let findings: Findings;

  before(() => {
    const at = (...names: string[]): string => path.join(root, ...names);
    for (const name of ['used', 'user', 'frozen', 'full', 'crowded']) mkdirSync(at(name));
    const outer = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--bind', root, root, '--tmpfs', at('frozen'), '--dir', at('frozen/empty')];
    const run = (script: string, ...disks: string[]): string =>
      execFileSync('bwrap', [...outer, ...disks, process.execPath, path.join(import.meta.dirname, script), root], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    // The state is written and read under one path: elsewhere it would be another folder's
    run('used.ts', '--bind', at('used'), at('frozen/used'));
    findings = JSON.parse(run(
      'inside.ts', '--ro-bind', at('used'), at('frozen/used'), '--remount-ro', at('frozen'),
      '--size', String(small), '--tmpfs', at('full'), '--size', String(small), '--tmpfs', at('crowded'),
    )) as Findings;
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('opens a folder that cannot be written, denies all and says why', () => {
    assert.deepEqual(findings.frozen, { closed: 'not_writable', rules: 0, problems: [], refusal: 'not_writable' });
  });

  it('still shows the state of a folder that cannot be written', () => {
    assert.deepEqual(findings.frozenWithState, { closed: 'not_writable', rules: 1, problems: [], refusal: 'not_writable' });
  });

  it('refuses what a full disk cannot take, applies nothing of it, and goes on by itself when there is room', () => {
    assert.deepEqual(findings.full, {
      whenFull: { refused: 'disk_full', closed: 'disk_full', rules: 1, halfWritten: false },
      stillFull: { closed: 'disk_full', refused: 'disk_full' },
      withSpace: { closed: 'open', refused: 'none' },
      lost: [], told: true, chain: true,
    });
  });

  it('goes on recording where only the database finds no room, and tells', () => {
    assert.deepEqual(findings.crowded, { problems: ['checkpoint_failed'], refused: 'none', after: [] });
  });

  it('opens a folder without rights for a plain user, where the tests are not run by root', async () => {
    const folder = path.join(root, 'rights');
    mkdirSync(folder, { mode: 0o500 });
    const store = await openStore({ folder, userFolder: path.join(root, 'user'), clock: new TestClock(), watch: false });
    const isRoot = process.getuid?.() === 0;
    assert.equal(store.state.closedBecause?.code, isRoot ? undefined : 'not_writable');
    await (isRoot ? store.commit([added()]) : assert.rejects(store.commit([added()])));
    await store.close();
  });
});
