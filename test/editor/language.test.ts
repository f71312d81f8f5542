import assert from 'node:assert/strict';
import { PolicyEditor, Workspace } from './policyEditor.ts';
import { PanelPage } from './panel/panelPage.ts';

describe('Where the editor speaks German', () => {
  it('the manifest, the prompt, the status bar and the panel do so too', async () => {
    const workspace = await Workspace.make({ files: { '.cowork/policy/permissions.json': '{ "version": 1, "rules": [{ "effect": "ask", "scope": { "kind": "path", "path": "notes" } }] }' } });
    const editor = await PolicyEditor.open(workspace, { language: 'de' });
    try {
      const seen = await editor.editor.runInExtensionHost((vscode) => {
        const manifest = vscode.extensions.getExtension('cowork.cowork-policy')?.packageJSON as { contributes: { commands: { command: string; title: { value: string } }[] } } | undefined;
        return { language: vscode.env.language, title: manifest?.contributes.commands.find(({ command }) => command === 'coworkPolicy.switchMode')?.title.value };
      });
      assert.deepEqual(seen, { language: 'de', title: 'Modus wechseln' });
      await editor.status.filter({ hasText: 'CoWork: Standard' }).waitFor();
      const verdict = editor.ask({ tool: 'run_command', input: { command: 'npm install left-pad' } });
      await editor.prompted('Sample Agent möchte einen Befehl ausführen');
      await editor.page.keyboard.press('Escape');
      const panel = await PanelPage.open(editor, 'pending');
      await panel.frame.locator('h1', { hasText: 'Offene Fragen' }).waitFor();
      assert.equal(await panel.frame.locator('html').getAttribute('lang'), 'de');
      await panel.frame.locator('.card', { hasText: 'Shell-Befehle fragen in diesem Modus nach (default).' }).waitFor();
      await panel.frame.locator('.card').getByRole('textbox', { name: 'Dem Agenten sagen, warum' }).fill('jetzt nicht');
      await panel.frame.locator('.card [data-answer=deny_once]').click();
      assert.equal((await verdict).comment, 'jetzt nicht');
      await panel.goTo('rules');
      await panel.frame.locator('[data-action=new-rule]').click();
      await panel.frame.locator('vscode-text-field[name=main] input').fill('npm test');
      await panel.frame.locator('#rule-verdict', { hasText: 'Befehle, die mit „npm test“ beginnen' }).waitFor();
      const hover = await editor.editor.runInExtensionHost(async (vscode, file) => {
        const document = await vscode.workspace.openTextDocument(file);
        await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
        let said = '';
        for (let tries = 0; tries < 50 && !said.includes('Was geschieht'); tries++) {
          const found = await vscode.commands.executeCommand<{ contents: { value: string }[] }[]>('vscode.executeHoverProvider', document.uri, document.positionAt(document.getText().indexOf('"effect"') + 3));
          said = found.flatMap(({ contents }) => contents.map(({ value }) => value)).join('\n');
          await new Promise((run) => setTimeout(run, 200));
        }
        return said;
      }, workspace.file('.cowork/policy/permissions.json'));
      assert.match(hover, /Was geschieht: ablehnen/);
      await panel.goTo('overview');
      assert.equal(await panel.frame.locator('#modes').innerText(), 'Modus');
      await panel.frame.locator('.modes th', { hasText: 'Daten senden' }).waitFor();
    } finally {
      await editor.close();
      workspace.remove();
    }
  });
});
