import assert from 'node:assert/strict';
import { clients, findClient } from '../../../src/agents/clients.ts';
import type { Client, HookCall, HookOutput } from '../../../src/agents/hookCall.ts';
import { readJson } from '../../../src/agents/readJson.ts';
import { gatedTools } from '../../../src/node/tools/catalogue.ts';

function client(id: string): Client {
  const found = findClient(id);
  assert.ok(found, id);
  return found;
}

function read(id: string, payload: object): HookCall {
  return client(id).read(readJson(JSON.stringify(payload)));
}

/** A payload of each client for one tool, as its real calls look */
function payloadOf(id: string, tool: string, input: unknown, more: object = {}): object {
  const claudeLike = { session_id: 's-1', transcript_path: '/t', cwd: '/ws', tool_name: tool, tool_input: input };
  switch (id) {
    case 'gemini':
      return { ...claudeLike, hook_event_name: 'BeforeTool', timestamp: '2026-01-01', ...more };
    case 'copilot':
      return { sessionId: 's-1', timestamp: 1, cwd: '/ws', toolName: tool, toolArgs: input, ...more };
    case 'cursor':
      return { conversation_id: 's-1', generation_id: 'g', hook_event_name: 'preToolUse', workspace_roots: ['/ws'], tool_name: tool, tool_input: input, ...more };
    case 'cline':
      return { clineVersion: '3', hookName: 'PreToolUse', taskId: 's-1', workspaceRoots: ['/ws'], preToolUse: { toolName: tool, parameters: input }, ...more };
    default:
      return { ...claudeLike, hook_event_name: 'PreToolUse', permission_mode: 'default', tool_use_id: 'u', ...more };
  }
}

