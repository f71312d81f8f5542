import assert from 'node:assert/strict';
import { secretMark } from '../../../../src/gate/secretText.ts';
import { Output } from '../../../../src/node/sandbox/output.ts';
import { outputCap, truncationMark } from '../../../../src/node/sandbox/sandbox.ts';

/** What comes out, and what was told on the way, for output in these pieces */
function through(pieces: readonly Uint8Array[], cap?: number): { readonly all: string; readonly told: readonly string[]; readonly truncated: boolean } {
  const told: string[] = [];
  const output = new Output((text) => told.push(text), cap);
  for (const piece of pieces) output.push(piece);
  const all = output.end();
  assert.equal(told.join(''), all, 'what was told is what is kept');
  return { all, told, truncated: output.truncated };
}

const secrets: readonly (readonly [what: string, text: string, hidden: string])[] = [
  ['a key of OpenAI', 'key sk-abcdefghijklmnopqrstuvwxyz123456 end\n', 'abcdefghijklmnop'],
  ['a key of Amazon', 'id AKIAIOSFODNN7EXAMPLE end\n', 'IOSFODNN7EXAMPLE'],
  ['a token of GitHub', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789\n', 'abcdefghijklmnop'],
  ['a JWT', 'x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U y\n', 'dozjgNryP4J3'],
  ['a bearer token', 'Bearer abcdef0123456789abcdef\n', 'abcdef0123456789'],
  ['a header', 'Authorization: Basic dXNlcjpwYXNzd29yZA==\n', 'dXNlcjpwYXNz'],
  ['a field of JSON', '{"client_secret": "hunter2hunter2", "a": 1}\n', 'hunter2hunter2'],
  ['a password on the next line', 'password:\n  hunter2hunter2\n', 'hunter2hunter2'],
  ['a password in an address', 'https://user:hunter2hunter2@h.example/\n', 'hunter2hunter2'],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA1234\nabcd efgh\n-----END RSA PRIVATE KEY-----\n', 'MIIEowIBAAKCAQEA'],
  ['the numbers of a key', `[${Array.from({ length: 64 }, (_, index) => index + 100).join(', ')}]\n`, '131, 132'],
  ['the words of a wallet', 'seed phrase: abandon ability about above absent absorb abstract absurd abuse access accident account\n', 'absorb abstract'],
];

describe('output of a command', () => {
  for (const [what, text, hidden] of secrets) {
    it(`hides ${what}, wherever its pieces are cut`, () => {
      const bytes = Buffer.from(`before\n${text}after\n`);
      const whole = through([bytes]).all;
      assert.ok(whole.includes(secretMark) && !whole.includes(hidden), whole);
      assert.ok(whole.startsWith('before\n') && whole.endsWith('after\n'), whole);
      for (let cut = 1; cut < bytes.length; cut += 1) assert.equal(through([bytes.subarray(0, cut), bytes.subarray(cut)]).all, whole, `cut at ${cut}`);
      assert.equal(through(Array.from(bytes, (byte) => Buffer.from([byte]))).all, whole, 'byte by byte');
    });
  }

  it('leaves other text as it is, and hands on what is complete at once', () => {
    const { all, told } = through([Buffer.from('one\ntw'), Buffer.from('o\nthree')]);
    assert.equal(all, 'one\ntwo\nthree');
    assert.deepEqual(told, ['one\n', 'two\n', 'three']);
  });

  it('puts characters together that came in pieces, and bears what is no text', () => {
    const bytes = Buffer.from('ä€😀\n');
    assert.equal(through(Array.from(bytes, (byte) => Buffer.from([byte]))).all, 'ä€😀\n');
    assert.equal(through([Buffer.from([0xff, 0xfe, 0x0a])]).all, '��\n');
  });

  it('keeps a hundred kilobytes and says that there was more', () => {
    const line = Buffer.from(`${'x'.repeat(99)}\n`);
    const exact = through(Array.from({ length: outputCap / 100 }, () => line));
    assert.deepEqual({ length: exact.all.length, truncated: exact.truncated }, { length: outputCap, truncated: false });
    const more = through(Array.from({ length: outputCap / 100 + 1 }, () => line));
    assert.ok(more.truncated && more.all.endsWith(truncationMark));
    assert.equal(more.all.length, outputCap + truncationMark.length);
  });

  it('keeps as much of one long line, without a character cut in two', () => {
    const { all, truncated } = through([Buffer.from('€'.repeat(200_000))]);
    assert.ok(truncated);
    assert.ok(/^€+\n\[Output truncated\]\n$/.test(all));
    assert.ok(Buffer.byteLength(all) <= outputCap + truncationMark.length);
  });

  it('shows nothing of a credential that lies across the end of what is kept', () => {
    const key = 'sk-abcdefghijklmnopqrstuvwxyz123456';
    for (let at = 0; at <= key.length; at += 1) {
      const { all } = through([Buffer.from(`${'x '.repeat(50)}${'y'.repeat(at)} ${key} more more more\n`)], 120);
      assert.ok(!all.includes('sk-a'), all);
    }
  });

  it('shows nothing of a private key that never ends', () => {
    const { all, truncated } = through([Buffer.from('-----BEGIN PRIVATE KEY-----\n'), ...Array.from({ length: 5000 }, () => Buffer.from(`${'QUJD'.repeat(16)}\n`))]);
    assert.ok(truncated && !all.includes('QUJD'), all.slice(0, 200));
  });
});
