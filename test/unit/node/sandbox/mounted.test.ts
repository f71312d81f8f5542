import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mountLines, standMounted } from '../../../../src/node/sandbox/mounted.ts';

/** A line of the kernel's list: device, root, mount point */
const line = (device: string, root: string, point: string): string => `36 35 ${device} ${root} ${point} rw,noatime master:1 - ext4 /dev/root rw\n`;
const system = line('0:1', '/', '/') + line('0:2', '/', '/proc') + line('8:1', '/usr', '/usr');
const workspace = line('8:2', '/home/a/ws', '/ws');
const places = ['/ws/.git', '/ws/.git/config', '/ws/sub/.env'];
const all = workspace + line('8:2', '/home/a/ws/.git', '/ws/.git') + line('8:2', '/home/a/ws/.git/config', '/ws/.git/config') + line('8:2', '/home/a/ws/sub/.env', '/ws/sub/.env');

const cover = (point: string): string => line('8:1', '/home/a/nothing', point);

const cases: readonly (readonly [what: string, begins: boolean, list: string, around?: readonly string[], wanted?: readonly string[], covered?: readonly string[]])[] = [
  ['all is mounted where it stands', true, system + all],
  ['nothing is protected', true, system + workspace, ['/ws'], []],
  ['the workspace is a whole disk', true, system + all.replaceAll('/home/a/ws/', '/').replaceAll('/home/a/ws', '/')],
  ['a place was mounted elsewhere', false, system + all.replace(' /ws/sub/.env', ' /other/.env')],
  ['a place came from elsewhere', false, system + all.replace('/home/a/ws/sub/.env', '/home/a/other/.env')],
  ['a place came from elsewhere below a folder of the same name', false, system + all.replace('/home/a/ws/sub/.env', '/home/a/other/sub/.env')],
  ['a place came from another disk', false, system + all.replace('8:2 /home/a/ws/sub/.env', '8:3 /home/a/ws/sub/.env')],
  ['a place was mounted twice, and another never', false, system + all.replace('/home/a/ws/sub/.env /ws/sub/.env', '/home/a/ws/.git /ws/.git')],
  ['a place is not mounted', false, system + workspace],
  ['only a folder with the same beginning is there', false, system + all.replace(' /ws/sub/.env', ' /ws/sub/.env2')],
  ['the workspace is not there', false, system],
  ['the machine has a disk of its own in the workspace', true, system + workspace + line('8:9', '/', '/ws/sub') + all.slice(workspace.length).replace('8:2 /home/a/ws/sub/.env', '8:9 /.env')],
  ['a place is a mount of the machine itself', true, system + workspace + line('8:9', '/kept', '/ws/sub/.env') + all.slice(workspace.length).replace('8:2 /home/a/ws/sub/.env', '8:9 /kept')],
  ['names hold what shells read in their own way', true, system + line('8:2', '/h/a\\040*?[x]$(y)\\134', '/a\\040*?[x]$(y)\\134') + line('8:2', '/h/a\\040*?[x]$(y)\\134/.git', '/a\\040*?[x]$(y)\\134/.git'), ['/a *?[x]$(y)\\'], ['/a *?[x]$(y)\\/.git']],
  ['a folder besides the workspace holds a place', true, system + all + line('8:2', '/data', '/mnt/data') + line('8:2', '/data/.git', '/mnt/data/.git'), ['/ws', '/mnt/data'], [...places, '/mnt/data/.git']],
  ['such a place came from elsewhere', false, system + all + line('8:2', '/data', '/mnt/data') + line('8:2', '/home/a/ws/.git', '/mnt/data/.git'), ['/ws', '/mnt/data'], [...places, '/mnt/data/.git']],
  ['what is not there is covered', true, system + all + cover('/ws/.claude') + cover('/ws/.env'), ['/ws'], places, ['/ws/.claude', '/ws/.env']],
  ['a name is not covered', false, system + all + cover('/ws/.claude'), ['/ws'], places, ['/ws/.claude', '/ws/.env']],
  ['a cover lies on what a link led to', false, system + all + cover('/ws/src'), ['/ws'], places, ['/ws/.claude']],
  ['a cover lies where something else was to be mounted', false, system + all.replace('/home/a/ws/sub/.env /ws/sub/.env', '/home/a/nothing /ws/sub/.env') + cover('/ws/.claude'), ['/ws'], places, ['/ws/.claude']],
];

describe('what is mounted when a command begins', () => {
  // Sandboxes with mounts are those of Linux
  if (process.platform !== 'linux') return;

  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cowork-mounted-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const shell of ['sh', 'bash']) {
    for (const [what, begins, list, around = ['/ws'], wanted = places, covered = []] of cases) {
      it(`${shell} ${begins ? 'goes on' : 'stops'} where ${what}`, () => {
        const listed = path.join(folder, 'mountinfo');
        writeFileSync(listed, list);
        const script = `${standMounted(['for x', ''])}\necho "begun $*"`.replace('/proc/self/mountinfo', listed);
        const { stdout, stderr, status } = spawnSync(shell, ['-c', script, 'sh', ...mountLines(around, wanted, covered)], { encoding: 'utf8', cwd: folder });
        assert.deepEqual([status, stdout.startsWith('begun around/')], begins ? [0, true] : [126, false], stderr);
        assert.equal(stderr.trimEnd(), begins ? '' : 'What is protected in the workspace was moved while this was about to start; nothing was run. Try again.');
      });
    }
  }
});
