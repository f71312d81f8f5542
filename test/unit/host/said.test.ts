import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { modes } from '../../../src/core/decision.ts';
import { evaluate } from '../../../src/core/evaluate.ts';
import { compilePolicy } from '../../../src/core/policy/compilePolicy.ts';
import { defaultSettings } from '../../../src/core/policy/policy.ts';
import { builtInPlaces } from '../../../src/core/policy/protectedPlaces.ts';
import type { Surroundings } from '../../../src/core/surroundings.ts';
import { english, type Words } from '../../../src/gate/words.ts';
import { said } from '../../../src/host/said.ts';

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
          for (const { reason, action } of evaluate({ tool: 'run_command', input: { command } }, surroundings, policy, { now: 0, holds: [] }).actions) if (reason.summary !== action.uncertain) found.set(reason.summary, reason.type);
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

  it('is known wherever modes, rules, permissions and protected places decide', () => {
    const unknown = [...all].filter(([reason, type]) => (type === 'mode' || type === 'rule' || type === 'workspace_capability' || /, which /.test(reason)) && !said(reason, marking).startsWith('«'));
    assert.deepEqual(unknown, []);
    assert.deepEqual(builtInPlaces.filter(({ why }) => !said(why, marking).startsWith('«')), []);
  });

  it('leaves alone what an agent or a repository wrote', () => {
    assert.equal(said('The shell is switched off for this workspace.', marking), '««The shell» is switched off for this workspace.»');
    assert.equal(said('It reads workspace, which may hold credentials.', marking), '«It reads workspace, which «may hold credentials».»');
    for (const text of ['', 'workspace.', 'rm -rf {0}', '{0}', ' are allowed in this mode ('.repeat(50_000)]) assert.equal(said(text, marking), text);
  });
});
