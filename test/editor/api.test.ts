import assert from 'node:assert/strict';
import type { CoworkPolicyApi } from '../../src/host/api.ts';
import type { PolicyEditor, Workspace } from './policyEditor.ts';
import { useEditor } from './useEditor.ts';

describe('The API for other extensions', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  useEditor({ settings: { mode: 'accept_edits' } }, (opened) => {
    ({ workspace, editor } = opened);
  });

  for (const bad of [null, 'ls', 7, [], {}, { tool: 7 }, { tool: 'write_file', input: 'x' }, { tool: 'write_file', cwd: 7 }, { tool: '' }]) {
    it(`denies ${JSON.stringify(bad)} with a sentence and never throws`, async () => {
      const verdict = await editor.editor.runInExtensionHost(async (vscode, request) => {
        const api = vscode.extensions.getExtension<CoworkPolicyApi>('cowork.cowork-policy')?.exports;
        return api?.check(request as never);
      }, bad);
      assert.equal(verdict?.decision, 'deny');
      assert.match(verdict?.message ?? '', /\w+ \w+/);
    });
  }

  it('tells listeners of changes of the policy, and not of decisions', async () => {
    const seen = await editor.editor.runInExtensionHost(async (vscode) => {
      const api = vscode.extensions.getExtension<CoworkPolicyApi>('cowork.cowork-policy')?.exports;
      const folders: (string | undefined)[] = [];
      const listening = api?.onDidChangePolicy((event) => folders.push(event.folder));
      await api?.check({ tool: 'write_file', input: { path: 'b.md', content: 'x' } });
      const before = folders.length;
      const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/'), '.cowork/policy/permissions.json');
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('{"version":1,"rules":[{"effect":"deny","scope":{"kind":"path","path":"vendor"}}]}'));
      for (let wait = 0; wait < 50 && folders.length === before; wait++) await new Promise((resolve) => void setTimeout(resolve, 100));
      listening?.dispose();
      return { before, folder: folders.at(-1), decision: (await api?.check({ tool: 'write_file', input: { path: 'vendor/a', content: 'x' } }))?.decision };
    });
    assert.deepEqual(seen, { before: 0, folder: workspace.folder, decision: 'deny' });
  });

  it('tells listeners of decisions until they stop listening', async () => {
    const seen = await editor.editor.runInExtensionHost(async (vscode) => {
      const api = vscode.extensions.getExtension<CoworkPolicyApi>('cowork.cowork-policy')?.exports;
      const decisions: string[] = [];
      const listening = api?.onDidDecide((event) => decisions.push(`${event.request.tool} ${event.decision}`));
      await api?.check({ tool: 'write_file', input: { path: 'a.md', content: 'x' } });
      await api?.check({ tool: 'write_file', input: { path: '.git/config', content: 'x' } });
      listening?.dispose();
      await api?.check({ tool: 'read_file', input: { path: 'a.md' } });
      return { version: api?.version, decisions };
    });
    assert.deepEqual(seen, { version: 1, decisions: ['write_file allow', 'write_file deny'] });
  });

  it('reads a described tool like the built-in one, and refuses to describe a built-in one anew', async () => {
    const seen = await editor.editor.runInExtensionHost(async (vscode) => {
      const api = vscode.extensions.getExtension<CoworkPolicyApi>('cowork.cowork-policy')?.exports;
      const registration = api?.registerTool({ name: 'acme_save', like: 'write_file' });
      const save = async (path: string) => (await api?.check({ tool: 'acme_save', input: { path, content: 'x' } }))?.decision;
      const decisions = [await save('a.md'), await save('.cowork/policy/policy.db'), await save('/etc/passwd')];
      registration?.dispose();
      let refused = '';
      try {
        api?.registerTool({ name: 'run_command', like: 'read_file' });
      } catch (error) {
        refused = String(error);
      }
      return { decisions, refused };
    });
    assert.deepEqual(seen.decisions, ['allow', 'deny', 'deny']);
    assert.match(seen.refused, /known already/);
  });

  it('takes a question back when the asker stops waiting', async () => {
    const verdict = editor.editor.runInExtensionHost(async (vscode) => {
      const api = vscode.extensions.getExtension<CoworkPolicyApi>('cowork.cowork-policy')?.exports;
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 2_000);
      return api?.check({ tool: 'run_command', input: { command: 'touch taken-back.txt' }, actor: { kind: 'agent', name: 'Hasty' } }, { signal: stop.signal });
    });
    await editor.prompted('Hasty wants to run a command');
    assert.deepEqual([(await verdict)?.decision, (await verdict)?.settledBy], ['deny', 'withdrawn']);
    await editor.prompt.waitFor({ state: 'hidden' });
  });

  it('notes results in the record, and refuses what is no result', async () => {
    const refused = await editor.editor.runInExtensionHost(async (vscode) => {
      const api = vscode.extensions.getExtension<CoworkPolicyApi>('cowork.cowork-policy')?.exports;
      await api?.check({ id: 'r1', tool: 'read_file', input: { path: 'garden.txt' } });
      await api?.report({ requestId: 'r1', ok: true, summary: 'read it' });
      try {
        await api?.report({ ok: 'yes' } as never);
      } catch (error) {
        return String(error);
      }
      return '';
    });
    assert.match(refused, /\w+ \w+/);
    assert.ok(workspace.journal().some((entry) => entry.type === 'result' && entry.requestId === 'r1' && entry.summary === 'read it'));
  });
});
