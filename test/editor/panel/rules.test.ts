import assert from 'node:assert/strict';
import type { Rule } from '../../../src/core/rules/rule.ts';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { decision, ruleAdded, storedRules, usePanel, type PanelStart } from './usePanel.ts';

describe('The section Rules of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;

  const openPanel = usePanel('rules', (opened) => {
    ({ workspace, editor, panel } = opened);
  });
  const open = (rules: readonly Partial<Rule>[] = [], start: PanelStart = {}): Promise<void> => openPanel({ ...start, entries: rules.map((rule, index) => ruleAdded(index, rule)) });

  const row = (text: string) => panel.frame.locator('tr[data-rule]', { hasText: text });
  const field = (name: string) => panel.frame.locator(`vscode-text-field[name=${name}] input`);
  const verdict = (text: string) => panel.frame.locator('#rule-verdict', { hasText: text }).waitFor();

  it('adds a rule by mouse, tells before what it would have changed, and takes it back', async () => {
    await open();
    await panel.frame.locator('.empty', { hasText: 'No rules yet' }).waitFor();
    const asked = editor.ask({ tool: 'run_command', input: { command: 'make all' } });
    await editor.prompted('wants to run');
    await editor.choose('Deny once');
    assert.equal((await asked).decision, 'deny');
    await panel.frame.locator('[data-action=new-rule]').click();
    await field('main').fill('make all; rm x');
    await verdict('goes on behind the first command');
    await field('main').fill('make');
    await verdict('Would have changed 1 of the last 1 decisions.');
    await panel.frame.locator('#rule-verdict summary').click();
    await panel.frame.locator('.flips li', { hasText: 'make all' }).waitFor();
    await panel.frame.locator('select[name=lifetime]').selectOption('day');
    await field('reason').fill('builds');
    await panel.frame.locator('[data-action=keep-rule]').click();
    await row('commands starting with "make"').waitFor();
    await storedRules(editor, ['allow command_prefix make']);
    const added = workspace.journal().flatMap((entry) => (entry.type === 'rule_added' ? [entry.rule] : [])).at(-1);
    assert.equal(added?.reason, 'builds');
    assert.ok((added?.expiresAt ?? 0) > Date.now());
    assert.equal((await editor.ask({ tool: 'run_command', input: { command: 'make all' } })).decision, 'allow');
    await row('make').locator('td.number', { hasText: '1' }).waitFor();
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await storedRules(editor, []);
  });

  it('adds, edits and removes a rule with the keyboard alone', async () => {
    await open();
    const { keyboard } = editor.page;
    await panel.useKeyboard();
    await panel.tabTo(panel.frame.getByRole('button', { name: 'New Rule' }));
    await keyboard.press('Enter');
    await panel.frame.locator('select[name=effect]:focus').waitFor();
    await keyboard.press('d');
    await panel.tabTo(field('main'));
    await keyboard.type('make');
    await verdict('There are no recorded decisions');
    await keyboard.press('Enter');
    await row('make').waitFor();
    await storedRules(editor, ['deny command_prefix make']);
    await panel.tabTo(row('make').getByRole('button', { name: 'Edit' }));
    await keyboard.press('Enter');
    await panel.frame.locator('select[name=effect]:focus').waitFor();
    await panel.tabTo(field('main'));
    await keyboard.press('End');
    await keyboard.type(' clean');
    await keyboard.press('Enter');
    await row('make clean').waitFor();
    await storedRules(editor, ['deny command_prefix make clean']);
    await panel.tabTo(row('make clean').getByRole('button', { name: 'Remove' }));
    await keyboard.press('Enter');
    await storedRules(editor, []);
    await panel.tabTo(panel.bar.getByRole('button', { name: 'Undo' }));
    await keyboard.press('Enter');
    await storedRules(editor, ['deny command_prefix make clean']);
  });

  it('brings a rule back with all of it, also what no form shows, and keeps that over an edit of its reason', async () => {
    const tied = { examples: { match: ['npm test'] }, metadata: { scriptHash: 'a'.repeat(64), script: 'mocha' } };
    await open([{ scope: { kind: 'command_prefix', prefix: 'npm test' }, ...tied }]);
    const newest = () => workspace.journal().flatMap((entry) => (entry.type === 'rule_added' && entry.by === 'editor' ? [entry.rule] : [])).at(-1);
    await row('npm test').locator('[data-action=remove]').click();
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await editor.until('it is back', () => newest() !== undefined);
    assert.deepEqual({ examples: newest()?.examples, metadata: newest()?.metadata }, tied);
    await row('npm test').locator('[data-action=edit]').click();
    await field('reason').fill('quick');
    await panel.frame.locator('[data-action=keep-rule]').click();
    await editor.until('it is changed', () => newest()?.reason === 'quick');
    assert.deepEqual({ examples: newest()?.examples, metadata: newest()?.metadata }, tied);
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await editor.until('the reason is gone', () => newest()?.reason === undefined);
    assert.deepEqual({ examples: newest()?.examples, metadata: newest()?.metadata }, tied);
    assert.equal(workspace.mirror().length, 1);
  });

  it('searches, filters and sorts, and comes back to the same after another tab hid it', async () => {
    await open([{ effect: 'deny', scope: { kind: 'path', path: 'notes' } }, { source: 'profile', scope: { kind: 'domain', domain: 'one.example' }, reason: 'reports' }, { effect: 'ask' }]);
    await panel.frame.locator('.found', { hasText: 'Rules: 3.' }).waitFor();
    await field('search').fill('REPORTS');
    await panel.frame.locator('.found', { hasText: 'Rules: 1 of 3.' }).waitFor();
    await field('search').fill('');
    await panel.frame.locator('select[name=filter-effect]').selectOption('deny');
    await panel.frame.locator('.found', { hasText: 'Rules: 1 of 3.' }).waitFor();
    await row('path notes').waitFor();
    await panel.hide();
    await panel.unhide();
    await panel.frame.locator('.found', { hasText: 'Rules: 1 of 3.' }).waitFor();
    await panel.frame.locator('select[name=filter-effect]').selectOption('');
    await panel.frame.locator('[data-sort=effect]').click();
    await panel.frame.locator('th[aria-sort=ascending] [data-sort=effect]').waitFor();
    await editor.until('they are in order', async () => (await panel.frame.locator('tr[data-rule] td:first-child').allInnerTexts()).join().replaceAll(/[^A-Za-z,]/g, '') === 'Deny,Ask,Allow');
  });

  it('marks what never decides, what contradicts, and what is the repository’s and not reviewed', async () => {
    const manifest = JSON.stringify({ version: 1, rules: [{ effect: 'allow', scope: { kind: 'command_prefix', prefix: 'npm test' } }] });
    await open([{ effect: 'deny' }, { effect: 'ask', scope: { kind: 'command_prefix', prefix: 'make 0' } }]);
    assert.match(await row('Ask').locator('.mark').innerText(), /Never decides: Deny/);
    await open([], { files: { '.cowork/policy/permissions.json': manifest } });
    await panel.frame.locator('.notice', { hasText: 'do not count until you review' }).waitFor();
    assert.match(await row('npm test').locator('.mark').innerText(), /Does not count until you review/);
    assert.equal(await row('npm test').locator('[data-action=remove]').count(), 0);
    await panel.frame.locator('[data-action=review]').click();
    await editor.prompted('Repository Rules');
    await editor.choose('let them count');
    await panel.frame.getByText('You reviewed it as it is').waitFor();
    assert.equal(await row('npm test').locator('.mark').count(), 0);
  });

  it('marks what contradicts, what was never used and what holds a secret, and shows those alone', async () => {
    const key = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const rules = [
      ruleAdded(0, { effect: 'allow', scope: { kind: 'command_prefix', prefix: 'make all' } }), ruleAdded(1, { effect: 'deny', scope: { kind: 'command_prefix', prefix: 'make all' }, source: 'profile' }),
      ruleAdded(2, { effect: 'deny', scope: { kind: 'command_prefix', prefix: `deploy --token ${key}` } }),
    ];
    const used = decision(0, { actions: [{ kind: 'exec', target: 'make docs', decision: 'allow', reason: { type: 'rule', summary: 'Allowed.' }, rule: 'rule-3' }] });
    await openPanel({ entries: [...rules, ruleAdded(3, { scope: { kind: 'command_prefix', prefix: 'make docs' } }), used, ...Array.from({ length: 220 }, (_, index) => decision(index))] });
    const mark = (kind: string) => panel.frame.locator(`.mark[data-mark=${kind}]`);
    await mark('contradicts').first().waitFor();
    await mark('secret').first().waitFor();
    assert.match(await mark('unused').first().innerText(), /Matched nothing in the last \d+ entries of the record/);
    await panel.frame.locator('select[name=filter-mark]').selectOption('unused');
    await panel.frame.locator('.found', { hasText: 'Rules: 3 of 4.' }).waitFor();
    await panel.frame.locator('select[name=filter-mark]').selectOption('marked');
    await panel.frame.locator('.found', { hasText: 'Rules: 2 of 4.' }).waitFor();
  });

  it('shows hostile texts of rules as text', async () => {
    const bad = '<img src=x onerror=alert(1)>\u202e{0}';
    await open([{ effect: 'deny', scope: { kind: 'path', path: `/x/${bad}` }, reason: bad }, { effect: 'deny', scope: { kind: 'tool', toolName: '<b>x</b>' }, reason: 'y'.repeat(32_000) }]);
    await row('onerror').waitFor();
    assert.ok((await panel.frame.locator('main').innerText()).length < 10_000, 'a long text is cut');
    assert.equal(await panel.frame.locator('main img, main b').count(), 0);
    assert.ok(!(await panel.frame.locator('main').innerText()).includes('\u202e'));
  });
});
