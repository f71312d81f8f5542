import assert from 'node:assert/strict';
import type { Action } from '../../../../src/core/action.ts';
import type { RuleScope } from '../../../../src/core/rules/rule.ts';
import { ask, domain, exec, files, network, path, policy, prefix, rule, tool } from './given.ts';

const all = ['deny_once', 'allow_once', 'deny_session', 'allow_session', 'deny_workspace', 'allow_workspace', 'deny_profile', 'allow_profile'];
const once = ['deny_once', 'allow_once'];

describe('what a lasting answer writes', () => {
  const cases: readonly (readonly [string, string, Action, RuleScope])[] = [
    ['a path with its tool', 'write_file', files('write', '/ws/a.ts'), path('/ws/a.ts', 'write_file')],
    ['the whole words of a command, quoted back', 'run_command', exec('x', { argv: ['git', 'commit', '-m', "it's"] }), prefix(`git commit -m 'it'\\''s'`)],
    ['a host with its tool', 'http_request', network('export', 'a.example'), domain('a.example', 'http_request')],
    ['a host with an odd port', 'http_request', network('export', 'a.example', { port: 8443 }), domain('a.example:8443', 'http_request')],
    ['a clear text host with its port', 'http_request', network('export', 'a.example', { scheme: 'http' }), domain('a.example:80', 'http_request')],
    ['a private IPv6 host', 'web_fetch', network('fetch', '::1', { hostClass: 'loopback', scheme: 'http', port: 3000 }), domain('[::1]:3000', 'web_fetch')],
    ['the MCP server', 'mcp_github_list', { kind: 'mcp', target: 'github/list', server: 'github', mcpTool: 'list' }, { kind: 'mcp_server', serverName: 'github' }],
    ['the tool', 'zap', { kind: 'unknown', target: 'zap' }, tool('zap')],
    ['the source of an upload', 'analyze_image', { kind: 'export', target: 'model', source: '/ws/a.png' }, path('/ws/a.png', 'analyze_image')],
    ['exactly the secret', 'read_file', files('read', '/ws/.env'), path('/ws/.env', 'read_file')],
  ];
  for (const [name, toolName, action, scope] of cases) {
    it(name, () => assert.deepEqual(ask({ tool: toolName, actions: [action] }, policy()).actions[0]?.remember, scope));
  }

  it('a browser tool and its host: all browser tools on that host', () => {
    const answer = ask({ tool: 'browser_navigate', actions: [{ kind: 'interact', target: 'x' }, network('fetch', 'a.example')] }, policy());
    assert.deepEqual(answer.scope, { kind: 'domain', domain: 'a.example', toolPrefix: 'browser_' });
  });

  it('an address that a tool does not go to widens nothing', () => {
    const click = { tool: 'browser_click', actions: [{ kind: 'interact', target: 'x' }, network('fetch', 'a.example')] as const };
    assert.deepEqual(ask(click, policy()).scope, tool('browser_click'));
    assert.equal(ask(click, policy({ rules: [rule('allow', { kind: 'domain', domain: 'a.example', toolPrefix: 'browser_' })] })).decision, 'ask');
  });

  it('an effect of a command is covered by its words where they name it, else by its path', () => {
    const line = ask({ actions: [exec('make > out'), files('write', '/ws/out', { owner: 0, namedAt: Infinity })] }, policy());
    assert.deepEqual(line.actions.map(({ remember }) => remember?.kind), ['command_prefix', 'path']);
    const named = ask({ actions: [exec('rm x'), files('delete', '/ws/x', { owner: 0, namedAt: 1 })] }, policy());
    assert.deepEqual(named.actions.map(({ remember }) => remember?.kind), ['command_prefix', 'command_prefix']);
  });

  for (const [name, action] of [
    ['the location', { kind: 'locate', target: 'here' }],
    ['a guarded place', files('write', '/ws/.envrc')],
    ['a command that cannot be read', exec('x', { class: 'unreadable' })],
    ['a doubtful path', files('read', '/ws/x', { uncertain: 'doubt' })],
    ['a command with a word that is not known', exec('x', { argv: ['rm', null] })],
    ['an export to an unknown place', { kind: 'export', target: '?' }],
    ['a file whose own name is a wildcard', files('write', '/ws/*')],
    ['a file whose name ends in a blank', files('write', '/ws/a ')],
    ['words that never name the effect', exec('x y', { namedAt: Infinity })],
  ] as const) {
    it(`${name} is answered once only`, () => {
      const answer = ask({ actions: [action] }, policy());
      assert.deepEqual(answer.suggestions, once);
      assert.equal(answer.actions[0]?.remember, undefined);
    });
  }

  it('a line of which one part is answered once only is answered once only', () => {
    assert.deepEqual(ask({ actions: [exec('make'), exec('x', { class: 'unreadable' })] }, policy()).suggestions, once);
  });

  it('an answer that would lose against a rule that stands is not offered', () => {
    const write = { actions: [files('write', '/ws/a')] };
    assert.deepEqual(ask(write, policy()).suggestions, all);
    assert.deepEqual(ask(write, policy({ rules: [rule('ask', tool('write_file'), 'managed')] })).suggestions, once);
    assert.deepEqual(ask(write, policy({ rules: [rule('ask', path('/ws/a', 'write_file'), 'workspace_manifest')] })).suggestions, all.slice(0, 6));
    assert.deepEqual(ask(write, policy({ rules: [rule('ask', path('/ws/a', 'write_file'), 'workspace_db')] })).suggestions, all.slice(0, 4));
  });
});
