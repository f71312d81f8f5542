import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ToolOutcome } from '../../src/host/api.ts';
import { bubblewrap, findProgram } from '../house/program.ts';
import { samplePdf } from '../tools/samplePdf.ts';
import type { PolicyEditor, Workspace } from './policyEditor.ts';
import { useEditor } from './useEditor.ts';

interface Used {
  readonly result: ToolOutcome<Readonly<Record<string, unknown>>>;
  readonly output: readonly string[];
}

describe('Gated tools for other extensions', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  useEditor({ settings: { mode: 'accept_edits' } }, (opened) => {
    ({ workspace, editor } = opened);
  });

  /** Uses a tool through the sample agent */
  function use(name: string, input: Readonly<Record<string, unknown>>): Promise<Used> {
    return editor.editor.runInExtensionHost(async (vscode, tool, given) => vscode.commands.executeCommand<Used>('sampleAgent.use', tool, given), name, input);
  }

  async function done(name: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    const { result } = await use(name, input);
    assert.ok(result.ok, result.ok ? '' : `${result.code}: ${result.message}`);
    return result.value;
  }

  /** Shows a file in a tab and, with `typed`, has a person type at its start */
  function open(name: string, typed?: string): Promise<void> {
    return editor.editor.runInExtensionHost(async (vscode, file, text) => {
      const shown = await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
      if (text !== null) await shown.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
    }, workspace.file(name), typed ?? null);
  }

  /** What the editor shows of a file */
  function shown(name: string): Promise<{ readonly text: string; readonly unsaved: boolean } | undefined> {
    return editor.editor.runInExtensionHost(async (vscode, file) => {
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === file);
      return document === undefined ? undefined : { text: document.getText(), unsaved: document.isDirty };
    }, workspace.file(name));
  }

  it('write, read, list and delete, each decided and on record', async () => {
    assert.deepEqual(await done('write_file', { path: 'notes/a.txt', content: 'one\n' }), { path: workspace.file('notes/a.txt'), created: true, saved: true, size: 4 });
    assert.equal((await done('read_file', { path: 'notes/a.txt' }))['content'], 'one\n');
    assert.deepEqual(((await done('list_directory', { path: 'notes' }))['entries'] as readonly { readonly name: string }[]).map(({ name }) => name), ['a.txt']);
    const { result } = await use('write_file', { path: '.git/config', content: 'x' });
    assert.equal(result.ok ? '' : result.code, 'denied');
    const tools = workspace.journal().flatMap((entry) => (entry.type === 'decision' ? [`${entry.request.tool} ${entry.decision}`] : []));
    assert.deepEqual(tools, ['write_file allow', 'read_file allow', 'list_directory allow', 'write_file deny']);
    assert.ok(workspace.journal().some((entry) => entry.type === 'result' && entry.ok && entry.summary === 'created 4 bytes'));
  });

  it('ask the person, and do nothing before', async () => {
    const deleting = use('delete_file', { path: 'old-list.txt' });
    await editor.prompted('Sample Agent wants to delete');
    assert.ok(existsSync(workspace.file('old-list.txt')));
    await editor.choose('Deny once');
    const { result } = await deleting;
    assert.equal(result.ok ? '' : result.code, 'denied');
    assert.ok(existsSync(workspace.file('old-list.txt')));
  });

  it('change an open file through its editor, so that the change can be undone', async () => {
    writeFileSync(workspace.file('open.txt'), 'one\r\ntwo\r\n');
    chmodSync(workspace.file('open.txt'), 0o640);
    await open('open.txt');
    assert.equal((await done('edit_file', { path: 'open.txt', edits: [{ oldText: 'one\ntwo', newText: 'one\n2' }] }))['saved'], true);
    assert.deepEqual([workspace.read('open.txt'), await shown('open.txt'), statSync(workspace.file('open.txt')).mode & 0o777], ['one\r\n2\r\n', { text: 'one\r\n2\r\n', unsaved: false }, 0o640]);
    await editor.editor.runInExtensionHost(async (vscode) => vscode.commands.executeCommand('undo'));
    assert.equal((await shown('open.txt'))?.text, 'one\r\ntwo\r\n');
    await editor.editor.runInExtensionHost(async (vscode) => vscode.commands.executeCommand('workbench.action.files.save'));
  });

  it('keep what a person has typed and not saved', async () => {
    writeFileSync(workspace.file('typed.txt'), 'on disk\n');
    await open('typed.txt', 'typed ');
    assert.deepEqual(await done('read_file', { path: 'typed.txt' }).then(({ content, unsaved }) => [content, unsaved]), ['typed on disk\n', true]);
    const { result } = await use('write_file', { path: 'typed.txt', content: 'x' });
    assert.equal(result.ok ? '' : result.code, 'unsaved');
    assert.equal((await done('edit_file', { path: 'typed.txt', edits: [{ oldText: 'disk', newText: 'screen' }] }))['saved'], false);
    assert.deepEqual([workspace.read('typed.txt'), await shown('typed.txt')], ['on disk\n', { text: 'typed on screen\n', unsaved: true }]);
    const moved = await use('move_file', { source: 'typed.txt', destination: 'moved.txt' });
    assert.equal(moved.result.ok ? '' : moved.result.code, 'unsaved');
    await editor.editor.runInExtensionHost(async (vscode) => vscode.commands.executeCommand('workbench.action.files.revert'));
  });

  it('find an open file by a link to it, too', async () => {
    writeFileSync(workspace.file('real.txt'), 'real\n');
    symlinkSync('real.txt', workspace.file('link.txt'));
    await open('link.txt', 'typed ');
    const { result } = await use('write_file', { path: 'real.txt', content: 'x' });
    assert.equal(result.ok ? '' : result.code, 'unsaved');
    await editor.editor.runInExtensionHost(async (vscode) => vscode.commands.executeCommand('workbench.action.files.revert'));
  });

  it('fetch over the editor’s own network, each redirect asked by itself', async () => {
    const server = http.createServer((request, response) => (request.url === '/' ? response.writeHead(302, { location: '/next' }).end() : response.setHeader('content-type', 'text/plain').end('beans')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const fetching = use('web_fetch', { url: `http://127.0.0.1:${port}/` });
    for (const path of ['/', '/next']) {
      await editor.prompted('Sample Agent wants to');
      await editor.until(`asked about ${path}`, async () => (await editor.prompt.textContent())?.includes(`127.0.0.1:${port}${path}`) === true);
      await editor.choose('Allow once');
    }
    const { result } = await fetching;
    server.close();
    assert.deepEqual(result.ok ? [result.value['text'], result.value['redirects']] : result.message, ['beans', [`http://127.0.0.1:${port}/`]]);
  });

  it('read the text of a document with the packed reader', async () => {
    writeFileSync(workspace.file('a.pdf'), samplePdf(['Seeds and bulbs']));
    assert.equal((await done('parse_document', { path: 'a.pdf' }))['text'], 'Seeds and bulbs');
  });

  if (findProgram(bubblewrap) !== undefined) {
    async function allow(): Promise<void> {
      await editor.prompted('Sample Agent wants to run a command');
      await editor.choose('Allow once');
    }

    it('run a command in the sandbox, with its output as it comes and a terminal to watch it', async () => {
      const running = use('run_command', { command: 'printf "\\033[32mgreen\\033[0m \\033]0;title\\007"; head -n 1 garden.txt' });
      await allow();
      const { result, output } = await running;
      assert.ok(result.ok, result.ok ? '' : result.message);
      assert.deepEqual([result.value['sandbox'], result.value['exitCode'], output.join('').startsWith('stdout: ')], ['bubblewrap', 0, true]);
      // Drawn as elements, so that a test can read it
      await editor.editor.runInExtensionHost(async (vscode) => vscode.workspace.getConfiguration('terminal.integrated').update('gpuAcceleration', 'off', vscode.ConfigurationTarget.Global));
      editor.start('coworkPolicy.watchCommands');
      const rows = async (): Promise<string> => (await editor.page.locator('.terminal-wrapper .xterm-rows').allTextContents()).join('\n').replaceAll('\u00a0', ' ');
      await editor.until('the terminal shows how it ended', async () => (await rows()).includes('exit code 0'));
      const text = await rows();
      assert.match(text, /\$ printf/);
      assert.match(text, /green \\x1b\]0;title\\x07/);
    });

    it('show a command that takes long, and end it with all it started when the person says so', async () => {
      const running = use('run_command', { command: 'sleep 300' });
      await allow();
      const notice = editor.page.locator('.notifications-center .notification-list-item', { hasText: 'An agent runs “sleep 300”' });
      await editor.until('a notice says what runs', async () => {
        await editor.editor.runInExtensionHost((vscode) => vscode.commands.executeCommand('notifications.showList'));
        return notice.isVisible();
      });
      await notice.getByRole('button', { name: 'Cancel' }).click();
      const { result } = await running;
      assert.equal(result.ok ? '' : result.code, 'cancelled');
      await notice.waitFor({ state: 'hidden' });
    });
  }
});
