import assert from 'node:assert/strict';
import type { PolicyEditor, Workspace } from './policyEditor.ts';
import { useEditor } from './useEditor.ts';

describe('Gated tools for agents in the editor', () => {
  let workspace: Workspace;
  let editor: PolicyEditor;
  useEditor({ files: { 'notes.txt': 'first line\n' } }, (opened) => {
    ({ workspace, editor } = opened);
  });

  /** What an agent in the editor gets as the result of a tool */
  function invoke(tool: string, input: object): Promise<string> {
    return editor.editor.runInExtensionHost(async (vscode, name: string, given: object) => {
      const { content } = await vscode.lm.invokeTool(`coworkPolicy_${name}`, { input: given, toolInvocationToken: undefined });
      return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('\n');
    }, tool, input);
  }

  it('stand in the editor’s list, each with a schema and a description', async () => {
    const tools = await editor.editor.runInExtensionHost((vscode) => Promise.resolve(vscode.lm.tools.filter(({ name }) => name.startsWith('coworkPolicy_')).map(({ name, description, inputSchema }) => [name, description !== '', typeof inputSchema] as const)));
    const names = tools.map(([name]) => name);
    for (const name of ['read_file', 'write_file', 'delete_file', 'web_fetch']) assert.ok(names.includes(`coworkPolicy_${name}`), name);
    for (const tool of tools) assert.deepEqual(tool.slice(1), [true, 'object'], tool[0]);
  });

  it('are offered as an MCP server too, which runs and lists the same tools', async () => {
    editor.start('workbench.mcp.listServer');
    await editor.until('the server is in the list', async () => (await editor.rows()).some((row) => row.includes('CoWork Policy (garden-book)')));
    await editor.choose('CoWork Policy (garden-book)');
    await editor.until('it can be started', async () => (await editor.rows()).some((row) => row.includes('Start Server')));
    await editor.choose('Start Server');
    await editor.until('its tools are there', () => editor.editor.runInExtensionHost((vscode) => Promise.resolve(vscode.lm.tools.some(({ name }) => name.startsWith('mcp_') && name.endsWith('permission_prompt')))));
  });

  it('do what the policy allows without a question', async () => {
    assert.match(await invoke('read_file', { path: 'notes.txt' }), /first line/);
  });

  it('are refused what the policy denies, with the reason', async () => {
    assert.match(await invoke('write_file', { path: '.git/config', content: 'x' }), /denied: /);
    assert.equal(workspace.read('.git/config'), undefined);
  });

  it('ask with our prompt and nothing else, and both answers hold', async () => {
    const yes = invoke('write_file', { path: 'yes.txt', content: 'by an agent' });
    await editor.prompted('VS Code wants to change a file');
    await editor.choose('Allow once');
    assert.doesNotMatch(await yes, /denied/);
    assert.equal(workspace.read('yes.txt'), 'by an agent');
    const no = invoke('write_file', { path: 'no.txt', content: 'by an agent' });
    await editor.prompted('VS Code wants to change a file');
    await editor.choose('Deny once');
    assert.match(await no, /denied: Denied by the user/);
    assert.equal(workspace.read('no.txt'), undefined);
  });
});
