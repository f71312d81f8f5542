import assert from 'node:assert/strict';
import { describe as read } from '../../../src/core/describe/describe.ts';
import { RegisteredTools } from '../../../src/host/registeredTools.ts';
import type { Surroundings } from '../../../src/core/surroundings.ts';

describe('A tool that another extension describes', () => {
  const place = (tools: RegisteredTools): Surroundings => ({
    workspace: '/w', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash', likeTool: tools.like,
    files: { resolve: (path) => path, readText: () => undefined },
  });
  const kinds = (tools: RegisteredTools, tool: string, input: Record<string, unknown>) => read({ tool, input }, place(tools)).actions.map((action) => action.kind);

  it('is read like the tool it behaves like, under its own name', () => {
    const tools = new RegisteredTools();
    assert.deepEqual(kinds(tools, 'acme_erase', { path: 'a.txt' }).includes('unknown'), true);
    const registration = tools.register({ name: 'acme_erase', like: 'delete_file' });
    assert.deepEqual(kinds(tools, 'acme_erase', { path: 'a.txt' }), ['delete']);
    assert.equal(read({ tool: 'acme_erase', input: { path: 'a.txt' } }, place(tools)).tool, 'acme_erase');
    registration.dispose();
    assert.deepEqual(kinds(tools, 'acme_erase', { path: 'a.txt' }).includes('unknown'), true);
  });
  it('still counts what its input sends out', () => {
    const tools = new RegisteredTools();
    tools.register({ name: 'acme_get', like: 'http_request' });
    assert.deepEqual(kinds(tools, 'acme_get', { url: 'https://example.com', method: 'POST', body: 'x' }), ['export']);
  });
  for (const name of ['run_command', 'Run_Command', 'bash', 'delete_file', 'get_current_location', 'mcp__server__tool']) {
    it(`cannot take the place of ${name}`, () => {
      assert.throws(() => new RegisteredTools().register({ name, like: 'read_file' }), /known already/);
    });
  }
  it('cannot be described twice', () => {
    const tools = new RegisteredTools();
    tools.register({ name: 'acme', like: 'delete_file' });
    assert.throws(() => tools.register({ name: 'ACME', like: 'read_file' }), /described already/);
    assert.equal(tools.like('acme'), 'delete_file');
  });
  for (const bad of [undefined, null, 'acme', {}, { name: 'acme' }, { name: 'acme', like: 'task_list_create' }, { name: 'functions.acme', like: 'read_file' }, { name: 'acme', like: 'read_file', more: 1 }]) {
    it(`is refused for ${JSON.stringify(bad)}`, () => assert.throws(() => new RegisteredTools().register(bad), /does not describe a tool/));
  }
});
