import assert from 'node:assert/strict';
import type { PolicySettings } from '../../../src/core/policy/policy.ts';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { stored, storedRules, usePanel } from './usePanel.ts';

describe('The section Guardrails of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;

  const open = usePanel('guardrails', (opened) => {
    ({ workspace, editor, panel } = opened);
  });
  beforeEach(() => open());

  /** The newest recorded change of a setting */
  const newest = <Key extends 'guardrails' | 'protectedPlaces'>(key: Key): PolicySettings[Key] | undefined =>
    workspace.journal().flatMap((entry) => (entry.type === 'settings_changed' && entry.by === 'editor' ? (entry.change[key] ?? []) : [])).at(-1);
  const pattern = () => panel.frame.getByRole('textbox', { name: 'Pattern', exact: true });
  const sample = () => panel.frame.getByRole('textbox', { name: 'Try it on a command' });
  const verdict = (text: string) => panel.frame.locator('#verdict', { hasText: text }).waitFor();

  it('tries a pattern on a command, refuses a bad one with its reason, blocks with a good one, and takes that back', async () => {
    await pattern().fill('terraform (destroy');
    await verdict('cannot be used');
    await pattern().press('Enter');
    await panel.said('cannot be used');
    assert.equal(newest('guardrails'), undefined);
    await pattern().fill('terraform\\s+destroy');
    await verdict('The pattern can be used.');
    await sample().fill('terraform plan');
    await verdict('This command would not be blocked.');
    await sample().fill('cd infra && terraform   destroy');
    await verdict('This command would be blocked.');
    await panel.frame.getByRole('button', { name: 'Block' }).click();
    await editor.until('it is recorded', () => newest('guardrails')?.customBlockedPatterns.join() === 'terraform\\s+destroy');
    const { decision, evaluation } = await editor.ask({ tool: 'run_command', input: { command: 'terraform destroy' } });
    assert.deepEqual([decision, evaluation.reason.type], ['deny', 'guardrail']);
    await panel.frame.getByRole('button', { name: 'Remove terraform\\s+destroy' }).click();
    await editor.until('it is gone', () => newest('guardrails')?.customBlockedPatterns.length === 0);
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await editor.until('it is back', () => newest('guardrails')?.customBlockedPatterns.length === 1);
  });

  it('adds a pattern with the keyboard alone', async () => {
    await panel.useKeyboard();
    await panel.tabTo(pattern());
    await editor.page.keyboard.type('docker push');
    await editor.page.keyboard.press('Tab');
    await editor.page.keyboard.type('docker push me/app');
    await verdict('This command would be blocked.');
    await editor.page.keyboard.press('Enter');
    await editor.until('it is recorded', () => newest('guardrails')?.customBlockedPatterns.join() === 'docker push');
  });

  it('lets trusted commands run, and those that a person adds', async () => {
    await panel.frame.locator('[data-action=trusted]').click();
    await editor.until('it is recorded', () => newest('guardrails')?.autoApproveTrustedCommands === true);
    assert.equal((await editor.ask({ tool: 'run_command', input: { command: 'git status' } })).decision, 'allow');
    const field = panel.frame.getByRole('textbox', { name: 'Command, for example make test*' });
    await field.fill('make test*');
    await field.press('Enter');
    await editor.until('it is recorded', () => newest('guardrails')?.trustedCommandPatterns.join() === 'make test*');
  });

  it('seals a place of one’s own', async () => {
    const field = panel.frame.locator('[name=sealed-place]');
    await field.locator('input').fill('garden.txt');
    await field.locator('input').press('Enter');
    await editor.until('it is recorded', () => newest('protectedPlaces')?.sealed.join() === 'garden.txt');
    const { decision, evaluation } = await editor.ask({ tool: 'edit_file', input: { path: 'garden.txt', old_string: 'May', new_string: 'June' } });
    assert.deepEqual([decision, evaluation.reason.type], ['deny', 'guardrail']);
  });

  it('guards a place, allows a domain, and takes both back', async () => {
    const guarded = panel.frame.locator('[aria-labelledby=places-guarded]');
    await guarded.locator('[name=guarded-place] input').fill('notes');
    await guarded.getByRole('button', { name: 'Add' }).click();
    await stored(editor, 'protectedPlaces', (value) => (value as { guarded: string[] }).guarded.join() === 'notes');
    await guarded.getByRole('button', { name: 'Remove notes' }).click();
    await stored(editor, 'protectedPlaces', (value) => (value as { guarded: string[] }).guarded.length === 0);
    const domains = panel.frame.locator('[aria-labelledby=domains]');
    await domains.locator('[name=domain] input').fill('api.example.com');
    await domains.locator('[data-action=add-domain]').click();
    await storedRules(editor, ['allow domain api.example.com']);
    await domains.getByRole('button', { name: 'Remove api.example.com' }).click();
    await storedRules(editor, []);
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await storedRules(editor, ['allow domain api.example.com']);
  });

  it('learns what a command of a person’s own does, refuses what would loosen or does not hold, and forgets it again', async () => {
    const commands = panel.frame.locator('[aria-labelledby=commands]');
    const describe = async (words: string, does: string, match: string, not: string): Promise<void> => {
      for (const [name, text] of [['words', words], ['match', match], ['not', not], ['options', '-q']] as const) await commands.locator(`[name=command-${name}] input`).fill(text);
      await commands.locator('select[name=command-does]').selectOption(does);
      await commands.locator('[data-action=add-command]').click();
    };
    const inDatabase = (wanted: string): Promise<void> => stored(editor, 'commands', (value) => (value as { command: string; does: string }[]).map(({ command, does }) => `${does} ${command}`).join() === wanted);
    await describe('git push', 'read', 'git push origin', 'git status');
    await panel.said('so a row can only make it stricter');
    await describe('acme check', 'read', 'acme check src', '');
    await panel.said('Write the command, an example of it, and a line that is something else.');
    assert.equal(workspace.journal().some((entry) => entry.type === 'settings_changed' && entry.change.commands !== undefined), false);
    await describe('acme check', 'read', 'acme check -q src', 'acme check --fix');
    await inDatabase('read acme check');
    await commands.locator('[data-command="acme check"]', { hasText: 'Only reads' }).waitFor();
    await commands.getByRole('button', { name: 'Remove acme check' }).click();
    await inDatabase('');
    await panel.bar.getByRole('button', { name: 'Undo' }).click();
    await inDatabase('read acme check');
  });

  it('shows built-in places and commands as the gate has them, to read only', async () => {
    const examples = await panel.frame.locator('[aria-labelledby=blocked] dt').allInnerTexts();
    assert.ok(examples.length >= 8, examples.join('\n'));
    for (const example of examples) assert.equal((await editor.ask({ tool: 'run_command', input: { command: example } })).decision, 'deny', example);
    await panel.frame.locator('[aria-labelledby=places-sealed] summary').click();
    await panel.frame.locator('[aria-labelledby=places-sealed] dt', { hasText: '~/.ssh' }).waitFor();
  });
});
