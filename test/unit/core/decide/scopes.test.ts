import assert from 'node:assert/strict';
import type { RuleScope } from '../../../../src/core/rules/rule.ts';
import { normaliseScope, previewScope, ruleFingerprint, sameScope, scopeFingerprint, specificity } from '../../../../src/core/rules/ruleScope.ts';
import { domain, path, place, prefix, tool } from './given.ts';

describe('scopes', () => {
  const browser: RuleScope = { kind: 'domain', domain: 'a.example', toolPrefix: 'browser_' };
  const server: RuleScope = { kind: 'mcp_server', serverName: 'GitHub' };
  const cases: readonly (readonly [RuleScope, string, string, number])[] = [
    [tool('write_file'), 'tool:write_file', 'tool write_file', 1010],
    [domain('A.example.'), 'domain:*:a.example', 'domain A.example.', 4510],
    [domain('a.example', 'web_fetch'), 'domain:tool=web_fetch:a.example', 'web_fetch on domain a.example', 5509],
    [browser, 'domain:prefix=browser_:a.example', 'browser_* on domain a.example', 5259],
    [path('/ws/a'), 'path:*:/ws/a', 'path /ws/a', 4005],
    [path('/ws/a', 'write_file'), 'path:write_file:/ws/a', 'write_file on path /ws/a', 5005],
    [prefix('git  status'), 'command_prefix:git status', 'commands starting with "git status"', 3011],
    [server, 'mcp_server:github', 'MCP server GitHub', 2006],
  ];
  for (const [scope, fingerprint, preview, weight] of cases) {
    it(`${fingerprint} has its formats and weight`, () => {
      assert.equal(scopeFingerprint(scope), fingerprint);
      assert.equal(previewScope(scope), preview);
      assert.equal(specificity(scope), weight);
      assert.equal(ruleFingerprint({ effect: 'ask', scope }), `ask:${fingerprint}`);
    });
  }

  it('previews show what is hidden', () => assert.equal(previewScope(prefix('echo \u202ex')), `commands starting with "echo '\\u{202e}x'"`));

  it('the same scope in two spellings is the same', () => {
    for (const [a, b] of [
      [path('secrets'), path('/ws/secrets/')],
      [path('~/x'), path('/home/u/./x')],
      [prefix('git "status"'), prefix('git status')],
      [domain('BÜCHER.example'), domain('xn--bcher-kva.example')],
      [tool('tools.generate_document'), tool('create_document')],
      [server, { kind: 'mcp_server', serverName: ' github ' }],
    ] as const) assert.ok(sameScope(a, b, place), scopeFingerprint(a));
    assert.ok(!sameScope(path('/ws/a'), path('/ws/A'), place));
    assert.ok(sameScope(path('/ws/a'), path('/ws/A'), { ...place, platform: 'darwin' }));
    assert.ok(!sameScope(tool(''), tool(''), place));
  });

  it('normalising twice changes nothing', () => {
    for (const [scope] of cases) {
      const once = normaliseScope(scope, place).scope;
      assert.ok(once !== undefined);
      assert.deepEqual(normaliseScope(once, place).scope, once);
    }
  });
});
