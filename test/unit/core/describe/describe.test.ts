import assert from 'node:assert/strict';
import type { Action } from '../../../../src/core/action.ts';
import { describe as read } from '../../../../src/core/describe/describe.ts';
import type { Request } from '../../../../src/core/request.ts';
import { fakeSurroundings } from './fakeSurroundings.ts';

const surroundings = fakeSurroundings({ '/ws/link': '/outside', '/ws/.vscode': '/ws/config/vscode' });

function short(action: Action): string {
  const marks = [
    'recursive' in action && action.recursive ? 'r' : '',
    'glob' in action && action.glob ? 'g' : '',
    action.uncertain === undefined ? '' : '?',
    action.guardrail === undefined ? '' : `!${action.guardrail.id}`,
  ].join('');
  const where = 'path' in action ? action.path : 'host' in action ? (action.host ?? '') : 'server' in action ? `${action.server}/${action.mcpTool}` : '';
  const source = 'source' in action && action.source !== undefined ? `<${action.source}` : '';
  return `${action.kind}${marks === '' ? '' : `[${marks}]`}${where === '' ? '' : ` ${where}`}${source}`;
}

function actions(request: Request): string {
  return read(request, surroundings).actions.map(short).join(' · ');
}

type Case = readonly [tool: string, input: Readonly<Record<string, unknown>> | undefined, expected: string];

function table(cases: readonly Case[]): void {
  for (const [tool, input, expected] of cases) {
    const shown = JSON.stringify(input) ?? 'no input';
    it(`${tool} ${shown.length > 90 ? `${shown.slice(0, 90)}…` : shown} → ${expected}`, () => {
      assert.equal(actions({ tool, ...(input === undefined ? {} : { input }) }), expected);
    });
  }
}

