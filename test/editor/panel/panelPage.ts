import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Locator } from 'playwright-core';
import type { Section } from '../../../src/shared/sections.ts';
import type { PolicyEditor } from '../policyEditor.ts';

/** As much of an element as a test looks at; the types of a page are not those of a test */
interface Focusable {
  matches(selectors: string): boolean;
}

interface DatabaseRequest<Result> {
  addEventListener(event: 'success' | 'error', run: () => void): void;
  readonly result: Result;
}

interface Kept {
  databases(): Promise<readonly { readonly name: string }[]>;
  open(name: string): DatabaseRequest<{ close(): void; transaction(store: string): { objectStore(store: string): { getAll(): DatabaseRequest<readonly unknown[]> } } }>;
}

/** What the editor has written into its own databases, backslashes left out; runs in its page */
async function keptByEditor(): Promise<readonly string[]> {
  const { indexedDB } = globalThis as unknown as { readonly indexedDB: Kept };
  const settled = <Result>(request: DatabaseRequest<Result>): Promise<Result> => new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(new Error('the database cannot be read')));
  });
  const texts: string[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db-')) continue;
    const database = await settled(indexedDB.open(name));
    texts.push(...(await settled(database.transaction('ItemTable').objectStore('ItemTable').getAll())).map((text) => String(text).replaceAll('\\', '')));
    database.close();
  }
  return texts;
}

const hasFocus = (element: Focusable): boolean => element.matches(':focus, :focus-within');

/** The policy panel in an open editor, as a test sees it */
export class PanelPage {
  readonly editor: PolicyEditor;
  readonly frame: FrameLocator;

  constructor(editor: PolicyEditor) {
    this.editor = editor;
    this.frame = editor.page.frameLocator('iframe.webview').frameLocator('#active-frame');
  }

  /** Opens the panel by its command, at a section where one is given */
  static async open(editor: PolicyEditor, section?: Section): Promise<PanelPage> {
    const panel = new PanelPage(editor);
    editor.start('coworkPolicy.openPanel', ...(section === undefined ? [] : [section]));
    await panel.heading.waitFor();
    if (section !== undefined) await panel.frame.locator(`main[aria-labelledby="tab-${section}"]`).waitFor();
    return panel;
  }

  /**
   * Reloads the window once the editor has written down that the panel remembers this: it does so every few seconds, since nothing
   * can be written while a page goes. Gives everything that was written
   */
  async reload(remembered: RegExp): Promise<readonly string[]> {
    let kept: readonly string[] = [];
    await this.editor.until(`the editor has kept ${String(remembered)}`, async () => {
      kept = await this.editor.page.evaluate(keptByEditor);
      return kept.some((text) => remembered.test(text));
    });
    await this.editor.reload();
    return kept;
  }

  /** How far the page is scrolled, in pixels */
  scrolled(): Promise<number> {
    return this.frame.locator('html').evaluate((page: { scrollTop: number }) => page.scrollTop);
  }

  /** Turns the wheel over this by 400 pixels; the page has come to rest then, and keeps the place */
  async scrollOver(target: Locator): Promise<void> {
    await target.hover();
    await this.editor.page.mouse.wheel(0, 400);
    await this.editor.until('it is scrolled', async () => {
      const before = await this.scrolled();
      await sleep(300);
      return before > 300 && before === (await this.scrolled());
    });
  }

  /** Hides the panel behind another tab; its page is gone then */
  async hide(): Promise<void> {
    await this.editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.files.newUntitledFile'));
    await this.heading.waitFor({ state: 'detached' });
  }

  /** Brings the panel back from behind the other tab */
  async unhide(): Promise<void> {
    await this.editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.previousEditor'));
    await this.heading.waitFor();
  }

  get heading(): Locator {
    return this.frame.locator('h1');
  }

  /** The bar that tells how a change ended */
  get bar(): Locator {
    return this.frame.locator('footer .bar');
  }

  tab(section: Section): Locator {
    return this.frame.locator(`#tab-${section}`);
  }

  /** Goes to a section with the mouse */
  async goTo(section: Section): Promise<void> {
    await this.tab(section).click();
    await this.frame.locator(`main[aria-labelledby="tab-${section}"]`).waitFor();
  }

  /** Waits until the bar says this */
  async said(text: string): Promise<void> {
    await this.bar.filter({ hasText: text }).waitFor();
  }

  /** Puts the keyboard into the page, at its beginning */
  async useKeyboard(): Promise<void> {
    await this.editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup'));
    await this.tabTo(this.frame.locator('[role=tab][tabindex="0"]'));
  }

  /** Presses Tab until this has the focus; fails after `most` presses. A control of the toolkit has it inside */
  async tabTo(target: Locator, most = 80): Promise<void> {
    for (let presses = 0; presses < most; presses++) {
      if (await target.evaluate(hasFocus)) return;
      await this.editor.page.keyboard.press('Tab');
    }
    throw new Error(`Tab never came to ${String(target)}`);
  }
}
