import type { FrameLocator, Locator } from 'playwright-core';
import type { Section } from '../../../src/shared/sections.ts';
import type { PolicyEditor } from '../policyEditor.ts';

/** As much of an element as a test looks at; the types of a page are not those of a test */
interface Focusable {
  matches(selectors: string): boolean;
}

const hasFocus = (element: Focusable): boolean => element.matches(':focus, :focus-within');

/** The policy panel in an open editor, as a test sees it */
export class PanelPage {
  readonly editor: PolicyEditor;
  readonly frame: FrameLocator;

  private constructor(editor: PolicyEditor) {
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
