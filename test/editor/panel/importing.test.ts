import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { ruleAdded, storedRules, usePanel } from './usePanel.ts';

const bad = '<img src=x onerror=alert(1)>\u202e';

describe('Rules from files, and rules to a file, in the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;
  const open = usePanel('rules', (opened) => {
    ({ workspace, editor, panel } = opened);
  });

  const claude = (permissions: unknown): Record<string, string> => ({ '.claude/settings.json': JSON.stringify({ permissions }) });
  const rows = (state: string) => panel.frame.locator(`.import[data-state=${state}]`);
  const choose = (name: string) => panel.frame.locator(`select[name=import-${name}]`);
  const press = (action: string) => panel.frame.locator(`[data-action=import-${action}]`).click();
  const written = () => workspace.mirror().map(({ effect, scope }) => [effect, Object.values(scope).join(' ')]);
  const file = async (name: string, isThere = true): Promise<void> => {
    await editor.prompt.locator('input').first().fill(path.join(workspace.folder, name));
    // The picker follows what is typed a little later
    if (isThere) await editor.prompt.locator('.monaco-list-row', { hasText: path.basename(name) }).waitFor();
    await editor.page.keyboard.press('Enter');
  };

  it('shows of another agent’s settings what each entry becomes, adds what is chosen as one change, and takes it back as one', async () => {
    await open({ files: claude({ allow: ['Bash(npm test:*)', 'Bash(make 0:*)', 'Read'], deny: ['Bash(git push:*)'] }), entries: [ruleAdded(0)] });
    await panel.frame.locator('[data-action=import-rules]').click();
    await choose('kind').selectOption('claude');
    await choose('file').locator('option', { hasText: '.claude/settings.json' }).waitFor({ state: 'attached' });
    await press('read');
    await rows('there').filter({ hasText: 'make 0' }).waitFor();
    const deny = panel.frame.locator('.import', { hasText: 'git push' });
    assert.match(await deny.locator('.becomes').innerText(), /Deny\s+commands starting with "git push"/);
    await panel.frame.locator('.import', { hasText: 'npm test' }).locator('input[type=checkbox]').uncheck();
    await press('add');
    await editor.until('what was chosen is in the mirror', () => written().some(([effect, scope]) => effect === 'deny' && scope === 'command_prefix git push'));
    assert.ok(!JSON.stringify(written()).includes('npm test'), 'what was not chosen is not');
    const added = workspace.journal().filter((entry) => entry.type === 'rule_added' && entry.by === 'editor').length;
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await editor.until('all of it is gone', () => workspace.journal().filter((entry) => entry.type === 'rule_removed').length === added);
    await editor.until('the mirror has what was there before', () => JSON.stringify(written()) === JSON.stringify([['allow', 'command_prefix make 0']]));
  });

  it('takes permissions.json from elsewhere and hands the own rules out in that form, with the keyboard alone', async () => {
    await open({ entries: [ruleAdded(0, { effect: 'deny', reason: 'slow' }), ruleAdded(1, { source: 'profile' })], files: { 'shared/rules.json': JSON.stringify({ version: 1, rules: [{ effect: 'ask', scope: { kind: 'path', path: 'notes' }, reason: 'mine' }, { effect: 'nothing' }] }) } });
    const { keyboard } = editor.page;
    await panel.useKeyboard();
    await panel.tabTo(panel.frame.locator('[data-action=export-rules]'));
    await keyboard.press('Enter');
    await editor.prompted('Export Rules');
    await file('out.json', false);
    await panel.said('Rules written to');
    const out = JSON.parse(workspace.read('out.json') ?? '') as { readonly version: number; readonly rules: readonly { readonly effect: string; readonly reason?: string }[] };
    assert.deepEqual([out.version, out.rules.map(({ effect, reason = '' }) => `${effect} ${reason}`).toSorted((a, b) => a.localeCompare(b))], [1, ['allow ', 'deny slow']]);
    await panel.useKeyboard();
    await panel.tabTo(panel.frame.locator('[data-action=import-rules]'));
    await keyboard.press('Enter');
    await panel.frame.locator('select[name=import-kind]:focus').waitFor();
    await panel.tabTo(panel.frame.locator('[data-action=import-read]'));
    await keyboard.press('Enter');
    await editor.prompted('File with rules of permissions.json');
    await file('shared/rules.json');
    await panel.frame.locator('.notice', { hasText: 'must be “allow”, “ask” or “deny”' }).waitFor();
    await panel.frame.locator('#import-rows:focus').waitFor();
    await panel.tabTo(panel.frame.locator('[data-action=import-add]'));
    await keyboard.press('Enter');
    await editor.until('it is in the mirror', () => JSON.stringify(written()).includes('["ask","path notes"]'));
    const [rule] = workspace.journal().flatMap((entry) => (entry.type === 'rule_added' && entry.by === 'editor' ? [entry.rule] : []));
    assert.deepEqual([rule?.reason, rule?.source], ['mine', 'workspace_db']);
    await panel.tabTo(panel.bar.getByRole('button', { name: 'Undo' }));
    await keyboard.press('Enter');
    await storedRules(editor, ['deny command_prefix make 0']);
  });

  it('reads hostile files as text, and says of one that is none of its kind what is wrong', async () => {
    await open({ files: { ...claude({ allow: [`Bash(${bad}:*)`, 'x'.repeat(900_000)], deny: [bad] }), 'gemini.json': '{"tools":' } });
    await panel.frame.locator('[data-action=import-rules]').click();
    await choose('kind').selectOption('claude');
    await choose('file').locator('option', { hasText: '.claude/settings.json' }).waitFor({ state: 'attached' });
    await press('read');
    await panel.frame.locator('.import', { hasText: 'onerror' }).first().waitFor();
    assert.equal(await panel.frame.locator('main img').count(), 0);
    const text = await panel.frame.locator('main').innerText();
    assert.ok(!text.includes('\u202e') && text.length < 20_000, `${text.length} characters`);
    await choose('kind').selectOption('gemini');
    await press('read');
    await editor.prompted('File with rules of Gemini CLI');
    await file('gemini.json');
    await panel.frame.locator('.notice', { hasText: 'The file cannot be read' }).waitFor();
    await editor.page.keyboard.press('Escape');
    assert.deepEqual(written(), []);
  });

  it('shows what changed in the repository’s rules since they were reviewed', async () => {
    const manifest = (...prefixes: string[]): string => JSON.stringify({ version: 1, rules: prefixes.map((prefix) => ({ effect: 'allow', scope: { kind: 'command_prefix', prefix } })) });
    await open({ files: { '.cowork/policy/permissions.json': manifest('npm test', 'npm run lint') } });
    await panel.frame.locator('[data-action=review]').click();
    await editor.prompted('Repository Rules');
    await editor.choose('let them count');
    await panel.frame.getByText('You reviewed it as it is').waitFor();
    mkdirSync(workspace.file('.cowork/policy'), { recursive: true });
    writeFileSync(workspace.file('.cowork/policy/permissions.json'), manifest('npm test', 'npm publish', 'npm run build'));
    await panel.frame.locator('.notice', { hasText: 'Since your last review: 2 rules came, 1 went.' }).waitFor();
    await panel.frame.locator('[data-action=compare]').click();
    const diff = editor.page.locator('.monaco-diff-editor').first();
    await diff.waitFor();
    await editor.until('both sides are drawn', async () => (await diff.innerText()).includes('publish') && (await diff.innerText()).includes('lint'));
  });
});
