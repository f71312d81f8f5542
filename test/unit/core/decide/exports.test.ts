import assert from 'node:assert/strict';
import { modes } from '../../../../src/core/decision.ts';
import type { Rule } from '../../../../src/core/rules/rule.ts';
import { ask, domain, exec, files, network, path, policy, prefix, rule, tool } from './given.ts';

const post = network('export', 'api.example', { method: 'POST', scheme: 'https' });

describe('exports', () => {
  const outcome = (given: Rule, action = post) => ask({ actions: [action] }, policy({ mode: 'dont_ask', rules: [given] })).decision;

  it('no mode allows one', () => {
    for (const mode of modes) assert.notEqual(ask({ actions: [post] }, policy({ mode })).decision, 'allow', mode);
  });

  it('a rule of the user that names the host allows it', () => {
    for (const source of ['managed', 'session', 'workspace_db', 'profile'] as const) {
      assert.equal(outcome(rule('allow', domain('api.example'), source)), 'allow', source);
      assert.equal(outcome(rule('allow', domain('api.example', 'http_request'), source)), 'allow', source);
    }
  });

  it('no rule of the repository and no trusted command does', () => {
    for (const source of ['workspace_manifest', 'legacy_guardrails', 'legacy_builtin_settings'] as const) {
      assert.equal(outcome(rule('allow', domain('api.example', 'http_request'), source)), 'ask', source);
    }
  });

  it('no rule for a whole tool or server does', () => {
    assert.equal(outcome(rule('allow', tool('http_request'))), 'ask');
    assert.equal(ask({ actions: [post], more: { server: 's' } }, policy({ rules: [rule('allow', { kind: 'mcp_server', serverName: 's' })] })).decision, 'ask');
  });

  it('clear text and other ports must be spelled in the rule', () => {
    const plain = { ...post, scheme: 'http' };
    const odd = { ...post, port: 6379 };
    assert.equal(outcome(rule('allow', domain('api.example')), plain), 'ask');
    assert.equal(outcome(rule('allow', domain('http://api.example')), plain), 'allow');
    assert.equal(outcome(rule('allow', domain('api.example:80')), plain), 'allow');
    assert.equal(outcome(rule('allow', domain('api.example')), odd), 'ask');
    assert.equal(outcome(rule('allow', domain('api.example:6379')), odd), 'allow');
    assert.equal(outcome(rule('allow', domain('api.example:443')), odd), 'ask');
    assert.equal(outcome(rule('allow', domain('localhost')), { ...post, host: 'localhost', hostClass: 'loopback', scheme: 'http', port: 3000 }), 'allow');
  });

  it('a path rule with its tool allows the upload of that file, without a tool not', () => {
    const upload = { tool: 'analyze_image', actions: [{ kind: 'export', target: 'model', provider: 'model', source: '/ws/a.png' }] as const };
    assert.equal(ask(upload, policy({ rules: [rule('allow', path('/ws/a.png', 'analyze_image'))] })).decision, 'allow');
    assert.equal(ask(upload, policy({ rules: [rule('allow', path('/ws/a.png'))] })).decision, 'ask');
    assert.equal(ask(upload, policy({ rules: [rule('allow', path('/ws/b.png', 'analyze_image'))] })).decision, 'ask');
  });

  it('the exporting words themselves allow it, a bare program does not', () => {
    const line = (scope: string) => ask({ actions: [exec('git push origin main', { namedAt: 1 }), { kind: 'export', target: 'origin', provider: 'git', owner: 0, namedAt: 1 }] }, policy({ rules: [rule('allow', prefix(scope))] })).decision;
    assert.equal(line('git push'), 'allow');
    assert.equal(line('git push origin'), 'allow');
    assert.equal(line('git'), 'ask');
    const curl = (scope: string) => ask({ actions: [exec('curl -d x https://api.example', { namedAt: 0 }), network('export', 'api.example', { owner: 0, namedAt: 3 })] }, policy({ rules: [rule('allow', prefix(scope))] })).decision;
    assert.equal(curl('curl'), 'ask');
    assert.equal(curl('curl -d x'), 'ask');
    assert.equal(curl('curl -d x https://api.example'), 'allow');
    const single = ask({ actions: [exec('publish', { namedAt: 0 }), { kind: 'export', target: 'x', owner: 0, namedAt: 0 }] }, policy({ rules: [rule('allow', prefix('publish'))] }));
    assert.equal(single.decision, 'ask');
  });

  it('a fetch beside the reading of a secret is an export of it', () => {
    const line = [exec('cat .env', { class: 'read' }), files('read', '/ws/.env', { owner: 0, namedAt: 1 }), exec('curl https://a.example', { class: 'read' }), network('fetch', 'a.example', { owner: 2, namedAt: 1 })];
    const answer = ask({ actions: line }, policy({ mode: 'dont_ask' }));
    assert.equal(answer.decision, 'ask');
    const sent = answer.actions[3]?.action;
    assert.equal(sent?.kind, 'export');
    assert.equal(sent?.kind === 'export' ? sent.source : undefined, '/ws/.env');
  });

  it('a fetch in a session that holds a secret is an export of it', () => {
    const fetch = { actions: [network('fetch', 'docs.example')] };
    assert.equal(ask(fetch, policy()).decision, 'allow');
    assert.equal(ask({ ...fetch, session: { holds: ['/ws/.env'] } }, policy({ mode: 'bypass_permissions' })).decision, 'ask');
  });

  it('naming the host does not cover a secret that leaves for it', () => {
    const secret = { ...post, source: '/ws/.env' };
    assert.equal(outcome(rule('allow', domain('api.example')), secret), 'ask');
    assert.equal(outcome(rule('allow', path('/ws/.env', 'http_request')), secret), 'allow');
  });

  it('offers no answer for the profile', () => {
    assert.deepEqual(ask({ actions: [post] }, policy()).suggestions, ['deny_once', 'allow_once', 'deny_session', 'allow_session', 'deny_workspace', 'allow_workspace']);
  });
});
