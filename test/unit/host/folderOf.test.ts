import assert from 'node:assert/strict';
import { folderOf } from '../../../src/host/folderOf.ts';

describe('The folder whose policy answers a request', () => {
  const folders = ['/home/u/app', '/home/u/app/packages/api', '/home/u/docs'];
  const cases: [string, Parameters<typeof folderOf>[0], number][] = [
    ['is the one that holds its cwd', { cwd: '/home/u/docs/a' }, 2],
    ['is the innermost one', { cwd: '/home/u/app/packages/api/src' }, 1],
    ['takes a relative cwd from the first folder', { cwd: 'packages/api' }, 1],
    ['is the one that holds its path where there is no cwd', { input: { file_path: '/home/u/docs/x.md' } }, 2],
    ['is not one whose name only begins alike', { cwd: '/home/u/docs-old' }, 0],
    ['is not reached by climbing out', { cwd: '/home/u/docs/../secret' }, 0],
    ['is the first where nothing tells', { input: { command: 'ls' } }, 0],
    ['prefers cwd to path, so that a path cannot pick a looser policy', { cwd: '/home/u/app', input: { path: '/home/u/docs/x' } }, 0],
  ];
  for (const [name, request, index] of cases) it(name, () => assert.equal(folderOf(request, folders), index));
  it('does not exist without an open folder', () => assert.equal(folderOf({ cwd: '/' }, []), -1));
});
