import assert from 'node:assert/strict';
import type { Entry } from '../../../src/gate/entry.ts';
import { exportEntry, exportHead } from '../../../src/gate/exportEntries.ts';

const entry: Entry = {
  type: 'decision', request: { tool: '=cmd|x', input: { command: 'a "b"\n,c' }, actor: { kind: 'agent', name: '@sum' } }, session: '-1', decision: 'deny', evaluated: 'ask',
  reason: { type: 'rule', summary: 'Said “no”, twice', rule: '+r1' }, actions: [{ kind: 'exec', target: 'a "b"\n,c', decision: 'deny', reason: { type: 'mode', summary: 'no' } }], settledBy: 'person', by: '\t=evil', answer: 'deny_once', fingerprint: 'f',
};

/** Reads lines of RFC 4180 back */
function cellsOf(text: string): string[] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

describe('Handing out the record', () => {
  it('writes a JSON value a line with everything in it', () => {
    const line = exportEntry({ sequence: 3, at: 0, entry }, 'jsonl');
    assert.ok(line.endsWith('\n') && !line.slice(0, -1).includes('\n'));
    assert.deepEqual(JSON.parse(line), { sequence: 3, at: 0, time: '1970-01-01T00:00:00.000Z', ...entry });
    assert.equal(exportHead('jsonl'), '');
  });

  it('writes CSV with as many cells as the head has, whatever the text, and the whole entry last', () => {
    const names = cellsOf(exportHead('csv'));
    const cells = cellsOf(exportEntry({ sequence: 3, at: 0, entry }, 'csv'));
    assert.equal(cells.length, names.length);
    assert.deepEqual(JSON.parse(cells.at(-1) ?? ''), entry);
    assert.equal(cells[names.indexOf('actions')], 'deny exec a "b"\n,c');
    assert.equal(cells[names.indexOf('reason')], 'Said “no”, twice');
  });

  it('lets no cell start as a formula', () => {
    const names = cellsOf(exportHead('csv'));
    const cells = cellsOf(exportEntry({ sequence: 3, at: 0, entry }, 'csv'));
    for (const [name, value] of [['tool', "'=cmd|x"], ['actor', "'@sum"], ['session', "'-1"], ['rule', "'+r1"], ['by', "'\t=evil"]] as const) assert.equal(cells[names.indexOf(name)], value);
  });

  it('hands out no nonce of a button and no hash of a pairing code', () => {
    const entries: readonly Entry[] = [
      { type: 'channel_offer', channel: 'tg', open: true, offer: { nonce: 'NONCENONCE22', shortId: 'ABCD', approval: 'a', user: 'anna', chat: { id: 'c', context: 'direct' }, messageId: 'm', expiresAt: 1, title: 't' } },
      { type: 'channel_code', channel: 'tg', why: 'made', by: 'editor', code: { salt: 'NONCESALT', hash: 'NONCEHASH', madeAt: 0, expiresAt: 1, wrongTries: 0, mostTries: 5 } },
    ];
    for (const each of entries) for (const format of ['jsonl', 'csv'] as const) {
      const text = exportEntry({ sequence: 1, at: 0, entry: each }, format);
      assert.doesNotMatch(text, /NONCE/);
      assert.match(text, /expiresAt/);
    }
  });
});
