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
  'extension/dist/discord.js',
  'extension/dist/documentWorker.js.br',
  'extension/dist/extension.js',
  'extension/dist/faces.js',
  'extension/dist/gatedTools.js',
  'extension/dist/gatedTools.js.br',
  'extension/dist/hook.js',
  'extension/dist/mcpServer.js',
  'extension/dist/mcpServer.js.br',
  'extension/dist/permissions.schema.de.json',
  'extension/dist/permissions.schema.json',
  'extension/dist/program.js',
  'extension/dist/quickjs.wasm.br',
  'extension/dist/scriptWorker.js.br',
  'extension/dist/shell.js',
  'extension/dist/slack.js',
  'extension/dist/sql-wasm.js',
  'extension/dist/sql-wasm.wasm.br',
  'extension/dist/telegram.js',
  'extension/dist/tree-sitter/tree-sitter-powershell.wasm.br',
  'extension/dist/tree-sitter/tree-sitter.js',
  'extension/dist/tree-sitter/tree-sitter.wasm.br',
  'extension/dist/webview/main.css',
  'extension/dist/webview/main.js',
  'extension/l10n/bundle.l10n.de.json',
  'extension/media/gate.svg',
  'extension/media/icon.png',
  'extension/media/walkthrough/agents.svg',
  'extension/media/walkthrough/answer.svg',
  'extension/media/walkthrough/mode.svg',
  'extension/media/walkthrough/record.svg',
  'extension/package.json',
  'extension/package.nls.de.json',
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

  afterEach(async () => {
    await editor?.close();
    editor = undefined;
  });
  after(() => {
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

  for (const age of ['newest', 'oldest'] as const) {
    it(`installs, activates and hands out its API in the ${age} editor`, async () => {
      const workspace = path.join(folder, age);
      mkdirSync(workspace);
      editor = await openEditor({ folder: workspace, vsix, age, env: { COWORK_POLICY_HOME: path.join(folder, 'home') } });
      const seen = await editor.runInExtensionHost(async (vscode) => {
        const extension = vscode.extensions.getExtension<{ version: number; check(request: unknown): Promise<{ decision: string }> }>('cowork.cowork-policy');
        const api = await extension?.activate();
        const verdict = await api?.check({ tool: 'write_file', input: { path: '.git/config', content: '' } });
        const manifest = extension?.packageJSON as { engines: { vscode: string } } | undefined;
        return { version: api?.version, decision: verdict?.decision, place: extension?.extensionPath, engine: manifest?.engines.vscode, editor: vscode.version };
      });
      assert.deepEqual([seen.version, seen.decision], [1, 'deny']);
      assert.ok(seen.place?.startsWith(editor.data), `the installed one runs, not the one under development: ${seen.place ?? 'none'}`);
      if (age === 'oldest') assert.equal(seen.engine, `^${seen.editor}`, 'the oldest editor under test is the oldest that the manifest admits');
    });
  }
});
