import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs, { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { largestHashed } from '../../../src/node/fileHash.ts';
import { ImportError, importBytes, importFile } from '../../../src/node/importFile.ts';

let folder: string;
let workspace: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-import-')));
  workspace = path.join(folder, 'workspace');
  mkdirSync(workspace);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function source(name: string, text = 'from outside'): string {
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode: 0o755 });
  return file;
}

describe('importing a file', () => {
  it('copies it into the workspace, not executable, and says what was copied', () => {
    const from = source('a.txt');
    const noted = importFile(from, workspace, 'user_imported_external');
    assert.deepEqual(noted, { path: path.join(workspace, 'imported', 'a.txt'), sha256: createHash('sha256').update('from outside').digest('hex'), size: 12, kind: 'user_imported_external', label: from });
    assert.equal(readFileSync(noted.path, 'utf8'), 'from outside');
    if (process.platform !== 'win32') assert.equal(statSync(noted.path).mode & 0o111, 0);
  });

  it('takes a name that is free, and never writes over anything', () => {
    const from = source('a.txt');
    const names = [1, 2, 3].map(() => path.basename(importFile(from, workspace, 'clipboard_or_drag_data').path));
    assert.deepEqual(names, ['a.txt', 'a (2).txt', 'a (3).txt']);
  });

  it('takes no name that a program looks for in hiding', () => {
    for (const name of ['.envrc', '.mcp.json', '...']) if (name !== '...') assert.equal(path.basename(importFile(source(name), workspace, 'user_imported_external').path).startsWith('.'), false, name);
  });

  it('takes no name that shows as another or breaks the line it is pasted into', () => {
    const names = ['a\u202etxt.exe', 'a\u2028b', 'a\nb', 'a\u200bb', 'a\ufeffb', 'a\u0085b'].map((name) => path.basename(importBytes(name, Buffer.from('x'), workspace, 'clipboard_or_drag_data').path));
    assert.deepEqual(names, ['a_txt.exe', 'a_b', 'a_b (2)', 'a_b (3)', 'a_b (4)', 'a_b (5)']);
    assert.equal(path.basename(importBytes('Übersicht 日本 – é.txt', Buffer.from('x'), workspace, 'clipboard_or_drag_data').path), 'Übersicht 日本 – é.txt');
  });

  for (const to of ['../elsewhere', '.git/hooks']) {
    it(`does not follow a link of the workspace to write to ${to}`, () => {
      const elsewhere = path.join(workspace, to);
      mkdirSync(elsewhere, { recursive: true });
      symlinkSync(elsewhere, path.join(workspace, 'imported'), 'junction');
      assert.throws(() => importFile(source('a.txt'), workspace, 'user_imported_external'), ImportError);
      assert.throws(() => importBytes('pre-commit', Buffer.from('x'), workspace, 'clipboard_or_drag_data'), ImportError);
      assert.deepEqual(readdirSync(elsewhere), []);
    });
  }

  // Windows has no way to open a file without following a link on the way
  if (process.platform !== 'win32') it('writes nowhere else where a link takes the place of the folder at the last moment', () => {
    const [imported, elsewhere] = [path.join(workspace, 'imported'), path.join(folder, 'elsewhere')];
    mkdirSync(imported);
    mkdirSync(elsewhere);
    const from = source('a.txt');
    const { openSync } = fs;
    fs.openSync = (file, flags, mode) => {
      if (String(file).endsWith('a.txt') && file !== from && !existsSync(`${imported}-aside`)) {
        renameSync(imported, `${imported}-aside`);
        symlinkSync(elsewhere, imported);
      }
      return openSync(file, flags, mode);
    };
    syncBuiltinESMExports();
    try {
      assert.throws(() => importFile(from, workspace, 'user_imported_external'), ImportError);
    } finally {
      fs.openSync = openSync;
      syncBuiltinESMExports();
    }
    assert.ok(existsSync(`${imported}-aside`), 'it was exchanged');
    assert.deepEqual(readdirSync(elsewhere), []);
  });

  it('writes through no link that waits under the name', () => {
    mkdirSync(path.join(workspace, 'imported'));
    const target = path.join(folder, 'target');
    symlinkSync(target, path.join(workspace, 'imported', 'a.txt'));
    assert.equal(path.basename(importFile(source('a.txt'), workspace, 'user_imported_external').path), 'a (2).txt');
    assert.equal(existsSync(target), false);
  });

  it('takes bytes under whatever name they come with', () => {
    const noted = importBytes('../../.ssh/authorized_keys', Buffer.from('key'), workspace, 'clipboard_or_drag_data');
    assert.deepEqual({ file: readFileSync(noted.path, 'utf8'), folder: path.dirname(noted.path), size: noted.size, sha256: noted.sha256 }, { file: 'key', folder: path.join(workspace, 'imported'), size: 3, sha256: createHash('sha256').update('key').digest('hex') });
    assert.throws(() => importBytes('large', Buffer.alloc(largestHashed + 1), workspace, 'clipboard_or_drag_data'), ImportError);
  });

  it('refuses what is no file, what is not there, and what is too large, and leaves nothing', () => {
    const large = source('large');
    truncateSync(large, largestHashed + 1);
    const wrong = [folder, path.join(folder, 'missing'), large];
    if (process.platform !== 'win32') {
      const pipe = path.join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      wrong.push(pipe, '/dev/zero');
    }
    for (const each of wrong) assert.throws(() => importFile(each, workspace, 'user_imported_external'), ImportError, each);
    assert.deepEqual((existsSync(path.join(workspace, 'imported')) ? readdirSync(path.join(workspace, 'imported')) : []), []);
  });
});
