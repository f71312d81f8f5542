import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import type { Entry } from '../../../src/gate/entry.ts';
import { sections, type Section } from '../../../src/shared/sections.ts';
import { root } from '../../house/root.ts';
import { PolicyEditor, Workspace } from '../policyEditor.ts';
import { PanelPage } from './panelPage.ts';
import { record } from './usePanel.ts';

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

/** A channel on which something was said */
const spoken: readonly Entry[] = [
  { type: 'channel_user', channel: 'team', user: { ...ada, state: 'paired', createdAt: 1_790_000_000_000, lastSeenAt: 1_790_000_300_000, wrongCodes: 0, direct: chat }, why: 'paired', by: 'test' },
  { type: 'channel_user', channel: 'team', user: { id: '501', name: 'Mallory', state: 'revoked', createdAt: 1_790_000_000_000, lastSeenAt: 1_790_000_100_000, wrongCodes: 0 }, why: 'revoked', by: 'test' },
  { type: 'channel_message', channel: 'team', direction: 'incoming', at: 1_790_000_200_000, chat, user: ada, text: 'Please add beans to the list' },
  { type: 'channel_message', channel: 'team', direction: 'outgoing', at: 1_790_000_300_000, chat, user: ada, text: 'I wrote notes/list.md.' },
];

describe('Every section of the policy panel', () => {
  before(() => mkdirSync(folder, { recursive: true }));

  for (const theme of ['light', 'dark', 'hc', 'hcLight'] as const) {
    it(`can be read by everybody, and has its picture, in ${theme}`, async () => {
      const workspace = await Workspace.make({ settings: { guardrails: { customBlockedPatterns: ['terraform\\s+destroy'], autoApproveTrustedCommands: false, trustedCommandPatterns: ['make test*'] }, channels: { team: { ...defaultChannel('bridge'), enabled: true } } } });
      await record(workspace, spoken);
      const editor = await PolicyEditor.open(workspace, { theme, viewport: { width: 1280, height: 1000 } });
      try {
        await fill(editor);
        const panel = await PanelPage.open(editor, 'overview');
        const found: string[] = [];
        for (const section of sections) {
          await panel.goTo(section);
          found.push(...(await serious(panel, section)));
          await picture(editor, `panel-${section}-${theme}.png`);
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

async function picture(editor: PolicyEditor, name: string): Promise<void> {
  // Nothing hovered
  await editor.page.mouse.move(0, 0);
  const file = path.join(folder, name);
  await editor.page.screenshot({ path: file, animations: 'disabled' });
  assert.ok(statSync(file).size < largest, `${file} is too large`);
}
