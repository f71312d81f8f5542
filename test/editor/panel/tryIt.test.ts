import assert from 'node:assert/strict';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { usePanel } from './usePanel.ts';

describe('The section Try It of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;

  const open = usePanel('tryIt', (opened) => {
    ({ workspace, editor, panel } = opened);
  });
  beforeEach(() => open());

  const request = () => panel.frame.locator('vscode-text-field[name=request-text] input');
  const tree = (title: string) => panel.frame.locator(`.tree[aria-label="${title}"]`);
  const decided = (title: string, decision: string) => tree(title).locator('.whole', { hasText: decision }).waitFor();

  it('decides a typed request as the gate would, names every part, and neither runs nor records it', async () => {
    const before = workspace.journal().length;
    await request().fill('cat garden.txt && sudo rm -rf /');
    await decided('This policy says', 'Deny');
    const parts = await tree('This policy says').locator('li').allInnerTexts();
    assert.ok(parts.some((text) => /Allow\s+read\s+garden\.txt/.test(text)) && parts.some((text) => /Deny\s+run\s+sudo/.test(text)), parts.join('\n'));
    await panel.frame.locator('select[name=request-kind]').selectOption('read');
    await request().fill('garden.txt');
    await decided('This policy says', 'Allow');
    await panel.frame.locator('select[name=request-kind]').selectOption('send');
    await request().fill('https://one.example/');
    await decided('This policy says', 'Ask');
    await panel.frame.locator('select[name=request-kind]').selectOption('request');
    const whole = panel.frame.locator('textarea[name=request-text]');
    await whole.fill('{"tool": ');
    await panel.frame.locator('.wrong', { hasText: 'This is not yet JSON' }).waitFor();
    await whole.fill('{"tool": "read_file", "input": {"path": "/etc/shadow"}}');
    await tree('This policy says').locator('li code', { hasText: '/etc/shadow' }).waitFor();
    assert.equal(workspace.journal().length, before);
  });

  it('shows what a changed copy would say, replays the record against it, and stores nothing', async () => {
    const asked = editor.ask({ tool: 'run_command', input: { command: 'make all' } });
    await editor.prompted('wants to run');
    await editor.choose('Deny once');
    await asked;
    await editor.ask({ tool: 'read_file', input: { path: 'garden.txt' } });
    const before = workspace.journal().length;
    await request().fill('make all');
    await decided('This policy says', 'Ask');
    await panel.frame.locator('select[name=copy-mode]').selectOption('plan');
    await decided('With your changes', 'Deny');
    await panel.frame.locator('#replayed', { hasText: 'Would have changed 1 of the last 2 decisions.' }).waitFor();
    await panel.frame.locator('select[name=copy-mode]').selectOption('');
    await panel.frame.locator('vscode-text-field[name=copy-main] input').fill('make');
    await panel.frame.locator('[data-action=copy-add]').click();
    await decided('With your changes', 'Allow');
    assert.equal(workspace.journal().length, before);
    await panel.frame.locator('[data-action=copy-make]').click();
    await panel.frame.locator('#rule-verdict', { hasText: 'Would have changed 1 of the last 2 decisions.' }).waitFor();
    await panel.frame.locator('[data-action=keep-rule]').click();
    await editor.until('it is a rule', () => workspace.mirror().some(({ scope }) => scope['prefix'] === 'make'));
  });

  it('tries a request and a rule with the keyboard alone', async () => {
    const { keyboard } = editor.page;
    await panel.useKeyboard();
    await panel.tabTo(request());
    await keyboard.type('npm publish');
    await decided('This policy says', 'Ask');
    await panel.tabTo(panel.frame.locator('select[name=copy-effect]'));
    await keyboard.press('d');
    await panel.tabTo(panel.frame.locator('vscode-text-field[name=copy-main] input'));
    await keyboard.type('npm publish');
    await keyboard.press('Enter');
    await decided('With your changes', 'Deny');
    await panel.tabTo(panel.frame.getByRole('button', { name: 'Take Out' }));
    await keyboard.press('Enter');
    await tree('With your changes').waitFor({ state: 'detached' });
  });

  it('shows hostile text as text', async () => {
    await request().fill('echo "<img src=x onerror=alert(1)>\u202e"');
    await tree('This policy says').waitFor();
    assert.equal(await panel.frame.locator('main img').count(), 0);
    assert.ok(!(await tree('This policy says').innerText()).includes('\u202e'));
    await request().fill(`echo ${'x'.repeat(60_000)}`);
    await tree('This policy says').locator('li code', { hasText: 'x'.repeat(60_000) }).waitFor();
  });
});
