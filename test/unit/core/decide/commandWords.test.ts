import assert from 'node:assert/strict';
import { readPrefix, writePrefix } from '../../../../src/core/rules/commandWords.ts';

describe('words of a command prefix', () => {
  const cases: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ['git status', ['git', 'status'], undefined],
    ['  git \t\n status  ', ['git', 'status'], undefined],
    [`git commit -m 'two words'`, ['git', 'commit', '-m', 'two words'], undefined],
    [`echo "a \\"b\\""`, ['echo', 'a "b"'], undefined],
    ['echo a\\ b', ['echo', 'a b'], undefined],
    [`echo ''`, ['echo', ''], undefined],
    ['npm run *', ['npm', 'run'], undefined],
    [`echo '*'`, ['echo', '*'], undefined],
    ['git status; rm x', ['git', 'status'], 'operator'],
    ['echo $(id)', ['echo'], 'operator'],
    ['echo "$x"', ['echo'], 'operator'],
    [`echo 'open`, ['echo'], 'quote'],
    ['', [], undefined],
  ];
  for (const [text, words, rest] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const read = readPrefix(text);
      assert.deepEqual(read.words, words);
      assert.equal(read.rest, rest);
    });
  }

  it('writes back what it reads to the same words', () => {
    for (const words of [['a', "it's", 'x y', '', '*', '$HOME', 'a;b', '"', '\\', 'line\nend', '#']]) {
      assert.deepEqual(readPrefix(writePrefix(words)).words, words);
    }
  });
});
