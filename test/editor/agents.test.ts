import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PanelPage } from './panel/panelPage.ts';
import { PolicyEditor, Workspace } from './policyEditor.ts';

describe('Agents in the editor', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let home: string;

  before(async () => {
    workspace = await Workspace.make();
    home = path.join(workspace.home, 'person');
    for (const folder of ['.claude', '.codex']) mkdirSync(path.join(home, folder), { recursive: true });
    writeFileSync(path.join(home, '.claude/settings.json'), '{\n  "model": "opus"\n}\n');
    editor = await PolicyEditor.open(workspace, { env: { HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), CLAUDE_CONFIG_DIR: undefined, CODEX_HOME: undefined, COPILOT_HOME: undefined } });
  });
  afterEach(async function () {
    await editor?.pictureOf(this.currentTest);
  });
  after(async () => {
    await editor?.close();
    workspace?.remove();
  });

  const settings = (): string => readFileSync(path.join(home, '.claude/settings.json'), 'utf8');
  const dialog = () => editor.page.locator('.monaco-dialog-box');

  /** Presses a button of the open dialogue that says this */
  async function press(text: string | RegExp, button: string): Promise<void> {
    await dialog().filter({ hasText: text }).waitFor();
    await dialog().getByRole('button', { name: button }).click();
  }

  it('are put under the policy by a command that shows the exact change first, tries the hook, and tells what is not covered', async () => {
    editor.start('coworkPolicy.protectAgent');
    await editor.prompted('Protect an Agent');
    const rows = await editor.rows();
    assert.ok(rows[0]?.includes('Claude Code') === true || rows[1]?.includes('Claude Code') === true, `agents that are here stand first: ${rows.join(' | ')}`);
    await editor.choose('Claude Code');
    await editor.prompted('Protect Claude Code');
    await editor.choose('In all folders');
    await editor.prompted('Put Claude Code under the policy with this change?');
    const shown = await editor.editor.runInExtensionHost((vscode) => Promise.resolve(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff));
    assert.equal(shown, true, 'the change is shown');
    assert.doesNotMatch(settings(), /hook claude/, 'nothing changed yet');
    await editor.choose('Make the change');
    await press(/Claude Code is under the policy.*Not covered/s, 'OK');
    assert.match(settings(), /"model": "opus"/);
    assert.match(settings(), /hook claude --deadline 310/);
    assert.match(settings(), /"onFailure": "block"/);
  });

  it('are left alone where the person says no', async () => {
    editor.start('coworkPolicy.protectAgent', 'codex');
    await editor.prompted('Put Codex under the policy');
    await editor.choose('Leave everything as it is');
    await editor.until('the change is out of sight', () => editor.editor.runInExtensionHost((vscode) => Promise.resolve(vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0))));
    assert.equal(existsSync(path.join(home, '.codex/hooks.json')), false);
  });

  it('are told step by step what only their user can do', async () => {
    editor.start('coworkPolicy.protectAgent', 'codex');
    await editor.prompted('Put Codex under the policy');
    await editor.choose('Make the change');
    await press(/does not call it yet.*type \/hooks/s, 'OK');
    assert.match(readFileSync(path.join(home, '.codex/hooks.json'), 'utf8'), /hook codex/);
  });

  it('stand in the panel with what is known of them, and their hooks can be tried there', async () => {
    const panel = await PanelPage.open(editor, 'agents');
    const line = (client: string) => panel.frame.locator(`[data-agent=${client}]`);
    await line('claude').filter({ hasText: 'has not called it yet' }).waitFor();
    await line('codex').filter({ hasText: 'trust it' }).waitFor();
    await panel.frame.locator('[data-action=try]').click();
    await panel.frame.getByText('All denied what they must deny.').waitFor();
    await line('claude').locator('[data-action=release]').click();
    await editor.prompted('Take Claude Code out of the policy');
    await editor.choose('Make the change');
    await editor.until('it is out', () => !settings().includes('hook claude'));
    assert.equal(settings(), '{\n  "model": "opus"\n}\n', 'nothing else was touched');
    await line('claude').filter({ hasText: 'It asks nobody.' }).waitFor();
  });
});