describe('describing file tools', () => {
  table([
    ['read_file', { path: 'a.txt' }, 'read /ws/a.txt'],
    ['Read', { file_path: '/ws/a.txt' }, 'read /ws/a.txt'],
    ['read_file', { path: '../../etc/passwd' }, 'read /etc/passwd'],
    ['read_files', { paths: ['a', 'b/c'] }, 'read /ws/a · read /ws/b/c'],
    ['read_files', { files: [{ path: 'a' }, { path: 'b' }] }, 'read /ws/a · read /ws/b'],
    ['read_many_files', { paths: ['src/**/*.ts'] }, 'read[rg] /ws/src/**/*.ts'],
    ['parse_document', { file: 'x.pdf' }, 'read /ws/x.pdf'],
    ['write_file', { path: 'a', content: 'x' }, 'write /ws/a'],
    ['Write', { file_path: 'a', content: 'x' }, 'write /ws/a'],
    ['Edit', { file_path: 'a', old_string: 'b', new_string: 'c' }, 'write /ws/a'],
    ['MultiEdit', { edits: [{ file_path: 'a' }, { file_path: 'b' }] }, 'write /ws/a · write /ws/b'],
    ['NotebookEdit', { notebook_path: 'a.ipynb' }, 'write /ws/a.ipynb'],
    ['replace', { file_path: 'a' }, 'write /ws/a'],
    ['edit_document', { sourcePath: 'a.docx', destPath: 'b.docx' }, 'read /ws/a.docx · write /ws/b.docx'],
    ['copy_file', { sourcePath: 'a', destPath: 'b' }, 'read[r] /ws/a · write[r] /ws/b'],
    ['move_file', { from: 'a', to: 'b' }, 'read[r] /ws/a · write[r] /ws/a · write[r] /ws/b'],
    ['rename_file', { oldPath: 'a', newPath: 'b' }, 'read[r] /ws/a · write[r] /ws/a · write[r] /ws/b'],
    ['rename_file', { oldPath: '.', newPath: '../b' }, 'read[r] /ws · write[r] /ws · write[r] /b'],
    ['delete_file', { path: 'a' }, 'delete[r] /ws/a'],
    ['delete_file', { path: '/ws/' }, 'delete[r!destructive_deletion] /ws'],
    ['delete_file', { path: '~' }, 'delete[r!destructive_deletion] /home/u'],
    ['delete_file', { path: '/*' }, 'delete[r!destructive_deletion] /*'],
    ['list_directory', undefined, 'read /ws'],
    ['list_directory', { path: null }, 'read /ws'],
    ['LS', { path: 'src' }, 'read /ws/src'],
    ['grep', { pattern: 'x' }, 'read[r] /ws'],
    ['Grep', { pattern: 'x', path: 'src' }, 'read[r] /ws/src'],
    ['grep', { pattern: 'x', path: '../ws-sibling' }, 'read[r] /ws-sibling'],
    ['Glob', { pattern: '**/*.ts' }, 'read[rg] /ws/**/*.ts'],
    ['Glob', { pattern: '/etc/*' }, 'read[rg] /etc/*'],
    ['Glob', { pattern: '{/etc/*,src/*}' }, 'read[r?] /ws'],
    ['Glob', { pattern: 'src/**/../../../etc/*' }, 'read[r?] /ws'],
    ['Glob', { pattern: 'src/{a,b}/*.{ts,js}' }, 'read[rg] /ws/src/{a,b}/*.{ts,js}'],
    ['glob', { pattern: '../*', path: 'src' }, 'read[rg] /* · read[rg] /ws/* · read[r] /ws/src'],
    ['search_files', { query: 'x', path: '.' }, 'read[r] /ws'],
    ['search_files', { query: 'x', cwd: 'src' }, 'read[r] /ws/src'],
    // Whether a file tool heeds a folder key is not known, so both places count.
    ['write_file', { path: '.git/hooks/x', cwd: 'sub' }, 'write /ws/.git/hooks/x · write /ws/sub/.git/hooks/x'],
    ['organize_folder', { path: 'a' }, 'read[r] /ws/a · write[r] /ws/a'],
    ['compile_latex', {}, 'read[?] /ws · write[?] /ws'],
    ['create_document', { content: 'x' }, 'write[?] /ws'],
    ['generate_document', { path: 'x.docx' }, 'write /ws/x.docx'],
  ]);

  const missing: readonly Case[] = [
    ['read_file', {}, 'read[?] /ws'],
    ['read_file', undefined, 'read[?] /ws'],
    ['read_file', { path: 7 }, 'read[?] /ws'],
    ['read_file', { path: '' }, 'read[?] /ws'],
    ['write_file', { path: null, content: '' }, 'write[?] /ws'],
    ['write_file', { path: { a: 1 } }, 'write[?] /ws'],
    ['write_file', { path: 'ok', file: true }, 'write /ws/ok · write[?] /ws'],
    ['write_file', { path: 'a\0.txt' }, 'write[?!bad_path] /ws'],
    ['write_file', { path: '~root/x' }, 'write[?] /ws/~root/x'],
    ['read_file', { path: 'https://example.com/x' }, 'read[?] /ws · fetch example.com'],
  ];
  table(missing);

  table([
    ['read_file', { path: 'link/key' }, 'read /outside/key · read /ws/link/key'],
    ['write_file', { path: '.vscode/settings.json' }, 'write /ws/config/vscode/settings.json · write /ws/.vscode/settings.json'],
  ]);

  it('takes relative paths from the folder of the request', () => {
    assert.equal(actions({ tool: 'read_file', input: { path: 'a' }, cwd: 'sub' }), 'read /ws/sub/a');
    assert.equal(actions({ tool: 'read_file', input: { path: 'a' }, cwd: '/else' }), 'read /else/a');
    assert.equal(actions({ tool: 'read_file', input: { path: 'a' }, cwd: '~x' }), 'unknown[?] · read /ws/a');
  });

  it('reads Windows paths of a Windows request', () => {
    assert.equal(actions({ tool: 'read_file', input: { path: 'C:\\Users\\u\\x' }, platform: 'win32' }), 'read C:/Users/u/x');
    assert.equal(actions({ tool: 'read_file', input: { path: 'src\\a.ts' }, platform: 'win32' }), 'read /ws/src/a.ts');
    assert.equal(actions({ tool: 'read_file', input: { path: '\\\\host\\share' }, platform: 'win32' }), 'read[?] /ws');
  });
});

