import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packExtension } from '../../house/pack.ts';
import { openEditor, type OpenEditor } from './openEditor.ts';
import { zipListing } from './zipListing.ts';

/** Everything that is handed to people, and nothing else */
const packed = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/changelog.md',
  'extension/dist/cli.js',
  'extension/dist/extension.js',
  'extension/dist/hook.js',
  'extension/dist/program.js',
  'extension/dist/sql-wasm.wasm',
  'extension/dist/webview/main.css',
  'extension/dist/webview/main.js',
  'extension/media/gate.svg',
  'extension/media/icon.png',
  'extension/package.json',
  'extension/package.nls.json',
  'extension/readme.md',
];

const largest = 2 * 1024 * 1024;

describe('the packed extension', () => {
  let folder: string;
  let vsix: string;
  let editor: OpenEditor | undefined;

  before(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'vsix-')));
    vsix = packExtension(folder);
  });

  after(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds exactly the files it needs, in less than 2 MB', () => {
    const bytes = readFileSync(vsix);
    assert.deepEqual(zipListing(bytes).map(({ name }) => name).toSorted(), packed.toSorted());
    assert.ok(bytes.length < largest, `${bytes.length} bytes`);
  });

  it('has no native module and no source in it', () => {
    const names = zipListing(readFileSync(vsix)).map(({ name }) => name);
    assert.deepEqual(names.filter((name) => /\.(node|dll|so|dylib|exe|ts|map)$/.test(name)), []);
  });

  it('installs, activates and hands out its API in an editor', async () => {
    const workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    editor = await openEditor({ folder: workspace, vsix, env: { COWORK_POLICY_HOME: path.join(folder, 'home') } });
    const seen = await editor.runInExtensionHost(async (vscode) => {
      const extension = vscode.extensions.getExtension<{ version: number }>('cowork.cowork-policy');
      return { version: (await extension?.activate())?.version, place: extension?.extensionPath };
    });
    assert.equal(seen.version, 1);
    assert.ok(seen.place?.startsWith(editor.data), `the installed one runs, not the one under development: ${seen.place ?? 'none'}`);
  });
});
