import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { root } from '../house/root.ts';
import { PanelPage } from './panel/panelPage.ts';
import { PolicyEditor, Workspace } from './policyEditor.ts';

/** The pictures of README are made anew with COWORK_SCREENSHOTS=media; else they go where nobody has to commit them */
const folder = path.join(root, process.env['COWORK_SCREENSHOTS'] === 'media' ? 'media/screenshots' : '.cache/screenshots');
const largest = 150 * 1024;

/** Takes pictures of an editor; with nothing hovered, or a tooltip would hide what the picture is of */
function taker(editor: PolicyEditor, theme: string): (name: string) => Promise<void> {
  return async (name) => {
    await editor.page.mouse.move(900, 700);
    const file = path.join(folder, `${name}-${theme}.png`);
    await editor.page.screenshot({ path: file, animations: 'disabled' });
    assert.ok(statSync(file).size < largest, `${file} is too large`);
  };
}

describe('Pictures', () => {
  before(() => mkdirSync(folder, { recursive: true }));

  for (const theme of ['light', 'dark', 'hc'] as const) {
    it(`of the prompt, the tree and the status bar in ${theme}`, async () => {
      const workspace = await Workspace.make();
      const editor = await PolicyEditor.open(workspace, { theme });
      const take = taker(editor, theme);
      const answer = async (title: string, label: string): Promise<void> => {
        await editor.prompted(title);
        await editor.choose(label);
      };
      try {
        const written = editor.ask({ tool: 'write_file', input: { path: 'notes/today.md', content: '# Today\n' } });
        await answer('change a file', 'Allow for this workspace');
        await written;
        const push = editor.ask({ tool: 'run_command', input: { command: 'git push origin main' } });
        await answer('run a command that sends data out', 'Deny for this session');
        await push;
        await editor.ask({ tool: 'read_file', input: { path: 'garden.txt' } });

        const install = editor.ask({ tool: 'run_command', input: { command: 'npm install left-pad' } });
        await editor.prompted('Sample Agent wants to run a command');
        await take('prompt');
        await editor.page.keyboard.press('Escape');
        await editor.prompt.waitFor({ state: 'hidden' });
        const tree = await editor.openTree();
        await expand(tree, 'Recent decisions');
        await take('tree');
        await editor.status.click();
        await answer('run a command', 'Deny once');
        assert.equal((await install).decision, 'deny');

        const report = editor.ask({ tool: 'http_request', input: { url: 'https://reports.example.com/upload', method: 'POST', body: 'beans, tomatoes, sage', path: 'garden.txt' } });
        await editor.prompted('Sample Agent wants to send data out');
        await take('export');
        await editor.choose('Deny once');
        assert.equal((await report).decision, 'deny');

        const edit = editor.ask({ tool: 'edit_file', input: { path: 'garden.txt', old_string: 'in May', new_string: 'in June' } });
        await editor.prompted('Sample Agent wants to change a file');
        await editor.choose('Open the diff');
        await editor.page.locator('.monaco-diff-editor').first().waitFor();
        await editor.until('the diff is drawn', async () => (await editor.page.locator('.line-insert, .char-insert').count()) > 0);
        await take('diff');
        await editor.status.click();
        await editor.prompted('Sample Agent wants to change a file');
        await editor.choose('Edit the scope');
        await editor.prompted('Edit the scope');
        await take('scope');
        await editor.page.keyboard.press('Escape');
        await answer('change a file', 'Deny once');
        assert.equal((await edit).decision, 'deny');
      } catch (error) {
        await editor.page.screenshot({ path: path.join(root, '.cache/log', `Pictures-${theme}.png`) });
        throw error;
      } finally {
        await editor.close();
        workspace.remove();
      }
    });
  }
});

describe('Pictures of budgets', () => {
  before(() => mkdirSync(folder, { recursive: true }));

  for (const theme of ['light', 'dark', 'hc'] as const) {
    it(`the question, the status bar and the section in ${theme}`, async () => {
      const workspace = await Workspace.make({ settings: { limits: { maxIterationsPerTask: 5 } } });
      const editor = await PolicyEditor.open(workspace, { theme });
      const take = taker(editor, theme);
      try {
        for (const name of ['garden.txt', 'count.js', 'garden.txt']) await editor.ask({ tool: 'read_file', input: { path: name } });
        for (const name of ['.', '.']) await editor.ask({ tool: 'list_directory', input: { path: name } });
        await editor.status.filter({ hasText: '100 % of the budget' }).waitFor();
        void editor.ask({ tool: 'read_file', input: { path: 'garden.txt' } });
        await editor.prompted('Sample Agent has used up its budget');
        await take('budget');
        await editor.choose('Stop this task');
        await editor.status.filter({ hasText: 'task stopped' }).waitFor();
        const panel = await PanelPage.open(editor, 'limits');
        await panel.frame.locator('#budgets').scrollIntoViewIfNeeded();
        await panel.frame.locator('#limits').evaluate((heading: { scrollIntoView(block: { readonly block: string }): void }) => heading.scrollIntoView({ block: 'end' }));
        await take('budgets');
      } catch (error) {
        await editor.page.screenshot({ path: path.join(root, '.cache/log', `Pictures-of-budgets-${theme}.png`) });
        throw error;
      } finally {
        await editor.close();
        workspace.remove();
      }
    });
  }
});

async function expand(tree: Locator, name: string): Promise<void> {
  const item = tree.getByRole('treeitem', { name }).first();
  await item.click();
  await item.press('ArrowRight');
  await tree.locator('[aria-level="2"]').last().waitFor();
}
