import assert from 'node:assert/strict';
import { importFormats, importRules, type ImportFormat } from '../../../src/agents/importRules/importRules.ts';
import type { ImportedLine, ImportOrigin, ImportPreview } from '../../../src/agents/importRules/preview.ts';
import type { RuleScope } from '../../../src/core/rules/rule.ts';

const place = { workspace: '/ws', home: '/home/me', temporary: '/tmp', platform: 'linux' } as const;

function preview(id: ImportFormat['id'], text: string | object, origin: ImportOrigin = 'project'): ImportPreview {
  const format = importFormats.find((each) => each.id === id) ?? assert.fail(id);
  return importRules(format, typeof text === 'string' ? text : JSON.stringify(text), place, origin);
}

/** A scope in one line: `git status …`, `read_file /ws/a`, `web_fetch @host`, `mcp github/create`, `tool name` */
function short(scope: RuleScope): string {
  switch (scope.kind) {
    case 'command_prefix': return `${scope.prefix} …`;
    case 'path': return `${scope.toolName ?? 'any'} ${scope.path}`;
    case 'domain': return `${scope.toolName ?? 'any'} @${scope.domain}`;
    case 'mcp_server': return `mcp ${scope.serverName}/${scope.toolName ?? '*'}`;
    case 'tool': return `tool ${scope.toolName}`;
  }
}

/** `allow exact: git status …` */
function said({ effect, fit, rules }: ImportedLine): string {
  return `${effect ?? 'nothing'} ${fit}${rules.length === 0 ? '' : `: ${rules.map(({ scope }) => short(scope)).join(', ')}`}`;
}

function only({ lines, problems }: ImportPreview): string {
  assert.deepEqual(problems, []);
  assert.equal(lines.length, 1);
  return said(lines[0] ?? assert.fail());
}

