import assert from 'node:assert/strict';
import { english } from '../../../src/gate/words.ts';
import { fromFolder, shownActionTarget, shownScope } from '../../../src/host/fromFolder.ts';

describe('A path as it is shown', () => {
  const cases: [string, string, string][] = [
    ['begins below the folder', '/home/u/app/notes/today.md', 'notes/today.md'],
    ['is a dot for the folder itself', '/home/u/app', '.'],
    ['keeps its root outside', '/home/u/other/a', '/home/u/other/a'],
    ['keeps its root where the name only begins alike', '/home/u/app-old/a', '/home/u/app-old/a'],
    ['keeps its root where the folder stands in its middle', '/mnt /home/u/app/a', '/mnt /home/u/app/a'],
  ];
  for (const [name, path, shown] of cases) it(name, () => assert.equal(fromFolder(path, '/home/u/app'), shown));
  it('is shortened in a rule, but a command in a rule is not', () => {
    assert.equal(shownScope({ kind: 'path', path: '/w/src', toolName: 'write_file' }, '/w', english), 'write_file on path src');
    assert.equal(shownScope({ kind: 'command_prefix', prefix: 'rm /w/src' }, '/w', english), 'commands starting with "rm /w/src"');
  });
  it('is shortened for files only', () => {
    assert.equal(shownActionTarget({ kind: 'delete', target: '/w/a\u202Eb' }, '/w'), 'a\\u{202e}b');
    assert.equal(shownActionTarget({ kind: 'exec', target: '/w/run.sh x' }, '/w'), '/w/run.sh x');
  });
});
