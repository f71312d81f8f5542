import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { verifyChain } from '../../../../src/node/store/verifyChain.ts';
import { TestFolders, note } from './testFolders.ts';

describe('verifying the record', () => {
  let folders: TestFolders;
  beforeEach(async () => {
    folders = new TestFolders();
    const store = await folders.open();
    // Three files: two closed ones and the journal
    for (let round = 0; round < 2; round += 1) await store.commit(Array.from({ length: 110 }, (_, index) => note(`${round}-${index} ${'x'.repeat(10_000)}`)));
    await store.commit([note('last')]);
    await store.close();
  });
  afterEach(() => folders.remove());

  const verify = (): ReturnType<typeof verifyChain> => verifyChain(folders.workspace, folders.user);
  const edit = (name: string, change: (lines: string[]) => string[]): void => {
    writeFileSync(folders.policy(name), change(readFileSync(folders.policy(name), 'utf8').trimEnd().split('\n')).map((line) => `${line}\n`).join(''));
  };

  it('counts every entry of every file and tells how far it is', async () => {
    const seen: number[] = [];
    assert.deepEqual(await verifyChain(folders.workspace, folders.user, (entries) => seen.push(entries)), { ok: true, entries: 221 });
    assert.deepEqual(seen, [110, 220, 221]);
  });

  const changes: readonly [string, () => void, string, number][] = [
    ['a changed text', () => edit('journal-1.ndjson', (lines) => lines.map((line) => line.replace('0-5 ', '0-6 '))), 'journal-1.ndjson', 7],
    ['a line taken out', () => edit('journal-2.ndjson', (lines) => lines.toSpliced(3, 1)), 'journal-2.ndjson', 4],
    ['two lines exchanged', () => edit('journal-2.ndjson', (lines) => lines.toSpliced(3, 2, lines[4] ?? '', lines[3] ?? '')), 'journal-2.ndjson', 4],
    ['a line written twice', () => edit('journal-1.ndjson', (lines) => lines.toSpliced(3, 0, lines[3] ?? '')), 'journal-1.ndjson', 5],
    ['a line added by hand', () => edit('journal.ndjson', (lines) => [...lines, '{"sequence":222}']), 'journal.ndjson', 3],
    ['a closed file cut short', () => edit('journal-1.ndjson', (lines) => lines.slice(0, -1)), 'journal-2.ndjson', 1],
    ['a closed file taken out', () => rmSync(folders.policy('journal-1.ndjson')), 'journal-2.ndjson', 1],
    ['closed files exchanged', () => {
      renameSync(folders.policy('journal-1.ndjson'), folders.policy('x'));
      renameSync(folders.policy('journal-2.ndjson'), folders.policy('journal-1.ndjson'));
      renameSync(folders.policy('x'), folders.policy('journal-2.ndjson'));
    }, 'journal-1.ndjson', 1],
    ['the newest entry taken out', () => edit('journal.ndjson', (lines) => lines.slice(0, -1)), 'journal.ndjson', 1],
    ['a journal taken out', () => rmSync(folders.policy('journal.ndjson')), 'journal.ndjson', 1],
  ];
  for (const [name, change, file, line] of changes) {
    it(`names ${name}`, async () => {
      change();
      const { ok, firstBad } = await verify();
      assert.equal(ok, false);
      assert.deepEqual([firstBad?.file, firstBad?.line], [folders.policy(file), line]);
      assert.ok(firstBad?.why);
    });
  }

  it('stops when it is told to', async () => {
    await assert.rejects(verifyChain(folders.workspace, folders.user, undefined, AbortSignal.abort(new Error('enough'))), /enough/);
  });

  it('finds nothing wrong in a folder without a record', async () => {
    const empty = new TestFolders();
    assert.deepEqual(await verifyChain(empty.workspace, empty.user), { ok: true, entries: 0 });
    await empty.remove();
  });
});
