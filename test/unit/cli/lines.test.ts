import assert from 'node:assert/strict';
import { LineCutter } from '../../../src/cli/lines.ts';

describe('cutting input into lines', () => {
  it('passes over a line that is too long, in pieces too, and reads the next', () => {
    const cutter = new LineCutter(8);
    const lines = ['12345678\n123456789\n', '1234', '56789', '\nab\n'].flatMap((piece) => cutter.push(Buffer.from(piece)));
    assert.deepEqual(lines.map((line) => ('text' in line ? line.text : line.code)), ['12345678', 'too_long', 'too_long', 'ab']);
    assert.deepEqual(cutter.end(), []);
  });

  it('gives the last line where its end is missing', () => {
    const cutter = new LineCutter();
    assert.deepEqual(cutter.push(Buffer.from('a\nb')), [{ text: 'a' }]);
    assert.deepEqual(cutter.end(), [{ text: 'b' }]);
  });

  it('joins a letter that two pieces share', () => {
    const cutter = new LineCutter();
    const [head, tail] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    assert.deepEqual([...cutter.push(head), ...cutter.push(Buffer.concat([tail, Buffer.from('\n')]))], [{ text: 'é' }]);
  });
});
