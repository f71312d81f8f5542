import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { secret } from './lab.ts';
import { suiteEngine } from './suiteEngine.ts';
import { throwAwayRoot } from './throwAway.ts';
import { tries } from './tries.ts';
import type { Tried } from './tryAll.ts';

const script = path.join(import.meta.dirname, 'tryAll.ts');
/** Has a descriptor of the secret left open, and the secret in its environment, when the tries begin */
const leaky = ['bash', '--norc', '-c', 'exec 250<"$1"; shift; exec "$@"', 'leaky'];

/** Every try in one kind of sandbox, in the order of the list */
async function tryAll(kind: 'bubblewrap' | 'docker' | 'none', environment: Readonly<Record<string, string>> = {}): Promise<readonly Tried[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cowork-escape-'));
  try {
    writeFileSync(path.join(folder, 'left-open'), secret);
    const call = [...leaky, path.join(folder, 'left-open'), process.execPath, script, kind, folder];
    const [program = '', ...args] = kind === 'none' ? ['bwrap', ...throwAwayRoot(folder), ...call] : call;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment, SECRET_IN_ENVIRONMENT: secret } });
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

const engine = await suiteEngine();
const kinds = engine === undefined ? ['bubblewrap'] : ['bubblewrap', 'docker'];

describe('getting out of a sandbox', () => {
  const came = new Map<string, ReadonlyMap<string, Tried>>();

  before(async function () {
    this.timeout('400s');
    const all = await Promise.all([
      ['bubblewrap', tryAll('bubblewrap')] as const,
      ['none', tryAll('none')] as const,
      ...(engine === undefined ? [] : [['docker', tryAll('docker', { DOCKER_HOST: engine.host, DOCKER_TEST_IMAGE: engine.image })] as const]),
    ].map(async ([kind, tried]) => [kind, await tried] as const));
    for (const [kind, tried] of all) came.set(kind, new Map(tried.map((each) => [each.name, each])));
  });

  it('is tried in more than sixty ways, each under its own name', () => {
    assert.ok(tries.length >= 60);
    assert.equal(new Set(tries.map(({ name }) => name)).size, tries.length);
  });

  for (const { name, root } of tries) {
    // What only root can do without a sandbox shows nothing to anybody else
    if (root === true && process.getuid?.() !== 0) continue;

    it(`${name}: done without a sandbox`, () => {
      const bare = came.get('none')?.get(name);
      assert.equal(bare?.worked, true, bare?.refused ?? bare?.said ?? 'nothing came back');
    });

    for (const kind of kinds) {
      it(`${name}: stopped by ${kind}`, () => {
        const inside = came.get(kind)?.get(name);
        assert.equal(inside?.refused, undefined, 'it ran');
        assert.equal(inside?.worked, false, inside?.said ?? 'nothing came back');
      });
    }
  }
});
