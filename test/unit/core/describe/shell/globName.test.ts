import assert from 'node:assert/strict';
import { globCouldName } from '../../../../../src/core/describe/shell/globName.ts';

describe('patterns that could name a file', () => {
  for (const [pattern, name] of [['.e*v', '.env'], ['.en?', '.env'], ['*', '.env'], ['.[de]nv', '.env'], ['.[a-z]nv', '.env'], ['.[!x]nv', '.env'], ['.ENV', '.env'], ['*.pem', 'a.pem'], ['i*_r*a', 'id_rsa'], ['.env', '.env'], ['**', 'x'], ['.[[:alpha:]]nv', '.env'], ['a[', 'a['], ['', '']] as const) {
    it(`${pattern} could name ${name}`, () => assert.equal(globCouldName(pattern, name), true));
  }
  for (const [pattern, name] of [['.e*x', '.env'], ['.en', '.env'], ['?', '.env'], ['.[ab]nv', '.env'], ['.[!e]nv', '.env'], ['*.pem', 'a.pen'], ['a', ''], ['', 'a'], ['*a*b*c', 'xaxbx']] as const) {
    it(`${pattern} could not name ${name}`, () => assert.equal(globCouldName(pattern, name), false));
  }

  it('a pattern of many stars does not backtrack without end', () => {
    assert.equal(globCouldName(`${'*a'.repeat(5000)}b`, 'a'.repeat(10_000)), false);
  });
});
