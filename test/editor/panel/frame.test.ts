import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { type ChannelSettings, defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import { root } from '../../house/root.ts';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { sections } from '../../../src/shared/sections.ts';
import { focus, lost, moving } from './pageLook.ts';
import { decision, ruleAdded, usePanel, type PanelStart } from './usePanel.ts';

/** To be looked at; nobody has to commit them */
const pictures = path.join(root, '.cache/screenshots');

/** Something in every section, with long texts */
const full: PanelStart = {
  entries: [ruleAdded(0, { scope: { kind: 'path', path: `/srv/${'a-long-name/'.repeat(12)}` }, reason: 'x'.repeat(120) }), ruleAdded(1, { effect: 'deny' }), decision(1), decision(2, { decision: 'deny' })],
  files: { '.cowork/policy/permissions.json': JSON.stringify({ version: 1, rules: [{ effect: 'allow', scope: { kind: 'command_prefix', prefix: 'npm test' } }] }) },
  settings: { guardrails: { customBlockedPatterns: ['(?:very|long|pattern)+'.repeat(8)], autoApproveTrustedCommands: true, trustedCommandPatterns: ['make test*'] }, allowedPaths: [`/srv/${'deep/'.repeat(20)}`] },
};

describe('The frame of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;
  let violations: readonly string[];

  const open = usePanel('overview', (opened) => {
    ({ workspace, editor, panel, violations } = opened);
  });

  before(() => mkdirSync(pictures, { recursive: true }));

  it('moves through the navigation with arrow keys, Home and End, one stop for the Tab key', async () => {
    await open();
    const tabs = panel.frame.getByRole('tab');
    const names = await tabs.allInnerTexts();
    await panel.tab('overview').focus();
    const chosen = () => panel.frame.locator('[role=tab][aria-selected=true]:focus').innerText();
    await editor.page.keyboard.press('ArrowDown');
    assert.equal(await chosen(), names[1]);
    await editor.page.keyboard.press('End');
    assert.equal(await chosen(), names.at(-1));
    await editor.page.keyboard.press('ArrowDown');
    assert.equal(await chosen(), names[0]);
    await editor.page.keyboard.press('ArrowUp');
    await editor.page.keyboard.press('Home');
    assert.equal(await chosen(), names[0]);
    assert.equal(await panel.frame.locator('[role=tab][tabindex="0"]').count(), 1);
    await panel.frame.locator('h1', { hasText: 'Overview' }).waitFor();
  });

  it('comes back to the section, the filter and the place it was at after another tab hid it and after a reload, with fresh content', async () => {
    await open({ entries: Array.from({ length: 60 }, (_, index) => ruleAdded(index, { effect: index < 50 ? 'deny' : 'ask', reason: 'secret-of-the-garden' })) });
    const isBack = async (): Promise<void> => {
      await panel.frame.locator('h1', { hasText: 'Rules' }).waitFor();
      await panel.frame.locator('.found', { hasText: 'Rules: 50 of 60.' }).waitFor();
      await editor.until('it is scrolled again', async () => (await panel.scrolled()) > 300);
    };
    await panel.goTo('rules');
    await panel.frame.locator('select[name=filter-effect]').selectOption('deny');
    await panel.frame.locator('.found', { hasText: 'Rules: 50 of 60.' }).waitFor();
    await panel.scrollOver(panel.frame.locator('tr[data-rule]').first());
    await panel.hide();
    await panel.unhide();
    await isBack();
    const kept = await panel.reload(/"section":"rules".*"effect":"deny"/);
    assert.ok(kept.length > 0 && !kept.join().includes('secret-of-the-garden'), 'where a person was is kept, what the panel showed is not');
    await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.openEditorAtIndex1'));
    await isBack();
    await panel.goTo('overview');
    assert.deepEqual(violations, []);
  });

  it('opens at each section by its command, and by a link', async () => {
    await open();
    for (const section of sections) {
      editor.start(`coworkPolicy.open${section.slice(0, 1).toUpperCase()}${section.slice(1)}`);
      await panel.frame.locator(`main[aria-labelledby="tab-${section}"] h1:focus`).waitFor();
    }
    editor.editor.runInExtensionHost((vscode) => void vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(`${vscode.env.uriScheme}://cowork.cowork-policy/rules`))).catch(() => undefined);
    await panel.frame.locator('main[aria-labelledby="tab-rules"] h1:focus').waitFor();
  });

  it('tells a screen reader of each question that comes, whatever section is open, also of the second', async () => {
    await open({ section: 'limits' });
    const news = panel.frame.locator('policy-panel > [role=status]');
    const told: string[] = [];
    for (const note of [1, 2]) {
      const verdict = editor.ask({ tool: 'run_command', input: { command: 'npm install left-pad', note } });
      await editor.until('it is told', async () => (await news.textContent()) !== (told.at(-1) ?? ''));
      told.push((await news.textContent()) ?? '');
      await editor.prompted('run a command');
      await editor.choose('Deny once');
      await verdict;
    }
    assert.deepEqual(told.map((text) => text.trim()), Array.from({ length: 2 }, () => 'A new question waits for your answer.'));
    assert.equal(await news.getAttribute('aria-live'), 'polite');
  });

  it('is where it was scrolled to after another tab hid it, and at the top of a section gone to', async () => {
    await open({ section: 'guardrails' });
    await panel.scrollOver(panel.frame.locator('#places-sealed'));
    await panel.hide();
    await panel.unhide();
    await editor.until('it is scrolled again', async () => (await panel.scrolled()) > 300);
    await panel.goTo('overview');
    await editor.until('it is at the top', async () => (await panel.scrolled()) === 0);
  });

  it('shows nothing before its content is there, and then all at once', async () => {
    await open();
    // With the heading, the whole section is there: no empty frame that fills up
    assert.ok(await panel.frame.locator('.modes tbody tr').count() > 5);
    await panel.goTo('pending');
    assert.equal(await panel.frame.locator('.modes').count(), 0);
  });

  it('says that a folder has to be opened where there is none', async () => {
    await open({ editor: { empty: true } });
    assert.match(await panel.frame.locator('.empty').innerText(), /Open a folder first/);
  });

  it('needs nothing from elsewhere and nothing inline, in any section', async () => {
    await open();
    for (const tab of await panel.frame.getByRole('tab').all()) await tab.click();
    await panel.goTo('overview');
    assert.deepEqual(violations, []);
    const policy = await panel.frame.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
    assert.match(policy ?? '', /^default-src 'none'; style-src [^;]*; font-src [^;]*; script-src 'nonce-[A-Za-z0-9+/=]{24}'$/);
    assert.doesNotMatch(policy ?? '', /unsafe/);
  });

  for (const [what, width, height, name] of [['at 320 pixels width', 320 + 2 * 48, 800, 'narrow'], ['at 200% zoom of an ordinary window', 640, 400, 'zoom']] as const) {
    it(`loses nothing ${what}, in any section`, async () => {
      await open(full);
      await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.closeSidebar'));
      await editor.page.setViewportSize({ width, height });
      for (const section of sections) {
        await panel.goTo(section);
        if (section === 'rules') await panel.frame.locator('[data-action=new-rule]').click();
        if (section === 'tryIt') await panel.frame.locator('vscode-text-field[name=request-text] input').fill('cat garden.txt && sudo rm -rf /');
        await panel.frame.locator('main').evaluate(() => new Promise((drawn) => setTimeout(drawn, 500)));
        assert.deepEqual(await panel.frame.locator('html').evaluate(lost), [], section);
        await editor.page.screenshot({ path: path.join(pictures, `panel-${section}-${name}.png`), animations: 'disabled' });
      }
    });
  }

  it('moves nothing where a person wants reduced motion, and shows the focus wherever the Tab key comes', async () => {
    await open(full);
    const unseen: string[] = [];
    for (const section of sections) {
      await panel.goTo(section);
      await panel.useKeyboard();
      for (let presses = 0; presses < 25; presses++) {
        const { name, seen } = await panel.frame.locator('html').evaluate(focus);
        if (!seen && !name.startsWith('body.')) unseen.push(`${section}: ${name}`);
        await editor.page.keyboard.press('Tab');
      }
      assert.deepEqual(await panel.frame.locator('html').evaluate(moving), [], section);
    }
    assert.deepEqual([...new Set(unseen)], []);
  });

  describe('is not moved by', () => {
    /** The frame that holds the page, through which the page talks to the editor */
    const outer = (): Frame => {
      const frame = editor.page.frames().find((each) => each.childFrames().some((child) => child.name() === 'active-frame' || child.url().includes('fake.html')));
      assert.ok(frame, 'the frame of the panel');
      return frame;
    };
    const post = (message: unknown): Promise<unknown> => outer().evaluate(`window.__vscode_post_message__('onmessage', { message: ${JSON.stringify(message)} })`);

    it('messages that are none, too large, or of wrong params', async () => {
      await open();
      const hostile: readonly unknown[] = [
        null, 1, 'show', [], {}, { type: 'show' }, { type: 'show', section: '__proto__' }, { type: 'request', id: 900, method: 'constructor', params: {} },
        { type: 'request', id: 901, method: 'setMode', params: { mode: 'nothing_asks' } }, { type: 'request', id: 902, method: 'setMode', params: { mode: 'plan', __proto__: { x: 1 }, more: 1 } },
        { type: 'request', id: -1, method: 'setMode', params: { mode: 'plan' } }, { type: 'request', id: 903, method: 'runFix', params: { command: 'workbench.action.quit' } },
        { type: 'request', id: 904, method: 'addAllowedPath', params: { path: 'a'.repeat(1_000_000) } }, { type: 'request', id: 905, method: 'setPatterns', params: { patterns: ['a'.repeat(1_000_000)] } },
        { type: 'request', id: 908, method: 'previewImport', params: { kind: 'claude', source: 'workspace_db', file: '/etc/passwd' } }, { type: 'request', id: 909, method: 'importRules', params: { id: 'none', rows: [0], source: 'managed' } },
        { type: 'request', id: 910, method: 'setSandbox', params: { change: { image: '--privileged' } } }, { type: 'request', id: 911, method: 'setSandbox', params: { change: { kind: 'none', __proto__: null, privileged: true } } },
        { type: 'request', id: 912, method: 'addRule', params: { draft: { effect: 'allow', source: 'managed', scope: { kind: 'tool', toolName: '*' } } } }, { type: 'request', id: 913, method: 'removeRules', params: { ids: ['a'.repeat(1_000_000)] } },
        { type: 'request', id: 906, method: 'setPatterns', params: { patterns: ['('] } }, { type: 'request', id: 907, method: 'answerApproval', params: { id: 'none', answer: 'allow_profile' } },
      ];
      for (const message of hostile) await post(message);
      // One that is good goes through, so the others were seen
      await post({ type: 'request', id: 999, method: 'setCapability', params: { capability: 'network', on: false } });
      await editor.until('the good one is recorded', () => workspace.journal().some((entry) => entry.type === 'settings_changed' && entry.change.permissions?.network === false));
      assert.deepEqual(workspace.journal().flatMap((entry) => (entry.type === 'settings_changed' && entry.by === 'editor' ? [Object.keys(entry.change)] : [])), [['permissions']]);
      assert.equal(workspace.journal().some((entry) => entry.type === 'rule_added' || entry.type === 'rule_removed'), false);
      await panel.frame.locator('[data-capability=network][aria-checked=false]').waitFor();
    });

    it('a message that would loosen far: the editor itself asks first', async () => {
      await open();
      await post({ type: 'request', id: 1_000, method: 'setMode', params: { mode: 'bypass_permissions' } });
      await editor.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Cancel' }).click();
      await post({ type: 'request', id: 1_001, method: 'setUnrestricted', params: { on: true } });
      await editor.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Cancel' }).click();
      assert.equal(workspace.journal().some((entry) => entry.type === 'settings_changed' && entry.by === 'editor'), false);
    });

    it('texts in settings, rules, the record and on channels: every section shows them as text', async () => {
      const bad = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202egnp.exe ${1} {0}';
      const long = `${bad}${'y'.repeat(1_000_000)}`;
      const user = { id: 'u1', name: bad, state: 'paired', createdAt: 1, lastSeenAt: 2, wrongCodes: 0, direct: { id: 'u1' } } as const;
      const asked = { evaluated: 'ask', request: { tool: bad, input: { command: long }, actor: { kind: 'agent', name: bad } }, comment: long } as const;
      const chat: ChannelSettings = { ...defaultChannel('bridge'), enabled: true, allowedUsers: [bad], securityMode: 'allowlist' };
      await open({
        settings: {
          allowedPaths: [`/srv/${bad.replaceAll('/', '|')}`], channels: { chat }, guardrails: { customBlockedPatterns: [bad.replaceAll(/[${}()]/g, '')], autoApproveTrustedCommands: true, trustedCommandPatterns: [] },
          protectedPlaces: { sealed: [bad], guarded: [bad] },
        },
        entries: [
          ruleAdded(0, { scope: { kind: 'domain', domain: bad }, reason: long }), ruleAdded(1, { scope: { kind: 'path', path: `/x/${bad}` } }), ruleAdded(2, { scope: { kind: 'mcp_server', serverName: bad } }),
          decision(1, asked), { type: 'problem', code: bad, message: long }, { type: 'channel_user', channel: 'chat', user, why: 'paired', by: bad },
          { type: 'channel_message', channel: 'chat', direction: 'incoming', at: 3, chat: { id: 'u1', context: 'direct' }, user: { id: 'u1', name: bad }, text: long },
        ],
        files: { '.cowork/policy/permissions.json': JSON.stringify({ version: 1, rules: [{ effect: 'allow', scope: { kind: 'tool', toolName: bad }, reason: bad }, { effect: bad }] }), [`notes/${bad.replaceAll('/', '|')}`]: '' },
      });
      const title = await panel.frame.locator('html').evaluate((page: { ownerDocument: { title: string } }) => page.ownerDocument.title);
      const shows: ReadonlySet<string> = new Set(['overview', 'rules', 'guardrails', 'audit', 'channels']);
      for (const section of sections) {
        await panel.goTo(section);
        for (const closed of (await panel.frame.locator('main details:not([open]) > summary').all()).toReversed()) await closed.click();
        if (section === 'audit') await panel.frame.locator('.audit-row', { hasText: 'onerror' }).last().click();
        if (section === 'audit') await panel.frame.locator('#entry').waitFor();
        // The test is worth something only where the texts came on screen
        if (shows.has(section)) await panel.frame.locator('main', { hasText: 'onerror' }).waitFor();
        await panel.frame.locator('main').evaluate(() => new Promise((drawn) => setTimeout(drawn, 500)));
        const text = await panel.frame.locator('main').innerText();
        assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(text), `${section}: what moves other text is shown as an escape`);
        assert.ok(text.length < 500_000, `${section}: ${text.length} characters`);
        assert.equal(await panel.frame.locator('main img, main script, main b').count(), 0, section);
      }
      assert.equal(await panel.frame.locator('html').evaluate((page: { ownerDocument: { title: string } }) => page.ownerDocument.title), title);
      assert.deepEqual(violations, []);
    });

    it('text of an agent: scripts, hidden characters, a megabyte', async () => {
      await open({ section: 'pending' });
      const bad = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e txt.exe ${1} {0}';
      for (const text of [bad, 'x'.repeat(1_000_000)]) {
        const verdict = editor.ask({ tool: 'write_file', input: { path: `notes/${text.slice(0, 150).replaceAll('/', '|')}`, content: text }, actor: { kind: 'agent', name: bad } });
        await panel.frame.locator('.card').first().waitFor();
        const shown = await panel.frame.locator('.card').first().innerText();
        assert.ok(!shown.includes('\u202e'), 'what moves other text is shown as an escape');
        assert.equal(await panel.frame.locator('main img, main script').count(), 0);
        await panel.frame.locator('.card').first().getByRole('button', { name: 'Deny once' }).click();
        assert.equal((await verdict).decision, 'deny');
        // Else the next turn may press the button of this card, which nobody waits for
        await panel.frame.locator('.card').waitFor({ state: 'detached' });
      }
      await panel.goTo('guardrails');
      await panel.frame.getByRole('textbox', { name: 'Pattern', exact: true }).fill('<b onclick=alert(1)>x</b>');
      await panel.frame.getByRole('button', { name: 'Block' }).click();
      await panel.frame.locator('.list code', { hasText: '<b onclick=alert(1)>x</b>' }).waitFor();
      assert.equal(await panel.frame.locator('main b').count(), 0);
      assert.deepEqual(violations, []);
    });
  });
});