describe('hook calls of the clients', () => {
  const calls: readonly (readonly [id: string, tool: string, input: object, asked: string])[] = [
    ['claude', 'Bash', { command: 'ls' }, 'bash'],
    ['claude', 'Write', { file_path: '/ws/a', content: '' }, 'Write'],
    ['claude', 'mcp__github__create_issue', {}, 'mcp__github__create_issue'],
    ['claude', 'run_in_terminal', { command: 'ls' }, 'run_in_terminal'],
    ['claude', 'run_shell_command', { command: 'ls' }, 'claude.run_shell_command'],
    ['codex', 'Bash', { command: 'ls' }, 'run_command'],
    ['codex', 'apply_patch', { command: '*** Begin Patch' }, 'apply_patch'],
    ['codex', 'read_file', {}, 'codex.read_file'],
    ['gemini', 'run_shell_command', { command: 'ls' }, 'run_shell_command'],
    ['gemini', 'web_fetch', { prompt: 'read https://example.com/a' }, 'web_fetch'],
    ['gemini', 'Bash', { command: 'ls' }, 'gemini.Bash'],
    ['copilot', 'bash', { command: 'ls' }, 'bash'],
    ['copilot', 'create', { path: '/ws/a', file_text: '' }, 'create'],
    ['copilot', 'github-create_issue', {}, 'mcp_github_create_issue'],
    ['qwen', 'run_shell_command', { command: 'ls' }, 'run_shell_command'],
    ['qwen', 'unheard_of', {}, 'qwen.unheard_of'],
    ['opencode', 'list', { path: '/ws' }, 'list'],
    ['opencode', 'gh_create_issue', {}, 'opencode.gh_create_issue'],
    ['cursor', 'Write', { file_path: '/ws/a' }, 'write_file'],
    ['cline', 'execute_command', { command: 'ls', requires_approval: 'false' }, 'execute_command'],
  ];
  for (const [id, tool, input, asked] of calls) {
    it(`${id} ${tool} is asked about as ${asked}`, () => {
      const call = read(id, payloadOf(id, tool, input));
      assert.ok(call.kind === 'tool', call.kind);
      assert.equal(call.request.tool, asked);
      assert.deepEqual(call.request.input, input);
      assert.equal(call.request.actor?.session, 's-1');
      assert.equal(call.request.actor?.kind, 'agent');
    });
  }

  it('name the agent, and its helper where one calls', () => {
    const call = read('claude', payloadOf('claude', 'Bash', {}, { agent_id: 'a1', agent_type: 'reviewer' }));
    assert.ok(call.kind === 'tool');
    assert.deepEqual(call.request.actor, { kind: 'agent', name: 'Claude Code', session: 's-1', subAgent: 'reviewer' });
  });

  it('name the MCP server where the client does', () => {
    const claude = read('claude', payloadOf('claude', 'mcp__gh__x', {}, { mcp_server: { name: 'gh', source: 'project' } }));
    const gemini = read('gemini', payloadOf('gemini', 'mcp_gh_x', {}, { mcp_context: { server_name: 'gh', tool_name: 'x' } }));
    const cline = read('cline', payloadOf('cline', 'use_mcp_tool', { server_name: 'gh', tool_name: 'x', arguments: '{"a":1}' }));
    const cursor = read('cursor', { conversation_id: 's', hook_event_name: 'beforeMCPExecution', tool_name: 'x', tool_input: '{"a":1}', url: 'https://gh.example' });
    const named = [claude, gemini, cline, cursor].map((call) => (call.kind === 'tool' ? [call.request.server, call.request.tool, call.request.input] : call));
    assert.deepEqual(named, [['gh', 'mcp__gh__x', {}], ['gh', 'mcp_gh_x', {}], ['gh', 'x', { a: 1 }], ['https://gh.example', 'x', { a: 1 }]]);
  });

  it('of Copilot in the form of Claude Code are read and answered in that form', () => {
    const call = read('copilot', { hook_event_name: 'PreToolUse', session_id: 's', timestamp: 'now', cwd: '/ws', tool_name: 'Bash', tool_input: { command: 'ls' } });
    assert.ok(call.kind === 'tool');
    assert.equal(call.request.tool, 'bash');
    assert.equal(call.request.actor?.name, 'Copilot');
    const { stdout } = client('copilot').write({ decision: 'deny', message: 'no' }, call.event);
    assert.deepEqual(JSON.parse(stdout), { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: 'no' } });
  });

  it('of VS Code’s own agent are known by their spelling, and our own tools there are left to the gate that they ask themselves', () => {
    const calls = ['claude', 'copilot'].flatMap((id) => ['run_in_terminal', 'coworkPolicy_write_file'].map((tool) => read(id, { hookEventName: 'PreToolUse', sessionId: 's', cwd: '/ws', tool_name: tool, tool_input: {} })));
    assert.deepEqual(calls.map((call) => (call.kind === 'tool' ? [call.request.actor?.name, call.request.tool] : call)), [
      ['VS Code', 'run_in_terminal'], ['VS Code', 'tool_search'], ['VS Code', 'run_in_terminal'], ['VS Code', 'tool_search'],
    ]);
    const named = (tool: string): unknown => {
      const call = read('claude', { hookEventName: 'PreToolUse', sessionId: 's', cwd: '/ws', tool_name: tool, tool_input: {} });
      return call.kind === 'tool' && call.request.tool;
    };
    for (const { name } of gatedTools) assert.equal(named(`coworkPolicy_${name}`), 'tool_search', name);
    for (const name of ['coworkPolicy_x-run', 'coworkPolicy_open_url', 'coworkPolicy_']) assert.equal(named(name), `claude.${name}`, 'anybody’s');
    const stamped = ['claude', 'copilot'].map((id) => read(id, { timestamp: '2026-01-01T00:00:00.000Z', hook_event_name: 'PreToolUse', session_id: 's', cwd: '/ws', tool_name: 'coworkPolicy_write_file', tool_input: {} }));
    assert.deepEqual(stamped.map((call) => (call.kind === 'tool' ? [call.request.actor?.name, call.request.tool] : call)), [['VS Code', 'tool_search'], ['VS Code', 'tool_search']]);
    const elsewhere = read('claude', payloadOf('claude', 'coworkPolicy_write_file', {}));
    assert.equal(elsewhere.kind === 'tool' && elsewhere.request.tool, 'claude.coworkPolicy_write_file', 'Claude Code has no such tools, so there it is a stranger');
  });

  it('of Copilot may hand the arguments over as text', () => {
    const call = read('copilot', payloadOf('copilot', 'bash', '{"command":"ls"}'));
    assert.ok(call.kind === 'tool');
    assert.deepEqual(call.request.input, { command: 'ls' });
  });

  const others: readonly (readonly [id: string, payload: object])[] = [
    ['claude', { hook_event_name: 'PostToolUse', tool_name: 'Bash' }],
    ['claude', { hook_event_name: 'PermissionRequest', tool_name: 'Bash', tool_input: {} }],
    ['codex', { hook_event_name: 'SessionStart' }],
    ['gemini', { hook_event_name: 'AfterTool' }],
    ['copilot', { hookName: 'permissionRequest', toolName: 'bash' }],
    ['copilot', { toolName: 'bash', toolArgs: {}, toolResult: {} }],
    ['qwen', { hook_event_name: 'Stop' }],
    ['cursor', { hook_event_name: 'afterFileEdit' }],
    ['cursor', { hook_event_name: 'preToolUse', tool_name: 'Shell', tool_input: {} }],
    ['cline', { hookName: 'TaskStart' }],
  ];
  for (const [id, payload] of others) {
    it(`${id}: no opinion on ${JSON.stringify(payload)}`, () => assert.deepEqual(read(id, payload), { kind: 'other' }));
  }
});

