import assert from 'node:assert/strict';
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { protectWorkspace } from '../../../../src/node/sandbox/placeHolders.ts';
import { UnprotectableError, protectedEntries } from '../../../../src/node/sandbox/protectedEntries.ts';

let folder: string;
let workspace: string;
let userFolder: string;

beforeEach(() => {
  folder = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'cowork-protected-')));
  workspace = path.join(folder, 'workspace');
  userFolder = path.join(folder, 'user');
  mkdirSync(workspace);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
    writeFileSync(path.join(workspace, name), '');
  }
}

function relative(files: readonly string[]): readonly string[] {
  return files.map((file) => path.relative(workspace, file).replaceAll('\\', '/')).toSorted();
}

describe('what is protected while a command runs', () => {
  it('what is there is read only, and the folders around it stay where they are', () => {
    put('.git/config', '.git/hooks/a', '.vscode/settings.json', '.env', '.env.prod', 'x.code-workspace', '.bashrc', 'src/a.ts');
    const { held, readOnly } = protectedEntries(workspace);
    assert.deepEqual(relative(held), ['.git', '.vscode']);
    assert.deepEqual(relative(readOnly), ['.bashrc', '.env', '.env.prod', '.git/config', '.git/hooks', '.vscode/settings.json', 'x.code-workspace']);
  });

  it('what is not there gets a place holder', () => {
    put('.git/config', '.vscode/settings.json');
    const missing = relative(protectedEntries(workspace).missing.map((holder) => holder.path));
    for (const name of ['.cowork', '.git/hooks', '.git/modules', '.git/config.worktree', '.git/commondir', '.vscode/tasks.json', '.claude', '.mcp.json', '.github', '.env', '.env.local', '.envrc']) assert.ok(missing.includes(name), name);
    assert.ok(!missing.includes('.bashrc') && !missing.includes('.git') && !missing.includes('.vscode'));
  });

  it('below the top only what is there, however deep', () => {
    put('a/b/.env', 'a/.git/config', 'node_modules/m/.env', 'd/e/e/p/l/y/.env');
    const { held, readOnly, missing } = protectedEntries(workspace);
    assert.deepEqual(relative(readOnly), ['a/.git/config', 'a/b/.env', 'd/e/e/p/l/y/.env']);
    assert.deepEqual(relative(held), ['a/.git']);
    assert.ok(relative(missing.map((holder) => holder.path)).includes('a/.git/hooks'));
    assert.ok(!relative(missing.map((holder) => holder.path)).includes('a/.env'));
  });

  it('a link in such a place cannot be held, so nothing runs', () => {
    mkdirSync(path.join(workspace, 'real'));
    symlinkSync(path.join(workspace, 'real'), path.join(workspace, '.claude'), 'junction');
    assert.throws(() => protectedEntries(workspace), UnprotectableError);
  });
});

describe('place holders', () => {
  // Windows has no way to open a file without following a link on the way
  if (process.platform !== 'win32') it('are put up and taken down in the workspace and nowhere else, where a link takes the place of a folder', async () => {
    const [sub, other] = [path.join(workspace, 'sub'), path.join(folder, 'other')];
    put('sub/.git/HEAD');
    mkdirSync(path.join(other, '.git'), { recursive: true });
    const exchange = (): void => {
      renameSync(sub, `${sub}-aside`);
      symlinkSync(other, sub);
    };
    const { writeFileSync: write } = fs;
    fs.writeFileSync = (...given: Parameters<typeof write>) => {
      if (String(given[0]).endsWith('commondir') && !existsSync(`${sub}-aside`)) exchange();
      write(...given);
    };
    syncBuiltinESMExports();
    try {
      await protectWorkspace(workspace, userFolder).catch(() => undefined);
    } finally {
      fs.writeFileSync = write;
      syncBuiltinESMExports();
    }
    assert.ok(existsSync(`${sub}-aside`), 'it was exchanged');
    assert.deepEqual(readdirSync(path.join(other, '.git')), []);

    rmSync(sub);
    renameSync(`${sub}-aside`, sub);
    const { release } = await protectWorkspace(workspace, userFolder);
    writeFileSync(path.join(other, '.git/commondir'), '.');
    exchange();
    await release();
    assert.deepEqual(readdirSync(path.join(other, '.git')), ['commondir']);
  });

  it('stand while a run needs them, and are gone after it', async () => {
    put('a');
    const { release } = await protectWorkspace(workspace, userFolder);
    assert.ok(existsSync(path.join(workspace, '.mcp.json')));
    await release();
    await release();
    assert.deepEqual(readdirSync(workspace), ['a']);
  });

  it('are left to the mounts that make them only right in the workspace, and gone after the run all the same', async () => {
    put('.git/HEAD', 'sub/.git/HEAD');
    const { entries, covers, release } = await protectWorkspace(workspace, userFolder, [], true);
    assert.ok(covers.includes(path.join(workspace, '.claude')) && covers.every((file) => path.dirname(file) === workspace && !existsSync(file)), covers.join('\n'));
    assert.ok(entries.missing.length > 0 && entries.missing.every(({ path: file }) => path.dirname(file) !== workspace && existsSync(file)));
    for (const file of covers) mkdirSync(file);
    await release();
    assert.deepEqual([readdirSync(workspace), readdirSync(path.join(workspace, '.git')), readdirSync(path.join(workspace, 'sub/.git'))], [['.git', 'sub'], ['HEAD'], ['HEAD']]);
  });

  it('are shared by runs at the same time, and go with the last', async () => {
    const first = await protectWorkspace(workspace, userFolder);
    const second = await protectWorkspace(workspace, userFolder);
    assert.deepEqual(second.entries, first.entries);
    await first.release();
    assert.ok(existsSync(path.join(workspace, '.cowork')));
    await second.release();
    assert.deepEqual(readdirSync(workspace), []);
  });

  it('that a killed run left behind go with the next', async () => {
    const { release } = await protectWorkspace(workspace, userFolder);
    const [notes = ''] = readdirSync(path.join(userFolder, 'sandbox'));
    const list = path.join(userFolder, 'sandbox', notes);
    const [note = ''] = readdirSync(list).filter((name) => name.endsWith('.run'));
    // As if it had been made by a process that is gone: no process has this number
    writeFileSync(path.join(list, '4194305-1.run'), JSON.stringify([{ path: path.join(workspace, '.claude') }, { path: path.join(workspace, 'left') }]));
    mkdirSync(path.join(workspace, 'left'));
    await release();
    assert.equal(readdirSync(list).includes(note), false);
    assert.deepEqual(readdirSync(workspace), []);
  });

  it('that somebody put something into are left alone', async () => {
    const { release } = await protectWorkspace(workspace, userFolder);
    put('.claude/mine');
    await release();
    assert.deepEqual(readdirSync(workspace), ['.claude']);
  });
});
