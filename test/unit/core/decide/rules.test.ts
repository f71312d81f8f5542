import assert from 'node:assert/strict';
import { ask, domain, exec, files, network, path, place, policy, prefix, rule, session, tool } from './given.ts';
import { compileSessionRules } from '../../../../src/core/policy/compilePolicy.ts';
import type { Rule } from '../../../../src/core/rules/rule.ts';

describe('rules', () => {
  it('the more specific scope answers, then the source, then deny over ask over allow', () => {
    const write = { actions: [files('write', '/ws/src/a.ts')] };
    assert.equal(ask(write, policy({ rules: [rule('deny', path('/ws')), rule('allow', path('/ws/src'))] })).decision, 'allow');
    assert.equal(ask(write, policy({ rules: [rule('deny', path('/ws/src'), 'profile'), rule('allow', path('/ws/src'), 'workspace_db')] })).decision, 'allow');
    assert.equal(ask(write, policy({ rules: [rule('allow', path('/ws/src')), rule('deny', path('/ws/src'))] })).decision, 'deny');
    assert.equal(ask(write, policy({ rules: [rule('allow', path('/ws/src')), rule('ask', path('/ws/src'))] })).decision, 'ask');
    assert.equal(ask(write, policy({ rules: [rule('deny', path('/ws/src')), rule('allow', path('/ws', 'write_file'))] })).decision, 'allow');
  });

  it('a less trusted rule never loosens a more trusted one', () => {
    const line = { actions: [exec('npm publish --access public')] };
    const repository = rule('allow', prefix('npm publish --access public'), 'workspace_manifest');
    for (const effect of ['deny', 'ask'] as const) {
      assert.equal(ask(line, policy({ mode: 'dont_ask', rules: [repository, rule(effect, prefix('npm publish'), 'profile')] })).decision, effect);
      assert.equal(ask(line, policy({ mode: 'dont_ask', rules: [repository, rule(effect, tool('run_command'), 'profile')] })).decision, effect);
      assert.equal(ask(line, policy({ mode: 'dont_ask', rules: [rule('allow', prefix('npm publish --access'), 'session'), rule(effect, tool('run_command'), 'managed')] })).decision, effect);
    }
    assert.equal(ask(line, policy({ mode: 'dont_ask', rules: [rule('deny', tool('run_command'), 'workspace_manifest'), rule('allow', prefix('npm publish'), 'profile')] })).decision, 'allow');
  });

  it('a trusted command never beats an explicit deny, however broad', () => {
    const guardrails = { customBlockedPatterns: [], autoApproveTrustedCommands: true, trustedCommandPatterns: ['make docs*'] };
    assert.equal(ask({ actions: [exec('ls -la')] }, policy({ guardrails })).decision, 'allow');
    assert.equal(ask({ actions: [exec('make docs')] }, policy({ guardrails })).decision, 'allow');
    assert.equal(ask({ actions: [exec('lsof -i')] }, policy({ guardrails })).decision, 'ask');
    assert.equal(ask({ actions: [exec('ls -la')] }, policy({ guardrails, rules: [rule('deny', tool('run_command'), 'profile')] })).decision, 'deny');
    assert.equal(ask({ actions: [exec('ls -la')] }, policy({ guardrails: { ...guardrails, autoApproveTrustedCommands: false } })).decision, 'ask');
  });

  it('repository allows count only when trusted and reviewed; its denies always', () => {
    const rules = [rule('allow', tool('write_file'), 'workspace_manifest'), rule('deny', path('/ws/secret'), 'workspace_manifest')];
    assert.equal(ask({ actions: [files('write', '/ws/a')] }, policy({ rules }, false)).decision, 'ask');
    assert.equal(ask({ actions: [files('write', '/ws/a')] }, policy({ rules }, true)).decision, 'allow');
    assert.equal(ask({ actions: [files('write', '/ws/secret/a')] }, policy({ rules }, false)).decision, 'deny');
  });

  it('a rule ends with its time and its uses', () => {
    const write = { actions: [files('write', '/ws/a')] };
    assert.equal(ask(write, policy({ rules: [rule('allow', path('/ws'), 'session', { expiresAt: session.now + 1 })] })).decision, 'allow');
    assert.equal(ask(write, policy({ rules: [rule('allow', path('/ws'), 'session', { expiresAt: session.now })] })).decision, 'ask');
    assert.equal(ask(write, policy({ rules: [rule('allow', path('/ws'), 'session', { usesLeft: 1 })] })).decision, 'allow');
    assert.equal(ask(write, policy({ rules: [rule('allow', path('/ws'), 'session', { usesLeft: 0 })] })).decision, 'ask');
  });

  it('session rules compiled apart count beside the policy', () => {
    const granted = compileSessionRules([rule('allow', path('/ws/a', 'write_file'), 'session')], place);
    assert.equal(ask({ actions: [files('write', '/ws/a')], session: { rules: granted } }, policy()).decision, 'allow');
    assert.equal(ask({ actions: [files('write', '/ws/a')], session: { rules: granted } }, policy({ rules: [rule('deny', tool('write_file'), 'managed')] })).decision, 'deny');
  });

  it('names every losing rule, best first', () => {
    const loser = rule('allow', path('/ws'), 'workspace_db');
    const winner = rule('deny', path('/ws/src'), 'workspace_db');
    const worst = rule('allow', tool('write_file'), 'workspace_db');
    const [action] = ask({ actions: [files('write', '/ws/src/a.ts')] }, policy({ rules: [worst, loser, winner] })).actions;
    assert.equal(action?.rule?.id, winner.id);
    assert.deepEqual(action?.losing.map(({ id }) => id), [loser.id, worst.id]);
  });

  describe('bypass_permissions', () => {
    const under = (...rules: Parameters<typeof rule>[]) => policy({ mode: 'bypass_permissions', rules: rules.map((given) => rule(...given)) });
    it('skips ask rules, so that a deny that had lost to one counts', () => {
      assert.equal(ask({ actions: [exec('make')] }, under(['ask', prefix('make')])).decision, 'allow');
      assert.equal(ask({ actions: [exec('make')] }, under(['ask', prefix('make')], ['deny', tool('run_command')])).decision, 'deny');
    });
    it('keeps them for export, location and commands that cannot be read', () => {
      assert.equal(ask({ actions: [network('export', 'a.example')] }, under(['ask', domain('a.example', 'http_request')], ['allow', domain('a.example')])).decision, 'ask');
      assert.equal(ask({ actions: [exec('x', { class: 'unreadable' })] }, under(['ask', tool('run_command')])).reason.type, 'rule');
    });
  });

  describe('tool scope', () => {
    const outcome = (name: string, asked: string) => ask({ tool: asked, actions: [{ kind: 'unknown', target: asked }] }, policy({ mode: 'dont_ask', rules: [rule('deny', tool(name))] })).decision;
    for (const [name, asked, wanted] of [
      ['mcp_*', 'mcp_x', 'deny'],
      ['MCP_*', 'mcp_x', 'deny'],
      ['*_action', 'gmail_action', 'deny'],
      ['my?tool', 'my_tool', 'deny'],
      ['my_tool', 'my_tools', 'allow'],
      ['generate_document', 'create_document', 'deny'],
      ['functions.create_document', 'create_document', 'deny'],
      ['  my_tool ', 'my_tool', 'deny'],
    ] as const) it(`deny ${name} for ${asked}: ${wanted}`, () => assert.equal(outcome(name, asked), wanted));

    it('an allow for the shell tool answers ordinary work, not what leaves the workspace, secrets, exports or the unreadable', () => {
      const under = policy({ rules: [rule('allow', tool('run_command'))], allowedPaths: [] });
      const of = (action: Parameters<typeof ask>[0]['actions'][number]) => ask({ tool: 'run_command', actions: [exec('make'), action] }, under).decision;
      assert.equal(of(files('write', '/ws/out', { owner: 0 })), 'allow');
      assert.equal(of(files('read', '/ws/in', { owner: 0 })), 'allow');
      assert.equal(of(files('read', '/data/in', { owner: 0 })), 'ask');
      assert.equal(of(files('read', '/ws/.env', { owner: 0 })), 'ask');
      assert.equal(of(network('export', 'a.example', { owner: 0 })), 'ask');
      assert.equal(of(network('fetch', '10.0.0.1', { owner: 0, hostClass: 'private' })), 'ask');
      assert.equal(of(exec('x', { class: 'unreadable' })), 'ask');
      assert.equal(of(exec('x', { uncertain: 'unknown word' })), 'ask');
    });

    it('an allow with a wildcard minds case, so that a look-alike name is not let in', () => {
      assert.equal(ask({ tool: 'MyTool_x', actions: [{ kind: 'unknown', target: 'x' }] }, policy({ rules: [rule('allow', tool('mytool_*'))] })).decision, 'ask');
    });
  });

  describe('path scope', () => {
    const deny = (text: string, settings = {}) => policy({ mode: 'dont_ask', rules: [rule('deny', path(text), 'profile')], ...settings });
    for (const [scope, where, wanted] of [
      ['/ws/secrets', '/ws/secrets', 'deny'],
      ['/ws/secrets', '/ws/secrets/key', 'deny'],
      ['/ws/secrets', '/ws/secrets2/key', 'allow'],
      ['/ws/secrets/', '/ws/secrets/key', 'deny'],
      ['secrets', '/ws/secrets/key', 'deny'],
      ['./a/../secrets', '/ws/secrets/key', 'deny'],
      ['~/x', '/home/u/x/y', 'deny'],
      ['/ws/**/*.pem', '/ws/a/b/c.pem', 'deny'],
      ['/ws/**/*.pem', '/ws/c.pem', 'deny'],
      ['/ws/**/private', '/ws/a/private/x', 'deny'],
      ['/ws/*/x', '/ws/a/x', 'deny'],
      ['/ws/*/x', '/ws/a/b/x', 'allow'],
      ['/ws/a?c', '/ws/abc', 'deny'],
      ['/ws/**', '/ws/deep/er', 'deny'],
      ['**/*.key', '/ws/x/a.key', 'deny'],
    ] as const) it(`deny ${scope} for ${where}: ${wanted}`, () => assert.equal(ask({ actions: [files('read', where)] }, deny(scope)).decision, wanted));

    it('compares without case on Windows and macOS, with case on Linux', () => {
      const mac = policy({ mode: 'dont_ask', rules: [rule('deny', path('/ws/Secrets'))] }, true, { ...place, platform: 'darwin' });
      assert.equal(ask({ actions: [files('read', '/ws/secrets/k')] }, mac).decision, 'deny');
      assert.equal(ask({ actions: [files('read', '/ws/secrets/k')] }, deny('/ws/Secrets')).decision, 'allow');
      const windows = policy({ mode: 'dont_ask', rules: [rule('deny', path('c:\\Work\\secrets'))] }, true, { workspace: 'C:/Work', home: 'C:/Users/u', temporary: 'C:/Temp', platform: 'win32' });
      assert.equal(ask({ actions: [files('read', 'C:/work/SECRETS/k')] }, windows).decision, 'deny');
    });

    it('a deny below a folder that is taken whole: deny for delete and move, ask for a read through it', () => {
      for (const scope of ['/ws/a/secrets', '/ws/**/*.pem', '/ws/a/*/x']) {
        assert.equal(ask({ actions: [files('delete', '/ws/a', { recursive: true })] }, deny(scope)).decision, 'deny', scope);
        assert.equal(ask({ actions: [files('write', '/ws/a', { recursive: true })] }, deny(scope)).decision, 'deny', scope);
        assert.equal(ask({ actions: [files('read', '/ws/a', { recursive: true })] }, deny(scope)).decision, 'ask', scope);
        assert.equal(ask({ actions: [files('read', '/ws/a')] }, deny(scope)).decision, 'allow', scope);
      }
      assert.equal(ask({ actions: [files('delete', '/ws/b', { recursive: true })] }, deny('/ws/a/secrets')).decision, 'allow');
      assert.equal(ask({ actions: [files('read', '/ws/a', { recursive: true })] }, deny('/ws/a/secrets', { mode: 'bypass_permissions' })).decision, 'ask');
    });

    it('a glob of the shell meets denies on what it may name', () => {
      const glob = (kind: 'read' | 'delete', text: string) => ask({ actions: [files(kind, text, { glob: true })] }, deny('/ws/notes.txt')).decision;
      assert.equal(glob('delete', '/ws/no*'), 'deny');
      assert.equal(glob('read', '/ws/*.txt'), 'ask');
      assert.equal(glob('read', '/ws/*.md'), 'allow');
      assert.equal(glob('delete', '/ws/*'), 'deny');
      assert.equal(glob('delete', '/ws/*/*'), 'deny');
      assert.equal(glob('delete', '/ws/a/*'), 'allow');
      assert.equal(ask({ actions: [files('delete', '/ws/*', { glob: true })] }, deny('/ws/a/notes.txt')).decision, 'allow');
      assert.equal(ask({ actions: [files('delete', '/ws/*', { glob: true, recursive: true })] }, deny('/ws/a/notes.txt')).decision, 'deny');
      assert.equal(ask({ actions: [files('delete', '/ws/*', { glob: true })] }, deny('/ws/**/*.txt')).decision, 'deny');
      assert.equal(ask({ actions: [files('delete', '/ws/s*/x', { glob: true })] }, deny('/ws/src')).decision, 'deny');
    });

    it('an allow covers a glob only where it covers all that the glob may name', () => {
      const outcome = (scope: string, glob: string) => ask({ actions: [files('write', glob, { glob: true })] }, policy({ rules: [rule('allow', path(scope))] })).decision;
      assert.equal(outcome('/ws/src', '/ws/src/*.ts'), 'allow');
      assert.equal(outcome('/ws/src/*.ts', '/ws/src/*.ts'), 'allow');
      assert.equal(outcome('/ws/src/?', '/ws/src/*'), 'ask');
      assert.equal(outcome('/ws/src/a', '/ws/src/*'), 'ask');
    });

    it('an allow for a path is not an allow for a command that carries that path', () => {
      assert.equal(ask({ tool: 'run_command', actions: [exec('npm publish'), files('read', '/ws')] }, policy({ rules: [rule('allow', path('/ws', 'run_command'))] })).decision, 'ask');
    });

    it('a secret is answered by naming exactly that file, not the folder', () => {
      const outcome = (scope: string) => ask({ actions: [files('read', '/ws/.env')] }, policy({ rules: [rule('allow', path(scope))] })).decision;
      assert.equal(outcome('/ws/.env'), 'allow');
      assert.equal(outcome('/ws'), 'ask');
      assert.equal(outcome('/ws/.e*'), 'ask');
    });

    it('a read outside is answered by a rule for its path', () => {
      assert.equal(ask({ actions: [files('read', '/data/x')] }, policy({ rules: [rule('allow', path('/data'))] })).decision, 'allow');
      assert.equal(ask({ actions: [files('read', '/data/x')] }, policy({ rules: [rule('allow', tool('read_file'))] })).decision, 'ask');
    });

    it('a rule written through a link holds for the real place', () => {
      const linked = { ...place, files: { resolve: (text: string) => text.replace(/^\/ws\/link(?=\/|$)/, '/ws/real') } };
      const under = policy({ mode: 'dont_ask', rules: [rule('deny', path('/ws/link')), rule('deny', path('/ws/link/sub/*.x'))] }, true, linked);
      assert.equal(ask({ actions: [files('read', '/ws/real/a')] }, under).decision, 'deny');
      const through = policy({ mode: 'dont_ask', rules: [rule('deny', path('/ws/link'))] });
      assert.equal(ask({ actions: [files('read', '/ws/real/a', { asked: '/ws/link/a', throughLink: true })] }, through).decision, 'deny');
    });
  });

  it('globs made to cost time cost little, and a block among them only widens', () => {
    const endless = `/ws/${'*/a/'.repeat(2000)}`;
    const many = Array.from({ length: 300 }, (_, index) => rule('deny', path(`${'/**/*a'.repeat(30)}${index}`)));
    const under = policy({ mode: 'dont_ask', rules: [...many, rule('deny', path(endless)), rule('allow', path(endless)), rule('deny', tool('*a'.repeat(400))), rule('deny', path('/ws/**/**/**/x'))] });
    assert.equal(under.problems.length, 3);
    assert.equal(ask({ actions: [files('read', `/ws${'/b'.repeat(1000)}`)] }, under).decision, 'allow');
    assert.equal(ask({ actions: [files('read', `/ws${'/b/a'.repeat(200)}`)] }, under).decision, 'deny');
    assert.equal(ask({ actions: [files('read', '/ws/x')] }, under).decision, 'deny');
  });

  describe('a block on a part of a folder that is taken whole', () => {
    const whole = (kind: 'read' | 'delete') => ({ actions: [files(kind, '/ws/a', { recursive: true })] });
    const cases: readonly (readonly [string, 'read' | 'delete', readonly Rule[], string])[] = [
      ['a deny on a part never loosens a deny on the whole', 'read', [rule('deny', path('/ws/a')), rule('deny', path('/ws/a/b'))], 'deny'],
      ['a deny on a part never loosens a deny on the tool', 'read', [rule('deny', tool('read_file')), rule('deny', path('/ws/a/b'))], 'deny'],
      ['an ask on a part never loosens a deny on the whole', 'delete', [rule('deny', path('/ws/a')), rule('ask', path('/ws/a/b'))], 'deny'],
      ['a deny on a part makes a read of the whole ask', 'read', [rule('allow', path('/ws/a')), rule('deny', path('/ws/a/b'))], 'ask'],
      ['a deny on a part denies taking the whole away', 'delete', [rule('allow', path('/ws/a')), rule('deny', path('/ws/a/b'))], 'deny'],
    ];
    it('a deny on a part never loosens what the mode denies', () => {
      const outside = { actions: [files('read', '/data/a', { recursive: true })] };
      for (const rules of [[], [rule('deny', path('/data/a/b'))]]) assert.equal(ask(outside, policy({ mode: 'plan', rules })).decision, 'deny');
    });
    for (const [what, kind, rules, expected] of cases) it(what, () => assert.equal(ask(whole(kind), policy({ rules })).decision, expected));
  });

  describe('command prefix', () => {
    const allow = (text: string, action: ReturnType<typeof exec>) => ask({ actions: [action] }, policy({ rules: [rule('allow', prefix(text))] })).decision;
    it('an allow covers whole leading words, exactly as they stand', () => {
      assert.equal(allow('git status', exec('git status -s')), 'allow');
      assert.equal(allow('git  status', exec('git status')), 'allow');
      assert.equal(allow('git status', exec('git statusx')), 'ask');
      assert.equal(allow('git status', exec('git -c alias.status=!x status', { readings: [['git', 'status']] })), 'ask');
      assert.equal(allow('git status', exec('/usr/bin/git status', { readings: [['git', 'status']] })), 'ask');
      assert.equal(allow('git status', exec('git')), 'ask');
      assert.equal(allow('git status', exec('git status', { argv: ['git', null] })), 'ask');
    });
    it('an allow answers only up to the word that names the effect', () => {
      assert.equal(allow('find .', exec('find . -delete', { namedAt: 2 })), 'ask');
      assert.equal(allow('find . -delete', exec('find . -delete', { namedAt: 2 })), 'allow');
      const under = policy({ rules: [rule('allow', prefix('find .'))] });
      assert.equal(ask({ actions: [exec('find . -delete'), files('delete', '/ws/x', { owner: 0, namedAt: 2 })] }, under).decision, 'ask');
      assert.equal(ask({ actions: [exec('find . -name a'), files('read', '/ws', { owner: 0, namedAt: 1, recursive: true })] }, under).decision, 'allow');
    });
    it('an allow for cat covers no secret and nothing outside unless it names it', () => {
      const outcome = (text: string, where: string) => ask({ actions: [exec(`cat ${where}`), files('read', where, { owner: 0, namedAt: 1 })] }, policy({ rules: [rule('allow', prefix(text))] })).decision;
      assert.equal(outcome('cat', '/ws/a'), 'allow');
      assert.equal(outcome('cat', '/data/a'), 'ask');
      assert.equal(outcome('cat /data/a', '/data/a'), 'allow');
      assert.equal(outcome('cat', '/ws/.env'), 'ask');
      assert.equal(outcome('cat /ws/.env', '/ws/.env'), 'allow');
    });
    it('a deny also matches through wrappers, assignments, paths and options', () => {
      const under = policy({ mode: 'dont_ask', rules: [rule('deny', prefix('git push'))] });
      assert.equal(ask({ actions: [exec('env X=1 /usr/bin/git --no-pager push', { readings: [['env', 'git', 'push'], ['git', 'push']] })] }, under).decision, 'deny');
      assert.equal(ask({ actions: [exec('git pull')] }, under).decision, 'allow');
    });
    it('never answers what cannot be read', () => {
      assert.equal(allow('sh -c x', exec('sh -c x', { class: 'unreadable' })), 'ask');
    });
  });

  describe('domain scope', () => {
    const deny = (text: string, host: string, more = {}) => ask({ actions: [network('fetch', host, more)] }, policy({ rules: [rule('deny', domain(text))] })).decision;
    for (const [text, host, wanted, more] of [
      ['evil.example', 'evil.example', 'deny', {}],
      ['evil.example', 'a.evil.example', 'allow', {}],
      ['*.evil.example', 'a.b.evil.example', 'deny', {}],
      ['*.evil.example', 'evil.example', 'allow', {}],
      ['.evil.example', 'evil.example', 'deny', {}],
      ['.evil.example', 'a.evil.example', 'deny', {}],
      ['evil.example', 'notevil.example', 'allow', {}],
      ['https://evil.example', 'evil.example', 'deny', { scheme: 'http' }],
      ['evil.example:443', 'evil.example', 'deny', {}],
      ['evil.example:8080', 'evil.example', 'allow', {}],
      ['EVIL.example.', 'evil.example', 'deny', {}],
      ['bücher.example', 'xn--bcher-kva.example', 'deny', {}],
      ['127.0.0.1', '127.0.0.2', 'deny', { hostClass: 'loopback' }],
      ['localhost', 'foo.localhost', 'deny', { hostClass: 'loopback' }],
      ['localhost', '::1', 'deny', { hostClass: 'loopback' }],
      ['*', 'any.example', 'deny', {}],
      ['api.*.example', 'api.eu.example', 'deny', {}],
    ] as const) it(`deny ${text} for ${host}: ${wanted}`, () => assert.equal(deny(text, host, more), wanted));

    it('names a tool or the start of tool names', () => {
      const under = policy({ rules: [rule('deny', { kind: 'domain', domain: 'a.example', toolPrefix: 'browser_' })] });
      assert.equal(ask({ tool: 'browser_navigate', actions: [network('fetch', 'a.example')] }, under).decision, 'deny');
      assert.equal(ask({ tool: 'web_fetch', actions: [network('fetch', 'a.example')] }, under).decision, 'allow');
    });
    it('an allow for every host is left out and reported', () => {
      const under = policy({ rules: [rule('allow', domain('*'))] });
      assert.equal(under.rules.size, 0);
      assert.equal(under.problems.length, 1);
    });
    it('a private address is answered by a domain rule only', () => {
      const local = { tool: 'web_fetch', actions: [network('fetch', 'localhost', { hostClass: 'loopback', scheme: 'http', port: 3000 })] };
      assert.equal(ask(local, policy({ rules: [rule('allow', tool('web_fetch'))] })).decision, 'ask');
      assert.equal(ask(local, policy({ rules: [rule('allow', domain('localhost'))] })).decision, 'allow');
      assert.equal(ask(local, policy({ rules: [rule('allow', domain('localhost:4000'))] })).decision, 'ask');
    });
  });

  describe('MCP server scope', () => {
    const call = (server: string, mcpTool: string) => ({ tool: `mcp_${server}_${mcpTool}`, actions: [{ kind: 'mcp', target: `${server}/${mcpTool}`, server, mcpTool }] as const, more: { server } });
    it('matches the server without case, and a tool by either of its names', () => {
      assert.equal(ask(call('github', 'list'), policy({ rules: [rule('allow', { kind: 'mcp_server', serverName: 'GitHub' })] })).decision, 'allow');
      assert.equal(ask(call('other', 'list'), policy({ rules: [rule('allow', { kind: 'mcp_server', serverName: 'github' })] })).decision, 'ask');
      for (const toolName of ['list', 'mcp_github_list', 'mcp__github__list']) {
        assert.equal(ask(call('github', 'list'), policy({ rules: [rule('deny', { kind: 'mcp_server', serverName: 'github', toolName })] })).decision, 'deny', toolName);
        assert.equal(ask(call('github', 'push'), policy({ rules: [rule('deny', { kind: 'mcp_server', serverName: 'github', toolName })] })).decision, 'ask', toolName);
      }
    });
  });
});
