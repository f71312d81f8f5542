import assert from 'node:assert/strict';
import { rowWindow, scrollTo } from '../../../webview/audit/rowList.ts';

const height = 26;
const seen = 420;

describe('The rows of a long list that are drawn', () => {
  it('are few, whatever the length and the place', () => {
    for (const rows of [0, 1, 10, 1_000, 1_000_000, 50_000_000]) {
      const whole = rowWindow(rows, height, 0, seen).height;
      for (let scroll = 0; scroll <= whole; scroll += Math.max(1, whole / 97)) {
        const { from, to } = rowWindow(rows, height, scroll, seen);
        assert.ok(from >= 0 && to <= rows && to - from <= 34, JSON.stringify({ rows, scroll, from, to }));
      }
    }
  });

  it('hold the first row at the top and the last at the bottom, also where the list is taller than an element may be', () => {
    for (const rows of [100, 1_000_000, 50_000_000]) {
      const { height: whole, from } = rowWindow(rows, height, 0, seen);
      assert.equal(from, 0);
      assert.equal(rowWindow(rows, height, whole - seen, seen).to, rows);
      assert.ok(whole <= 8_000_000);
    }
  });

  it('fill what is in sight at every place', () => {
    for (const rows of [1_000, 1_000_000]) {
      const { height: whole } = rowWindow(rows, height, 0, seen);
      for (let scroll = 0; scroll <= whole - seen; scroll += (whole - seen) / 51) {
        const { from, to, top } = rowWindow(rows, height, scroll, seen);
        assert.ok(top <= scroll + 1, `from above the sight at ${scroll}`);
        assert.ok(top + (to - from) * height >= scroll + seen - 1 || to === rows, `to below the sight at ${scroll}`);
      }
    }
  });

  it('hold any row that is scrolled to', () => {
    for (const rows of [1_000, 1_000_000, 50_000_000]) {
      for (const row of [0, 1, 17, Math.floor(rows / 3), rows - 2, rows - 1]) {
        const { from, to } = rowWindow(rows, height, scrollTo(row, rows, height, seen), seen);
        assert.ok(from <= row && row < to, `${row} of ${rows} is not in ${from}…${to}`);
      }
    }
  });
});
