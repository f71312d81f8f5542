import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PanelPage } from './panel/panelPage.ts';
import { PolicyEditor, Workspace } from './policyEditor.ts';
import { closeAfterEach } from './useEditor.ts';

/** Longer than a change of the file takes to be seen, milliseconds; a review of an older text is refused */
const settling = 1_000;

const script = `function decide({ tool, params }) {
  if (tool === 'run_command' && params.command === 'git push') return { decision: 'deny', reason: 'Pushes go through CI.' };
  return { decision: 'pass' };
}
`;
const file = '.cowork/policy/policy.js';
const command = (line: string): { readonly tool: string; readonly input: { readonly command: string } } => ({ tool: 'run_command', input: { command: line } });

describe('The policy script in the editor', () => {
  let workspace: Workspace;
  let editor: PolicyEditor | undefined;
  closeAfterEach(() => {
    const left = { editor, workspace };
    editor = undefined;
    return left;
  });

  async function review(opened: PolicyEditor, row: string): Promise<void> {
    opened.start('coworkPolicy.reviewPolicyScript');
    await opened.prompted('Policy Script of garden-book');
    await opened.choose(row);
    await opened.prompt.waitFor({ state: 'hidden' });
  }

  /** Asks until a person is asked, for a change of the file is seen a moment later; why */
  async function refused(opened: PolicyEditor, line: string): Promise<string> {
    for (;;) {
      const verdict = opened.ask(command(line));
      const first = await Promise.race([verdict, opened.prompted('Sample Agent wants to run a command')]);
      if ('decision' in first) continue;
      await opened.choose('Deny once');
      return (await verdict).evaluation.reason.summary;
    }
  }

  it('does nothing until a person reviewed it, then denies; a changed one makes requests ask until it is reviewed or forgotten', async () => {
    workspace = await Workspace.make({ files: { [file]: script }, settings: { mode: 'dont_ask' } });
    editor = await PolicyEditor.open(workspace);
    assert.equal((await editor.ask(command('git status'))).decision, 'allow');

    await review(editor, 'I have read it');
    const denied = await editor.ask(command('git push'));
    assert.deepEqual([denied.decision, denied.settledBy, denied.evaluation.reason.type], ['deny', 'policy', 'workspace_script']);
    assert.match(denied.message, /Pushes go through CI/);
    assert.equal((await editor.ask(command('git status'))).decision, 'allow');

    writeFileSync(workspace.file(file), script.replace('deny', 'pass'));
    assert.match(await refused(editor, 'git status'), /changed since you reviewed it/);

    writeFileSync(workspace.file(file), 'function decide() { for (;;); }\n');
    await sleep(settling);
    await review(editor, 'I have read it');
    assert.match(await refused(editor, 'git status'), /did not end in 300 ms/);

    await review(editor, 'Forget the review');
    assert.equal((await editor.ask(command('git status'))).decision, 'allow');
  });

  it('is offered for review in the panel, and a new one starts there', async () => {
    workspace = await Workspace.make();
    editor = await PolicyEditor.open(workspace);
    editor.start('coworkPolicy.newPolicyScript');
    await editor.page.locator('.tab', { hasText: 'policy.js' }).waitFor();
    assert.match(workspace.read(file) ?? '', /function decide\(/);

    const panel = await PanelPage.open(editor, 'rules');
    const button = panel.frame.locator('[data-action=review-script]');
    await panel.frame.locator('.notice', { hasText: 'The repository has a policy script' }).waitFor();
    await button.click();
    await editor.prompted('Policy Script of garden-book');
    await editor.choose('I have read it');
    // The text that was reviewed lies over it
    await PanelPage.open(editor, 'rules');
    await panel.frame.locator('.detail', { hasText: 'You reviewed the policy script as it is' }).waitFor();
    const passed = await editor.ask({ tool: 'read_file', input: { path: 'README.md' } });
    assert.deepEqual([passed.decision, passed.evaluation.reason.type], ['allow', 'mode']);
  });
});
