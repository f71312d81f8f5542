import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { claude } from './clients/claude.ts';
import { environmentOf } from './environment.ts';
import { fetchClients } from './fetchClient.ts';
import { hookProgram } from './hookProgram.ts';
import { Machine } from './machine.ts';
import { openGate, writePolicy, type OpenGate, type Person } from './policy.ts';
import { runClient } from './runClient.ts';
import { note } from './table.ts';
import { writeJson } from './writeJson.ts';

interface Called {
  readonly isError: boolean;
  readonly text: string;
}

describe('The MCP server', () => {
  let machine: Machine;
  let client: Client;
  const open: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    machine = new Machine();
    await writePolicy(machine, [
      { effect: 'allow', scope: { kind: 'path', path: path.join(machine.workspace, 'allowed.txt') } },
      { effect: 'deny', scope: { kind: 'path', path: path.join(machine.workspace, 'denied.txt') } },
    ]);
    client = new Client({ name: 'Probe', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [hookProgram, 'mcp'], cwd: machine.workspace, env: environmentOf(machine), stderr: 'inherit' }));
    open.push(() => client.close());
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
    machine.close();
  });

  async function editorWith(person: Person): Promise<OpenGate> {
    const gate = await openGate(machine, person);
    open.push(() => gate.close());
    return gate;
  }

  async function call(name: string, args: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Called> {
    const { content, isError } = await client.callTool({ name, arguments: args }, signal === undefined ? {} : { signal });
    return { isError: isError === true, text: content.map((part) => (part.type === 'text' ? part.text : '')).join('\n') };
  }

  const write = (file: string, signal?: AbortSignal): Promise<Called> => call('write_file', { path: file, content: 'written' }, signal);
  const ask = async (args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> => JSON.parse((await call('permission_prompt', args)).text) as Record<string, unknown>;

  it('offers the gated tools and the permission tool, each with a schema', async () => {
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    for (const name of ['permission_prompt', 'read_file', 'write_file', 'delete_file']) assert.ok(names.includes(name), name);
    for (const { name, description, inputSchema } of tools) assert.ok((description ?? '') !== '' && inputSchema.type === 'object' && Object.keys(inputSchema.properties ?? {}).length > 0, name);
  });

  it('with no editor open decides by the state on disk, and says how to allow what needs a person', async () => {
    assert.deepEqual(await write('allowed.txt').then(({ isError }) => isError), false);
    const denied = await write('denied.txt');
    const asked = await write('asked.txt');
    assert.deepEqual([denied.isError, asked.isError], [true, true]);
    assert.match(denied.text, /The rule is "deny/);
    assert.match(asked.text, /needs the user's answer.*rules add allow --path/s);
    assert.deepEqual(machine.files(), ['allowed.txt']);
    assert.match((await call('read_file', { path: 'allowed.txt' })).text, /written/);
  });

  it('asks the person in the editor, who sees which program asks, and both answers hold', async () => {
    const editor = await editorWith(({ request }) => (JSON.stringify(request).includes('yes.txt') ? 'allow_once' : 'deny_once'));
    const [yes, no] = await Promise.all([write('yes.txt'), write('no.txt')]);
    assert.deepEqual([yes.isError, no.isError], [false, true]);
    assert.match(no.text, /Denied by the user/);
    assert.deepEqual(machine.files(), ['yes.txt']);
    assert.deepEqual(editor.asked.map(({ request }) => request.actor?.name), ['Probe', 'Probe']);
  });

  it('goes on by the state on disk when the editor closes, and asks the next one that opens', async () => {
    const first = await openGate(machine, () => 'allow_once');
    assert.equal((await write('one.txt')).isError, false);
    await first.close();
    assert.equal((await write('two.txt')).isError, true);
    await editorWith(() => 'allow_once');
    assert.equal((await write('three.txt')).isError, false);
    assert.deepEqual(machine.files().toSorted(), ['one.txt', 'three.txt']);
  });

  it('takes the question back when the client gives the call up, and writes nothing', async () => {
    const given = new AbortController();
    const editor = await editorWith(() => {
      given.abort();
      return undefined;
    });
    await assert.rejects(write('given-up.txt', given.signal));
    for (let waits = 0; editor.gate.pending.length > 0; waits += 1) {
      assert.ok(waits < 100, 'the question stays open');
      await sleep(50);
    }
    assert.deepEqual(machine.files(), []);
  });

  it('runs nothing for a call that names no tool of ours, or hands over what is no input', async () => {
    for (const [name, args] of [['delete_everything', {}], ['write_file', {}], ['write_file', { path: 'allowed.txt', content: 7 }], ['write_file', { path: 'allowed.txt', content: 'x', more: 1 }]] as const) {
      assert.equal((await call(name, args)).isError, true, JSON.stringify([name, args]));
    }
    assert.deepEqual(machine.files(), []);
  });

  it('answers permission prompts in Claude Code’s form, and gives back what a person changed', async () => {
    const editor = await editorWith(() => undefined);
    editor.gate.attach({
      ask: ({ id, request }) => void editor.gate.answer(id, { answer: 'allow_once', by: 'test', edited: { ...request, input: { command: 'touch edited.txt' } } }),
    });
    const file = path.join(machine.workspace, 'allowed.txt');
    assert.deepEqual(await ask({ tool_name: 'Write', input: { file_path: file, content: '' }, tool_use_id: 'u' }), { behavior: 'allow', updatedInput: { file_path: file, content: '' } });
    assert.deepEqual(await ask({ tool_name: 'Bash', input: { command: 'touch asked.txt' } }), { behavior: 'allow', updatedInput: { command: 'touch edited.txt' } });
    assert.equal((await ask({ tool_name: 'Bash', input: { command: 'sudo ls' } }))['behavior'], 'deny');
  });

  it('denies permission prompts that cannot be read', async () => {
    for (const args of [{}, { tool_name: 'Bash' }, { tool_name: 7, input: {} }, { tool_name: 'Bash', input: 'ls' }, { tool_name: '', input: {} }, { tool_name: 'x'.repeat(5000), input: {} }]) {
      const { behavior, message } = await ask(args);
      assert.equal(behavior, 'deny', JSON.stringify(args).slice(0, 80));
      assert.match(String(message), /^Denied: /);
    }
  });

  it('goes on after lines that are no messages, and ends at one of more than 10 MB', async () => {
    const server = spawn(process.execPath, [hookProgram, 'mcp'], { cwd: machine.workspace, env: environmentOf(machine), stdio: ['pipe', 'pipe', 'ignore'] });
    // It ends while we write
    server.stdin.on('error', () => undefined);
    const said = once(server.stdout, 'data');
    const ended = once(server, 'close');
    server.stdin.write('garbage\n');
    server.stdin.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
    server.stdin.write('{"jsonrpc":"2.0"}\n{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}\n');
    assert.match(String((await said)[0]), /"serverInfo":\{"name":"cowork-policy"/);
    server.stdin.write(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"write_file","arguments":{"path":"allowed.txt","content":"${'x'.repeat(11_000_000)}"}}}\n`);
    await ended;
    assert.deepEqual(machine.files(), []);
  });

  it('ends when its client is gone', async () => {
    const transport = new StdioClientTransport({ command: process.execPath, args: [hookProgram, 'mcp'], cwd: machine.workspace, env: environmentOf(machine) });
    const second = new Client({ name: 'Probe', version: '1' });
    await second.connect(transport);
    const { pid } = transport;
    assert.ok(pid !== null);
    await second.close();
    for (let waits = 0; existsSync(`/proc/${pid}/status`) && !readFileSync(`/proc/${pid}/status`, 'utf8').includes('State:\tZ'); waits += 1) {
      assert.ok(waits < 100, 'it still runs');
      await sleep(50);
    }
  });
});

describe(`${claude.title} ${claude.version} and the MCP server`, () => {
  let machine: Machine;

  before(async function () {
    this.timeout('10m');
    await fetchClients(console.log);
  });
  beforeEach(() => {
    machine = new Machine();
  });
  afterEach(() => machine.close());

  it('asks the permission tool, and runs what it allows and nothing else', async () => {
    await writePolicy(machine, []);
    const config = path.join(machine.folder, 'mcp.json');
    writeJson(config, { mcpServers: { 'cowork-policy': { command: process.execPath, args: [hookProgram, 'mcp'], env: { COWORK_POLICY_HOME: machine.userFolder } } } });
    const open = await openGate(machine, ({ request }) => (JSON.stringify(request).includes('yes.txt') ? 'allow_once' : 'deny_once'));
    try {
      const { told, account } = await runClient(claude, machine, ['yes.txt', 'no.txt'].map((file) => ({ kind: 'shell', command: `touch ${file}` })), {
        unprotected: true,
        words: ['--permission-mode', 'default', '--mcp-config', config, '--strict-mcp-config', '--permission-prompt-tool', 'mcp__cowork-policy__permission_prompt'],
      });
      note('permission prompt tool: command, the person says yes', claude, machine.has('yes.txt') ? 'runs' : 'refused');
      note('permission prompt tool: command, the person says no', claude, machine.has('no.txt') ? 'runs' : 'refused');
      assert.deepEqual(machine.files(), ['yes.txt'], account);
      assert.match(told[1] ?? '', /Denied by the user/, account);
    } finally {
      await open.close();
    }
  });

  it('uses its tools, of which each call is decided', async () => {
    await writePolicy(machine, [{ effect: 'allow', scope: { kind: 'path', path: path.join(machine.workspace, 'allowed.txt') } }]);
    const config = path.join(machine.folder, 'mcp.json');
    writeJson(config, { mcpServers: { 'cowork-policy': { command: process.execPath, args: [hookProgram, 'mcp'], env: { COWORK_POLICY_HOME: machine.userFolder } } } });
    const throughMcp = { ...claude, call: (deed: Parameters<typeof claude.call>[0]) => ({ tool: 'mcp__cowork-policy__write_file', input: { path: deed.kind === 'write' ? deed.file : '', content: 'by MCP' } }) };
    const { told, account } = await runClient(throughMcp, machine, ['allowed.txt', 'asked.txt'].map((file) => ({ kind: 'write', file, text: '' })), {
      unprotected: true, words: ['--mcp-config', config, '--strict-mcp-config'],
    });
    assert.deepEqual(machine.files(), ['allowed.txt'], account);
    assert.match(told[1] ?? '', /needs the user's answer/, account);
  });
});