describe('Rules of Claude Code', () => {
  const entries: readonly (readonly [effect: 'allow' | 'ask' | 'deny', entry: string, said: string])[] = [
    ['allow', 'Bash(npm run test:*)', 'exact: npm run test …'],
    ['allow', 'Bash(git log *)', 'exact: git log …'],
    ['allow', 'Bash(npm run build)', 'left_out'],
    ['allow', 'Bash(ls*)', 'narrower: ls …'],
    ['allow', 'Bash(git * main)', 'left_out'],
    ['allow', 'Bash(* --version)', 'left_out'],
    ['allow', 'Bash(npm test && npm run lint:*)', 'left_out'],
    ['allow', 'Bash(echo $HOME *)', 'left_out'],
    ['allow', 'Bash', 'exact: tool run_command'],
    ['allow', 'Bash(*)', 'exact: tool run_command'],
    ['allow', 'PowerShell(Get-ChildItem *)', 'left_out'],
    ['deny', 'Bash(rm -rf:*)', 'exact: rm -rf …'],
    ['deny', 'Bash(curl *)', 'exact: curl …'],
    ['deny', 'Bash(git push --force)', 'wider: git push --force …'],
    ['deny', 'Bash(git push * --force)', 'wider: git push …'],
    ['deny', 'Bash(rm*)', 'wider: tool run_command'],
    ['ask', 'Bash(*sudo*)', 'wider: tool run_command'],
    ['allow', 'Read(./src/**)', 'exact: read_file /ws/src/**, grep /ws/src/**, glob /ws/src/**, list_directory /ws/src/**'],
    ['allow', 'Edit(/docs/**)', 'exact: edit_file /ws/docs/**, write_file /ws/docs/**'],
    ['allow', 'Edit(docs/[ab].md)', 'left_out'],
    ['allow', 'Write(docs/**)', 'left_out'],
    ['deny', 'Write(docs/**)', 'wider: any /ws/docs/**'],
    ['deny', 'Read(.env)', 'wider: any /ws/**/.env'],
    ['deny', 'Read(./.env)', 'wider: any /ws/.env'],
    ['deny', 'Read(~/.ssh/**)', 'wider: any /home/me/.ssh/**'],
    ['deny', 'Read(//etc/**)', 'wider: any /etc/**'],
    ['deny', 'Read(secrets/[a-z]*/key)', 'wider: any /ws/secrets'],
    ['deny', 'Edit', 'exact: tool edit_file, tool write_file'],
    ['allow', 'WebFetch(domain:example.com)', 'exact: web_fetch @example.com'],
    ['allow', 'WebFetch(domain:*.example.com)', 'exact: web_fetch @*.example.com'],
    ['allow', 'WebFetch(https://example.com/a)', 'left_out'],
    ['deny', 'WebFetch(domain:evil.example)', 'wider: any @evil.example'],
    ['allow', 'mcp__github', 'exact: mcp github/*'],
    ['allow', 'mcp__github__*', 'exact: mcp github/*'],
    ['allow', 'mcp__claude_ai_Slack__send', 'exact: mcp claude_ai_slack/send'],
    ['allow', 'mcp__github__get_*', 'left_out'],
    ['deny', 'mcp__github__delete_*', 'wider: mcp github/*'],
    ['allow', 'WebSearch', 'exact: tool web_search'],
    ['deny', 'Task(Explore)', 'wider: tool spawn_agent'],
    ['allow', 'Task(Explore)', 'left_out'],
    ['allow', 'Sing', 'exact: tool claude.Sing'],
    ['allow', 'not a rule (at all', 'left_out'],
    ['deny', 'not a rule (at all', 'wider: tool *'],
    ['deny', `Read(${'x/'.repeat(3000)})`, 'wider: any /'],
    ['allow', `Bash(${'x'.repeat(2000)} *)`, 'left_out'],
  ];
  for (const [effect, entry, result] of entries) {
    it(`${effect} ${entry.slice(0, 60)}: ${result}`, () => {
      const got = preview('claude', { permissions: { [effect]: [entry] } });
      assert.equal(only(got), `${effect} ${result}`);
      const [line] = got.lines;
      assert.equal(line?.fit === 'exact', line?.why === undefined, 'a reason stands wherever something is lost or gained');
    });
  }

  it('say where they stand, and settings that are no rules say what to do instead', () => {
    const { lines } = preview('claude', { permissions: { allow: ['Bash(ls *)', 7], defaultMode: 'bypassPermissions', additionalDirectories: ['../x'] } });
    assert.deepEqual(lines.map(({ at, text, rules }) => [at, text, rules.length]), [
      ['permissions.allow[0]', 'Bash(ls *)', 1], ['permissions.allow[1]', '7', 0], ['permissions.defaultMode', 'bypassPermissions', 0], ['permissions.additionalDirectories', '["../x"]', 0],
    ]);
  });

  it('a slash in front means the project; in a person’s own file nobody knows, so it allows nothing there', () => {
    const text = { permissions: { allow: ['Edit(/docs/**)'] } };
    assert.match(only(preview('claude', text, 'project')), /exact/);
    assert.equal(only(preview('claude', text, 'user')), 'allow left_out');
  });

  const beaten: readonly (readonly [what: string, permissions: object, allowed: string])[] = [
    ['a narrower allow below a deny', { deny: ['Bash(git:*)'], allow: ['Bash(git status:*)'] }, 'allow left_out'],
    ['a narrower allow below an ask', { ask: ['Bash(git push:*)'], allow: ['Bash(git push origin:*)'] }, 'allow left_out'],
    ['a narrower ask below a deny, which denies too', { deny: ['Bash(git push:*)'], ask: ['Bash(git push origin:*)'] }, 'ask wider: git push origin …'],
    ['an allow of the same command behind a wrapper', { deny: ['Bash(git push:*)'], allow: ['Bash(timeout 300 git push:*)'] }, 'allow left_out'],
    ['an allow of the same command by its path', { deny: ['Bash(git push:*)'], allow: ['Bash(/usr/local/bin/git push:*)'] }, 'allow left_out'],
    ['a folder with a denied name in it', { deny: ['Read(.env)'], allow: ['Read(./src/**)'] }, 'allow left_out'],
    ['a tool of a denied server', { deny: ['mcp__github'], allow: ['mcp__github__get'] }, 'allow left_out'],
    ['a host of a denied domain', { deny: ['WebFetch(domain:*.example.com)'], allow: ['WebFetch(domain:api.example.com)'] }, 'allow left_out'],
    ['a path where the tool is denied', { deny: ['Edit'], allow: ['Edit(src/**)'] }, 'allow left_out'],
    ['a command where all are denied', { deny: ['Bash'], allow: ['Bash(ls *)'] }, 'allow left_out'],
    ['an allow of something else stays', { deny: ['Bash(git push:*)'], allow: ['Bash(git status:*)'] }, 'allow exact: git status …'],
    ['a wider allow stays, since the deny is more specific here too', { deny: ['Bash(git push:*)'], allow: ['Bash(git:*)'] }, 'allow exact: git …'],
    ['another folder stays', { deny: ['Read(./secret/**)'], allow: ['Edit(src/**)'] }, 'allow exact: edit_file /ws/src/**, write_file /ws/src/**'],
    ['editing where only reading is denied stays', { deny: ['Read(.env)'], allow: ['Edit(src/**)'] }, 'allow exact: edit_file /ws/src/**, write_file /ws/src/**'],
  ];
  for (const [what, permissions, result] of beaten) {
    it(`that Claude Code never follows are not brought to life: ${what}`, () => {
      const { lines } = preview('claude', { permissions });
      const wanted = result.split(' ')[0];
      assert.equal(said(lines.find(({ effect }) => effect === wanted) ?? assert.fail()), result);
    });
  }
});

