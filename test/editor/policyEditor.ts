import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import initSqlJs from 'sql.js';
import type { PolicySettings } from '../../src/core/policy/policy.ts';
import type { Request } from '../../src/core/request.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import type { Entry } from '../../src/gate/entry.ts';
import type { Verdict } from '../../src/gate/ports.ts';
import { systemClock } from '../../src/host/clock.ts';
import { openStore } from '../../src/node/store/openStore.ts';
import { root } from '../house/root.ts';
import { closeLeftWindow, openEditor, type EditorOptions, type OpenEditor } from './host/openEditor.ts';

const sampleAgent = path.join(root, 'test/fixtures/sample-agent');
/** A little longer than a prompt takes no answer */
const quiet = 700;
/** How long anything in the editor may take before the test fails, milliseconds */
const patience = 30_000;

// Behind the last test of the process: until then the window goes from one editor to the next. A bench takes none in turn
if ('after' in globalThis) after(closeLeftWindow);

/** Runs in the page: a promise that holds once the open pick was hidden, however shortly */
const watchPick = `globalThis.coworkPickGone = new Promise((gone) => {
  const pick = document.querySelector('.quick-input-widget');
  const observer = new MutationObserver(() => {
    if (pick.style.display !== 'none') return;
    observer.disconnect();
    gone(true);
  });
  observer.observe(pick, { attributes: true, attributeFilter: ['style'] });
}), undefined`;

/** What a test's workspace starts with */
export interface Start {
  readonly settings?: Partial<PolicySettings>;
  /** Files by relative path, over those of the sample project */
  readonly files?: Readonly<Record<string, string>>;
}

/** A copy of the sample project with a policy state of its own, in a folder that goes with the test */
export class Workspace {
  readonly home: string = realpathSync(mkdtempSync(path.join(tmpdir(), 'cowork-editor-test-')));
  readonly folder: string = path.join(this.home, 'garden-book');
  readonly userFolder: string = path.join(this.home, 'user');
  readonly log: string = path.join(this.home, 'agent.ndjson');

  static async make(start: Start = {}): Promise<Workspace> {
    const workspace = new Workspace();
    cpSync(path.join(root, 'test/fixtures/sample-workspace'), workspace.folder, { recursive: true });
    for (const [name, text] of Object.entries(start.files ?? {})) {
      mkdirSync(path.dirname(workspace.file(name)), { recursive: true });
      writeFileSync(workspace.file(name), text);
    }
    const store = await openStore({ folder: workspace.folder, userFolder: workspace.userFolder, clock: systemClock() });
    const permissions = { ...store.state.settings.permissions, shell: true, delete: true };
    await store.commit([{ type: 'settings_changed', change: { permissions, ...start.settings }, by: 'test' }]);
    await store.close();
    return workspace;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  read(name: string): string | undefined {
    return existsSync(this.file(name)) ? readFileSync(this.file(name), 'utf8') : undefined;
  }

  /** Rules in the mirror that is checked in */
  mirror(): readonly { readonly effect: string; readonly scope: Readonly<Record<string, string>> }[] {
    const text = this.read('.cowork/policy/permissions.json');
    return text === undefined ? [] : (JSON.parse(text) as { readonly rules: ReturnType<Workspace['mirror']> }).rules;
  }

  /** Rows of the database as the last checkpoint left it */
  async query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const file = this.file('.cowork/policy/policy.db');
    if (!existsSync(file)) return [];
    const engine = await initSqlJs();
    const database = new engine.Database(readFileSync(file));
    try {
      const [result] = database.exec(sql);
      return (result?.values ?? []).map((row) => Object.fromEntries(row.map((value, index) => [result?.columns[index] ?? '', value])));
    } finally {
      database.close();
    }
  }

