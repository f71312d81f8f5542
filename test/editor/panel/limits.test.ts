import assert from 'node:assert/strict';
import type { SandboxChoice } from '../../../src/core/policy/sandboxChoice.ts';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { decision, usePanel } from './usePanel.ts';

describe('The section Sandbox and Limits of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;
  const open = usePanel('limits', (opened) => {
    ({ workspace, editor, panel } = opened);
  });
  beforeEach(() => open());

  const kind = (name: string) => panel.frame.locator(`[data-kind=${name}]`);
  const field = (name: string) => panel.frame.locator(`vscode-text-field[name=docker-${name}] input`);
  const newest = (): SandboxChoice | undefined => workspace.journal().flatMap((entry) => (entry.type === 'settings_changed' && entry.change.sandbox !== undefined ? [entry.change.sandbox] : [])).at(-1);
  const inDialog = (name: string) => editor.page.locator('.monaco-dialog-box').getByRole('button', { name, exact: true });

  it('says of each kind whether it works here, and of one that does not, why', async () => {
    await panel.frame.locator('[data-kind=macos].fail').waitFor();
    assert.match(await kind('macos').locator('.found').innerText(), /macOS/i);
    assert.match(await kind('none').innerText(), /Not recommended/);
    assert.match(await kind('auto').locator('.found').innerText(), /Takes|Nothing works/);
    await panel.frame.getByText('5 a minute').waitFor();
  });

  it('chooses a kind and what Docker gets, by mouse, and takes it back', async () => {
    await kind('docker').click();
    await editor.until('it is recorded', () => newest()?.kind === 'docker');
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await editor.until('it is back', () => newest()?.kind === 'auto');
    await field('memory').fill('lots');
    await field('memory').press('Enter');
    await panel.said('memory');
    await field('memory').fill('2g');
    await field('memory').press('Enter');
    await panel.frame.locator('select[name=docker-network]').waitFor();
    await editor.until('it is recorded', () => newest()?.memory === '2g');
    await panel.frame.getByText('memory: 2g').waitFor();
  });

  it('sets the largest file that tools read and write, and takes no other number', async () => {
    const size = panel.frame.locator('vscode-text-field[name=file-size] input');
    const set = (): unknown => workspace.journal().flatMap((entry) => (entry.type === 'settings_changed' && entry.change.limits !== undefined ? [entry.change.limits['maxFileSizeMB']] : [])).at(-1);
    await size.fill('9000');
    await size.press('Enter');
    await panel.said('from 1 to 500');
    assert.equal(set(), undefined);
    await size.fill('2');
    await size.press('Enter');
    await editor.until('it is recorded', () => set() === 2);
    await panel.said('up to 2 MB');
  });

  it('asks in the editor before commands run without a sandbox or with network, and chooses with the keyboard alone', async () => {
    const { keyboard } = editor.page;
    await panel.useKeyboard();
    await panel.tabTo(panel.frame.locator('input[name=sandbox-kind]:checked'));
    await keyboard.press('ArrowUp');
    await inDialog('Cancel').click();
    assert.equal(newest(), undefined);
    await editor.until('what stands is shown', async () => panel.frame.locator('input[name=sandbox-kind][value=auto]').isChecked());
    await panel.useKeyboard();
    await panel.tabTo(panel.frame.locator('input[name=sandbox-kind]:checked'));
    await keyboard.press('ArrowDown');
    await editor.until('it is recorded', () => newest()?.kind === 'bubblewrap');
    await panel.tabTo(field('image'));
    await selectAll();
    await keyboard.type('alpine:3');
    await keyboard.press('Enter');
    await editor.until('it is recorded', () => newest()?.image === 'alpine:3');
    await panel.frame.locator('select[name=docker-network]').selectOption('bridge');
    await inDialog('Give Network').click();
    await editor.until('it is recorded', () => newest()?.network === 'bridge');
  });

  /** By keys of the field itself: the editor takes Control+a and selects when it comes to it, which may be in the middle of the typing */
  const selectAll = async (): Promise<void> => {
    await editor.page.keyboard.press('Home');
    await editor.page.keyboard.press('Shift+End');
  };
  const limits = (): Readonly<Record<string, unknown>> => workspace.journal().flatMap((entry) => (entry.type === 'settings_changed' && entry.change.limits !== undefined ? [entry.change.limits] : [])).at(-1) ?? {};
  const granted = (): unknown => workspace.journal().flatMap((entry) => (entry.type === 'budget_granted' ? [entry.upTo] : [])).at(-1);
  const budget = (name: string) => panel.frame.locator(`[data-budget=${name}]`);
  const amount = (name: string) => panel.frame.locator(`vscode-text-field[name=budget-${name}] input`);
  const gardener = 'agent/Gardener/s1';
  const task = () => panel.frame.locator(`[data-task="${gardener}"]`);
  const busy = { length: 90, entry: (n: number) => decision(n, { session: gardener }) };

  it('sets budgets by mouse, takes no amount that cannot be, and takes a change back', async () => {
    await amount('iterations').fill('4');
    await amount('iterations').press('Enter');
    await panel.said('from 5 to 500');
    assert.deepEqual(limits(), {});
    await editor.until('what stands is shown', async () => (await amount('iterations').inputValue()) === '100');
    await amount('iterations').fill('20');
    await amount('tokens').click();
    await editor.until('it is recorded', () => limits()['maxIterationsPerTask'] === 20);
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await editor.until('it is back', () => limits()['maxIterationsPerTask'] === 100);
    await budget('cost').locator('vscode-checkbox').click();
    await editor.until('it is recorded', () => limits()['costBudget'] === true);
    await panel.frame.getByText('60 a minute').waitFor();
  });

  it('shows what a task used for what, and lets it go on, by mouse', async () => {
    await open({ entries: busy });
    await task().getByText('90 of 100 requests').waitFor();
    await task().getByText('What for').click();
    await task().getByText('read_file: 90 requests').waitFor();
    await task().getByRole('button', { name: 'Let It Go On' }).click();
    await editor.until('it is recorded', () => JSON.stringify(granted()) === JSON.stringify({ iterations: 200 }));
    await task().getByText('90 of 200 requests').waitFor();
    await task().getByRole('button', { name: 'Let It Go On' }).waitFor({ state: 'detached' });
  });

  it('lets a task that was stopped go on, and sets a budget, with the keyboard alone', async () => {
    await open({ entries: [...Array.from({ length: 5 }, (_, n) => decision(n, { session: gardener })), { type: 'task_stopped', session: gardener, by: 'test' }] });
    const { keyboard } = editor.page;
    await task().getByText('You stopped it.').waitFor();
    await panel.useKeyboard();
    await panel.tabTo(amount('tokens'));
    await selectAll();
    await keyboard.type('5000');
    await keyboard.press('Enter');
    await editor.until('it is recorded', () => limits()['maxTokensPerTask'] === 5_000);
    await panel.useKeyboard();
    await panel.tabTo(budget('iterations').locator('vscode-checkbox'));
    await keyboard.press('Space');
    await editor.until('it is recorded', () => limits()['iterationBudget'] === false);
    await panel.tabTo(task().getByRole('button', { name: 'Let It Go On' }));
    await keyboard.press('Enter');
    await editor.until('it is recorded', () => granted() !== undefined);
    await task().getByText('You stopped it.').waitFor({ state: 'detached' });
  });
});
