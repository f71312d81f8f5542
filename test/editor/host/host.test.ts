import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../house/root.ts';
import { closeLeftWindow, openEditor, type OpenEditor } from './openEditor.ts';

describe('the editor host', () => {
  let folder: string;
  let editor: OpenEditor | undefined;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'host-test-')));
    writeFileSync(path.join(folder, 'note.txt'), 'hello');
  });

  afterEach(async () => {
    await editor?.close();
    editor = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  /** A small extension: one command, which asks with a quick pick and hands back what was picked */
  function writeExtension(name: string): string {
    const home = path.join(folder, `../${path.basename(folder)}-${name}`);
    mkdirSync(home, { recursive: true });
    const manifest = {
      ...{ name, publisher: 'cowork-test', version: '1.0.0', engines: { vscode: '^1.135.0' }, main: './main.js' },
      activationEvents: ['onStartupFinished'],
      capabilities: { untrustedWorkspaces: { supported: true } },
    };
    writeFileSync(path.join(home, 'package.json'), JSON.stringify(manifest));
    const source = `const vscode = require('vscode');
exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand('${name}.pick', () =>
    vscode.window.showQuickPick(['one', 'two'], { title: 'Which of ${name}?' })));
};`;
    writeFileSync(path.join(home, 'main.js'), source);
    return home;
  }

  it('drives quick picks of several extensions from outside, with their environment, theme and a reload', async () => {
    const extensions = [writeExtension('first'), writeExtension('second')];
    try {
      editor = await openEditor({ folder, extensions: [root, ...extensions], theme: 'hc', env: { COWORK_POLICY_HOME: path.join(folder, 'home') } });
      const { page } = editor;
      for (const name of ['first', 'second']) {
        const picked: Promise<string> = editor.runInExtensionHost(
          (vscode, command) => vscode.commands.executeCommand(command),
          `${name}.pick`,
        );
        await page.getByText(`Which of ${name}?`).waitFor();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        assert.equal(await picked, 'two');
      }
      const seen = () => ({ home: process.env['COWORK_POLICY_HOME'], host: process.pid });
      const before = await editor.runInExtensionHost(seen);
      assert.equal(before.home, path.join(folder, 'home'));
      assert.ok(await page.locator('.monaco-workbench.hc-black').isVisible(), 'the high contrast theme is on');
      await editor.reload();
      assert.notEqual((await editor.runInExtensionHost(seen)).host, before.host);
    } finally {
      for (const extension of extensions) rmSync(extension, { recursive: true, force: true });
    }
  });

  it('opens one editor after the other in one window, and the second finds nothing of the first', async () => {
    for (const name of ['first', 'second']) mkdirSync(path.join(folder, name));
    const seen = async ({ page, runInExtensionHost, data }: OpenEditor) => ({
      ...(await runInExtensionHost((vscode) => ({
        folder: vscode.workspace.name, fontSize: vscode.workspace.getConfiguration('editor').get('fontSize'), mark: process.env['COWORK_MARK'] ?? null, hasHome: process.env['HOME'] !== undefined,
        documents: vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled).length,
      }))),
      local: await page.evaluate("localStorage.getItem('mark')"), session: await page.evaluate("sessionStorage.getItem('mark')"),
      kept: existsSync(path.join(data, 'user/User/globalStorage/mark')), wide: await page.evaluate('innerWidth'),
    });
    try {
      editor = await openEditor({ folder: path.join(folder, 'first'), inTurn: true, settings: { 'editor.fontSize': 21 }, env: { COWORK_MARK: 'x', HOME: undefined }, viewport: { width: 1000, height: 800 } });
      const { data, page } = editor;
      await editor.runInExtensionHost(async (vscode, file) => {
        await vscode.workspace.openTextDocument({ content: 'not saved' });
        await vscode.workspace.fs.writeFile(vscode.Uri.file(file), new Uint8Array(1));
      }, path.join(data, 'user/User/globalStorage/mark'));
      await page.evaluate("localStorage.setItem('mark', 'x'); sessionStorage.setItem('mark', 'x')");
      assert.deepEqual(await seen(editor), { folder: 'first', fontSize: 21, mark: 'x', hasHome: false, documents: 1, local: 'x', session: 'x', kept: true, wide: 1000 });
      const first = editor;
      await first.close();
      editor = await openEditor({ folder: path.join(folder, 'second'), inTurn: true });
      await first.close();
      assert.equal(editor.data, data, 'it is the same window');
      assert.deepEqual(await seen(editor), { folder: 'second', fontSize: 14, mark: null, hasHome: true, documents: 0, local: null, session: null, kept: false, wide: 1280 });
      await editor.close();
      editor = await openEditor({ folder, inTurn: true, trusted: false });
      assert.notEqual(editor.data, data, 'one that was started otherwise is none for it');
    } finally {
      await editor?.close();
      editor = undefined;
      await closeLeftWindow();
    }
  });

  it('opens a folder in Restricted Mode', async () => {
    editor = await openEditor({ folder, trusted: false });
    assert.deepEqual(
      await editor.runInExtensionHost((vscode) => ({
        trusted: vscode.workspace.isTrusted,
        folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
      })),
      { trusted: false, folder },
    );
  });

  it('hands an error of the extension host to the test', async () => {
    editor = await openEditor({ folder });
    await assert.rejects(
      editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('no.such.command')),
      /no\.such\.command/,
    );
  });
});
