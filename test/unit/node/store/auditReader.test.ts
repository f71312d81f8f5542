import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { EntryFilter } from '../../../../src/gate/entryFilter.ts';
import { AuditReader } from '../../../../src/node/store/auditReader.ts';
import type { FolderStore } from '../../../../src/node/store/openStore.ts';
import { TestFolders, decision, note } from './testFolders.ts';

describe('Reading the record a page at a time', () => {
  let folders: TestFolders;
  let reader: AuditReader;
  let start: number;
  let store: FolderStore;
  const numbers = (entries: readonly { readonly sequence: number }[]): number[] => entries.map(({ sequence }) => sequence);
  const down = (from: number, to: number): number[] => Array.from({ length: from - to + 1 }, (_, index) => from - index);

  beforeEach(async () => {
    folders = new TestFolders();
    start = folders.clock.now();
    store = await folders.open();
    // Three files: two closed ones and the journal, an hour apart
    for (let round = 0; round < 2; round += 1) {
      await store.commit(Array.from({ length: 110 }, (_, index) => note(`${round}-${index} ${'x'.repeat(10_000)}`)));
      folders.clock.advance(3_600_000);
    }
    const request = { tool: 'run_command', input: { command: 'make ÜBER' }, actor: { kind: 'agent', name: 'Claude Code' } } as const;
    await store.commit([decision({ decision: 'deny', evaluated: 'ask', request, by: 'Ana' }), decision(), note('last')]);
    reader = new AuditReader(folders.workspace, folders.user);
  });
  afterEach(() => folders.remove());

  it('hands out any page, newest first, across files', () => {
    assert.equal(reader.newest(), 223);
    assert.deepEqual(numbers(reader.page(Infinity, 5)), down(223, 219));
    assert.deepEqual(numbers(reader.page(115, 10)), down(114, 105));
    assert.deepEqual(numbers(reader.page(3, 10)), [2, 1]);
    assert.deepEqual(numbers(reader.page(1, 10)), []);
  });

  it('sees what is added after it began', async () => {
    assert.equal(reader.newest(), 223);
    await store.commit([note('newer')]);
    assert.deepEqual(numbers(reader.page(Infinity, 2)), [224, 223]);
  });

  const filters: readonly (readonly [string, () => EntryFilter, number[]])[] = [
    ['a type', () => ({ types: ['decision'] }), [222, 221]],
    ['a tool, in part and in any case', () => ({ tool: 'RUN_' }), [221]],
    ['who asked', () => ({ actor: 'claude' }), [221]],
    ['who answered', () => ({ actor: 'ana' }), [221]],
    ['what was denied', () => ({ decision: 'deny' }), [221]],
    ['what was asked', () => ({ decision: 'ask' }), [221]],
    ['what was allowed', () => ({ decision: 'allow' }), [222]],
    ['a text in any case', () => ({ text: 'über' }), [221]],
    ['a text of an old entry', () => ({ text: '0-7 ' }), [8]],
    ['two conditions that no entry meets', () => ({ decision: 'allow', text: 'über' }), []],
    ['a time from', () => ({ from: start + 7_200_000 }), [223, 222, 221]],
    ['a time up to', () => ({ to: start + 1, text: '-109 ' }), [110]],
  ];
  for (const [what, filter, expected] of filters) {
    it(`finds by ${what}`, async () => {
      assert.deepEqual(numbers((await reader.search(filter(), Infinity, 100)).entries), expected);
    });
  }

  it('goes on where a search stopped, and tells how far it is', async () => {
    const first = await reader.search({ types: ['problem'] }, Infinity, 150);
    assert.equal(first.next, 72);
    const done: number[] = [];
    const rest = await reader.search({ types: ['problem'] }, first.next ?? 0, 150, (at, of) => done.push(at, of));
    assert.deepEqual(numbers(rest.entries), down(71, 1));
    assert.equal(rest.next, undefined);
    assert.deepEqual(done.slice(-2), [71, 71]);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    await assert.rejects(reader.search({ text: 'nowhere' }, Infinity, 1, () => controller.abort(), controller.signal), { name: 'AbortError' });
  });

  it('hands out everything, oldest first', async () => {
    const seen: number[] = [];
    for await (const entries of reader.all({})) seen.push(...numbers(entries));
    assert.deepEqual(seen, down(223, 1).reverse());
  });

  it('passes over what this machine did not write, a line that was changed, and a link', async () => {
    const forged = readFileSync(folders.policy('journal-1.ndjson'), 'utf8').replaceAll('0-5 ', '0-6 ');
    writeFileSync(folders.policy('journal-1.ndjson'), forged);
    assert.deepEqual(numbers(reader.page(112, 5)), [111, 5, 4, 3, 2]);
    writeFileSync(folders.policy('journal-1.ndjson'), forged.replaceAll(/"mac":"./g, '"mac":"0'));
    assert.deepEqual(numbers(new AuditReader(folders.workspace, folders.user).page(112, 5)), [111]);
    rmSync(folders.policy('journal-1.ndjson'));
    symlinkSync(folders.policy('journal.ndjson'), folders.policy('journal-1.ndjson'));
    assert.deepEqual(numbers(new AuditReader(folders.workspace, folders.user).page(112, 5)), [111]);
  });

  it('is empty where nothing was recorded, and leaves no trace', async () => {
    const empty = new TestFolders();
    const other = new AuditReader(empty.workspace, empty.user);
    assert.equal(other.newest(), 0);
    assert.deepEqual(other.page(Infinity, 10), []);
    assert.deepEqual(readdirSync(empty.workspace), []);
    await empty.remove();
  });
});
