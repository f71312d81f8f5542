import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { secret } from './lab.ts';
import { throwAwayRoot } from './throwAway.ts';
import { tries } from './tries.ts';
import type { Tried } from './tryAll.ts';

const script = path.join(import.meta.dirname, 'tryAll.ts');
/** Has a descriptor of the secret left open, and the secret in its environment, when the tries begin */
const leaky = ['bash', '--norc', '-c', 'exec 250<"$1"; shift; exec "$@"', 'leaky'];

/** Every try in one kind of sandbox, in the order of the list */
async function tryAll(kind: 'bubblewrap' | 'none'): Promise<readonly Tried[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cowork-escape-'));
  try {
    writeFileSync(path.join(folder, 'left-open'), secret);
    const call = [...leaky, path.join(folder, 'left-open'), process.execPath, script, kind, folder];
    const [program = '', ...args] = kind === 'none' ? ['bwrap', ...throwAwayRoot(folder), ...call] : call;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SECRET_IN_ENVIRONMENT: secret } });
    let [out, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    assert.equal(code, 0, complaints);
    return out.trimEnd().split('\n').map((line) => JSON.parse(line) as Tried);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('getting out of a sandbox', () => {
  const came = new Map<string, ReadonlyMap<string, Tried>>();

  before(async function () {
    this.timeout('280s');
    const both = await Promise.all((['bubblewrap', 'none'] as const).map(async (kind) => [kind, await tryAll(kind)] as const));
    for (const [kind, tried] of both) came.set(kind, new Map(tried.map((each) => [each.name, each])));
  });

  it('is tried in more than sixty ways, each under its own name', () => {
    assert.ok(tries.length >= 60);
    assert.equal(new Set(tries.map(({ name }) => name)).size, tries.length);
  });

  for (const { name, root } of tries) {
    // What only root can do without a sandbox shows nothing to anybody else
    if (root === true && process.getuid?.() !== 0) continue;
    it(`${name}: stopped by bubblewrap, done without a sandbox`, () => {
      const [inside, bare] = [came.get('bubblewrap')?.get(name), came.get('none')?.get(name)];
      assert.equal(inside?.refused, undefined, 'it ran in bubblewrap');
      assert.equal(inside?.worked, false, `in bubblewrap: ${inside?.said ?? 'nothing came back'}`);
      assert.equal(bare?.worked, true, `without a sandbox: ${bare?.refused ?? bare?.said ?? 'nothing came back'}`);
    });
  }
});
