import assert from 'node:assert/strict';
import { isDisk, isWholeTree, wholeTreeName } from '../../../../../../src/core/describe/shell/commands/wholeTree.ts';

describe('deleting everything, in any spelling', () => {
  for (const path of ['/', '//', '/*', '/.', '/..', '/./', '/usr', '/usr/', '/etc/*', '/home', '/home/u', '/Users/u', '/Users/u/', '~', '~/', '~/*', '~/.*', '~root', '.', './', './.', './*', './**', '*', '**', '.*', '..', '../', '../..', '../*', 'a/..', 'a/../*', './a/..', 'C:', 'C:\\', 'c:/', 'C:\\*', 'C:\\Windows', '\\\\?\\C:\\', '*/*', '.[!.]*', 'file:///', '/home/u/*']) {
    it(`${path} is everything`, () => assert.equal(isWholeTree(path), true));
  }
  for (const path of ['build', './build', 'build/*', 'a/b', '../a', '/ws/build', '/tmp/x', '/home/u/x', '~/x', '*.o', 'a*', '/usr/local/x', '.git', '.cache', 'C:\\a\\b', '/opt/x', 'dist/**']) {
    it(`${path} is not`, () => assert.equal(isWholeTree(path), false));
  }
});

describe('devices', () => {
  for (const path of ['/dev/sda', '/dev/sda1', '/dev/nvme0n1', '/dev/disk2', '//dev/sdb', '/dev/mapper/x', '\\\\.\\PhysicalDrive0']) it(`${path} is a disk`, () => assert.equal(isDisk(path), true));
  for (const path of ['/dev/null', '/dev/stdout', '/dev/shm/x', 'dev/sda', '/tmp/sda']) it(`${path} is not`, () => assert.equal(isDisk(path), false));
});

describe('a whole folder in a sentence', () => {
  for (const text of ['.', './', './*', '*', '.*', '.\\*', '././']) it(`${text} is the folder it runs in`, () => assert.equal(wholeTreeName(text), 'the folder it runs in'));
  for (const [text, name] of [['/', '/'], ['/*', '/*'], ['~', '~'], ['~/*', '~/*'], ['C:\\', 'C:\\'], ['..', '“..”'], ['../..', '“../..”'], ['/.', '“/.”'], ['../*', '../*']] as const) {
    it(`${text} is ${name}`, () => assert.equal(wholeTreeName(text), name));
  }
});
