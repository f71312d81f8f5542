import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { type ChannelSettings, defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import { decision, ruleAdded, stored, storedRules, usePanel } from './usePanel.ts';

/** Settings of other agents: kind, file, its text, and the rule that comes of it */
const foreign: readonly (readonly [kind: string, file: string, text: string, rule: string])[] = [
  ['claude', '.claude/settings.json', '{"permissions":{"deny":["Bash(make one:*)"]}}', 'deny command_prefix make one'],
  ['codex', '.codex/rules/own.rules', 'prefix_rule(pattern=["make", "two"], decision="forbidden")\n', 'deny command_prefix make two'],
  ['gemini', '.gemini/settings.json', '{"tools":{"exclude":["run_shell_command(make three)"]}}', 'deny command_prefix make three'],
  ['vscode', '.vscode/settings.json', '{"chat.tools.terminal.autoApprove":{"make four":false}}', 'ask command_prefix make four'],
  ['opencode', 'opencode.json', '{"permission":{"bash":{"make five *":"deny"}}}', 'deny command_prefix make five'],
];

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
    await press('Home');
    for (let presses = 0; presses < 20 && (await list.inputValue()) !== value; presses++) await press('ArrowDown');
    assert.equal(await list.inputValue(), value);
  };
  const inDatabase = (key: string, holds: (value: unknown) => boolean): Promise<void> => stored(editor, key, holds);

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
    await storedRules(editor, ['allow command_prefix npm install left-pad']);
    await section('Overview');
    await go(panel.frame.locator('[data-part=passed] summary'));
    await go(button('Choose a Sandbox'));
    await panel.frame.locator('h1:focus', { hasText: 'Sandbox and Limits' }).waitFor();
  });

  it('Overview: a folder chosen in the editor’s picker', async () => {
    await open();
    const shared = path.join(workspace.home, 'shared');
    mkdirSync(path.join(shared, 'inner'), { recursive: true });
    await panel.useKeyboard();
    await go(panel.frame.locator('[data-action=pick]'));
    // It starts at the workspace
    await editor.prompt.locator('.monaco-list-row', { hasText: '.cowork' }).waitFor();
    await press('Control+a');
    await type(shared);
    await editor.prompt.locator('.monaco-list-row', { hasText: 'shared' }).waitFor();
    await press('Enter');
    await inDatabase('allowedPaths', (value) => JSON.stringify(value) === JSON.stringify([shared]));
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

  it('Rules: what a rule would have changed is shown, and what changed since the review', async () => {
    const manifest = (...prefixes: string[]): string => JSON.stringify({ version: 1, rules: prefixes.map((prefix) => ({ effect: 'allow', scope: { kind: 'command_prefix', prefix } })) });
    const name = '.cowork/policy/permissions.json';
    await open({ section: 'rules', entries: [decision(1)], files: { [name]: manifest('npm test') } });
    await panel.useKeyboard();
    await go(panel.frame.locator('[data-action=new-rule]'));
    await panel.frame.locator('select[name=effect]:focus').waitFor();
    await press('d');
    await select('kind', 'tool');
    await panel.tabTo(field('main'));
    await type('read_file');
    const changed = panel.frame.locator('#rule-verdict summary', { hasText: 'Would have changed 1 of the last 1 decisions.' });
    await changed.waitFor();
    await go(changed);
    await panel.frame.locator('.flips li', { hasText: 'file-1.txt' }).waitFor();
    await press('Escape');
    await panel.frame.locator('[data-action=new-rule]:focus-within').waitFor();
    assert.deepEqual(await workspace.query('SELECT id FROM workspace_permission_rules'), []);
    await panel.useKeyboard();
    await go(panel.frame.locator('[data-action=review]'));
    await editor.prompted('Repository Rules');
    await editor.choose('let them count');
    await panel.frame.getByText('You reviewed it as it is').waitFor();
    writeFileSync(workspace.file(name), manifest('npm run build'));
    await panel.frame.locator('[data-action=compare]').waitFor();
    await panel.useKeyboard();
    await go(panel.frame.locator('[data-action=compare]'));
    const diff = editor.page.locator('.monaco-diff-editor').first();
    await diff.waitFor();
    await editor.until('both sides are drawn', async () => (await diff.innerText()).includes('build') && (await diff.innerText()).includes('test'));
  });

  it('Rules: those of every other agent are looked at and added', async () => {
    await open({ section: 'rules', files: Object.fromEntries(foreign.map(([, name, text]) => [name, text])) });
    for (const [index, [kind, name]] of foreign.entries()) {
      await panel.useKeyboard();
      await go(panel.frame.locator('[data-action=import-rules]'));
      await panel.frame.locator('select[name=import-kind]:focus').waitFor();
      await select('import-kind', kind);
      await panel.frame.locator('select[name=import-file] option', { hasText: name }).waitFor({ state: 'attached' });
      await go(panel.frame.locator('[data-action=import-read]'));
      await panel.frame.locator('#import-rows:focus').waitFor();
      await go(panel.frame.locator('[data-action=import-add]'));
      await storedRules(editor, foreign.slice(0, index + 1).map(([, , , rule]) => rule));
    }
  });

  it('Try It: a changed mode, and the decisions on record that it flips', async () => {
    await open({ section: 'tryIt', entries: [decision(1), decision(2, { request: { tool: 'write_file', input: { path: 'a.txt', content: 'x' } } })] });
    await panel.useKeyboard();
    await select('copy-mode', 'plan');
    const replayed = panel.frame.locator('#replayed summary', { hasText: 'of the last 2 decisions.' });
    await go(replayed);
    await panel.frame.locator('#replayed .flips li', { hasText: 'a.txt' }).waitFor();
    assert.deepEqual(workspace.journal().filter((entry) => entry.type === 'settings_changed' && entry.by === 'editor'), []);
  });

  it('Guardrails: a trusted command and a guarded place of one’s own', async () => {
    await open({ section: 'guardrails' });
    await panel.useKeyboard();
    await panel.tabTo(field('command'));
    await type('make test*');
    await press('Enter');
    await inDatabase('guardrails', (value) => (value as { trustedCommandPatterns: string[] }).trustedCommandPatterns.join() === 'make test*');
    await panel.tabTo(field('guarded-place'));
    await type('notes');
    await press('Enter');
    await inDatabase('protectedPlaces', (value) => (value as { guarded: string[] }).guarded.join() === 'notes');
  });

  it('Guardrails: what a command of one’s own does, and a domain that goes and comes back', async () => {
    await open({ section: 'guardrails', entries: [ruleAdded(0, { scope: { kind: 'domain', domain: 'api.example.com' } })] });
    await panel.useKeyboard();
    await panel.tabTo(field('command-words'));
    await type('acme check');
    await select('command-does', 'export');
    await panel.tabTo(field('command-match'));
    await type('acme check src');
    await press('Tab');
    await type('acme help');
    await press('Enter');
    await inDatabase('commands', (value) => (value as { command: string; does: string }[]).map(({ command, does }) => `${does} ${command}`).join() === 'export acme check');
    await panel.useKeyboard();
    await go(button('Remove acme check'));
    await inDatabase('commands', (value) => JSON.stringify(value) === '[]');
    await go(button('Remove api.example.com'));
    await storedRules(editor, []);
    await go(panel.bar.getByRole('button', { name: 'Undo' }));
    await storedRules(editor, ['allow domain api.example.com']);
  });

  it('Channels: a code that counts down is copied, who may speak is changed, somebody is let in and kept out', async () => {
    const chat: ChannelSettings = { ...defaultChannel('bridge'), enabled: true };
    const ada = { type: 'channel_user', channel: 'chat', user: { id: 'u1', name: 'Ada', state: 'paired', createdAt: 1, lastSeenAt: 2, wrongCodes: 0, direct: { id: 'u1' } }, why: 'paired', by: 'test' } as const;
    await open({ section: 'channels', settings: { channels: { chat } }, entries: [ada] });
    const card = panel.frame.locator('[data-channel=chat]');
    const channel = (holds: (settings: ChannelSettings) => boolean): Promise<void> => inDatabase('channels', (value) => {
      const settings = (value as Readonly<Record<string, ChannelSettings>>)['chat'];
      return settings !== undefined && holds(settings);
    });
    await panel.useKeyboard();
    await go(card.locator('[data-action=code]'));
    const code = await card.locator('.code').innerText();
    const left = await card.getByRole('timer').innerText();
    await editor.until('it counts down', async () => (await card.getByRole('timer').innerText()) !== left);
    await go(card.getByRole('button', { name: 'Copy', exact: true }));
    await panel.said('Copied.');
    assert.equal(await editor.clipboard(), `/pair ${code}`);
    await go(card.getByRole('button', { name: 'Revoke Ada' }));
    await editor.until('policy.db has Ada kept out', async () => (await workspace.query('SELECT state FROM channel_users'))[0]?.['state'] === 'revoked');
    await panel.useKeyboard();
    await panel.tabTo(card.locator('fieldset').first());
    await press('ArrowDown');
    await channel(({ securityMode }) => securityMode === 'allowlist');
    await panel.tabTo(card.locator('[name=allow-chat] input'));
    await type('u7');
    await press('Enter');
    await channel(({ allowedUsers }) => allowedUsers.join() === 'u7');
    await go(card.locator('summary', { hasText: 'Direct messages and groups' }));
    await panel.tabTo(card.getByRole('combobox', { name: 'Who may speak in groups' }));
    await press('ArrowDown');
    await channel(({ contexts }) => contexts.group.securityMode !== undefined);
    await go(card.locator('[data-group=group-network]'), 'Space');
    await channel(({ contexts }) => contexts.group.restrictions.join() === 'group:memory,group:network');
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
    await storedRules(editor, ['allow domain api.example.com']);
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
    await panel.frame.locator('[data-action=verify]:focus-within').waitFor();
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
    await panel.useKeyboard();
    await go(panel.frame.locator('[data-action=export-jsonl]'));
    await editor.prompted('Export the Record');
    await press('Control+a');
    await type(workspace.file('out.jsonl'));
    await press('Enter');
    await panel.said('out.jsonl');
    assert.deepEqual((workspace.read('out.jsonl') ?? '').trimEnd().split('\n').map((line) => (JSON.parse(line) as { decision: string }).decision), ['deny']);
    await panel.useKeyboard();
    await select('decision', '');
    await found('4 entries');
    // Nothing was recorded before this year came
    const year = String(new Date().getFullYear());
    await panel.tabTo(panel.frame.locator('input[name=to]'));
    await type(`0101${year}`);
    await found('0 found');
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
    await storedRules(editor, ['deny command_prefix npm install left-pad']);
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
