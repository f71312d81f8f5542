import assert from 'node:assert/strict';
import type { PolicyEditor } from './policyEditor.ts';
import { PanelPage } from './panel/panelPage.ts';
import { useEditor } from './useEditor.ts';

/** Title of each step of the walkthrough, its button, and the section that this leads to */
const steps = [
  ['See what agents may do here', 'Open Policy', 'Overview'], ['Put an agent under the policy', 'Try a Request', 'Try It'],
  ['Answer, and have it remembered', 'See the Rules', 'Rules'], ['Look back at any time', 'Open the Record', 'Audit'],
] as const;

describe('Who opens a folder for the first time', () => {
  let editor: PolicyEditor;
  useEditor({}, (opened) => {
    ({ editor } = opened);
  });

  const view = () => editor.page.locator('.sidebar .welcome-view');

  it('reads in the view what holds until there is something, and comes from there to the walkthrough', async () => {
    editor.start('coworkPolicy.gate.focus');
    await view().getByText('No agent has asked for anything here').waitFor();
    await view().getByText('Open Policy', { exact: true }).waitFor();
    await view().getByText('how it works').click();
    await editor.page.locator('.getting-started-category', { hasText: 'Decide What Agents May Do' }).first().waitFor();
  });

  it('goes through four steps, each with a button that does what it says and ticks the step off', async () => {
    const shown = editor.page.locator('.getting-started-step');
    await editor.until('there are four steps', async () => (await shown.count()) === 4);
    const step = (text: string) => shown.filter({ hasText: text });
    for (const [title, button, heading] of steps) {
      await step(title).click();
      await step(title).getByText(button, { exact: true }).click();
      const panel = new PanelPage(editor);
      await panel.frame.locator('h1', { hasText: heading }).waitFor();
      await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.openEditorAtIndex1'));
      await step(title).locator('.codicon-getting-started-step-checked.complete').waitFor();
    }
  });

  it('finds all of that with the keyboard alone', async () => {
    const active = () => editor.page.evaluate(() => {
      const { document } = globalThis as unknown as { readonly document: { readonly activeElement: { readonly textContent: string; getAttribute(name: string): string | null } | null } };
      return { text: document.activeElement?.textContent ?? '', isOpen: document.activeElement?.getAttribute('aria-expanded') !== 'false' };
    });
    const tabTo = (what: string): Promise<void> => editor.until(`the focus is on ${what}`, async () => {
      if ((await active()).text.startsWith(what)) return true;
      await editor.page.keyboard.press('Tab');
      return false;
    });
    const panel = new PanelPage(editor);
    const shows = (heading: string): Promise<void> => panel.frame.locator('h1', { hasText: heading }).waitFor();
    await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
    editor.start('coworkPolicy.gate.focus');
    await view().getByText('Open Policy', { exact: true }).waitFor();
    await tabTo('Open Policy');
    await editor.page.keyboard.press('Enter');
    await shows('Overview');

    for (const [title, button, heading] of steps) {
      await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
      editor.start('coworkPolicy.gate.focus');
      await tabTo('how it works');
      await editor.page.keyboard.press('Enter');
      await editor.page.locator('.getting-started-step').first().waitFor();
      await tabTo(title);
      if (!(await active()).isOpen) await editor.page.keyboard.press('Enter');
      await tabTo(button);
      await editor.page.keyboard.press('Enter');
      await shows(heading);
    }
  });

  it('sees the tree in place of the welcome once an agent has asked', async () => {
    assert.equal((await editor.ask({ tool: 'read_file', input: { path: 'garden.txt' } })).decision, 'allow');
    const tree = await editor.openTree();
    await tree.getByRole('treeitem', { name: 'Recent decisions' }).first().waitFor();
    assert.equal(await view().isVisible(), false);
  });
});
