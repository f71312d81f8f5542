import assert from 'node:assert/strict';
import { EarlyInput } from '../../../src/host/prompt/earlyInput.ts';

describe('Keys that were meant for something else', () => {
  const at = (times: readonly number[]) => {
    let now = 0;
    const input = new EarlyInput(() => now);
    return times.map((time) => { now = time; return input.isEarly(); });
  };

  it('answer nothing in the first half second', () => {
    assert.deepEqual(at([0, 499]), [true, true]);
  });
  it('count once half a second has passed', () => {
    assert.deepEqual(at([500]), [false]);
  });
  it('keep the pick quiet as long as typing goes on', () => {
    assert.deepEqual(at([300, 700, 1100, 1500, 2000]), [true, true, true, true, false]);
  });
  it('are thrown away again after the window came to the front', () => {
    let now = 0;
    const input = new EarlyInput(() => now);
    now = 10_000;
    input.restart();
    now = 10_100;
    assert.equal(input.isEarly(), true);
  });
});
