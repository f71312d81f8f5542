/**
 * A second process that never rests: in a folder it exchanges each folder `d…` and each file `f…` for a link that leads to what
 * has the same name outside, and puts it back, as fast as it can, until it is killed. `node swapper.ts WORKSPACE OUTSIDE`
 */
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [workspace = '', outside = ''] = process.argv.slice(2);

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The other process was there first; the next round does it
  }
}

function swap(folder: string, target: string, name: string): void {
  const [place, aside] = [path.join(folder, name), path.join(folder, `.aside-${name}`)];
  quietly(() => renameSync(place, aside));
  quietly(() => symlinkSync(path.join(target, name), place));
  quietly(() => {
    rmSync(place);
  });
  quietly(() => renameSync(aside, place));
}

process.stdout.write('ready\n');
for (let round = 0; ; round += 1) {
  for (const name of readdirSync(outside)) {
    swap(workspace, outside, name);
    if (name.startsWith('d')) for (const inner of ['f0', 'f1', 'd2']) swap(path.join(workspace, name), path.join(outside, name), inner);
  }
  // What the tools have deleted comes back, so that there is always something to meet
  if (round % 20 === 0) {
    for (const name of readdirSync(outside)) {
      if (name.startsWith('d')) quietly(() => mkdirSync(path.join(workspace, name, 'd2'), { recursive: true }));
      quietly(() => writeFileSync(path.join(workspace, name.startsWith('d') ? `${name}/f0` : name), 'inside\n', { flag: 'wx' }));
    }
  }
}
