import assert from 'node:assert/strict';
import { Beginning } from '../../../../src/node/sandbox/begin.ts';

/** What is left of parts of an output, and whether the command counts as begun */
function taken(word: string | undefined, ...parts: readonly string[]): readonly [string, boolean] {
  const beginning = new Beginning(word);
  return [parts.map((part) => beginning.take(Buffer.from(part)).toString()).join(''), beginning.isHere];
}

describe('the word before an output', () => {
  for (const [what, word, parts, left, begun] of [
    ['is taken off', 'word', ['word\nout\n'], 'out\n', true],
    ['is taken off however it is cut', 'word', ['w', 'or', 'd', '\n', 'o', 'ut'], 'out', true],
    ['alone leaves nothing', 'word', ['word\n'], '', true],
    ['is taken off once', 'word', ['word\nword\n'], 'word\n', true],
    ['is not there where it is not whole', 'word', ['word'], '', false],
    ['is not there where something else comes first', 'word', ['wor', 'ld\nword\n'], 'world\nword\n', false],
    ['is not there behind another line', 'word', ['x\n', 'word\n'], 'x\nword\n', false],
    ['is not there in an empty output', 'word', [], '', false],
    ['is not waited for without one', undefined, ['out', 'put'], 'output', true],
  ] as const) it(what, () => assert.deepEqual(taken(word, ...parts), [left, begun]));
});
