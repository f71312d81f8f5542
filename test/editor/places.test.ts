import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Verdict } from '../../src/gate/ports.ts';
import { systemClock } from '../../src/host/clock.ts';
import { openStore } from '../../src/node/store/openStore.ts';
import { PolicyEditor, Workspace } from './policyEditor.ts';
import { closeAfterEach } from './useEditor.ts';

const changesFile = 'Sample Agent wants to change a file';
const manifest = JSON.stringify({ version: 1, rules: [
  { effect: 'allow', scope: { kind: 'path', path: 'docs' } },
  { effect: 'deny', scope: { kind: 'path', path: 'vendor' } },
] });

describe('Where the editor is', () => {
  let workspace: Workspace;
  let editor: PolicyEditor | undefined;
  closeAfterEach(() => {
    const left = { editor, workspace };
    editor = undefined;
    return left;
  });
  const write = (opened: PolicyEditor, file: string, cwd?: string) => opened.ask({ tool: 'write_file', input: { path: file, content: 'x' }, ...(cwd === undefined ? {} : { cwd }) });

  it('in a folder that is not trusted, answers hold once, allows of the repository do not count, its denies do', async () => {
    workspace = await Workspace.make({ files: { '.cowork/policy/permissions.json': manifest }, settings: { mode: 'dont_ask' } });
    editor = await PolicyEditor.open(workspace, { trusted: false });
    const verdict = write(editor, 'docs/a.md');
    await editor.prompted(changesFile);
    const rows = await editor.rows();
    assert.ok(rows.some((row) => row.includes('Allow once')), rows.join('\n'));
    assert.ok(!rows.some((row) => /for this session|for this workspace|all my workspaces|Approve all/.test(row)), rows.join('\n'));
    await editor.choose('Allow once');
    assert.deepEqual([(await verdict).settledBy, (await write(editor, 'vendor/a.md')).decision], ['person', 'deny']);
  });

  it('repository rules allow only after a review of exactly this file', async () => {
    workspace = await Workspace.make({ files: { '.cowork/policy/permissions.json': manifest } });
    editor = await PolicyEditor.open(workspace);
    const before = write(editor, 'docs/a.md');
    await editor.prompted(changesFile);
    await editor.choose('Deny once');
    assert.equal((await before).settledBy, 'person');

    editor.start('coworkPolicy.reviewRepositoryRules');
    await editor.prompted('Repository Rules of garden-book');
    assert.ok((await editor.rows()).some((row) => /Allow: path docs/.test(row)), (await editor.rows()).join('\n'));
    await editor.choose('I have read them');
    await editor.prompt.waitFor({ state: 'hidden' });
    const reviewed = await write(editor, 'docs/b.md');
    assert.deepEqual([reviewed.decision, reviewed.settledBy], ['allow', 'policy']);

    const opened = editor;
    const repository = (await opened.openTree()).locator('[role="treeitem"]').filter({ hasText: 'Repository rules' });
    await repository.filter({ hasNotText: 'not reviewed' }).first().waitFor();
    writeFileSync(workspace.file('.cowork/policy/permissions.json'), manifest.replace('"docs"', '"."'));
    await repository.filter({ hasText: 'not reviewed' }).first().waitFor();
    const after = write(opened, 'docs/c.md');
    await opened.prompted(changesFile);
    await opened.choose('Deny once');
    assert.equal((await after).settledBy, 'person');
  });

  it('without an open folder everything is denied, with a sentence', async () => {
    workspace = await Workspace.make();
    const { folder } = workspace;
    editor = await PolicyEditor.open(workspace, { empty: true });
    const verdict = await write(editor, path.join(folder, 'a.md'));
    assert.deepEqual([verdict.decision, verdict.settledBy], ['deny', 'failure']);
    assert.match(verdict.message, /no folder is open/);
    await editor.status.filter({ hasText: 'no folder' }).waitFor();
  });

  it('with several folders each request is decided by the policy of its own', async () => {
    workspace = await Workspace.make({ settings: { mode: 'accept_edits' } });
    const second = path.join(workspace.home, 'second');
    cpSync(path.join(workspace.folder, 'README.md'), path.join(second, 'README.md'));
    const file = path.join(workspace.home, 'both.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: [{ path: 'garden-book' }, { path: 'second' }] }));
    editor = await PolicyEditor.open(workspace, { folder: file });
    const first = await write(editor, 'a.md', workspace.folder);
    assert.deepEqual([first.decision, first.settledBy], ['allow', 'policy'], first.message);
    const other = write(editor, 'a.md', second);
    await editor.prompted(changesFile);
    await editor.choose('Deny once');
    assert.equal((await other).settledBy, 'person');
    const tree = await editor.openTree();
    await tree.getByRole('treeitem', { name: 'second' }).first().waitFor();
  });

  it('a request in a folder that is just being added waits for the policy of that folder', async () => {
    workspace = await Workspace.make({ settings: { mode: 'accept_edits' } });
    const second = path.join(workspace.home, 'second');
    cpSync(path.join(workspace.folder, 'README.md'), path.join(second, 'README.md'));
    const { folder, userFolder } = workspace;
    const store = await openStore({ folder: second, userFolder, clock: systemClock() });
    await store.commit([{ type: 'settings_changed', change: { permissions: { ...store.state.settings.permissions, write: false } }, by: 'test' }]);
    await store.close();
    const file = path.join(workspace.home, 'one.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: [{ path: 'garden-book' }] }));
    editor = await PolicyEditor.open(workspace, { folder: file });
    assert.equal((await write(editor, 'a.md', folder)).decision, 'allow');
    const verdict = await editor.editor.runInExtensionHost((vscode, added) => new Promise<Verdict>((resolve, reject) => {
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        vscode.commands.executeCommand<Verdict>('sampleAgent.ask', { tool: 'write_file', input: { path: 'a.md', content: 'x' }, cwd: added }).then(resolve, reject);
      });
      vscode.workspace.updateWorkspaceFolders(1, 0, { uri: vscode.Uri.file(added) });
    }), second);
    assert.deepEqual([verdict.decision, verdict.settledBy], ['deny', 'policy'], verdict.message);
  });

  it('while somebody else holds the record everything is denied and said, and it goes on when they let go', async () => {
    workspace = await Workspace.make();
    const holder = await openStore({ folder: workspace.folder, userFolder: workspace.userFolder, clock: systemClock() });
    try {
      await holder.commit([{ type: 'problem', code: 'test', message: 'takes the lock' }]);
      editor = await PolicyEditor.open(workspace);
      await editor.status.filter({ hasText: 'everything denied' }).waitFor();
      const verdict = await write(editor, 'a.md');
      assert.deepEqual([verdict.decision, verdict.settledBy, workspace.read('a.md')], ['deny', 'failure', undefined]);
    } finally {
      await holder.close();
    }
    await editor.status.click();
    await editor.status.filter({ hasText: 'Default' }).waitFor();
    const again = write(editor, 'a.md');
    await editor.prompted(changesFile);
    await editor.choose('Allow once');
    assert.equal((await again).decision, 'allow');
  });

  it('an approval that nobody answers ends in a denial, the prompt goes and the status bar says why', async () => {
    workspace = await Workspace.make();
    editor = await PolicyEditor.open(workspace, { env: { COWORK_APPROVAL_TIMEOUT: '3000' } });
    const verdict = write(editor, 'late.md');
    await editor.prompted(changesFile);
    const { decision, settledBy } = await verdict;
    assert.deepEqual([decision, settledBy], ['deny', 'timeout']);
    await editor.prompt.waitFor({ state: 'hidden' });
    await editor.page.locator('.statusbar', { hasText: 'Nobody answered in time' }).waitFor();
    assert.equal(workspace.read('late.md'), undefined);
    assert.ok(workspace.journal().some((entry) => entry.type === 'approval_settled' && entry.outcome === 'timeout'));
  });
});
