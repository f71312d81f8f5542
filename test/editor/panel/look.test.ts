import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import type { Entry } from '../../../src/gate/entry.ts';
import { sections, type Section } from '../../../src/shared/sections.ts';
import { root } from '../../house/root.ts';
import { PolicyEditor, Workspace } from '../policyEditor.ts';
import { PanelPage } from './panelPage.ts';
import { record, ruleAdded } from './usePanel.ts';

/** The pictures of README are made anew with COWORK_SCREENSHOTS=media; else they go where nobody has to commit them */
const folder = path.join(root, process.env['COWORK_SCREENSHOTS'] === 'media' ? 'media/screenshots' : '.cache/screenshots');
const largest = 200 * 1024;
const axe = readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const ada = { id: '77', name: 'Ada Lovelace' };
const chat = { id: '77', context: 'direct' } as const;

/** Rules of all kinds, one of them without effect; and a channel on which something was said */
const held: readonly Entry[] = [
  ruleAdded(1, { scope: { kind: 'command_prefix', prefix: 'npm test' }, reason: 'Runs a dozen times an hour' }), ruleAdded(2, { effect: 'deny', source: 'profile', scope: { kind: 'domain', domain: '*.pastebin.example' }, reason: 'Nothing of ours belongs there' }),
  ruleAdded(3, { effect: 'ask', scope: { kind: 'path', path: 'config', toolName: 'write_file' } }), ruleAdded(4, { effect: 'deny', scope: { kind: 'command_prefix', prefix: 'npm test' }, source: 'profile' }),
  ruleAdded(5, { scope: { kind: 'mcp_server', serverName: 'garden-notes' }, expiresAt: 4_000_000_000_000 }),
  { type: 'channel_user', channel: 'team', user: { ...ada, state: 'paired', createdAt: 1_790_000_000_000, lastSeenAt: 1_790_000_300_000, wrongCodes: 0, direct: chat }, why: 'paired', by: 'test' },
  { type: 'channel_user', channel: 'team', user: { id: '501', name: 'Mallory', state: 'revoked', createdAt: 1_790_000_000_000, lastSeenAt: 1_790_000_100_000, wrongCodes: 0 }, why: 'revoked', by: 'test' },
  { type: 'channel_message', channel: 'team', direction: 'incoming', at: 1_790_000_200_000, chat, user: ada, text: 'Please add beans to the list' },
  { type: 'channel_message', channel: 'team', direction: 'outgoing', at: 1_790_000_300_000, chat, user: ada, text: 'I wrote notes/list.md.' },
];

describe('Every section of the policy panel', () => {
  before(() => {
    for (const place of [folder, path.join(root, '.cache/screenshots')]) mkdirSync(place, { recursive: true });
  });

  for (const theme of ['light', 'dark', 'hc', 'hcLight'] as const) {
    it(`can be read by everybody, and has its picture, in ${theme}`, async () => {
      const workspace = await Workspace.make({ settings: { guardrails: { customBlockedPatterns: ['terraform\\s+destroy'], autoApproveTrustedCommands: false, trustedCommandPatterns: ['make test*'] }, channels: { team: { ...defaultChannel('bridge'), enabled: true } } } });
      await record(workspace, held);
      const editor = await PolicyEditor.open(workspace, { theme, viewport: { width: 1280, height: 1000 } });
      try {
        await fill(editor);
        const panel = await PanelPage.open(editor, 'overview');
        const found: string[] = [];
        for (const section of sections) {
          await panel.goTo(section);
          if (section === 'limits') await panel.frame.getByText('Trying each one…').waitFor({ state: 'detached', timeout: 60_000 });
          found.push(...(await serious(panel, section)));
          await picture(editor, `panel-${section}-${theme}.png`);
          if (await unfold(panel, section)) {
            found.push(...(await serious(panel, section)));
            await picture(editor, `panel-${section}-open-${theme}.png`, path.join(root, '.cache/screenshots'));
          }
        }
        assert.deepEqual(found, []);
      } catch (error) {
        await editor.page.screenshot({ path: path.join(root, `.cache/log/Panel-${theme}.png`) });
        throw error;
      } finally {
        await editor.close();
        workspace.remove();
      }
    });
  }
});

/** Something of everything: decisions of each kind, and questions that wait */
async function fill(editor: PolicyEditor): Promise<void> {
  for (const name of ['garden.txt', 'count.js', 'README.md']) await editor.ask({ tool: 'read_file', input: { path: name } });
  await editor.ask({ tool: 'run_command', input: { command: 'sudo apt-get install curl' } });
  const write = editor.ask({ tool: 'write_file', input: { path: 'notes/today.md', content: '# Today\n' } });
  await editor.prompted('change a file');
  await editor.choose('Allow for this workspace');
  await write;
  const waiting = [
    { tool: 'run_command', input: { command: 'npm install left-pad', note: 1 } }, { tool: 'run_command', input: { command: 'npm install left-pad', note: 2 } },
    { tool: 'http_request', input: { url: 'https://reports.example.com/upload', method: 'POST', body: 'beans, tomatoes, sage' } },
  ];
  for (const request of waiting) void editor.ask(request);
  await editor.prompted('Sample Agent wants to');
  await editor.page.keyboard.press('Escape');
  await editor.prompt.waitFor({ state: 'hidden' });
}

/** What axe finds of consequence, as sentences */
async function serious(panel: PanelPage, section: Section): Promise<readonly string[]> {
  const page = panel.frame.locator('html');
  // Into the page past its own policy: the protocol of the browser's tools is not bound by it
  await page.evaluate(axe);
  const findings = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)")) as readonly Finding[];
  return findings.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${section}: ${id}: ${html.slice(0, 200)}: ${failureSummary}`));
}

/** Opens what a section keeps folded, or does what it is for; says whether there was something */
async function unfold({ frame }: PanelPage, section: Section): Promise<boolean> {
  switch (section) {
    case 'rules':
      await frame.locator('[data-action=new-rule]').click();
      await frame.locator('vscode-text-field[name=main] input').fill('npm install');
      await frame.locator('#rule-verdict code').waitFor();
      return true;
    case 'tryIt':
      await frame.locator('vscode-text-field[name=request-text] input').fill('cat garden.txt && sudo rm -rf /');
      await frame.locator('.tree').waitFor();
      await frame.locator('select[name=copy-mode]').selectOption('plan');
      await frame.locator('#replayed .changed').waitFor();
      return true;
    case 'audit':
      await frame.locator('.audit-row', { hasText: 'sudo' }).first().click();
      await frame.locator('#entry').waitFor();
      await frame.locator('#entry').scrollIntoViewIfNeeded();
      return true;
    default: {
      const folded = await frame.locator('main details:not([open]) > summary').all();
      for (const summary of folded.toReversed()) await summary.click();
      return folded.length > 0;
    }
  }
}

async function picture(editor: PolicyEditor, name: string, where = folder): Promise<void> {
  // Nothing hovered
  await editor.page.mouse.move(0, 0);
  const file = path.join(where, name);
  await editor.page.screenshot({ path: file, animations: 'disabled' });
  assert.ok(statSync(file).size < largest, `${file} is too large`);
}
