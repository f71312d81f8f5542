import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { firstHead, macOf, openLine, sealKey, sealLine } from '../../../../src/node/store/chain.ts';

describe('line of the journal', () => {
  const key = sealKey(randomBytes(32));
  const head = firstHead('0'.repeat(64));
  const line = (json: string): string => sealLine(key, head, 5, 'entry', json).text;

  it('carries the HMAC of RFC 2104', () => {
    for (const length of [1, 32, 64]) {
      const secret = randomBytes(length);
      assert.equal(macOf(sealKey(secret), 'text'), createHmac('sha256', secret).update('text').digest('hex'));
    }
  });

  it('comes back as it was, also with texts that look like a seal, lone surrogates and numbers without end', () => {
    const texts = ['","hash":"', `x","hash":"${'a'.repeat(64)}","mac":"${'b'.repeat(64)}"}`, '\u{d800}', '\u2028 \0 \n', '__proto__'];
    for (const message of texts) {
      const entry = { type: 'problem', code: 'c', message } as const;
      const read = openLine(key, line(JSON.stringify(entry)));
      assert.ok(read && 'entry' in read);
      assert.deepEqual(read.entry, entry);
      assert.deepEqual([read.sequence, read.at, read.previous], [1, 5, '0'.repeat(64)]);
    }
    const read = openLine(key, line('{"type":"x","namedAt":null}'));
    assert.deepEqual(read && 'entry' in read && read.entry, { type: 'x', namedAt: Number.POSITIVE_INFINITY });
  });

  it('is not opened after any change of a character, nor with another key', () => {
    const text = line('{"type":"problem","code":"c","message":"m"}');
    assert.ok(openLine(key, text));
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === '1' ? '2' : '1';
      assert.equal(openLine(key, text.slice(0, at) + other + text.slice(at + 1)), undefined, `at ${at}`);
      assert.equal(openLine(key, text.slice(0, at)), undefined);
    }
    assert.equal(openLine(key, `${text} `), undefined);
    assert.equal(openLine(sealKey(randomBytes(32)), text), undefined);
  });
});
