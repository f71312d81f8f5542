import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import type { PolicyEditor, Workspace } from './policyEditor.ts';
import { useEditor } from './useEditor.ts';

describe('Status bar, tree and commands', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  useEditor({}, (opened) => {
    ({ workspace, editor } = opened);
  });
  const write = (file: string) => editor.ask({ tool: 'write_file', input: { path: file, content: file } });

  /** The item of the tree whose text holds this, once it is there */
  const item = async (tree: Locator, text: string | RegExp): Promise<Locator> => {
    const found = tree.getByRole('treeitem', { name: text }).first();
    await found.waitFor();
    return found;
  };
  /** Opens the context menu of an item with the keyboard and takes one of its entries */
  const fromMenu = async (of: Locator, entry: string): Promise<void> => {
    const menu = editor.page.locator('.monaco-menu');
    // What was opened a moment ago may still take the focus
    await editor.until('its menu opens', async () => {
      await of.click();
      await editor.page.keyboard.press('Shift+F10');
      await sleep(500);
      return menu.isVisible();
    });
    const taken = menu.locator('.action-item.focused', { hasText: entry });
    for (let presses = 0; presses < 10 && !(await taken.isVisible()); presses++) {
      await editor.page.keyboard.press('ArrowDown');
      // The menu draws after the key is taken; a stale look would take the next entry
      await sleep(150);
    }
    await editor.page.keyboard.press('Enter');
    await menu.waitFor({ state: 'hidden' });
  };

  it('switch the mode by the status bar, each mode with what it does', async () => {
    await editor.status.filter({ hasText: 'Default' }).click();
    await editor.prompted('Mode of garden-book');
    assert.equal((await editor.rows()).length, 6);
    assert.match((await editor.rows())[1] ?? '', /Plan.*Only reads run/);
    await editor.choose('Accept Edits');
    await editor.status.filter({ hasText: 'Accept Edits' }).waitFor();
    const { decision, settledBy } = await write('mode.md');
    assert.deepEqual([decision, settledBy], ['allow', 'policy']);
    await editor.status.click();
    await editor.prompted('Mode of garden-book');
    await editor.choose('Default');
    await editor.status.filter({ hasText: 'Default' }).waitFor();
  });

  it('switch to a mode that hardly asks only after a second question', async () => {
    editor.start('coworkPolicy.switchMode');
    await editor.prompted('Mode of garden-book');
    await editor.choose('Bypass Permissions');
    const dialog = editor.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await editor.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.match(await editor.status.innerText(), /Default/);
  });

  it('show a pending approval in the tree, and answer it from there', async () => {
    const verdict = write('tree.md');
    await editor.prompted('Sample Agent wants to change a file');
    await editor.page.keyboard.press('Escape');
    const tree = await editor.openTree();
    const pending = await item(tree, 'tree.md');
    await fromMenu(pending, 'Answer…');
    await editor.prompted('Sample Agent wants to change a file');
    await editor.choose('Allow for this workspace');
    assert.equal((await verdict).decision, 'allow');
  });

  it('explain a decision, copy it as a rule, and remove the rule, from the tree', async () => {
    const tree = await editor.openTree();
    const recent = await item(tree, 'Recent decisions');
    await recent.click();
    await editor.page.keyboard.press('ArrowRight');
    const decision = await item(tree, /^tree\.md, Allow, \d/);
    await fromMenu(decision, 'Copy Decision as Rule');
    await editor.until('the rule is on the clipboard', async () => {
      const text = await editor.clipboard();
      return text.includes('"effect": "allow"') && text.includes('tree.md');
    });
    await fromMenu(decision, 'Explain');
    await editor.reads('Decision.txt', /write_file/);
    const rules = tree.getByRole('treeitem', { name: 'tree.md, Allow, write_file' });
    await fromMenu(rules.first(), 'Remove Rule…');
    await editor.until('the rule is gone', () => workspace.mirror().length === 0);
    const again = write('tree.md');
    await editor.prompted('Sample Agent wants to change a file');
    await editor.choose('Deny once');
    assert.equal((await again).settledBy, 'person');
  });

  it('add a rule by hand, and it holds', async () => {
    editor.start('coworkPolicy.addRule');
    await editor.prompted('Add Rule (1/4)');
    await editor.choose('Deny');
    await editor.prompted('Add Rule (2/4)');
    await editor.choose('Path');
    await editor.prompted('Add Rule (3/4)');
    await editor.page.keyboard.type('locked/**');
    await editor.page.keyboard.press('Enter');
    await editor.prompted('Add Rule (4/4)');
    await editor.choose('This workspace');
    await editor.until('the rule is stored', () => workspace.mirror().length === 1);
    const { decision, settledBy } = await write('locked/a.md');
    assert.deepEqual([decision, settledBy], ['deny', 'policy']);
  });

  it('turn permissions off, and what is off is denied', async () => {
    editor.start('coworkPolicy.changePermissions');
    await editor.prompted('Permissions of garden-book');
    await editor.page.keyboard.type('Shell');
    await editor.page.keyboard.press('ArrowDown');
    await editor.page.keyboard.press('Space');
    await editor.page.keyboard.press('Enter');
    await editor.until('shell is off', async () => {
      const { decision, evaluation } = await editor.ask({ tool: 'run_command', input: { command: 'ls' } });
      return decision === 'deny' && evaluation.reason.type === 'workspace_capability' && evaluation.reason.capability === 'shell';
    });
  });

  it('explain a request that nobody made, without recording it', async () => {
    const before = workspace.journal().length;
    editor.start('coworkPolicy.explainRequest');
    await editor.prompted('Explain a Request');
    await editor.page.keyboard.type('git push origin main');
    await editor.page.keyboard.press('Enter');
    await editor.reads('Explanation.txt', /git push origin main/);
    assert.equal(workspace.journal().length, before);
  });

  it('verify the record, and find a line that was changed', async () => {
    editor.start('coworkPolicy.verifyRecord');
    await editor.notified('is whole');
    const journal = workspace.read('.cowork/policy/journal.ndjson') ?? '';
    writeFileSync(workspace.file('.cowork/policy/journal.ndjson'), journal.replace('tree.md', 'free.md'));
    editor.start('coworkPolicy.verifyRecord');
    await editor.notified('does not verify');
  });

  it('are all in the palette under CoWork, except those that need an item of the tree', async () => {
    const listed = await editor.editor.runInExtensionHost(async (vscode) => (await vscode.commands.getCommands(true)).filter((name) => name.startsWith('coworkPolicy.') && !name.startsWith('coworkPolicy.gate')));
    for (const name of ['showPending', 'switchMode', 'addRule', 'removeRule', 'reviewRepositoryRules', 'changePermissions', 'explainRequest', 'verifyRecord', 'openPolicyFile', 'stopApprovingAll', 'copyDecisionAsRule']) {
      assert.ok(listed.includes(`coworkPolicy.${name}`), name);
    }
    await editor.page.keyboard.press('F1');
    await editor.prompt.waitFor();
    // The list draws only the rows in sight, so each is looked for by its name
    const found = async (typed: string): Promise<readonly string[]> => {
      await editor.prompt.locator('input').first().fill(`>${typed}`);
      await editor.until(`the palette has looked for ${typed}`, async () => (await editor.prompt.locator('input').first().inputValue()) === `>${typed}` && (await editor.rows()).length > 0);
      return editor.rows();
    };
    await editor.until('the palette lists them', async () => (await found('CoWork: Switch Mode')).some((row) => row.includes('CoWork: Switch Mode')));
    for (const hidden of ['CoWork: Answer', 'CoWork: Explain']) {
      const rows = await found(hidden);
      assert.ok(!rows.some((row) => row.startsWith(`${hidden}…`) || row.startsWith(`${hidden},`)), rows.join('\n'));
    }
    await editor.page.keyboard.press('Escape');
  });
});