describe('Rules of Codex', () => {
  it('are read with alternatives, comments and both kinds of quotation marks', () => {
    const { lines } = preview('codex', `# comment
prefix_rule(
    pattern = ["git", ["status", "log"]],  # two ways
    decision = "allow",
    justification = "safe (mostly), isn't it",
    match = ["git status", ["git", "log"]],
)
prefix_rule(pattern=['rm', "-rf"], decision="forbidden")
prefix_rule(pattern=["npm", "publish"], decision="prompt"); prefix_rule(pattern=["ls"])
network_rule(host="api.example.com", protocol="https", decision="allow")
network_rule(host="evil.example", protocol="https", decision="deny")
host_executable(name="git", paths=["/usr/bin/git"])
`);
    assert.deepEqual(lines.map((line) => `${line.at} ${said(line)}`), [
      'line 2 allow exact: git status …, git log …', 'line 8 deny exact: rm -rf …', 'line 9 ask exact: npm publish …', 'line 9 allow exact: ls …',
      'line 10 allow exact: any @https://api.example.com', 'line 11 deny wider: any @evil.example', 'line 12 nothing left_out',
    ]);
  });

  const odd: readonly (readonly [text: string, said: string])[] = [
    ['prefix_rule(pattern=["git", WORD], decision="allow")', 'ask wider: tool run_command'],
    ['for x in ["rm", "dd"]:\n  prefix_rule(pattern=[x], decision="forbidden")', 'ask wider: tool run_command'],
    ['prefix_rule(pattern=["rm"], decision="forbidden"', 'ask wider: tool run_command'],
    ['prefix_rule(["rm"], "forbidden")', 'ask wider: tool run_command'],
    ['prefix_rule(pattern=[], decision="forbidden")', 'deny wider: tool run_command'],
    ['prefix_rule(pattern=["rm"], decision="never")', 'deny exact: rm …'],
    ['prefix_rule(pattern=["a", ""], decision="allow")', 'allow left_out'],
    ['prefix_rule(pattern=["a"], decision="allow", unless=["--force"])', 'allow left_out'],
    ['prefix_rule(pattern=["a"], decision="forbidden", unless=["--dry"])', 'deny exact: a …'],
    ['prefix_rule(pattern=["a b", "*"], decision="allow")', 'allow left_out'],
    [String.raw`prefix_rule(pattern=["r\x6d"], decision="forbidden")`, 'ask wider: tool run_command'],
    [`prefix_rule(pattern=[${'"a",'.repeat(3)}[${'"b",'.repeat(100)}]], decision="allow")`, 'allow left_out'],
    [`prefix_rule(pattern=["a",[${'"b",'.repeat(100)}]], decision="forbidden")`, 'deny wider: a …'],
    ['network_rule(host="x.example", protocol="socks5_tcp", decision="allow")', 'allow left_out'],
  ];
  for (const [text, result] of odd) {
    it(`${text.slice(0, 70)}: ${result}`, () => assert.equal(said(preview('codex', text).lines[0] ?? assert.fail()), result));
  }

  it('that an allow would get past are followed first', () => {
    const { lines } = preview('codex', 'prefix_rule(pattern=["git"], decision="prompt")\nprefix_rule(pattern=["git","status"], decision="allow")');
    assert.deepEqual(lines.map(said), ['ask exact: git …', 'allow left_out']);
  });
});