describe('describing patches', () => {
  const block = '*** Begin Patch\n*** Update File: src/a.ts\n*** Move to: src/b.ts\n@@\n-x\n+y\n*** Add File: new.txt\n+z\n*** Delete File: old.txt\n*** End Patch';
  const diff = 'diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-x\n+y\n';
  table([
    ['apply_patch', { input: block }, 'write /ws/src/a.ts · delete /ws/src/a.ts · write /ws/src/b.ts · write /ws/new.txt · delete /ws/old.txt'],
    ['apply_patch', { patch: diff }, 'write /ws/src/a.ts · write /ws/src/a.ts'],
    ['apply_patch', { patch: '--- a/x\n+++ /dev/null\n' }, 'write /ws/a/x · write /ws/x · delete /ws/a/x · delete /ws/x'],
    ['apply_patch', { patch: 'diff --git a/x b/y\nrename from x\nrename to .git/hooks/y\n' }, 'delete /ws/x · write /ws/.git/hooks/y'],
    ['apply_patch', { patch: '--- "a/\\303\\244"\n+++ b/x\n' }, 'write[?] /ws'],
    ['apply_patch', { patch: '*** Update File:\n' }, 'write[?] /ws'],
    ['apply_patch', { input: 'nothing' }, 'write[?] /ws'],
    ['apply_patch', {}, 'write[?] /ws'],
    ['apply_patch', { input: '*** Add File: ../../etc/x\n+a' }, 'write /etc/x'],
  ]);
});

describe('describing network tools', () => {
  table([
    ['web_fetch', { url: 'https://docs.example.com/guide?page=2&lang=en' }, 'fetch docs.example.com'],
    ['WebFetch', { url: 'https://docs.example.com', prompt: 'sum up' }, 'fetch docs.example.com'],
    ['web_fetch', { prompt: 'Read https://a.example/x, and https://b.example.' }, 'fetch a.example · fetch b.example'],
    ['web_fetch', { prompt: 'Read the page' }, 'fetch[?]'],
    ['web_fetch', { url: 7 }, 'fetch[?]'],
    ['web_fetch', { url: 'not an address' }, 'fetch[?]'],
    ['web_fetch', { url: 'file:///etc/passwd' }, 'read /etc/passwd'],
    ['web_fetch', { url: 'gopher://h.example/x' }, 'fetch[?] h.example'],
    ['web_fetch', { url: 'https://good.example\\@evil.example/' }, 'fetch[?] good.example'],
    ['web_fetch', { url: 'https://h.example', method: 'POST', body: 'x' }, 'export h.example'],
    ['fetch_webpage', { urls: ['https://a.example', 'https://b.example'] }, 'fetch a.example · fetch b.example'],
    ['web_search', { query: 'how to write a TypeScript 5.9 compiler plugin' }, 'fetch'],
    ['web_search', { query: 'what is ghp_0123456789abcdefghijABCDEFGHIJ012345' }, 'export'],
    ['http_request', { url: 'https://h.example/' }, 'fetch h.example'],
    ['http_request', { url: 'https://h.example/', method: 'head', headers: { Accept: 'application/json', 'Accept-Language': 'en-GB,en;q=0.8' } }, 'fetch h.example'],
    ['http_request', { url: 'https://h.example/', headers: { 'User-Agent': 'my-agent/1.0 (Linux)' } }, 'fetch h.example'],
    ['http_request', { url: 'https://h.example/', timeout: 30, body: '' }, 'fetch h.example'],
    ['http_request', { url: 'https://h.example/', params: { page: 2, q: 'cats' } }, 'fetch h.example'],
    ['http_request', { url: 'https://h.example/', params: { d: 'c2VjcmV0' } }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', method: 'POST' }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', method: ['GET'] }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', method: 'GET', Method: 'PUT' }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', body: { a: 1 } }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', json: { a: 1 } }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', attachment: 'a' }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', headers: { 'X-Data': 'a' } }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', headers: [['Cookie', 'a']] }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', headers: 'Cookie: a' }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', headers: { 'User-Agent': 'c2VjcmV0' } }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', headers: { 'User-Agent': 'a'.repeat(65) } }, 'export h.example'],
    ['http_request', { url: 'https://user:pw@h.example/' }, 'export h.example'],
    ['http_request', { method: 'GET' }, 'fetch[?]'],
    ['http_request', { target: 'https://evil.example/' }, 'export evil.example'],
    ['http_request', { url: 'https://h.example/', path: '/?d=secret' }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', headers: { constructor: 'a' } }, 'export h.example'],
    ['http_request', { url: 'https://h.example/', outputPath: 'x.bin' }, 'fetch h.example · write /ws/x.bin'],
    ['analyze_image', { path: 'a.png' }, 'read /ws/a.png · export</ws/a.png'],
    ['read_pdf_visual', { path: 'a.pdf' }, 'read /ws/a.pdf · export</ws/a.pdf'],
    ['analyze_image', {}, 'export[?]'],
    ['browser_upload_file', { paths: ['a', 'b'] }, 'read /ws/a · read /ws/b · export</ws/a · export</ws/b'],
    ['scrape_page', { url: 'https://h.example/?d=x' }, 'interact · fetch h.example'],
    ['browser_navigate', { url: 'https://h.example/?d=c2VjcmV0' }, 'interact · export h.example'],
    ['open_url', { url: 'https://h.example' }, 'interact · fetch h.example'],
    ['git_push', {}, 'exec · export'],
  ]);
});

