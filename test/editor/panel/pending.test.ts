import assert from 'node:assert/strict';
import type { Verdict } from '../../../src/gate/ports.ts';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { usePanel } from './usePanel.ts';

describe('The section Pending of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;

  const open = usePanel('pending', (opened) => {
    ({ workspace, editor, panel } = opened);
  });
  beforeEach(() => open());

  const cards = () => panel.frame.locator('.card');
  const install = (more: string): Promise<Verdict> => editor.ask({ tool: 'run_command', input: { command: 'npm install left-pad', note: more } });
  /** Waits for the prompt, which comes by itself, and puts it away */
  const putAwayPrompt = async (): Promise<void> => {
    await editor.prompted('Sample Agent wants to');
    await editor.page.keyboard.press('Escape');
    await editor.prompt.waitFor({ state: 'hidden' });
  };

  it('says what will stand here while nothing waits', async () => {
    assert.match(await panel.frame.locator('.empty').innerText(), /Nothing waits for an answer/);
  });

  it('announces a question, shows it whole, and answers it with a comment', async () => {
    const verdict = editor.ask({ tool: 'http_request', input: { url: 'https://reports.example.com/upload', method: 'POST', body: 'beans' } });
    await putAwayPrompt();
    await cards().first().waitFor();
    assert.equal(await panel.frame.locator('policy-panel > [role=status]').textContent(), 'A new question waits for your answer.');
    assert.match(await panel.tab('pending').innerText(), /1/);
    const text = await cards().first().innerText();
    for (const part of ['Sample Agent wants to send data out', 'https://reports.example.com', 'POST']) assert.ok(text.includes(part), `${part} in:\n${text}`);
    assert.equal(await cards().first().getByRole('button', { name: 'all my workspaces' }).count(), 0, 'an export is never answered for all workspaces');
    await cards().first().getByRole('textbox', { name: 'Tell the agent why' }).fill('use the staging host');
    await cards().first().getByRole('button', { name: 'Deny once' }).click();
    const { decision, answer, comment } = await verdict;
    assert.deepEqual({ decision, answer, comment }, { decision: 'deny', answer: 'deny_once', comment: 'use the staging host' });
    await panel.frame.locator('.empty').waitFor();
  });

  it('answers a group by the one rule that covers it, which then stands in the database and the mirror', async () => {
    const verdicts = [install('one'), install('two')];
    await putAwayPrompt();
    await panel.frame.locator('.together', { hasText: '2 questions that one rule answers' }).waitFor();
    assert.match(await panel.frame.locator('.together code').innerText(), /npm install left-pad/);
    await panel.frame.locator('.together').getByRole('button', { name: 'Allow for this workspace: all 2 questions' }).click();
    assert.deepEqual((await Promise.all(verdicts)).map(({ decision }) => decision), ['allow', 'allow']);
    await panel.said('Allow for this workspace. The rule answered 1 more.');
    await editor.until('the mirror has it', () => workspace.mirror().some(({ effect, scope }) => effect === 'allow' && scope['prefix'] === 'npm install left-pad'));
    await editor.until('the database has it', async () => (await workspace.query('SELECT * FROM workspace_permission_rules')).some((row) => JSON.stringify(row).includes('npm install left-pad')));
  });

  it('answers with the keyboard alone', async () => {
    const verdict = install('one');
    await putAwayPrompt();
    await cards().first().waitFor();
    await panel.useKeyboard();
    await panel.tabTo(cards().first().getByRole('button', { name: 'Allow once' }));
    await editor.page.keyboard.press('Enter');
    assert.equal((await verdict).answer, 'allow_once');
  });

  it('lets a question go that was answered in the prompt', async () => {
    const verdict = install('one');
    await editor.prompted('run a command');
    await cards().first().waitFor();
    await editor.choose('Deny once');
    await verdict;
    await panel.frame.locator('.empty').waitFor();
  });
});
