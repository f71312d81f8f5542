import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { compilePolicy } from '../../src/core/compilePolicy.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import { defaultSettings } from '../../src/core/policy.ts';
import type { Rule } from '../../src/core/rule.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { type Call, Jail } from './jail.ts';
import { harmless, leading, program } from './programs.ts';
import { Random } from './random.ts';

const seed = Number(process.env['JUDGE_SEED'] ?? randomInt(2 ** 31));
const count = Number(process.env['JUDGE_PROGRAMS'] ?? 20_000);
const batch = 500;

const surroundings: Surroundings = {
  workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash',
  files: { resolve: (path) => path, readText: () => undefined },
};

const rules: readonly Rule[] = [...harmless, ...leading].map((prefix, index) => ({
  id: `r${index}`, source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix }, createdAt: 0,
}));

const policy = compilePolicy(
  { ...defaultSettings, mode: 'default', permissions: { read: true, write: true, delete: true, shell: true, network: true }, rules },
  surroundings, { repositoryAllows: false },
);

function decide(command: string): 'allow' | 'ask' | 'deny' {
  return evaluate({ tool: 'run_command', input: { command }, cwd: '/ws' }, surroundings, policy, { now: 0, holds: [] }).decision;
}

/** Whether a call of a stub is one that the policy's prefixes name */
function isAllowed([program, ...words]: Call): boolean {
  const name = /^(?:\/usr)?\/bin\/([^/]+)$/.exec(program)?.[1];
  if (name === undefined) return false;
  const called = [name, ...words];
  return harmless.some((prefix) => prefix.split(' ').every((word, index) => called[index] === word || (index === 1 && prefix.startsWith('cat ') && called[index]?.startsWith(`${word}/`) === true)));
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
    assert.deepEqual(calls.map(isAllowed), [false, true, false]);
  });

  it(`whatever the gate allows runs nothing but what its prefixes name, in ${count} random programs`, function () {
    this.timeout(900_000);
    const random = new Random(seed);
    const sums = { allow: 0, ask: 0, deny: 0 };
    const allowed: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const text = program(random);
      const decision = decide(text);
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
