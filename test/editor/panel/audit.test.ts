import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { PolicyEditor, Workspace } from '../policyEditor.ts';
import type { PanelPage } from './panelPage.ts';
import { decision, usePanel } from './usePanel.ts';

const bad = '<img src=x onerror=alert(1)>\u202e=1+1';

describe('The section Audit of the policy panel', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  let panel: PanelPage;

  const open = usePanel('audit', (opened) => {
    ({ workspace, editor, panel } = opened);
  });

  const list = () => panel.frame.locator('.audit-list');
  const scroll = (share: number) => list().evaluate((all: { scrollTop: number; readonly scrollHeight: number }, part) => {
    all.scrollTop = all.scrollHeight * part;
  }, share);
  const row = (text: string) => panel.frame.locator('.audit-row', { hasText: text });
  const found = (text: string) => panel.frame.locator('.found', { hasText: text }).waitFor();
  const field = (name: string) => panel.frame.locator(`vscode-text-field[name=${name}] input`);

  it('stays small on screen however long the record is, and shows any entry in full', async () => {
    await open({ entries: { length: 12_000, entry: (n) => decision(n) } });
    await found('12001 entries');
    await row('file-11999.txt').waitFor();
    const nodes = () => list().evaluate((all: { querySelectorAll(selector: string): { readonly length: number } }) => all.querySelectorAll('*').length);
    const most: number[] = [await nodes()];
    for (const share of [0.2, 0.5, 0.8, 1]) {
      await scroll(share);
      await panel.frame.locator('.audit-row .at').first().waitFor();
      most.push(await nodes());
    }
    assert.ok(Math.max(...most) < 500, most.join());
    await row('Settings changed').waitFor();
    await row('file-3.txt').click();
    await panel.frame.locator('#entry', { hasText: 'Entry 5' }).waitFor();
    const detail = await panel.frame.locator('.card').innerText();
    for (const part of ['Gardener', 'reads are allowed', 'file-3.txt', 'read_file']) assert.ok(detail.includes(part), `${part} in ${detail}`);
  });

  it('keeps the page under 500 elements while a million rows are gone through, and comes to the oldest', async function () {
    this.timeout(240_000);
    const rows = 1_000_000;
    await open({ entries: { length: rows, entry: (n) => ({ type: 'problem', code: 'made_up', message: `row ${n}` }) } });
    await found(`${rows + 1} entries`);
    const nodes = () => panel.frame.locator('html').evaluate((all: { querySelectorAll(selector: string): { readonly length: number } }) => all.querySelectorAll('*').length);
    const most: number[] = [await nodes()];
    for (let step = 1; step <= 20; step++) {
      await scroll(step / 20);
      await panel.frame.locator('.audit-row .at').first().waitFor();
      most.push(await nodes());
    }
    for (let press = 0; press < 20; press++) {
      await list().press('PageUp');
      most.push(await nodes());
    }
    assert.ok(Math.max(...most) < 500, most.join());
    await list().press('End');
    await row('Settings changed').waitFor();
    // A look at all of it takes a while: it shows how far it is, and can be stopped, with the keyboard too
    const progress = panel.frame.locator('progress[aria-label="Verifying the record…"]');
    for (const stop of [() => panel.frame.locator('[data-action=stop]').click(), async () => {
      await panel.useKeyboard();
      await panel.tabTo(panel.frame.locator('[data-action=stop]'));
      await editor.page.keyboard.press('Enter');
    }]) {
      await panel.frame.locator('[data-action=verify]').click();
      await editor.until('it has come some way', async () => (await progress.getAttribute('value')) !== null && (await progress.evaluate((bar: { value: number }) => bar.value)) > 0);
      await stop();
      await progress.waitFor({ state: 'detached' });
      assert.equal((await panel.frame.locator('#verdict').innerText()).trim(), '');
    }
  });

  it('is gone through, opened and left with the keyboard alone', async () => {
    await open({ entries: { length: 300, entry: (n) => decision(n) } });
    const { keyboard } = editor.page;
    await panel.useKeyboard();
    await panel.tabTo(list());
    await keyboard.press('End');
    await panel.frame.locator('.audit-row[aria-selected=true]', { hasText: 'Settings changed' }).waitFor();
    await keyboard.press('ArrowUp');
    await panel.frame.locator('.audit-row[aria-selected=true]', { hasText: 'file-0.txt' }).waitFor();
    await keyboard.press('Enter');
    await panel.frame.locator('#entry:focus', { hasText: 'Entry 2' }).waitFor();
    await panel.tabTo(panel.frame.getByRole('button', { name: 'Close' }));
    await keyboard.press('Enter');
    await panel.frame.locator('.audit-list:focus').waitFor();
  });

  it('finds by text, decision, who and entry, and comes back to the same after another tab hid it', async () => {
    const asked = { evaluated: 'ask', decision: 'deny', by: 'Ana', request: { tool: 'run_command', input: { command: 'make moon' } } } as const;
    await open({ entries: [...Array.from({ length: 200 }, (_, index) => decision(index)), decision(0, asked), ...Array.from({ length: 200 }, (_, index) => decision(1000 + index))] });
    await field('text').fill('MOON');
    await found('1 found');
    await field('text').fill('');
    await found('402 entries');
    await panel.frame.locator('select[name=decision]').selectOption('ask');
    await found('1 found');
    await panel.frame.locator('select[name=decision]').selectOption('');
    await panel.frame.locator('input[name=to]').fill('2020-01-01');
    await found('0 found');
    await panel.frame.locator('input[name=to]').fill('');
    await found('402 entries');
    await field('actor').fill('ana');
    await found('1 found');
    await panel.hide();
    await panel.unhide();
    await found('1 found');
    await field('actor').fill('');
    await panel.frame.locator('select[name=type]').selectOption('settings_changed');
    await found('1 found');
    await row('Settings changed').waitFor();
    await panel.frame.locator('select[name=type]').selectOption('decision');
    await found('100 found so far');
    await scroll(1);
    await found('200 found so far');
  });

  it('is where its list was scrolled to after another tab hid it', async () => {
    await open({ entries: { length: 2_000, entry: (n) => decision(n) } });
    await found('2001 entries');
    await scroll(0.5);
    const middle = () => panel.frame.locator('.audit-row .text').nth(10).innerText();
    const before = await middle();
    assert.doesNotMatch(before, /file-1[89]\d\d/);
    await panel.hide();
    await panel.unhide();
    await editor.until('the same rows are in sight', async () => (await middle()) === before);
  });

  it('verifies the record, and names the line where somebody changed it', async () => {
    await open({ entries: [decision(1), decision(2)] });
    await panel.frame.locator('[data-action=verify]').click();
    await panel.frame.locator('#verdict.pass', { hasText: 'The record holds: 3 entries' }).waitFor();
    const file = workspace.file('.cowork/policy/journal.ndjson');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('file-2', 'file-9'));
    await panel.frame.locator('[data-action=verify]').click();
    await panel.frame.locator('#verdict.bad', { hasText: 'does not hold at journal.ndjson, line 4' }).waitFor();
  });

  it('hands out what is filtered as CSV that no spreadsheet runs, and everything as JSON Lines', async () => {
    await open({ entries: [decision(1, { request: { tool: '=cmd()', input: {} } }), decision(2)] });
    const save = async (format: string, file: string): Promise<string> => {
      await panel.frame.locator(`[data-action=export-${format}]`).click();
      await editor.prompted('Export the Record');
      await editor.prompt.locator('input').fill(workspace.file(file));
      await editor.page.keyboard.press('Enter');
      await panel.said(file);
      return workspace.read(file) ?? '';
    };
    const lines = (await save('jsonl', 'out.jsonl')).trimEnd().split('\n').map((line) => (JSON.parse(line) as { type: string }).type);
    assert.deepEqual(lines, ['settings_changed', 'decision', 'decision']);
    await field('tool').fill('cmd');
    await found('1 found');
    const csv = (await save('csv', 'out.csv')).split('\r\n');
    assert.equal(csv.length, 3);
    assert.match(csv[1] ?? '', /,'=cmd\(\),/);
  });

  it('shows hostile rows as text', async () => {
    await open({ entries: [decision(1, { request: { tool: bad, input: { x: bad }, actor: { kind: 'agent', name: bad } }, comment: `${bad}${'x'.repeat(1_000_000)}` }), { type: 'problem', code: bad, message: bad }] });
    await row('onerror').first().waitFor();
    await row('onerror').nth(1).click();
    await panel.frame.locator('#entry').waitFor();
    assert.equal(await panel.frame.locator('main img').count(), 0);
    assert.ok(!(await panel.frame.locator('main').innerText()).includes('\u202e'));
  });
});