describe('Rules of Gemini CLI', () => {
  it('are read in the form of today', () => {
    const { lines } = preview('gemini', {
      tools: { core: ['ShellTool', 'ReadFileTool'], allowed: ['run_shell_command(git status)', 'run_shell_command(npm test)', 'ReadFileTool', 'web_fetch(x)'], exclude: ['run_shell_command(rm)', 'WriteFileTool'] },
      mcpServers: { github: { trust: true, excludeTools: ['delete_repo'] }, other: { trust: false } }, mcp: { excluded: ['bad'] },
    });
    assert.deepEqual(lines.map(said), [
      'deny exact: rm …', 'deny exact: tool write_file', 'deny exact: mcp bad/*', 'deny exact: mcp github/delete_repo', 'allow exact: mcp github/*',
      'allow exact: git status …', 'allow exact: npm test …', 'allow exact: tool read_file', 'allow left_out', 'nothing left_out',
    ]);
  });

  it('allow nothing that another list says is not there', () => {
    const { lines } = preview('gemini', {
      tools: { core: ['run_shell_command(git)', 'LSTool'], allowed: ['run_shell_command', 'ShellTool(git)', 'list_directory', 'web_fetch'] },
      mcpServers: { some: { trust: true, includeTools: ['look', 'list(x)'] }, none: { trust: true, includeTools: 'look' }, gone: { trust: true }, 'far off': { trust: true } }, mcp: { allowed: ['some', 'none', 'my own'] },
    });
    assert.deepEqual(lines.filter(({ effect }) => effect !== undefined).map(said), [
      'allow exact: mcp some/look', 'allow left_out', 'allow left_out', 'allow left_out', 'allow left_out', 'allow exact: git …', 'allow exact: tool list_directory', 'allow left_out',
    ]);
  });

  it('are read in the flat form before', () => {
    assert.deepEqual(preview('gemini', { allowedTools: ['ShellTool(ls -l)'], excludeTools: ['web_fetch'] }).lines.map(said), ['deny exact: tool web_fetch', 'allow exact: ls -l …']);
  });
});

describe('Rules of VS Code', () => {
  const entries: readonly (readonly [pattern: string, value: unknown, said: string])[] = [
    ['git status', true, 'allow exact: git status …'],
    ['rm', false, 'ask exact: rm …'],
    ['rm', null, 'nothing left_out'],
    ['rm', 'yes', 'nothing left_out'],
    ['git status && ls', true, 'allow left_out'],
    [String.raw`/^git (status|show\b.*)$/`, true, 'allow left_out'],
    [String.raw`/^git (status|diff)\b/`, true, 'allow exact: git status …, git diff …'],
    [String.raw`/^git\s+(?:status|log)(\s.*)?$/`, true, 'allow exact: git status …, git log …'],
    ['/^npm run test$/', true, 'allow left_out'],
    ['/^ls/', true, 'allow narrower: ls …'],
    ['/^git /', true, 'allow left_out'],
    [String.raw`/^python\s+skills\//`, true, 'allow narrower: python skills/ …'],
    [String.raw`/^make-\b/`, true, 'allow left_out'],
    ['/echo/', true, 'allow left_out'],
    ['/.*/', true, 'allow left_out'],
    ['/^(a+)+$/', true, 'allow left_out'],
    ['/^echo "/', true, 'allow left_out'],
    ['/^git status/i', true, 'allow narrower: git status …'],
    [String.raw`/^rm\b/`, false, 'ask exact: rm …'],
    ['/^git push .*--force/', false, 'ask wider: git push …'],
    ['/dangerous/', false, 'ask wider: tool run_command'],
    ['/^RM/i', false, 'ask wider: tool run_command'],
    ['/^rm/', false, 'ask wider: tool run_command'],
    ['git', { approve: true }, 'allow exact: git …'],
    ['/^npm test$/', { approve: true, matchCommandLine: true }, 'allow left_out'],
    ['rm', { approve: false, matchCommandLine: true }, 'ask wider: tool run_command'],
  ];
  for (const [pattern, value, result] of entries) {
    it(`${pattern} ${JSON.stringify(value)}: ${result}`, () => assert.equal(only(preview('vscode', { 'chat.tools.terminal.autoApprove': { [pattern]: value } })), result));
  }

  it('are read from settings with comments; leave to run everything is not taken over', () => {
    const { lines } = preview('vscode', '{\n// mine\n"chat.tools.terminal.autoApprove": {"ls": true,},\n"chat.tools.global.autoApprove": true\n}');
    assert.deepEqual(lines.map(said), ['allow exact: ls …', 'nothing left_out']);
  });
});

