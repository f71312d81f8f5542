import assert from 'node:assert/strict';
import fc from 'fast-check';
import { minimatch } from 'minimatch';
import { matchSegments } from '../../src/core/rules/globMatch.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const options = { dot: true, nobrace: true, nonegate: true, nocomment: true, noext: true } as const;

/**
 * Our matcher stands beside minimatch, which everybody's globs are written for. It is our own because its cost is bounded
 * whatever the pattern; what it says must not differ.
 */
describe(`path globs, beside minimatch (PROPERTY_SEED=${seed})`, () => {
  it('a glob covers a path exactly where minimatch matches it or a folder above it', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '.git', 'x.ts', '*', '?', 'a*', '*.ts', '*b*', '**');
    const name = fc.constantFrom('a', 'b', 'ab', 'aab', '.git', 'x.ts', 'b.ts');
    let covered = 0;
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(name, { minLength: 1, maxLength: 4 }), (glob, path) => {
      const pattern = glob.join('/');
      const folders = path.map((_, index) => path.slice(0, index + 1).join('/'));
      // `a/**` covers the folder `a` too, as a rule for `a` does; minimatch matches only what is below
      const patterns = [pattern, ...(glob.at(-1) === '**' ? [glob.slice(0, glob.findLastIndex((each) => each !== '**') + 1).join('/')] : [])];
      const expected = patterns.some((each) => each === '' || folders.some((folder) => minimatch(folder, each, options)));
      assert.equal(matchSegments(glob, path).covers, expected, `${pattern} on ${path.join('/')}`);
      if (expected) covered++;
    }), { seed, numRuns: 5000 });
    assert.ok(covered > 500);
  });
});
