import assert from 'node:assert/strict';
import fc from 'fast-check';
import { difference } from '../../../src/host/tools/difference.ts';

describe('The difference of two texts', () => {
  const cases: readonly (readonly [before: string, after: string, start: number, end: number, insert: string])[] = [
    ['a b c', 'a x c', 2, 3, 'x'],
    ['same', 'same', 4, 4, ''],
    ['', 'new', 0, 0, 'new'],
    ['aaa', 'aa', 2, 3, ''],
    ['a\r\nb', 'a\r\n\r\nb', 3, 3, '\r\n'],
    ['a\r', 'a\r\n', 1, 2, '\r\n'],
    ['😀', '😁', 0, 2, '😁'],
  ];
  for (const [before, after, start, end, insert] of cases) {
    it(`from ${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => assert.deepEqual(difference(before, after), { start, end, insert }));
  }

  it('put into the text before gives the text after, and cuts no line end and no character', () => {
    const text = fc.array(fc.constantFrom('a', '\r\n', '\n', '\r', '😀', '😁', 'b')).map((parts) => parts.join(''));
    fc.assert(fc.property(text, text, (before, after) => {
      const { start, end, insert } = difference(before, after);
      assert.equal(before.slice(0, start) + insert + before.slice(end), after);
      for (const piece of [before.slice(0, start), before.slice(end), insert]) assert.ok(piece.isWellFormed());
      for (const at of [start, end]) assert.notEqual(before.slice(at - 1, at + 1), '\r\n');
    }));
  });
});
