import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Entry } from '../../../src/gate/entry.ts';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { stored, usePanel } from './usePanel.ts';

type Change = Extract<Entry, { type: 'settings_changed' }>['change'];

describe('The section Overview of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;

  const open = usePanel('overview', (opened) => {
    ({ workspace, editor, panel } = opened);
  });
  beforeEach(() => open());

  /** Changes of settings in the journal since the workspace was made, oldest first */
  const changes = (): readonly Change[] => workspace.journal().flatMap((entry) => (entry.type === 'settings_changed' && entry.by === 'editor' ? [entry.change] : []));
  /** Waits until this is the newest change in the record, and has arrived in the database */
  const recorded = async (change: Change): Promise<void> => {
    await editor.until(`the change is recorded: ${JSON.stringify(change)}`, () => JSON.stringify(changes().at(-1)) === JSON.stringify(change));
    for (const [key, wanted] of Object.entries(change)) await stored(editor, key, (value) => JSON.stringify(value) === JSON.stringify(wanted));
  };
  const inDialog = (name: string) => editor.page.locator('.monaco-dialog-box').getByRole('button', { name, exact: true });

  it('switches the mode with the mouse, marks the column of the mode that stands, and takes it back', async () => {
    assert.equal(await panel.frame.locator('.modes thead .current').innerText(), 'Default');
    await panel.frame.getByRole('button', { name: 'Switch to Accept Edits' }).click();
    await panel.said('Mode: Accept Edits');
    await recorded({ mode: 'accept_edits' });
    await panel.frame.locator('.modes thead .current', { hasText: 'Accept Edits' }).waitFor();
    const { decision } = await editor.ask({ tool: 'write_file', input: { path: 'new.txt', content: 'x' } });
    assert.equal(decision, 'allow');
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await recorded({ mode: 'default' });
    await panel.frame.locator('.modes thead .current', { hasText: 'Default' }).waitFor();
  });

  it('switches to a mode that hardly asks only after the editor has asked once more', async () => {
    await panel.frame.getByRole('button', { name: 'Switch to Bypass Permissions' }).click();
    await inDialog('Cancel').click();
    await panel.frame.locator('.modes thead .current', { hasText: 'Default' }).waitFor();
    assert.deepEqual(changes(), []);
    await panel.frame.getByRole('button', { name: 'Switch to Bypass Permissions' }).click();
    await inDialog('Switch').click();
    await recorded({ mode: 'bypass_permissions' });
    await panel.frame.locator('[data-check=mode].warn').waitFor();
  });

  it('switches a permission and the mode with the keyboard alone', async () => {
    await panel.useKeyboard();
    await panel.tabTo(panel.frame.locator('[data-capability=shell]'));
    await editor.page.keyboard.press('Space');
    await panel.said('Shell is off.');
    await recorded({ permissions: { read: true, write: true, delete: true, shell: false, network: true } });
    const { decision, evaluation } = await editor.ask({ tool: 'run_command', input: { command: 'ls' } });
    assert.deepEqual([decision, evaluation.reason.type], ['deny', 'workspace_capability']);
    await panel.tabTo(panel.bar.getByRole('button', { name: 'Undo' }));
    await editor.page.keyboard.press('Enter');
    await recorded({ permissions: { read: true, write: true, delete: true, shell: true, network: true } });
    await panel.tabTo(panel.frame.getByRole('button', { name: 'Switch to Plan' }));
    await editor.page.keyboard.press('Enter');
    await recorded({ mode: 'plan' });
  });

  it('adds a folder outside the workspace by its path, removes it and takes that back', async () => {
    const shared = path.join(workspace.home, 'shared');
    mkdirSync(shared);
    const field = panel.frame.getByRole('textbox', { name: 'or write its path' });
    await field.fill('shared');
    await field.press('Enter');
    await panel.said('Write the whole path of the folder');
    await field.fill(path.join(workspace.home, 'nowhere'));
    await field.press('Enter');
    await panel.said('There is no such folder.');
    await field.fill(workspace.folder);
    await field.press('Enter');
    await panel.said('This folder is in the workspace already.');
    await field.fill('/');
    await field.press('Enter');
    await panel.said('That is the whole disk.');
    assert.deepEqual(changes(), []);
    await field.fill(shared);
    await field.press('Enter');
    await recorded({ allowedPaths: [shared] });
    await panel.frame.getByRole('button', { name: `Remove ${shared}` }).click();
    await recorded({ allowedPaths: [] });
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await recorded({ allowedPaths: [shared] });
  });

  it('adds a folder that was chosen in the editor’s picker', async () => {
    const shared = path.join(workspace.home, 'shared');
    mkdirSync(path.join(shared, 'inner'), { recursive: true });
    await panel.frame.getByRole('button', { name: 'Choose a Folder…' }).click();
    // It starts at the workspace
    await editor.prompt.locator('.monaco-list-row', { hasText: '.cowork' }).waitFor();
    await editor.prompt.locator('input[type=text]').fill(`${shared}/`);
    // The picker follows what is typed a little later
    await editor.prompt.locator('.monaco-list-row', { hasText: 'inner' }).waitFor();
    await editor.prompt.getByRole('button', { name: 'Allow This Folder' }).click();
    await recorded({ allowedPaths: [shared] });
    await panel.frame.locator('.list code', { hasText: shared }).waitFor();
  });

  it('turns on unrestricted access only after the editor has asked once more', async () => {
    const box = panel.frame.locator('[data-action=unrestricted]');
    await box.click();
    await inDialog('Cancel').click();
    await editor.until('the box shows what stands', async () => (await box.getAttribute('aria-checked')) === 'false');
    assert.deepEqual(changes(), []);
    await box.click();
    await inDialog('Turn On').click();
    await recorded({ unrestrictedFileAccess: true });
    await panel.frame.locator('[data-check=permissions].warn', { hasText: 'Unrestricted file access is on.' }).waitFor();
  });

  it('makes each of two changes that a person clicks faster than the first comes back', async () => {
    const box = panel.frame.locator('[data-capability=network]');
    await box.evaluate((each: { click(): void }) => {
      each.click();
      each.click();
    });
    await editor.until('both are recorded', () => changes().length === 2);
    assert.deepEqual(changes().map((change) => 'permissions' in change && change.permissions?.network), [false, true]);
    await editor.until('the box shows it', async () => (await box.getAttribute('aria-checked')) === 'true');
  });

  it('refuses the sixth change in a minute, says why, and shows what still stands', async () => {
    const box = panel.frame.locator('[data-capability=network]');
    for (let change = 0; change < 5; change++) {
      await box.click();
      await editor.until('it is recorded', () => changes().length === change + 1);
      await editor.until('the box shows it', async () => (await box.getAttribute('aria-checked')) === String(change % 2 === 1));
    }
    await box.click();
    await panel.said('At most 5 changes of settings a minute. Wait');
    await editor.until('the box shows what stands', async () => (await box.getAttribute('aria-checked')) === 'false');
    assert.equal(changes().length, 5);
  });

  it('counts what was decided today, and names what asked most', async () => {
    await panel.frame.getByText('No agent has asked for anything today.').waitFor();
    await editor.ask({ tool: 'read_file', input: { path: 'garden.txt' } });
    await editor.ask({ tool: 'run_command', input: { command: 'sudo id' } });
    const asked = editor.ask({ tool: 'run_command', input: { command: 'npm install left-pad' } });
    await editor.prompted('run a command');
    await editor.choose('Deny once');
    await asked;
    const lines = panel.frame.locator('[aria-labelledby=today] .bars').first().locator('li');
    await editor.until('all three are counted', async () => (await lines.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim()).join('|') === '✓ Allow 1|? Ask 1|⊘ Deny 1');
    await panel.frame.locator('.often').getByRole('button', { name: 'Make a rule for commands starting with "npm install left-pad"' }).click();
    await panel.frame.locator('h1', { hasText: 'Rules' }).waitFor();
    const form = panel.frame.locator('cowork-rule-form');
    await form.waitFor();
    const values = await form.locator('vscode-text-field').evaluateAll((fields: readonly { value?: string }[]) => fields.map(({ value }) => value));
    assert.ok(values.includes('npm install left-pad'), values.join(' | '));
  });

  it('leads from the check list to what mends a line', async () => {
    const passed = panel.frame.locator('[data-part=passed]');
    await passed.locator('summary').click();
    await passed.locator('[data-check=guardrails]').getByRole('button', { name: 'Open Guardrails' }).click();
    await panel.frame.locator('h1', { hasText: 'Guardrails' }).waitFor();
    await panel.goTo('overview');
    // What was open is open again
    await panel.frame.locator('[data-part=passed][open]').waitFor();
    await panel.frame.getByRole('button', { name: 'Verify the Record' }).click();
    await editor.notified('The record');
  });
});
