import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { compilePolicy } from '../../src/core/compilePolicy.ts';
import type { Mode } from '../../src/core/decision.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import type { Policy } from '../../src/core/compilePolicy.ts';
import { defaultSettings } from '../../src/core/policy.ts';
import type { Rule } from '../../src/core/rule.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { type Call, Jail } from './jail.ts';
import { harmless, leading, program } from './programs.ts';
import { Random } from './random.ts';

const seed = Number(process.env['JUDGE_SEED'] ?? randomInt(2 ** 31));
const total = Number(process.env['JUDGE_PROGRAMS'] ?? 20_000);
const batch = 500;

const surroundings: Surroundings = {
  workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash',
  files: { resolve: (path) => path, readText: () => undefined },
};

/** What the gate is asked under, and what may run when it allows */
interface Setting {
  readonly name: string;
  readonly policy: Policy;
  readonly isAllowed: (call: Call) => boolean;
}

function compiled(mode: Mode, prefixes: readonly string[]): Policy {
  const rules: readonly Rule[] = prefixes.map((prefix, index) => ({ id: `r${index}`, source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix }, createdAt: 0 }));
  const permissions = { read: true, write: true, delete: true, shell: true, network: true };
  return compilePolicy({ ...defaultSettings, mode, permissions, rules }, surroundings, { repositoryAllows: false });
}

/** The words of a call when the program is the system's own, not one of the workspace */
function ownWords([program, ...words]: Call): readonly string[] | undefined {
  const name = /^(?:\/usr)?\/bin\/([^/]+)$/.exec(program)?.[1];
  return name === undefined ? undefined : [name, ...words];
}

const byPrefixes: Setting = {
  name: 'mode default, with allow rules for prefixes',
  policy: compiled('default', [...harmless, ...leading]),
  isAllowed: (call) => {
    const words = ownWords(call);
    return words !== undefined && harmless.some((prefix) => prefix.split(' ').every((word, index) => words[index] === word || (index === 1 && prefix.startsWith('cat ') && words[index]?.startsWith(`${word}/`) === true)));
  },
};

const readers: ReadonlySet<string> = new Set(harmless.map((prefix) => prefix.split(' ')[0] ?? ''));
const byReading: Setting = {
  name: 'mode dangerous_only, without rules',
  policy: compiled('dangerous_only', []),
  isAllowed: (call) => {
    const [name = '', verb = ''] = ownWords(call) ?? [];
    if (name === 'git') return /^(?:status|log)$/.test(verb);
    // a plain download to the terminal is a read (spec 7)
    return readers.has(name) || (name === 'curl' && verb === 'evil.example');
  },
};

function decide(command: string, policy: Policy): 'allow' | 'ask' | 'deny' {
  return evaluate({ tool: 'run_command', input: { command }, cwd: '/ws' }, surroundings, policy, { now: 0, holds: [] }).decision;
}

describe(`the real Bash as the judge (seed ${seed})`, () => {
  let jail: Jail;
  before(() => {
    jail = new Jail();
  });
  after(() => {
    jail.close();
  });

  it('the jail sees what a program runs', () => {
    const { calls } = jail.run(['rm x; env git status; bash -c "evil/ls a"']);
    assert.deepEqual(calls, [['/usr/bin/rm', 'x'], ['/usr/bin/git', 'status'], ['evil/ls', 'a']]);
    assert.deepEqual(calls.map(byPrefixes.isAllowed), [false, true, false]);
    assert.deepEqual(calls.map(byReading.isAllowed), [false, true, false]);
  });

  for (const [{ name, policy, isAllowed }, count] of [[byPrefixes, total], [byReading, total / 4]] as const) it(`${name}: of ${count} random programs, the allowed ones run nothing but what that names`, function () {
    this.timeout(900_000);
    const random = new Random(seed);
    const sums = { allow: 0, ask: 0, deny: 0 };
    const allowed: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const text = program(random);
      const decision = decide(text, policy);
      sums[decision] += 1;
      if (decision === 'allow') allowed.push(text);
    }
    let executed = 0;
    const wrong: string[] = [];
    for (let from = 0; from < allowed.length; from += batch) {
      const part = allowed.slice(from, from + batch);
      const { calls, changed } = jail.run(part);
      executed += calls.length;
      if (changed === undefined && calls.every(isAllowed)) continue;
      for (const text of part) {
        const found = jail.run([text]);
        const bad = found.calls.filter((call) => !isAllowed(call));
        if (bad.length > 0 || found.changed !== undefined) wrong.push(`${JSON.stringify(text)} ran ${JSON.stringify(bad)}${found.changed === undefined ? '' : ' and changed files'}`);
      }
    }
    console.log(`      seed ${seed}: ${sums.allow} allowed, ${sums.ask} asked, ${sums.deny} denied; ${executed} programs started by the allowed ones`);
    assert.deepEqual(wrong, []);
    assert.ok(executed > count / 50, 'too few programs ran for this to mean anything');
  });
});
