import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bubblewrapSandbox } from '../../src/node/sandbox/bubblewrap.ts';
import { dockerSandbox } from '../../src/node/sandbox/docker.ts';
import type { Sandbox, SandboxSettings } from '../../src/node/sandbox/sandbox.ts';
import { suiteEngine } from './suiteEngine.ts';

const engine = await suiteEngine();
const kinds: readonly (readonly [kind: string, owner: number | undefined, make: (settings: SandboxSettings) => Sandbox, runs: number, pause: number])[] = [
  ['bubblewrap', undefined, bubblewrapSandbox, 120, 0.01],
  ...(process.getuid?.() === 0 ? [['bubblewrap in a folder of another user', 1000, bubblewrapSandbox, 120, 0.01] as const] : []),
  ...(engine === undefined ? [] : [['docker', process.getuid?.() === 0 ? 1000 : undefined, dockerSandbox, 25, 1.5] as const]),
];

/** `pause`: seconds at most between two exchanges; long enough that a start can come to its end between them, or one lies in it */
for (const [kind, owner, make, runs, pause] of kinds) describe(`${kind}, while another command exchanges a folder that holds something protected for a link`, () => {
  let folder: string;
  let swapper: ChildProcess;
  let sandbox: Sandbox;

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-moved-')));
    for (const name of ['workspace/.git/hooks', 'workspace/sub/.git/hooks', 'other/.git/hooks', 'home', 'user']) mkdirSync(path.join(folder, name), { recursive: true });
    for (const name of ['workspace/sub/.env', 'other/.env']) writeFileSync(path.join(folder, name), name.startsWith('other') ? 'of another project\n' : 'of this one\n');
    chmodSync(folder, 0o755);
    if (owner !== undefined) execFileSync('chown', ['-R', `${owner}:${owner}`, path.join(folder, 'workspace'), path.join(folder, 'other')]);
    swapper = spawn('perl', ['-e', 'chdir $ARGV[0] or die; $| = 1; print "ready\\n"; while (1) { rename "sub", "aside"; symlink "../other", "sub"; select undef, undef, undef, rand() * $ARGV[1]; unlink "sub"; rename "aside", "sub"; select undef, undef, undef, rand() * $ARGV[1] }', path.join(folder, 'workspace'), String(pause)], { stdio: ['ignore', 'pipe', 'ignore'] });
    assert.ok(swapper.stdout !== null);
    await once(swapper.stdout, 'data');
    sandbox = make({ workspace: path.join(folder, 'workspace'), home: path.join(folder, 'home'), userFolder: path.join(folder, 'user'), docker: { image: engine?.image ?? '' } });
  });

  afterEach(async () => {
    swapper.kill('SIGKILL');
    await once(swapper, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  it('a command gets at nothing of where the link leads', async function () {
    this.timeout(120_000);
    const seen: string[] = [];
    let [begun, refused] = [0, 0];
    for (let count = 0; count < runs; count += 1) {
      // Wherever it ended up
      const result = await sandbox.run(`for d in /other '${folder}/other' sub; do echo got > "$d/.git/hooks/got"; cat "$d/.env"; done 2> /dev/null; true`, { timeout: 20_000 });
      if (result.ok) begun += 1;
      else refused += 1;
      if (result.ok && result.stdout.includes('another project')) seen.push(`read in run ${count}`);
      if (readdirSync(path.join(folder, 'other/.git/hooks')).length > 0) seen.push(`written in run ${count}`);
      rmSync(path.join(folder, 'other/.git/hooks/got'), { force: true });
    }
    assert.deepEqual(seen, []);
    assert.ok(begun > 0 && refused > 0, `${begun} ran, ${refused} were refused`);
  });
});
