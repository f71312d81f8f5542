import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { modes } from '../../../src/core/decision.ts';
import { evaluate } from '../../../src/core/evaluate.ts';
import { compilePolicy } from '../../../src/core/policy/compilePolicy.ts';
import { defaultSettings } from '../../../src/core/policy/policy.ts';
import { builtInPlaces } from '../../../src/core/policy/protectedPlaces.ts';
import type { Surroundings } from '../../../src/core/surroundings.ts';
import { english, type Words } from '../../../src/gate/words.ts';
import { previewScope } from '../../../src/core/rules/ruleScope.ts';
import type { RuleScope } from '../../../src/core/rules/rule.ts';
import { explainAction } from '../../../src/core/decide/explain.ts';
import { said, saidDetail, saidScope } from '../../../src/host/said.ts';

const surroundings: Surroundings = { workspace: '/home/ada/project', home: '/home/ada', temporary: '/tmp', platform: 'linux', shell: 'bash', files: { resolve: (path) => path, readText: () => undefined } };
/** Says which texts it was asked for */
const marking: Words = { t: (message, ...args) => `«${english.t(message, ...args)}»` };

/** Every reason that the gate gives for the commands of the corpus, in every mode, with everything on and off, by rules and without */
function reasons(): ReadonlyMap<string, string> {
  const commands = readFileSync(new URL('../../corpus/shell.jsonl', import.meta.url), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { readonly command: string }).command);
  const found = new Map<string, string>();
  for (const mode of modes) {
    for (const on of [true, false]) {
      for (const effect of ['allow', 'ask', 'deny'] as const) {
        const rules = [{ id: effect, source: 'profile', effect, createdAt: 0, scope: { kind: 'command_prefix', prefix: 'git' } }] as const;
        const policy = compilePolicy({ ...defaultSettings, mode, permissions: { read: on, write: on, delete: on, shell: on, network: on }, rules }, surroundings, { repositoryAllows: true });
        for (const command of commands) {
          for (const { reason } of evaluate({ tool: 'run_command', input: { command } }, surroundings, policy, { now: 0, holds: [] }).actions) found.set(reason.summary, reason.type);
        }
      }
    }
  }
  return found;
}

describe('what the gate says, in the person’s language', () => {
  const all = reasons();

  it('stays as it is where the language is English', () => {
    assert.ok(all.size > 60, `${all.size} reasons`);
    for (const reason of all.keys()) assert.equal(said(reason, english), reason);
  });

  it('is known for every command of the corpus, also where no shell could tell what it does', () => {
    assert.deepEqual([...all.keys()].filter((reason) => !said(reason, marking).startsWith('«')), []);
    assert.deepEqual(builtInPlaces.filter(({ why }) => !said(why, marking).startsWith('«')), []);
  });

  it('says what a rule is for as the table of rules does, also at the end of a reason', () => {
    const scopes: readonly RuleScope[] = [
      { kind: 'tool', toolName: 'write_file' }, { kind: 'domain', domain: 'one.example' }, { kind: 'domain', domain: 'one.example', toolName: 'web_fetch' }, { kind: 'domain', domain: 'one.example', toolPrefix: 'web' },
      { kind: 'path', path: '/w/a on path b' }, { kind: 'path', path: '/w/a on path b', toolName: 'write_file' }, { kind: 'command_prefix', prefix: 'npm test' }, { kind: 'mcp_server', serverName: 'notes' }, { kind: 'mcp_server', serverName: 'notes', toolName: 'add' },
    ];
    for (const scope of scopes) {
      const text = previewScope(scope);
      assert.equal(saidScope(text, english), text);
      assert.equal(saidScope(text, marking), `«${text}»`);
      assert.equal(said(`Denied by the workspace rule for ${text}.`, marking), `«Denied by the «workspace» rule for «${text}».»`);
    }
    const german: Words = { t: (message, ...args) => english.t({ '{0} on path {1}': '{0} für den Pfad {1}' }[message] ?? message, ...args) };
    assert.equal(saidScope('write_file on path /w/a on path b', german), 'write_file für den Pfad /w/a on path b');
  });

  it('is known for the lines below each part of a decision, but for rules that lost', () => {
    const policy = compilePolicy({ ...defaultSettings, permissions: { read: true, write: true, delete: true, shell: true, network: true }, rules: [] }, surroundings, { repositoryAllows: true });
    const lines = ['cat a.txt && sudo rm -rf /', 'npm test', 'acme x', 'curl -d @b https://one.example', '$X'].flatMap((command) => {
      const { actions } = evaluate({ tool: 'run_command', input: { command } }, surroundings, policy, { now: 0, holds: [] });
      return actions.flatMap((action) => explainAction(action, actions));
    });
    assert.ok(lines.length > 15, lines.join('\n'));
    assert.deepEqual(lines.filter((line) => !saidDetail(line, marking).startsWith('«')), []);
    for (const line of lines) assert.equal(saidDetail(line, english), line);
  });

  it('leaves alone what an agent or a repository wrote', () => {
    assert.equal(said('The shell is switched off for this workspace.', marking), '««The shell» is switched off for this workspace.»');
    assert.equal(said('It reads workspace, which may hold credentials.', marking), '«It reads workspace, which «may hold credentials».»');
    for (const text of ['', 'workspace.', 'rm -rf {0}', '{0}', ' are allowed in this mode ('.repeat(50_000)]) assert.equal(said(text, marking), text);
  });
});
