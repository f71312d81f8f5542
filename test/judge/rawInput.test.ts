import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { fuzz, reportOf } from './fuzzing.ts';

const seed = Number(process.env['JUDGE_SEED'] ?? randomInt(2 ** 31));
/** A million by `npm run fuzz` */
const count = Number(process.env['JUDGE_INPUTS'] ?? 200_000);

describe(`raw input (seed ${seed})`, () => {
  it(`${count} inputs: every one is answered, none fails inside, none that does not parse is allowed, none takes long`, function () {
    this.timeout(1_800_000);
    const { text, good } = reportOf(fuzz(count, seed), seed);
    console.log(text.replace(/^/gm, '      '));
    assert.ok(good, text);
  });
});