describe('describing other tools', () => {
  table([
    ['request_user_input', { question: 'x' }, 'read /ws'],
    ['TodoWrite', { todos: [{ content: 'edit src/a.ts', status: 'pending' }] }, 'read /ws'],
    ['get_current_location', {}, 'locate'],
    ['node_location', {}, 'locate'],
    ['spawn_agent', { prompt: 'x' }, 'external'],
    ['notion_action', { action: 'x' }, 'external'],
    ['voice_call', { to: '+100' }, 'external'],
    ['browser_click', { selector: 'a' }, 'interact'],
    ['read_clipboard', {}, 'interact'],
    ['take_screenshot', { filename: 'x.png' }, 'interact · write /ws/x.png'],
    ['execute_code', { language: 'python', code: 'print(1)' }, 'exec'],
    ['run_applescript', { script: 'tell app "Finder" to quit' }, 'exec'],
    ['git_commit', { message: 'x' }, 'exec'],
    ['nobody_knows', {}, 'unknown'],
    ['nobody_knows', { path: '.git/hooks/x' }, 'unknown · write /ws/.git/hooks/x'],
    ['nobody_knows', { url: 'https://h.example' }, 'unknown · fetch h.example'],
    ['nobody_knows', { to: 'bob@example.com', source: 'web', output: 'json' }, 'unknown'],
    ['nobody_knows', { destination: '/etc/x' }, 'unknown · write /etc/x'],
    ['cloud_sandbox_exec', { command: 'rm -rf /' }, 'unknown'],
    ['some_new_action', {}, 'unknown'],
    ['mcp__github__create_issue', { title: 'x' }, 'mcp github/create_issue'],
    ['mcp_my_server_do', {}, 'mcp my/server_do · mcp my_server/do'],
    ['mcp__fs__write_file', { path: 'a' }, 'mcp fs/write_file · write /ws/a'],
    ['mcp__github__get_file', { path: '/README.md' }, 'mcp github/get_file · read /README.md'],
    ['mcp__fs__write_file', { path: '~/.ssh/authorized_keys' }, 'mcp fs/write_file · write /home/u/.ssh/authorized_keys'],
  ]);

  it('takes a tool of an MCP server for that server’s, also where it is named like a known one', () => {
    const described = read({ tool: 'read_file', server: 'Files', input: { path: 'a' } }, surroundings);
    assert.equal(described.tool, 'mcp_files_read_file');
    assert.equal(described.server, 'files');
    assert.equal(described.actions.map(short).join(), 'mcp files/read_file,write /ws/a');
  });

  it('takes a server’s name off the tool name, however the client wrote it', () => {
    for (const tool of ['mcp__my-server__do', 'mcp_my_server_do', 'my-server/do', 'do']) {
      assert.equal(actions({ tool, server: 'my-server' }), 'mcp my-server/do', tool);
    }
  });

  it('counts both servers where name and caller disagree', () => {
    assert.equal(actions({ tool: 'mcp__evil__do', server: 'good' }), 'mcp good/do · mcp evil/do');
  });

  it('adds what the caller says the call is, and never takes away', () => {
    assert.equal(actions({ tool: 'nobody_knows', approvalType: 'data_export' }), 'unknown · export');
    assert.equal(actions({ tool: 'read_file', input: { path: 'a' }, approvalType: 'delete_file' }), 'read /ws/a · unknown');
    assert.equal(actions({ tool: 'nobody_knows', approvalType: 'constructor' }), 'unknown');
    assert.equal(actions({ tool: 'get_current_location', approvalType: 'network_access' }), 'locate');
    assert.equal(read({ tool: 'nobody_knows', approvalType: 'network_access' }, surroundings).needsNetwork, true);
  });

  it('knows which capabilities and groups a tool stands under', () => {
    const browser = read({ tool: 'browser_click' }, surroundings);
    assert.deepEqual([browser.needsNetwork, browser.needsShell, browser.groups], [true, false, ['group:network']]);
    const code = read({ tool: 'execute_code', input: { code: 'x' } }, surroundings);
    assert.deepEqual([code.needsNetwork, code.needsShell, code.command], [false, true, 'x']);
    assert.deepEqual(read({ tool: 'read_clipboard' }, surroundings).groups, ['group:system', 'group:memory']);
  });

  it('knows known tools in any case and under any namespace', () => {
    for (const tool of ['read_file', 'Read_File', 'READ_FILE', 'functions.read_file', ' tools.Read ', 'tool.functions.view']) {
      assert.equal(read({ tool, input: { path: 'a' } }, surroundings).tool, 'read_file', tool);
    }
    assert.equal(read({ tool: 'reаd_file', input: { path: 'a' } }, surroundings).actions[0]?.kind, 'unknown', 'a Cyrillic letter makes another name');
  });

  it('reads a tool that was described elsewhere like the one it is said to be like, under its own name', () => {
    const likeTool = (name: string): string | undefined => (name === 'my_writer' ? 'write_file' : undefined);
    const described = read({ tool: 'my_writer', input: { path: '.git/hooks/x' } }, { ...surroundings, likeTool });
    assert.equal(described.actions.map(short).join(), 'write /ws/.git/hooks/x');
    assert.equal(described.tool, 'my_writer');
  });

  it('finds every name that is inherited from objects unknown', () => {
    for (const tool of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) assert.equal(actions({ tool }), 'unknown', tool);
  });
});

