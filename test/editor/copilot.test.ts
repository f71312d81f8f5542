import assert from 'node:assert/strict';
import path from 'node:path';
import { root } from '../house/root.ts';
import { PolicyEditor, Workspace } from './policyEditor.ts';

/**
 * The editor keeps its Copilot switched off until somebody has signed in, and lets nobody switch it on; it then works without a
 * sign-in as long as the model is another's. Runs in the page, while no editor is open in it: takes the mark away
 */
const switchCopilotOn = `new Promise((resolve, reject) => {
  const opening = indexedDB.open('vscode-web-state-db-global');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const items = opening.result.transaction('ItemTable', 'readwrite').objectStore('ItemTable');
    const before = items.get('extensionsIdentifiers/disabled');
    before.onsuccess = () => {
      items.put('[]', 'extensionsIdentifiers/disabled').onsuccess = () => { opening.result.close(); resolve(before.result); };
    };
  };
})`;

describe('Copilot’s agent mode in the editor', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;

  before(async () => {
    workspace = await Workspace.make();
    const extensions = [root, ...['sample-agent', 'sample-model'].map((name) => path.join(root, 'test/fixtures', name))];
    editor = await PolicyEditor.open(workspace, { extensions, settings: { 'chat.disableAIFeatures': false }, inTurn: false });
    await editor.page.goto(new URL('/version', editor.editor.url).href);
    assert.match(String(await editor.page.evaluate(switchCopilotOn)), /copilot/);
    await editor.page.goto(editor.editor.url);
    await editor.reload();
    await editor.until('Copilot is up', () => editor.editor.runInExtensionHost((vscode) => vscode.extensions.getExtension('GitHub.copilot-chat')?.isActive === true));
  });
  afterEach(async function () {
    await editor?.pictureOf(this.currentTest);
  });
  after(async () => {
    await editor?.close();
    workspace?.remove();
  });

  const said = (text: RegExp) => editor.page.locator('.interactive-response', { hasText: text }).last();
  const tell = (query: string): void => editor.start('workbench.action.chat.open', { query, mode: 'agent', modelSelector: { vendor: 'sample' } });

  it('asks with our prompt, writes what is allowed, and hands the model our reason for what is denied', async () => {
    tell('Write yes.txt');
    await editor.prompted('VS Code wants to change a file');
    await editor.choose('Allow once');
    await said(/I was told: .*yes\.txt/s).waitFor();
    assert.equal(workspace.read('yes.txt'), 'beans');

    tell('Write no.txt');
    await editor.prompted('VS Code wants to change a file');
    await editor.choose('Deny once');
    await said(/I was told: .*denied: Denied by the user/s).waitFor();
    assert.equal(workspace.read('no.txt'), undefined);
    assert.deepEqual(workspace.journal().flatMap((entry) => (entry.type === 'decision' && entry.settledBy === 'person' ? [entry.decision] : [])), ['allow', 'deny']);
  });
});