describe('hook calls that deceive', () => {
  const odd: readonly (readonly [what: string, change: object])[] = [
    ['an input that is text', { tool_input: 'ls', toolArgs: 'ls' }],
    ['an input that is a list', { tool_input: ['ls'], toolArgs: ['ls'] }],
    ['a tool without a name', { tool_name: '', toolName: '' }],
    ['a tool whose name is no text', { tool_name: 7, toolName: 7 }],
    ['a tool with a name of a megabyte', { tool_name: 'x'.repeat(1_000_000), toolName: 'x'.repeat(1_000_000) }],
    ['a session with a line end', { session_id: 'a\nb', sessionId: 'a\nb' }],
    ['a session that is very long', { session_id: 'a'.repeat(5000), sessionId: 'a'.repeat(5000) }],
    ['a session that is a number', { session_id: 7, sessionId: 7 }],
    ['a folder that is relative', { cwd: '../x' }],
    ['a folder with a NUL', { cwd: '/ws\0/x' }],
    ['a folder that is a list', { cwd: ['/ws'] }],
  ];
  for (const id of ['claude', 'codex', 'gemini', 'qwen', 'copilot']) {
    for (const [what, change] of odd) {
      it(`${id}: ${what}`, () => {
        const known = Object.keys(payloadOf(id, 'x', {}));
        const payload = { ...payloadOf(id, 'Bash', {}), ...Object.fromEntries(Object.entries(change).filter(([key]) => known.includes(key))) };
        assert.equal(read(id, payload).kind, 'unreadable');
      });
    }
  }

  it('name their tool in the words of two clients', () => {
    assert.equal(read('claude', payloadOf('claude', 'Read', {}, { toolName: 'Bash' })).kind, 'unreadable');
    assert.equal(read('copilot', payloadOf('copilot', 'view', {}, { tool_name: 'Bash' })).kind, 'unreadable');
  });

  it('name an event nobody knows, or none', () => {
    for (const { id } of clients) {
      assert.equal(read(id, { hook_event_name: 'ToolIsAboutToRun', hookName: 'ToolIsAboutToRun', tool_name: 'Bash' }).kind, 'unreadable', id);
      assert.equal(read(id, {}).kind, 'unreadable', id);
    }
  });

  const texts: readonly (readonly [what: string, text: string])[] = [
    ['a key twice', '{"tool_name":"Read","tool_name":"Bash"}'],
    ['a key twice, once in escapes', String.raw`{"tool_name":"Read","tool\u005fname":"Bash"}`],
    ['a key twice, further in', '{"tool_input":[{"a":{"command":"ls","x":"}","command":"rm"}}]}'],
    ['a prototype', '{"__proto__":{"tool_name":"Read"}}'],
    ['a prototype in escapes, further in', String.raw`{"tool_input":{"__pro\u0074o__":{}}}`],
    ['text', '"{}"'],
    ['nothing', 'null'],
    ['a list', '[{}]'],
    ['two documents', '{}{}'],
    ['half a document', '{"tool_name":"Ba'],
    ['nesting without end', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ];
  for (const [what, text] of texts) {
    it(`hold ${what}`, () => assert.throws(() => readJson(text), (error) => error instanceof SyntaxError || error instanceof RangeError));
  }

  it('and honest ones that look alike are read', () => {
    const text = String.raw`{"a":{"a":[{"a":"\"a\":1,\"a\\"},{"a":"{\"__proto__\":1}"}]},"b":"a","c":["a","a"]}`;
    assert.deepEqual(readJson(text), JSON.parse(text));
  });
});

describe('answers to the clients', () => {
  const deny = { decision: 'deny', message: 'No such thing.' } as const;

  /** The JSON of an answer */
  function json({ stdout }: HookOutput): unknown {
    return stdout === '' ? undefined : JSON.parse(stdout);
  }

  const denials: Readonly<Record<string, object>> = {
    claude: { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: deny.message } },
    codex: { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: deny.message } },
    gemini: { decision: 'deny', reason: deny.message },
    copilot: { permissionDecision: 'deny', permissionDecisionReason: deny.message },
    qwen: { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: deny.message } },
    opencode: { decision: 'deny', reason: deny.message },
    cursor: { permission: 'deny', user_message: deny.message, userMessage: deny.message, agent_message: deny.message, agentMessage: deny.message },
    cline: { cancel: true, errorMessage: deny.message },
  };
  for (const { id, write } of clients) {
    it(`${id}: a denial is its own JSON, the reason on standard error and exit code 2 (Cline: 0)`, () => {
      const output = write(deny);
      assert.deepEqual(json(output), denials[id]);
      assert.equal(output.stderr, `${deny.message}\n`);
      assert.equal(output.code, id === 'cline' ? 0 : 2);
      assert.equal(output.stdout.trimEnd().includes('\n'), false, 'one line, one document');
    });

    it(`${id}: a denial without a reason gets one`, () => {
      for (const message of ['', '  \n']) assert.match(write({ decision: 'deny', message }).stderr, /\w/);
    });

    it(`${id}: asking is its own "ask", or a denial where that would not hold`, () => {
      const output = write({ decision: 'ask', message: 'Well?' });
      assert.equal(/"ask"/.test(output.stdout), ['claude', 'copilot', 'qwen'].includes(id));
      if (!['claude', 'copilot', 'qwen'].includes(id)) assert.match(output.stdout, /"deny"|"cancel":true/);
    });
  }

  it('an allow: silence for Codex, which would drop it; a word for the others', () => {
    const allowed = Object.fromEntries(clients.map(({ id, write }) => [id, json(write({ decision: 'allow', message: 'Allowed.' }))]));
    const hookSpecificOutput = { hookEventName: 'PreToolUse', permissionDecision: 'allow', permissionDecisionReason: 'Allowed.' };
    assert.deepEqual(allowed, {
      claude: { hookSpecificOutput }, codex: undefined, gemini: { decision: 'allow', reason: 'Allowed.' },
      copilot: { permissionDecision: 'allow', permissionDecisionReason: 'Allowed.' }, qwen: { hookSpecificOutput }, opencode: { decision: 'allow' }, cursor: { permission: 'allow' }, cline: { cancel: false },
    });
  });

  it('an edited input that does not fit into a pipe at once is denied, as half of it could be taken for an allow', () => {
    for (const { id, write } of clients) assert.match(write({ decision: 'allow', message: 'Allowed.', edited: { command: `echo ${'x'.repeat(20_000)}` } }).stdout, /"deny"|"cancel":true/, id);
  });

  it('an edited input is handed over where the client runs it, else the call is denied with the input to use', () => {
    const edited = { command: 'ls -l' };
    const outputs = Object.fromEntries(clients.map(({ id, write }) => [id, write({ decision: 'allow', message: 'Allowed.', edited })]));
    for (const id of ['claude', 'codex', 'gemini', 'copilot', 'opencode']) {
      assert.equal(outputs[id]?.code, 0, id);
      assert.match(outputs[id]?.stdout ?? '', /"(?:updatedInput|tool_input|modifiedArgs|args)":\{"command":"ls -l"\}/, id);
    }
    for (const id of ['qwen', 'cursor', 'cline']) {
      assert.match(outputs[id]?.stderr ?? '', /exactly this input: \{"command":"ls -l"\}/, id);
      assert.match(outputs[id]?.stdout ?? '', /"deny"|"cancel":true/, id);
    }
  });
});
