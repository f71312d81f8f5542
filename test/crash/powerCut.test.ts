import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

describe('a power cut that loses everything not synced', () => {
  for (let run = 0; run < 4; run += 1) {
    it(`leaves a state that opens with all that was acknowledged, run ${run + 1}`, () => {
      const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
      const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-power-')));
      try {
        const output = execFileSync(process.execPath, [path.join(import.meta.dirname, 'powerCuts.ts'), root, String(seed), '60'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
        const { cuts, withNotes, bad } = JSON.parse(output) as { cuts: number; withNotes: number; bad: readonly string[] };
        assert.deepEqual(bad, [], `seed ${seed}`);
        assert.ok(cuts === 60 && withNotes > 30, `the cuts came while something was recorded, seed ${seed}`);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });
  }
});