  /** Entries of the journal, oldest first */
  journal(): readonly Entry[] {
    const text = this.read('.cowork/policy/journal.ndjson') ?? '';
    return text.split('\n').filter((line) => line !== '').flatMap((line) => {
      const { entry } = JSON.parse(line) as { entry?: Entry };
      return entry === undefined ? [] : [entry];
    });
  }

  /** The user's own rules, outside the workspace */
  profile(): readonly Rule[] {
    const file = path.join(this.userFolder, 'profile.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly rules: readonly Rule[] }).rules : [];
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The editor on a workspace, with our extension and the sample agent in it */
export class PolicyEditor {
  readonly workspace: Workspace;
  readonly editor: OpenEditor;

  private constructor(workspace: Workspace, editor: OpenEditor) {
    this.workspace = workspace;
    this.editor = editor;
  }

  static async open(workspace: Workspace, options: Partial<EditorOptions> & { readonly empty?: boolean } = {}): Promise<PolicyEditor> {
    const { env, empty, ...others } = options;
    const editor = await openEditor({
      ...(empty === true ? {} : { folder: workspace.folder }), extensions: [root, sampleAgent],
      env: { COWORK_POLICY_HOME: workspace.userFolder, COWORK_SAMPLE_LOG: workspace.log, ...env }, inTurn: true, ...others,
    });
    const opened = new PolicyEditor(workspace, editor);
    opened.page.setDefaultTimeout(patience);
    await opened.agentReady();
    if (others.folder?.endsWith('.code-workspace') === true) await opened.workspaceRead();
    return opened;
  }

  get page(): Page {
    return this.editor.page;
  }

  async reload(): Promise<void> {
    await this.editor.reload();
    await this.agentReady();
  }

  /** For `afterEach`: keeps a picture of what a failed test saw, beside the logs of the suites */
  async pictureOf(test: { readonly state?: string | undefined; fullTitle(): string } | undefined): Promise<void> {
    if (test?.state !== 'failed') return;
    await this.page.screenshot({ path: path.join(root, '.cache/log', `${test.fullTitle().replaceAll(/\W+/g, '-').slice(0, 120)}.png`) });
  }

  async close(): Promise<void> {
    await this.editor.close();
  }

  /** Lets the sample agent ask, and act if it may; resolves with the verdict it got */
  ask(request: Request): Promise<Verdict> {
    const verdict = this.editor.runInExtensionHost((vscode, asked) => vscode.commands.executeCommand<Verdict>('sampleAgent.ask', asked), request);
    // A test that ends early must fail for its own reason
    verdict.catch(() => undefined);
    return verdict;
  }

  /** Runs a command of the editor; does not wait for what it asks the person */
  start(command: string, ...args: readonly unknown[]): void {
    this.editor.runInExtensionHost((vscode, name, given) => void vscode.commands.executeCommand(name, ...given), command, args).catch(() => undefined);
  }

  /** The open quick pick or input box */
  get prompt(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Waits for a quick pick with this title, and until it takes answers */
  async prompted(title: string | RegExp): Promise<Locator> {
    await this.prompt.filter({ has: this.page.locator('.quick-input-title', { hasText: title }) }).waitFor();
    await sleep(quiet);
    return this.prompt;
  }

  /** Moves to a row with the arrow keys and takes it with Enter */
  async choose(label: string): Promise<void> {
    const focused = this.prompt.locator('.monaco-list-row.focused');
    for (let presses = 0; presses < 40; presses++) {
      if ((await focused.getAttribute('aria-label'))?.includes(label) === true) return this.enter();
      await this.page.keyboard.press('ArrowDown');
    }
    assert.fail(`no row "${label}" in:\n${(await this.rows()).join('\n')}`);
  }

  /** Takes the row; on an approval again and again, like a person whose key came while it takes none yet: a slow machine is late */
  private async enter(): Promise<void> {
    const isApproval = await this.prompt.getByPlaceholder('Choose an answer.').isVisible();
    for (const end = Date.now() + patience; Date.now() < end; await sleep(quiet)) {
      await this.page.evaluate(watchPick);
      await this.page.keyboard.press('Enter');
      if (!isApproval || (await this.page.evaluate(`Promise.race([globalThis.coworkPickGone, new Promise((late) => setTimeout(late, ${3 * quiet}, false))])`)) === true) return;
    }
    assert.fail('the approval takes no answer');
  }

  /** What each row of the open pick says to a screen reader, top to bottom */
  async rows(): Promise<readonly string[]> {
    const labels = (rows: readonly { getAttribute(name: string): string | null }[]) => rows.map((row) => row.getAttribute('aria-label') ?? '');
    return this.prompt.locator('.monaco-list-row').evaluateAll(labels);
  }

  /** Waits for a document with this title and text, in front */
  async reads(title: string, text: RegExp): Promise<void> {
    await this.page.locator('.tab.active', { hasText: title }).waitFor();
    await this.until(`${title} says ${String(text)}`, async () => text.test((await this.editor.runInExtensionHost((vscode) => vscode.window.activeTextEditor?.document.getText())) ?? ''));
  }

  /** Text of the status bar item */
  get status(): Locator {
    return this.page.locator('[id="cowork.cowork-policy.coworkPolicy.status"]');
  }

  /** Opens the view with the tree */
  async openTree(): Promise<Locator> {
    const tree = this.page.locator('.sidebar .monaco-list[role="tree"], .sidebar [role="tree"]');
    await this.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('coworkPolicy.gate.focus'));
    await tree.first().waitFor();
    return tree.first();
  }

  /** Waits for a notification; the editor under test shows none by itself, so its list is opened */
  async notified(text: string): Promise<void> {
    const message = this.page.locator('.notifications-center', { hasText: text });
    await this.until(`a notification says "${text}"`, async () => {
      await this.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('notifications.showList'));
      return message.isVisible();
    });
    await this.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('notifications.clearAll'));
  }

  /** Texts of the notifications that are there; they are cleared */
  async notifications(): Promise<readonly string[]> {
    await this.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('notifications.showList'));
    const texts = await this.page.locator('.notifications-center .notification-list-item-message').allInnerTexts();
    await this.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('notifications.clearAll'));
    return texts;
  }

  /** Lets the window lose or get the focus, as the browser would tell it */
  async front(isInFront: boolean): Promise<void> {
    await this.page.evaluate(`document.hasFocus = () => ${String(isInFront)}; document.dispatchEvent(new Event('visibilitychange'))`);
    await this.until('the editor knows', async () => (await this.editor.runInExtensionHost((vscode) => vscode.window.state.focused)) === isInFront);
  }

  /** What is on the clipboard */
  clipboard(): Promise<string> {
    return this.editor.runInExtensionHost((vscode) => vscode.env.clipboard.readText());
  }

  /** Waits until something holds; the last failure is the test's */
  async until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    for (const end = Date.now() + patience; Date.now() < end; await sleep(100)) if (await holds()) return;
    assert.fail(`it never came to this: ${what}`);
  }

  /** The editor in a browser sometimes shows no folder of a workspace file, until it is loaded anew; nothing of ours is in that */
  private async workspaceRead(): Promise<void> {
    const hasFolders = (): Promise<boolean> => this.editor.runInExtensionHost((vscode) => (vscode.workspace.workspaceFolders ?? []).length > 0);
    for (let loads = 1; ; loads += 1) {
      for (const end = Date.now() + patience / 4; Date.now() < end; await sleep(100)) if (await hasFolders()) return;
      if (loads === 4) assert.fail('the editor shows no folder of the workspace file');
      await this.reload();
    }
  }

  private async agentReady(): Promise<void> {
    await this.until('the sample agent is up', () => this.editor.runInExtensionHost((vscode) => vscode.extensions.getExtension('cowork-samples.sample-agent')?.isActive === true));
  }
}
