import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { decision, ruleAdded, usePanel } from './usePanel.ts';

/** What other files do by mouse is done here without one, and looked for in the files on disk */
describe('The policy panel without a mouse', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;
  const open = usePanel('overview', (opened) => {
    ({ workspace, editor, panel } = opened);
  });

  const press = (key: string) => editor.page.keyboard.press(key);
  const type = (text: string) => editor.page.keyboard.type(text);
  /** Comes to a control with the Tab key, then does what Enter or another key does there */
  const go = async (target: Locator, key = 'Enter'): Promise<void> => {
    await panel.tabTo(target);
    await press(key);
  };
  const button = (name: string | RegExp) => panel.frame.getByRole('button', { name });
  const field = (name: string) => panel.frame.locator(`vscode-text-field[name=${name}] input`);
  /** Goes to a section by its tab */
  const section = async (title: string): Promise<void> => {
    await panel.useKeyboard();
    for (let presses = 0; presses < 10; presses++) {
      if ((await panel.frame.locator('[role=tab][aria-selected=true]').innerText()).startsWith(title)) break;
      await press('ArrowDown');
    }
    await panel.frame.locator('h1', { hasText: title }).waitFor();
  };
  /** Chooses in a drop-down, as the arrow keys do */
  const select = async (name: string, value: string): Promise<void> => {
    const list = panel.frame.locator(`select[name=${name}]`);
    await panel.tabTo(list);
    for (let presses = 0; presses < 20 && (await list.inputValue()) !== value; presses++) await press('ArrowDown');
    assert.equal(await list.inputValue(), value);
  };
  const written = () => workspace.mirror().map(({ effect, scope }) => [effect, Object.values(scope).join(' ')].join(' '));
  const inDatabase = (key: string, holds: (value: unknown) => boolean): Promise<void> => editor.until(`policy.db has ${key}`, async () => {
    const [row] = await workspace.query(`SELECT value_json FROM settings WHERE key = '${key}'`);
    return row !== undefined && holds(JSON.parse(String(row['value_json'])));
  });

  it('Overview: folders outside, unrestricted access, a line of the check list, and a rule from what asked most', async () => {
    await open();
    const shared = path.join(workspace.home, 'shared');
    mkdirSync(shared);
    const asked = editor.ask({ tool: 'run_command', input: { command: 'npm install left-pad' } });
    await editor.prompted('run a command');
    await editor.choose('Deny once');
    await asked;
    await panel.useKeyboard();
    await panel.tabTo(field('path'));
    await type(shared);
    await press('Enter');
    await inDatabase('allowedPaths', (value) => JSON.stringify(value) === JSON.stringify([shared]));
    await go(button(`Remove ${shared}`));
    await inDatabase('allowedPaths', (value) => JSON.stringify(value) === '[]');
    await go(panel.frame.locator('[data-action=unrestricted]'), 'Space');
    await editor.page.locator('.monaco-dialog-box').waitFor();
    await press('Enter');
    await inDatabase('unrestrictedFileAccess', (value) => value === true);
    await panel.useKeyboard();
    await go(button('Make a rule for commands starting with "npm install left-pad"'));
    await panel.frame.locator('cowork-rule-form select[name=effect]:focus').waitFor();
    await go(panel.frame.locator('[data-action=keep-rule]'));
    await editor.until('the mirror has it', () => written().join() === 'allow command_prefix npm install left-pad');
    await section('Overview');
    await go(button('Choose a Sandbox'));
    await panel.frame.locator('h1:focus', { hasText: 'Sandbox and Limits' }).waitFor();
  });

  it('Rules: search, filters, order, the review of the repository’s rules, and trying without a rule', async () => {
    await open({
      section: 'rules', entries: [ruleAdded(0, { effect: 'deny' }), ruleAdded(1, { effect: 'ask' })],
      files: { '.cowork/policy/permissions.json': JSON.stringify({ version: 1, rules: [{ effect: 'allow', scope: { kind: 'command_prefix', prefix: 'npm test' } }] }) },
    });
    const found = (text: string) => panel.frame.locator('.found', { hasText: text }).waitFor();
    await panel.useKeyboard();
    await go(panel.frame.locator('[data-action=review]'));
    await editor.prompted('Repository Rules');
    await editor.choose('let them count');
    await panel.frame.getByText('You reviewed it as it is').waitFor();
    await panel.useKeyboard();
    await panel.tabTo(field('search'));
    await type('make 1');
    await found('Rules: 1 of 3.');
    for (const _ of 'make 1') await press('Backspace');
    await found('Rules: 3.');
    await select('filter-effect', 'deny');
    await found('Rules: 1 of 3.');
    await go(panel.frame.locator('[data-sort=effect]'));
    await panel.frame.locator('th[aria-sort=ascending] [data-sort=effect]:focus').waitFor();
    await go(button(/Try without the rule for commands starting with "make 0"/));
    await panel.frame.locator('h1:focus', { hasText: 'Try It' }).waitFor();
    await panel.frame.getByText('without', { exact: true }).waitFor();
  });

  it('Guardrails: a pattern, a trusted command, a sealed place and an allowed domain', async () => {
    await open({ section: 'guardrails' });
    await panel.useKeyboard();
    await panel.tabTo(field('pattern'));
    await type('docker push');
    await press('Enter');
    await inDatabase('guardrails', (value) => (value as { customBlockedPatterns: string[] }).customBlockedPatterns.join() === 'docker push');
    await panel.useKeyboard();
    await go(button('Remove docker push'));
    await inDatabase('guardrails', (value) => (value as { customBlockedPatterns: string[] }).customBlockedPatterns.length === 0);
    await go(panel.frame.locator('[data-action=trusted]'), 'Space');
    await inDatabase('guardrails', (value) => (value as { autoApproveTrustedCommands: boolean }).autoApproveTrustedCommands);
    await panel.tabTo(field('domain'));
    await type('api.example.com');
    await press('Enter');
    await editor.until('the mirror has it', () => written().join() === 'allow domain api.example.com');
    await panel.tabTo(field('sealed-place'));
    await type('garden.txt');
    await press('Enter');
    await inDatabase('protectedPlaces', (value) => (value as { sealed: string[] }).sealed.join() === 'garden.txt');
    assert.equal((await editor.ask({ tool: 'web_fetch', input: { url: 'https://api.example.com/' } })).decision, 'allow');
  });

  it('Audit: filters, verifying and handing out', async () => {
    await open({ section: 'audit', entries: [decision(1), decision(2, { decision: 'deny', evaluated: 'deny' }), decision(3, { request: { tool: 'web_fetch', input: { url: 'https://one.example/' } } })] });
    const found = (text: string) => panel.frame.locator('.found', { hasText: text }).waitFor();
    await panel.useKeyboard();
    await go(panel.frame.locator('[data-action=verify]'));
    await panel.frame.locator('#verdict.pass').waitFor();
    await panel.tabTo(field('tool'));
    await type('web_fetch');
    await found('1 found');
    await press('Control+a');
    await press('Delete');
    await found('4 entries');
    await select('decision', 'deny');
    await found('1 found');
    await panel.useKeyboard();
    await go(panel.frame.locator('[data-action=export-csv]'));
    await editor.prompted('Export the Record');
    await press('Control+a');
    await type(workspace.file('out.csv'));
    await press('Enter');
    await panel.said('out.csv');
    assert.equal((workspace.read('out.csv') ?? '').trimEnd().split('\r\n').length, 2);
  });

  it('Pending: a group at once with what it would cover, and a comment', async () => {
    await open({ section: 'pending' });
    const ask = (note: number) => editor.ask({ tool: 'run_command', input: { command: 'npm install left-pad', note } });
    const verdicts = [ask(1), ask(2)];
    await editor.prompted('Sample Agent wants to');
    await press('Escape');
    await panel.frame.locator('.together').waitFor();
    await panel.frame.getByText('That also fits 0 of the last 0 requests on record.').waitFor();
    await panel.useKeyboard();
    await go(button('Deny for this workspace: all 2 questions'));
    assert.deepEqual((await Promise.all(verdicts)).map((one) => one.decision), ['deny', 'deny']);
    await editor.until('the mirror has it', () => written().join() === 'deny command_prefix npm install left-pad');
    await editor.until('policy.db has it', async () => JSON.stringify(await workspace.query('SELECT * FROM workspace_permission_rules')).includes('npm install left-pad'));
    const other = editor.ask({ tool: 'run_command', input: { command: 'make moon' } });
    await editor.prompted('Sample Agent wants to');
    await press('Escape');
    await panel.useKeyboard();
    await panel.tabTo(panel.frame.locator('vscode-text-field[name=comment] input'));
    await type('not now');
    await go(button(/^Deny once/));
    const { answer, comment } = await other;
    assert.deepEqual([answer, comment], ['deny_once', 'not now']);
  });
});
