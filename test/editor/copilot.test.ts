import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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
  let env: Readonly<Record<string, string | undefined>>;

  before(async () => {
    workspace = await Workspace.make();
    const extensions = [root, ...['sample-agent', 'sample-model'].map((name) => path.join(root, 'test/fixtures', name))];
    env = { HOME: path.join(workspace.home, 'person'), COPILOT_HOME: undefined };
    mkdirSync(path.join(workspace.home, 'person/.copilot'), { recursive: true });
    editor = await PolicyEditor.open(workspace, { extensions, env, settings: { 'chat.disableAIFeatures': false }, inTurn: false });
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

  /** Lets the model write a file, which is allowed, and another, which is denied */
  async function bothAnswers(tool: string, wants: string, [yes, no]: readonly [string, string] = [`yes_${tool}.txt`, `no_${tool}.txt`]): Promise<void> {
    tell(`Write ${yes} with ${tool}`);
    await editor.prompted(wants);
    await editor.choose('Allow once');
    await editor.until('it is written', () => workspace.read(yes) === 'beans');
    await said(/I was told: /).waitFor();

    tell(`Write ${no} with ${tool}`);
    await editor.prompted(wants);
    await editor.choose('Deny once');
    // What the chat said before still stands there, so the record tells when this one is over
    const answers = (): readonly string[] => workspace.journal().flatMap((entry) => (entry.type === 'decision' && entry.settledBy === 'person' ? [entry.decision] : [])).slice(-2);
    await editor.until('both answers are on record', () => isDeepStrictEqual(answers(), ['allow', 'deny']));
    await said(/I was told: .*Denied by the user/s).waitFor();
    assert.equal(workspace.read(no), undefined);
  }

  it('asks with our prompt about a tool of ours, writes what is allowed, and hands the model our reason for what is denied', async () => {
    await bothAnswers('coworkPolicy_write_file', 'VS Code wants to change a file');
  });

  it('does so about a tool of its own, by the hook that is installed for Copilot', async () => {
    execFileSync(process.execPath, [path.join(root, 'dist/cli.js'), 'install', 'copilot', '--json'], { cwd: workspace.folder, env: { ...process.env, ...env, COWORK_POLICY_HOME: workspace.userFolder } });
    await editor.reload();
    await bothAnswers('create_file', 'Copilot wants to change a file');
    // The hook is called for our own tools too, and leaves them to their one prompt
    await bothAnswers('coworkPolicy_write_file', 'VS Code wants to change a file', ['later.txt', 'never.txt']);
  });
});
