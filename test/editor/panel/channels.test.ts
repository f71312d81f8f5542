import assert from 'node:assert/strict';
import { type ChannelSettings, defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { usePanel } from './usePanel.ts';

describe('The section Channels of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;
  let violations: readonly string[];
  const open = usePanel('channels', (opened) => {
    ({ workspace, editor, panel, violations } = opened);
  });

  const chat: ChannelSettings = { ...defaultChannel('bridge'), enabled: true };
  const ada = { type: 'channel_user', channel: 'chat', user: { id: 'u1', name: 'Ada', state: 'paired', createdAt: 1, lastSeenAt: 2, wrongCodes: 0, direct: { id: 'u1' } }, why: 'paired', by: 'test' } as const;
  const hostile = '</script><img src=x onerror=alert(1)>\u202Egnp.exe';
  const words = {
    type: 'channel_message', channel: 'chat', direction: 'incoming', at: 3, chat: { id: 'u1', context: 'direct' }, user: { id: 'u1', name: hostile }, text: `${hostile} ${'long '.repeat(2_000)}`,
  } as const;

  const card = (): ReturnType<typeof panel.frame.locator> => panel.frame.locator('[data-channel=chat]');
  /** The settings of the channel as last recorded */
  const newest = (): ChannelSettings | undefined => workspace.journal().flatMap((entry) => (entry.type === 'settings_changed' && entry.change.channels?.['chat'] !== undefined ? [entry.change.channels['chat']] : [])).at(-1);
  const person = (): string | undefined => workspace.journal().flatMap((entry) => (entry.type === 'channel_user' ? [entry.user.state] : [])).at(-1);
  const set = (what: string, holds: (settings: ChannelSettings) => boolean): Promise<void> => editor.until(what, () => {
    const settings = newest();
    return settings !== undefined && holds(settings);
  });

  it('teaches what a channel is while there is none, and sets one up', async () => {
    await open();
    await panel.frame.getByText('No channel is set up.').waitFor();
    await panel.frame.getByRole('button', { name: 'Add a Channel…' }).click();
    await editor.prompted('Add a Channel');
    await editor.choose('Another Gateway');
    await editor.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Copy the Token' }).click();
    await panel.frame.locator('[data-channel=bridge]').waitFor();
    await editor.until('the token is on the clipboard', async () => /^[\w-]{43}$/.test(await editor.clipboard()));
    const token = await editor.clipboard();
    assert.ok(!JSON.stringify(workspace.journal()).includes(token), 'the token is nowhere in the record');
  });

  it('makes a code that is shown here and nowhere else, counts it down and copies it', async () => {
    await open({ settings: { channels: { chat } } });
    await card().getByRole('button', { name: 'Generate Pairing Code' }).click();
    const code = await card().locator('.code').innerText();
    assert.match(code, /^[A-HJ-NP-Z2-9]{6}$/);
    assert.match(await card().getByRole('timer').innerText(), /for [45]:\d\d more; 5 tries left/);
    const before = await card().getByRole('timer').innerText();
    await editor.until('it counts down', async () => (await card().getByRole('timer').innerText()) !== before);
    await card().getByRole('button', { name: 'Copy', exact: true }).click();
    await panel.said('Copied.');
    assert.equal(await editor.clipboard(), `/pair ${code}`);
    assert.ok(!JSON.stringify(workspace.journal()).includes(code), 'the code is nowhere in the record');
    // A new one is the only one
    await card().getByRole('button', { name: 'Generate Pairing Code' }).click();
    await editor.until('another is shown', async () => (await card().locator('.code').innerText()) !== code);
  });

  it('changes who may speak, what groups may use, and who is asked, by mouse', async () => {
    await open({ settings: { channels: { chat } } });
    await card().getByText('Listed people').first().click();
    await set('the list counts', ({ securityMode }) => securityMode === 'allowlist');
    await card().getByRole('textbox', { name: 'Id of a person' }).fill('u7');
    await card().getByRole('button', { name: 'Add', exact: true }).click();
    await set('u7 is on it', ({ allowedUsers }) => allowedUsers.join() === 'u7');
    await card().getByText('Direct messages and groups').click();
    // Both before the first has come back
    await card().evaluate((each: { querySelector(selectors: string): { click(): void } | null }) => {
      for (const group of ['network', 'system']) each.querySelector(`[data-group=group-${group}]`)?.click();
    });
    await set('groups do without both', ({ contexts }) => contexts.group.restrictions.join() === 'group:memory,group:network,group:system');
    await card().getByRole('combobox', { name: 'Who may speak in groups' }).selectOption('open');
    await set('groups are open', ({ contexts }) => contexts.group.securityMode === 'open' && contexts.group.restrictions.length === 3);
    await card().getByText('Questions of agents').click();
    // The sixth change in a minute is refused, and the choice shows what stands
    await card().locator('[data-action=sensitive]').click();
    await panel.said('At most 5 changes of settings a minute. Wait');
    await editor.until('the box shows what stands', async () => (await card().locator('[data-action=sensitive]').getAttribute('aria-checked')) === 'false');
  });

  it('does the same with the keyboard alone', async () => {
    await open({ settings: { channels: { chat } }, entries: [ada] });
    await panel.useKeyboard();
    await panel.tabTo(card().locator('[data-action=code]'));
    await editor.page.keyboard.press('Enter');
    await card().locator('.code').waitFor();
    await panel.tabTo(card().getByRole('button', { name: 'Revoke Ada' }));
    await editor.page.keyboard.press('Enter');
    await editor.until('Ada is kept out', () => person() === 'revoked');
    await panel.tabTo(card().locator('summary', { hasText: 'Questions of agents' }));
    await editor.page.keyboard.press('Enter');
    await panel.tabTo(card().locator('[data-action=mode-command]'));
    await editor.page.keyboard.press('Space');
    await set('the mode may be changed from afar', ({ modeCommand }) => modeCommand);
  });

  it('sets how long codes live, and takes no number beyond its bounds', async () => {
    await open({ settings: { channels: { chat } } });
    await card().getByText('Codes and attachments').click();
    const seconds = card().getByRole('spinbutton', { name: 'Seconds that a pairing code lives' });
    await seconds.fill('5');
    await seconds.press('Tab');
    await seconds.fill('60');
    await seconds.press('Tab');
    await set('a code lives a minute', ({ pairing, attachmentMegabytes }) => pairing.seconds === 60 && pairing.attempts === 5 && attachmentMegabytes === 20);
    assert.equal(workspace.journal().filter((entry) => entry.type === 'settings_changed' && entry.by === 'editor').length, 1);
  });

  it('keeps somebody out, takes that back, disconnects and removes', async () => {
    await open({ settings: { channels: { chat } }, entries: [ada] });
    await card().getByRole('button', { name: 'Revoke Ada' }).click();
    await editor.until('Ada is kept out', () => person() === 'revoked');
    await card().getByRole('button', { name: 'Let Try Again: Ada' }).click();
    await editor.until('Ada may pair again', () => person() === 'stranger');
    await card().getByRole('button', { name: 'Disconnect' }).click();
    await set('it is off', ({ enabled }) => !enabled);
    await card().getByRole('button', { name: 'Remove…' }).click();
    await editor.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Remove', exact: true }).click();
    await panel.frame.getByText('No channel is set up.').waitFor();
  });

  it('shows hostile names and words as text, cut', async () => {
    await open({ settings: { channels: { chat } }, entries: [{ ...ada, user: { ...ada.user, name: hostile } }, words] });
    const line = panel.frame.locator('ol.messages li');
    await line.waitFor();
    const text = await line.innerText();
    assert.ok(text.includes('<img src=x onerror=alert(1)>'), text);
    assert.ok(!text.includes('\u202E'), 'what turns the reading around is shown as an escape');
    assert.ok(text.length < 1_000, String(text.length));
    assert.equal(await panel.frame.locator('main img').count(), 0);
    assert.deepEqual(violations, []);
  });
});