describe('describing what is too much or broken', () => {
  it('is uncertain about an input with more paths than anyone looks through', () => {
    const described = read({ tool: 'read_files', input: { paths: Array.from({ length: 1_500 }, (_, index) => `f${index}`) } }, surroundings);
    assert.ok(described.actions.some((action) => action.kind === 'unknown' && action.uncertain !== undefined));
  });

  it('is uncertain about an input that nests without end', () => {
    const input: Record<string, unknown> = {};
    let inner = input;
    for (let depth = 0; depth < 5_000; depth++) {
      const next: Record<string, unknown> = {};
      inner['x'] = next;
      inner = next;
    }
    inner['path'] = '/etc/shadow';
    assert.ok(read({ tool: 'nobody_knows', input }, surroundings).actions.some((action) => action.uncertain !== undefined));
  });

  // A hook that is late is one that some agents do not wait for: what grows with the square of the length takes hours here
  for (const piece of ['?', '(', '{', '**/', '..', '../', '\n', ' ', '*** ', '--- a\n', '://', '@', '%2e', 'a:', '"', '\\', '-eyJ', '-eyJ.']) {
    it(`reads a million of ${JSON.stringify(piece)} in any input`, () => {
      const text = piece.repeat(1_000_000);
      assert.ok(read({ tool: 'web_fetch', input: { url: `https://a.example/?q=${text}` } }, surroundings).actions.length > 0);
      for (const [tool, key] of [['glob', 'pattern'], ['grep', 'pattern'], ['read_file', 'path'], ['read_files', 'paths'], ['write_file', 'content'], ['edit_file', 'path'], ['apply_patch', 'patch'], ['apply_patch', 'input'], ['web_fetch', 'url'], ['http_request', 'url'], ['mcp_server_tool', 'anything'], ['nobody_knows', 'x']] as const) {
        assert.ok(read({ tool, input: { [key]: text } }, surroundings).actions.length > 0, tool);
      }
    });
  }

  it('turns a failure of a part into one uncertain unknown action', () => {
    const broken = { ...surroundings, files: { resolve: () => { throw new Error('gone'); }, readText: () => undefined } };
    const described = read({ tool: 'read_file', input: { path: 'a' } }, broken);
    assert.equal(described.actions.map(short).join(), 'unknown[?]');
    assert.match(described.actions[0]?.uncertain ?? '', /gone/);
    assert.deepEqual([described.needsShell, described.needsNetwork], [true, true], 'what is switched off denies it');
  });

  it('gives no empty list, whatever the tool', () => {
    for (const tool of ['', ' ', 'functions.', 'mcp_', 'mcp__', 'mcp____']) assert.ok(read({ tool }, surroundings).actions.length > 0, tool);
  });
});
