import assert from 'node:assert/strict';
import type { Place } from '../../../src/core/policy/place.ts';
import { readManifest } from '../../../src/core/schema/manifest.ts';
import { permissionsJsonSchema } from '../../../src/core/schema/permissionsSchema.ts';
import { fileProblems, mended } from '../../../src/host/policyFile/fileProblems.ts';
import { ruleAt, ruleNodes } from '../../../src/host/policyFile/ruleNodes.ts';

const place: Place = { workspace: '/home/ada/app', home: '/home/ada', temporary: '/tmp', platform: 'linux' };
const allow = (prefix: string): string => `{ "effect": "allow", "scope": { "kind": "command_prefix", "prefix": ${JSON.stringify(prefix)} } }`;
const file = (...rules: readonly string[]): string => `// ours\n{\n  "version": 1,\n  "rules": [\n    ${rules.join(',\n    ')}\n  ]\n}\n`;

describe('problems in the text of permissions.json', () => {
  it('a good file has none', () => {
    assert.deepEqual(fileProblems(file(allow('npm test')), place), []);
  });

  for (const [what, text, stands, fix, after] of [
    ['an empty file', '', '', 'begin', /"rules": \[\]/],
    ['no version', `{ "rules": [${allow('npm test')}] }`, `{ "rules": [${allow('npm test')}] }`, 'set_version', /"version": 1/],
    ['another version', `{ "version": 2, "rules": [${allow('npm test')}] }`, '2, "rules"', 'set_version', /"version": 1/],
    ['an effect that is none', file('{ "effect": "permit", "scope": { "kind": "path", "path": "notes" } }'), '"notes"', 'set_effect', /"effect": "ask"/],
    ['a rule that is none', file('7', allow('npm test')), '7', 'remove_rule', /"rules": \[\s*\{\s*"effect": "allow"/],
    ['a prefix behind which a command goes on', file(allow('make all; rm x')), '"make all; rm x"', 'shorten_prefix', /"prefix": "make all"/],
    ['an empty scope', file(allow(' '), allow('npm test')), '" "', 'remove_rule', /"rules": \[\s*\{[^}]*"prefix": "npm test"/],
  ] as const) {
    it(`${what}: the problem stands where it is, and its first fix mends it`, () => {
      const [problem, ...others] = fileProblems(text, place);
      assert.ok(problem, 'there is a problem');
      assert.deepEqual(others, []);
      assert.doesNotMatch(problem.message, /^Line/);
      assert.ok(text.slice(problem.offset, problem.offset + problem.length).startsWith(stands), text.slice(problem.offset, problem.offset + problem.length));
      const [first] = problem.fixes;
      assert.equal(first?.kind, fix);
      const better = mended(text, first);
      assert.match(better, after);
      assert.deepEqual(readManifest(better).problems, []);
      if (text.startsWith('//')) assert.ok(better.startsWith('// ours\n'), 'comments stay');
    });
  }

  it('a fix never allows what was not allowed', () => {
    for (const text of [file('{ "effect": "permit", "scope": { "kind": "path", "path": "notes" } }'), file(allow('make all; rm x'))]) {
      for (const fix of fileProblems(text, place).flatMap(({ fixes }) => fixes)) assert.doesNotMatch(mended(text, fix), /"prefix": "make"|"effect": "allow", "scope": \{ "kind": "path"/);
    }
  });

  it('hostile texts are read in time, and never throw', () => {
    for (const text of ['{'.repeat(200_000), `{"rules":[${'{"effect":"deny"},'.repeat(20_000)}]}`, '"'.repeat(1_000_000), '\u0000\ud800', '{"rules":{"__proto__":[]},"version":1}', 'null', '[1]']) {
      fileProblems(text, place);
      ruleNodes(text, place);
    }
  });
});

describe('rules where they stand in a text', () => {
  const text = file(allow('npm test'), '{ "effect": "deny", "scope": { "kind": "path", "path": "notes" } }', '{}');

  it('are found by a place in them, with what tells them from others', () => {
    const rules = ruleNodes(text, place);
    assert.deepEqual(rules.map(({ index }) => index), [0, 1, 2]);
    const notes = ruleAt(rules, text.indexOf('notes'));
    assert.equal(notes?.index, 1);
    assert.ok(notes.main !== undefined && text.slice(notes.main.offset, notes.main.offset + notes.main.length) === '"notes"');
    assert.ok(notes.effect !== undefined && text.slice(notes.effect.offset, notes.effect.offset + notes.effect.length) === '"deny"');
    assert.match(notes.fingerprint ?? '', /\/home\/ada\/app\/notes/);
    assert.equal(rules[2]?.fingerprint, undefined);
    assert.equal(ruleAt(rules, 0), undefined);
  });
});

describe('the JSON schema of permissions.json', () => {
  interface Node { readonly properties?: Readonly<Record<string, Node>>; readonly items?: Node; readonly oneOf?: readonly Node[]; readonly description?: string; readonly const?: unknown; readonly enum?: readonly unknown[]; readonly additionalProperties?: unknown; readonly required?: readonly string[] }
  const schema = permissionsJsonSchema() as Node;
  const rule = schema.properties?.['rules']?.items;

  it('knows each kind of scope and says what each key means', () => {
    const kinds = rule?.properties?.['scope']?.oneOf?.map(({ properties }) => properties?.['kind']?.const);
    assert.deepEqual(kinds, ['tool', 'domain', 'path', 'command_prefix', 'mcp_server']);
    assert.deepEqual(rule?.properties?.['effect']?.enum, ['allow', 'ask', 'deny']);
    assert.deepEqual([schema.required, rule?.required], [['version', 'rules'], ['effect', 'scope']]);
    const domain = rule?.properties?.['scope']?.oneOf?.[1]?.properties;
    assert.match(domain?.['toolPrefix']?.description ?? '', /begins/);
    assert.match(domain?.['toolName']?.description ?? '', /only for this tool/);
    assert.deepEqual([schema.additionalProperties, rule?.additionalProperties, rule?.properties?.['scope']?.oneOf?.[0]?.additionalProperties], [false, false, false]);
  });
});
