import assert from 'node:assert/strict';
import { visible } from '../../../../src/core/visible.ts';

describe('visible text', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['plain text stays', 'npm test -- --grep "a b"', 'npm test -- --grep "a b"'],
    ['other scripts stay', 'größe 文件 ファイル עברית 😀', 'größe 文件 ファイル עברית 😀'],
    ['line ends and tabs show', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['escape sequences show', '\u001b[2Kok', '\\e[2Kok'],
    ['bidi overrides show', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['zero width characters show', 'r\u200bm\ufeff', 'r\\u{200b}m\\u{feff}'],
    ['blank look-alikes show', '\u2800\u3164\uffa0\u00a0', '\\u{2800}\\u{3164}\\u{ffa0}\\u{a0}'],
    ['invisible tags show', 'a\u{e0041}', 'a\\u{e0041}'],
    ['variation selectors beyond the first plane show', 'a\u{e0100}', 'a\\u{e0100}'],
    ['a lone surrogate shows', 'a\ud800b', 'a\\u{d800}b'],
    ['a long run of blanks shows its length', `ok${' '.repeat(40)}; rm x`, 'ok\\u{20}×40; rm x'],
    ['C1 controls show', 'a\u009bb', 'a\\u{9b}b'],
  ];
  for (const [name, given, wanted] of cases) it(name, () => assert.equal(visible(given), wanted));
});
