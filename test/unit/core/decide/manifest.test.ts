import assert from 'node:assert/strict';
import { readManifest, writeManifest } from '../../../../src/core/schema/manifest.ts';
import { ruleFingerprint } from '../../../../src/core/rules/ruleScope.ts';
import { domain, path, prefix, rule, tool } from './given.ts';

const file = (rules: readonly unknown[], version: unknown = 1) => JSON.stringify({ version, rules });
const deny = { effect: 'deny', scope: prefix('npm publish') };
const allow = { effect: 'allow', scope: prefix('npm test') };
const kept = (text: string) => readManifest(text).rules.map(ruleFingerprint);
const codes = (text: string) => readManifest(text).problems.map(({ code }) => code);

describe('the repository’s rules file', () => {
  it('loads what the reference system wrote', () => {
    const { rules, problems } = readManifest(JSON.stringify({
      version: 1,
      rules: [
        { source: 'workspace_manifest', effect: 'deny', scope: { kind: 'path', path: '/repo/secrets', toolName: 'write_file' }, createdAt: 1760000000000 },
        { source: 'workspace_manifest', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'npm test' }, metadata: { createdByApprovalId: 'x', createdFromApprovalType: 'run_command' } },
        { source: 'workspace_manifest', effect: 'allow', scope: { kind: 'domain', domain: 'api.example.com', toolName: 'http_request' } },
      ],
    }));
    assert.deepEqual(problems, []);
    assert.equal(rules.length, 3);
    assert.equal(rules[0]?.createdAt, 1760000000000);
    assert.deepEqual(rules[1]?.metadata, { createdByApprovalId: 'x', createdFromApprovalType: 'run_command' });
  });

  it('forces the source, whatever the file says', () => {
    assert.deepEqual(readManifest(file([{ ...deny, source: 'managed' }, { ...allow, source: 'session' }])).rules.map(({ source }) => source), ['workspace_manifest', 'workspace_manifest']);
  });

  it('takes comments, trailing commas and a byte order mark', () => {
    const text = `\ufeff{ // note\n"version": 1, /* c */ "rules": [${JSON.stringify(deny)},${JSON.stringify(allow)},], }`;
    assert.deepEqual(kept(text), ['deny:command_prefix:npm publish', 'allow:command_prefix:npm test']);
    assert.deepEqual(codes(text), []);
  });

  const loosening: readonly (readonly [string, string])[] = [
    ['no version', JSON.stringify({ rules: [deny, allow] })],
    ['another version', file([deny, allow], 2)],
    ['a version in quotes', file([deny, allow], '1')],
    ['two versions', `{"version":1,"version":1,"rules":[${JSON.stringify(deny)},${JSON.stringify(allow)}]}`],
    ['two lists of rules', `{"version":1,"rules":[${JSON.stringify(deny)}],"rules":[${JSON.stringify(allow)}]}`],
    ['a file that ends too early', file([deny, allow]).slice(0, -2)],
    ['a file with rubbish behind', `${file([deny, allow])} }`],
    ['a bare list', JSON.stringify([deny, allow])],
    ['a rule broken behind them', `{"version":1,"rules":[${JSON.stringify(deny)},${JSON.stringify(allow)},{"effect":`],
  ];
  for (const [name, text] of loosening) {
    it(`${name}: denies count, allows do not, and it is reported`, () => {
      assert.deepEqual(kept(text), ['deny:command_prefix:npm publish']);
      assert.ok(codes(text).length > 0);
    });
  }

  for (const scope of [
    prefix(''), prefix('  '), prefix(`''`), prefix('a; b'), path('a', ' '), domain('a.example', ''), prefix(`'open`), tool(' '), path(''), domain(''), domain('not a host'), { kind: 'mcp_server', serverName: '' }, { kind: 'zzz' }, { kind: 'tool' }, { kind: 'tool', toolName: 7 }, {}, null, [], 'tool',
  ]) {
    it(`an allow with scope ${JSON.stringify(scope)} is dropped and reported`, () => {
      assert.deepEqual(kept(file([{ effect: 'allow', scope }])), []);
      assert.equal(codes(file([{ effect: 'allow', scope }])).length, 1);
    });
  }

  const understood: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['unknown keys', { ...deny, colour: 'red', scope: { ...deny.scope, colour: 'red' } }, ['deny:command_prefix:npm publish']],
    ['a reason that is no text', { ...deny, reason: 7, createdAt: 'yesterday' }, ['deny:command_prefix:npm publish']],
    ['an effect in capitals', { ...deny, effect: 'DENY' }, ['deny:command_prefix:npm publish']],
    ['an unreadable condition on the tool', { effect: 'deny', scope: { kind: 'path', path: 'a', toolName: 7 } }, ['deny:path:*:a']],
    ['an empty text with a tool', { effect: 'deny', scope: { kind: 'path', path: ' ', toolName: 'write_file' } }, ['deny:tool:write_file']],
    ['an empty prefix', { effect: 'ask', scope: prefix('') }, ['ask:tool:run_command']],
    ['a blank condition on the tool', { effect: 'deny', scope: path('a', ' ') }, ['deny:path::a']],
    ['words before an operator', { effect: 'deny', scope: prefix('npm publish; x') }, ['deny:command_prefix:npm publish; x']],
    ['an unknown kind', { effect: 'deny', scope: { kind: 'zzz', toolName: 'x' } }, []],
    ['an empty text without a tool', { effect: 'deny', scope: domain('') }, []],
    ['no scope', { effect: 'deny' }, []],
  ];
  for (const [name, given, wanted] of understood) {
    it(`a deny with ${name} is kept as far as it can be understood`, () => {
      assert.deepEqual(kept(file([given])), wanted);
      if (wanted.length === 0) assert.equal(codes(file([given])).length, 1);
    });
  }

  it('a repeated key in a block holds for each value, in an allow for none', () => {
    const scope = '{"kind":"command_prefix","prefix":"a","prefix":"b"}';
    assert.deepEqual(kept(`{"version":1,"rules":[{"effect":"deny","scope":${scope}},{"effect":"allow","scope":${scope}}]}`), ['deny:command_prefix:a', 'deny:command_prefix:b']);
    assert.deepEqual(kept('{"version":1,"rules":[{"effect":"deny","effect":"allow","scope":{"kind":"tool","toolName":"x"}}]}'), ['deny:tool:x']);
    assert.deepEqual(kept('{"version":1,"rules":[{"effect":"allow","scope":{"kind":"tool","toolName":"x"},"scope":{"kind":"tool","toolName":"y"}}]}'), []);
  });

  it('keys of the language’s own objects do nothing', () => {
    const text = `{"version":1,"__proto__":{"rules":[${JSON.stringify(allow)}]},"rules":[{"__proto__":{"effect":"allow"},"scope":{"kind":"tool","toolName":"x"}},{"effect":"allow","scope":{"__proto__":{"kind":"tool","toolName":"x"}}}]}`;
    assert.deepEqual(kept(text), []);
    assert.equal(({} as Record<string, unknown>)['effect'], undefined);
  });

  it('names line and column', () => {
    const [problem] = readManifest('{"version":1,\n "rules":[\n  {"effect":"maybe"}\n]}').problems;
    assert.deepEqual([problem?.line, problem?.column], [3, 3]);
    assert.match(problem?.message ?? '', /^Line 3, column 3: /);
  });

  for (const [name, text] of [
    ['an empty file', ''],
    ['no JSON at all', 'deny everything'],
    ['NUL characters', '\u0000\u0000'],
    ['a number', '7'],
  ] as const) {
    it(`${name}: no rule, one report at least, no throw`, () => {
      const read = readManifest(text);
      assert.deepEqual(read.rules, []);
      assert.ok(read.problems.length >= 1 && read.problems.length <= 101);
    });
  }

  for (const [name, text] of [
    ['nesting without end', '['.repeat(200_000)],
    ['nested scopes', `{"version":1,"rules":[{"effect":"allow","scope":${'{"a":'.repeat(50_000)}`],
    ['more than 64 MiB', `${file([allow])}${' '.repeat(65 * 1024 * 1024)}`],
  ] as const) {
    it(`${name}: not read, so that everything asks`, () => {
      assert.deepEqual(kept(text), ['ask:tool:*']);
      assert.equal(codes(text).length, 1);
    });
  }

  it('many bad rules are counted, not listed', () => {
    const { problems } = readManifest(file(Array.from({ length: 5000 }, () => ({ effect: 'maybe' }))));
    assert.equal(problems.length, 101);
    assert.match(problems.at(-1)?.message ?? '', /4900 more/);
  });

  it('writes what it reads, oldest first, paths of the workspace relative', () => {
    const rules = [rule('deny', path('/ws/b'), 'workspace_db', { createdAt: 2 }), rule('allow', path('/ws'), 'workspace_db', { createdAt: 1 }), rule('ask', tool('x'), 'workspace_db', { createdAt: 1 }), rule('deny', path('/other'), 'workspace_db', { createdAt: 3, usesLeft: 2, expiresAt: 9 })];
    const text = writeManifest(rules, '/ws');
    assert.ok(text.startsWith('{\n  "version": 1,\n  "rules": [\n    {\n      "source": "workspace_manifest",') && text.endsWith('}\n'));
    const read = readManifest(text);
    assert.deepEqual(read.problems, []);
    assert.deepEqual(read.rules.map(ruleFingerprint), ['allow:path:*:.', 'ask:tool:x', 'deny:path:*:b', 'deny:path:*:/other']);
    assert.deepEqual([read.rules[3]?.usesLeft, read.rules[3]?.expiresAt], [2, 9]);
    assert.equal(writeManifest([...rules].reverse(), '/ws'), text);
  });
});
