import assert from 'node:assert/strict';
import type { PolicyEditor, Workspace } from './policyEditor.ts';
import { useEditor } from './useEditor.ts';

const name = '.cowork/policy/permissions.json';
const file = `{
  "version": 1,
  "rules": [
    { "effect": "deny", "scope": { "kind": "command_prefix", "prefix": "make all; rm x" }, "reson": "typed wrong" },
    { "effect": "deny", "scope": { "kind": "command_prefix", "prefix": "npm publish" } },
    { "effect": "ask", "scope": { "kind": "command_prefix", "prefix": "npm publish" } }
  ]
}
`;

interface Shown {
  readonly message: string;
  readonly source: string;
  readonly text: string;
}

describe('The rules file in the text editor', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  useEditor({ files: { [name]: file } }, (opened) => {
    ({ workspace, editor } = opened);
  });

  /** What the editor finds wrong, with the text that it is about */
  const problems = (): Promise<readonly Shown[]> => editor.editor.runInExtensionHost((vscode, path) => {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === path);
    return vscode.languages.getDiagnostics(vscode.Uri.file(path)).map(({ message, source, range }) => ({ message, source: source ?? '', text: document?.getText(range) ?? '' }));
  }, workspace.file(name));
  const text = (): Promise<string> => editor.editor.runInExtensionHost((vscode) => vscode.window.activeTextEditor?.document.getText() ?? '');
  /** Puts the cursor behind a text, and into the editor */
  const goBehind = (what: string): Promise<void> => editor.editor.runInExtensionHost(async (vscode, wanted) => {
    const shown = vscode.window.activeTextEditor;
    if (shown === undefined) throw new Error('no editor is open');
    const at = shown.document.positionAt(shown.document.getText().indexOf(wanted) + wanted.length);
    shown.selection = new vscode.Selection(at, at);
    shown.revealRange(shown.selection);
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  }, what);

  it('shows what is wrong: by the schema, by the reading of rules, and which rule never decides', async () => {
    await editor.ask({ tool: 'run_command', input: { command: 'npm publish --tag next' } });
    editor.start('coworkPolicy.openPolicyFile');
    const wanted: readonly (readonly [source: string, text: string, message: string])[] = [
      ['CoWork Policy', '"make all; rm x"', 'goes on behind the first command'],
      ['CoWork Policy', '"npm publish"', 'Deny commands starting with "npm publish" (Repository)'],
      ['', '"reson"', 'reson'],
    ];
    let found: readonly Shown[] = [];
    await editor.until('the file is read', async () => (found = await problems()).length >= wanted.length);
    const missing = wanted.filter(([source, about, message]) => !found.some((one) => one.source.includes(source) && one.text === about && one.message.includes(message)));
    assert.deepEqual(missing, [], JSON.stringify(found));
  });

  it('tells over a rule what it matched lately', async () => {
    const hover = (wanted: string): Promise<string> => editor.editor.runInExtensionHost(async (vscode, path, what) => {
      const document = await vscode.workspace.openTextDocument(path);
      const found = await vscode.commands.executeCommand<{ contents: { value: string }[] }[]>('vscode.executeHoverProvider', document.uri, document.positionAt(document.getText().indexOf(what) + 3));
      return found.flatMap(({ contents }) => contents.map(({ value }) => value)).join('\n');
    }, workspace.file(name), wanted);
    assert.match((await hover('"npm publish"')).replaceAll('&nbsp;', ' ').replaceAll('\\', ''), /Matched 1 times in the last \d+ entries[\s\S]*npm publish --tag next/);
    assert.match((await hover('"make all; rm x"')).replaceAll('&nbsp;', ' ').replaceAll('\\', ''), /Matched nothing/);
  });

  it('mends a rule by its quick fix, with the keyboard, and the file saved so is what counts', async () => {
    await goBehind('"make all');
    await editor.page.keyboard.press('Control+.');
    const menu = editor.page.locator('.action-widget');
    await menu.getByText('Only for commands that start with “make all”').waitFor();
    await editor.page.keyboard.press('Enter');
    await editor.until('it is mended', async () => (await text()).includes('"make all"'));
    await editor.page.keyboard.press('Control+s');
    await editor.until('the store has read it', async () => !(await problems()).some(({ message }) => message.includes('goes on behind')));
    assert.equal((await editor.ask({ tool: 'run_command', input: { command: 'make all now' } })).decision, 'deny');
  });

  it('completes effects from the schema, and names from what asked lately', async () => {
    const asked = editor.ask({ tool: 'run_command', input: { command: 'npm install left-pad' } });
    await editor.prompted('wants to run a command');
    await editor.choose('Deny once');
    await asked;
    const complete = (wanted: string): Promise<readonly string[]> => editor.editor.runInExtensionHost(async (vscode, path, what) => {
      const document = await vscode.workspace.openTextDocument(path);
      const list = await vscode.commands.executeCommand<{ items: { label: string | { label: string } }[] }>('vscode.executeCompletionItemProvider', document.uri, document.positionAt(document.getText().indexOf(what) + what.length));
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    }, workspace.file(name), wanted);
    assert.ok((await complete('"prefix": "')).includes('"npm install left-pad"'));
    const effects = await complete('"effect": "');
    for (const effect of ['allow', 'ask', 'deny']) assert.ok(effects.some((label) => label.includes(effect)), `${effect} in ${effects.join()}`);
  });
});
