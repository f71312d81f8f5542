import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchSegments, wildcardMatches, wildcardsOverlap } from '../../../../src/core/rules/globMatch.ts';

const letters = fc.constantFrom('a', 'b', '.', '*', '?');
const pattern = fc.array(letters, { maxLength: 6 }).map((parts) => parts.join(''));
const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 6 }).map((parts) => parts.join(''));

/** Every text of up to five letters, for telling overlap by trying */
const texts: readonly string[] = (function grow(length: number): readonly string[] {
  return length === 0 ? [''] : ['', ...grow(length - 1).flatMap((rest) => ['a', 'b', '.'].map((letter) => letter + rest))];
})(5);

describe('globs', () => {
  it('match what the same expression matches', () => {
    fc.assert(fc.property(pattern, text, (glob, given) => {
      const expression = new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('?', '.').replaceAll(/\*+/g, '.*')}$`);
      assert.equal(wildcardMatches(glob, given), expression.test(given));
    }), { numRuns: 3000 });
  });

  it('overlap where some text matches both', () => {
    fc.assert(fc.property(pattern, pattern, (a, b) => {
      const both = texts.some((given) => wildcardMatches(a, given) && wildcardMatches(b, given));
      // A common text may be longer than those tried; none is shorter than the fixed letters of either
      if (both) assert.ok(wildcardsOverlap(a, b));
      else if (a.replaceAll('*', '').length + b.replaceAll('*', '').length <= 5) assert.ok(!wildcardsOverlap(a, b), `${a} ${b}`);
    }), { numRuns: 3000 });
  });

  it('end in time on patterns made to take long', () => {
    assert.equal(wildcardMatches('*a'.repeat(500), 'a'.repeat(400)), false);
    assert.equal(wildcardsOverlap('*a'.repeat(200), '*b'.repeat(200)), false);
    assert.deepEqual(matchSegments(Array.from({ length: 64 }, (_, index) => (index % 2 === 0 ? '**' : 'a')), Array.from({ length: 1000 }, () => 'b')), { covers: false, leads: true });
  });
});
