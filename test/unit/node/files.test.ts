import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeFiles } from '../../../src/node/files.ts';

describe('files of this machine', () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-files-')));
  const at = (...names: string[]): string => path.join(root, ...names);
  const files = nodeFiles();

  before(() => {
    mkdirSync(at('workspace/deep'), { recursive: true });
    mkdirSync(at('outside'));
    writeFileSync(at('workspace/file'), 'text');
    symlinkSync(at('outside'), at('workspace/out'));
    symlinkSync('../outside/new', at('workspace/dangling'));
    symlinkSync('dangling', at('workspace/twice'));
    symlinkSync('loop', at('workspace/loop'));
    symlinkSync('deep', at('workspace/inner'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const cases: readonly [string, string, string | undefined][] = [
    ['a file', 'workspace/file', 'workspace/file'],
    ['a file that does not exist yet', 'workspace/new', 'workspace/new'],
    ['a file below folders that do not exist yet', 'workspace/a/b/c', 'workspace/a/b/c'],
    ['a file behind a linked folder', 'workspace/out/x/y', 'outside/x/y'],
    ['the file that writing through a dangling link would make', 'workspace/dangling', 'outside/new'],
    ['a path below what a dangling link names', 'workspace/dangling/x', 'outside/new/x'],
    ['a link to a dangling link', 'workspace/twice', 'outside/new'],
    ['the parent of what a link names', 'workspace/out/../x', 'x'],
    ['a path below a plain file', 'workspace/file/x', 'workspace/file/x'],
    ['a loop of links', 'workspace/loop', undefined],
    ['a path below a loop of links', 'workspace/loop/x', undefined],
  ];
  for (const [name, asked, expected] of cases) {
    it(`resolve ${name}`, () => {
      assert.equal(files.resolve(`${root}/${asked}`), expected === undefined ? undefined : at(expected));
    });
  }

  it('resolve neither relative paths nor paths with NUL', () => {
    assert.equal(files.resolve('workspace'), undefined);
    assert.equal(files.resolve(`${root}/a\0b`), undefined);
    assert.equal(files.resolve(`${root}/${'n'.repeat(5000)}`), undefined);
  });

  it('agree with the system on where a write through a link ends up', () => {
    const target = files.resolve(at('workspace/dangling'));
    writeFileSync(at('workspace/dangling'), 'x');
    assert.equal(realpathSync(at('workspace/dangling')), target);
  });

  it('read small texts and nothing else', () => {
    assert.equal(files.readText(at('workspace/file')), 'text');
    writeFileSync(at('big'), Buffer.alloc(1024 * 1024 + 1, 'a'));
    execFileSync('mkfifo', [at('pipe')]);
    for (const name of ['big', 'pipe', 'workspace', 'nothing']) assert.equal(files.readText(at(name)), undefined, name);
    assert.equal(files.readText('/dev/zero'), undefined);
  });
});