describe('Rules of opencode', () => {
  const order: readonly (readonly [what: string, permission: unknown, said: readonly string[]])[] = [
    ['an effect for everything', 'allow', ['allow left_out']],
    ['a question for everything', { '*': 'ask' }, ['ask exact: tool *']],
    ['tools as a whole', { bash: 'ask', edit: 'deny', webfetch: 'allow', 'gh_*': 'deny' }, ['ask exact: tool run_command', 'deny exact: tool edit_file, tool write_file', 'allow exact: tool web_fetch', 'deny exact: tool opencode.gh_*']],
    ['commands', { bash: { '*': 'ask', 'git *': 'allow', 'rm *': 'deny', 'git status': 'allow' } }, ['ask exact: tool run_command', 'allow exact: git …', 'deny exact: rm …', 'allow left_out']],
    ['a later question goes before an earlier allow', { bash: { 'git push *': 'allow', 'git *': 'ask' } }, ['allow left_out', 'ask exact: git …']],
    ['a later allow goes before an earlier question', { bash: { 'git *': 'ask', 'git push *': 'allow' } }, ['ask exact: git …', 'allow exact: git push …']],
    ['one character of any kind', { bash: { 'grep?x *': 'deny', 'git push?': 'ask' } }, ['deny wider: tool run_command', 'ask wider: git …']],
    ['files', { read: { '*': 'allow', '*.env': 'deny', 'src/*': 'allow', 'a/*b/c': 'deny' } }, [
      'allow exact: tool read_file, tool grep, tool glob, tool list_directory', 'deny wider: any /ws/**/*.env', 'allow exact: read_file /ws/src/**, grep /ws/src/**, glob /ws/src/**, list_directory /ws/src/**', 'deny wider: any /ws/a/**',
    ]],
    ['addresses', { webfetch: { 'https://docs.example.com/*': 'allow', 'https://a.example/b*': 'deny', '*tracker*': 'deny' } }, ['allow left_out', 'deny wider: any @a.example', 'deny wider: tool web_fetch']],
    ['folders outside', { external_directory: { '~/projects/**': 'allow', '~/secret/*': 'deny' } }, ['allow left_out', 'deny wider: any /home/me/secret/**']],
    ['what is no permission', { bash: 7, edit: { x: 'maybe' } }, ['nothing left_out', 'nothing left_out']],
  ];
  for (const [what, permission, results] of order) {
    it(what, () => assert.deepEqual(preview('opencode', { permission }).lines.map(said), results));
  }
});

describe('Files that are no settings', () => {
  const texts: readonly (readonly [what: string, text: string])[] = [
    ['nothing at all', ''], ['half a document', '{"permissions":{"deny":["Bash(rm *)"'], ['a list', '[]'], ['a text', '"permissions"'], ['binary', '\u0000\u0001\ufffd\u0007'],
    ['nesting without end', `{"permissions":${'['.repeat(200_000)}`], ['10 MB', ' '.repeat(10_000_000)],
    ['more entries than anybody wrote', JSON.stringify({ permissions: { allow: new Array<string>(501).fill('Bash(ls *)'), deny: ['Bash'] } })],
    ['a prototype', '{"__proto__":{"permissions":{"allow":["Bash"]}}}'], ['lists that are none', '{"permissions":{"allow":"Bash"}}'], ['inherited names', '{"permissions":{"allow":["constructor","toString"]}}'],
  ];
  for (const [what, text] of texts) {
    it(`${what}: no agent’s reader makes a rule that allows shell commands of it, or fails`, () => {
      for (const { id } of importFormats) {
        const { lines } = preview(id, text);
        for (const { rules } of lines) for (const rule of rules) assert.notDeepEqual(rule, { effect: 'allow', scope: { kind: 'tool', toolName: 'run_command' } });
      }
    });
  }

  it('nothing is read of a file that cannot be read to its end, and it is said', () => {
    const { lines, problems } = preview('claude', '{"permissions":{"allow":["Bash(ls *)"],\n"deny":["Bash(rm *)"');
    assert.deepEqual(lines, []);
    assert.match(problems[0]?.message ?? '', /line 2/);
  });

  it('entries made to be slow to compare are compared in bounded time', () => {
    const path = (end: string): string => `${'**/a*/'.repeat(60)}${end}`;
    const list = (end: string, count: number): string[] => Array.from({ length: count }, (_, index) => `Edit(./${path(`${end}${index}`)})`);
    const { lines } = preview('claude', { permissions: { deny: list('d', 250), allow: list('b', 250) } });
    assert.equal(lines.length, 500);
  }).timeout(10_000);
});
