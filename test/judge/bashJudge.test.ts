import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { Action } from '../../src/core/action.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import type { Mode } from '../../src/core/decision.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import type { Policy } from '../../src/core/policy/compilePolicy.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { readShellLine } from '../../src/core/describe/shell/readShellLine.ts';
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

  it('the jail sees what a program runs, also in the background', () => {
    const { calls } = jail.run(['rm x; env git status; bash -c "evil/ls a"', 'ls', '(sleep=; ls a) & ls b']);
    assert.deepEqual(calls.slice(0, 2), [[['/usr/bin/rm', 'x'], ['/usr/bin/git', 'status'], ['evil/ls', 'a']], [['/usr/bin/ls']]]);
    assert.equal(calls[2]?.length, 2);
    assert.deepEqual(calls[0]?.map(byPrefixes.isAllowed), [false, true, false]);
    assert.deepEqual(calls[0]?.map(byReading.isAllowed), [false, true, false]);
  });

  /** Runs programs in batches and again alone where something is wrong; gives what is wrong with each, and the number of calls */
  function judge(programs: readonly string[], mindsFiles: boolean, complaint: (text: string, calls: readonly Call[], changed: boolean) => string | undefined): { wrong: string[]; executed: number } {
    let executed = 0;
    const wrong: string[] = [];
    for (let from = 0; from < programs.length; from += batch) {
      const part = programs.slice(from, from + batch);
      const { calls, changed } = jail.run(part);
      executed += calls.reduce((sum, some) => sum + some.length, 0);
      part.forEach((text, index) => {
        if (!(mindsFiles && changed !== undefined) && complaint(text, calls[index] ?? [], false) === undefined) return;
        const alone = jail.run([text]);
        const found = complaint(text, alone.calls[0] ?? [], alone.changed !== undefined);
        if (found !== undefined) wrong.push(`${JSON.stringify(text)} ${found}`);
      });
    }
    return { wrong, executed };
  }

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
    const { wrong, executed } = judge(allowed, true, (_, calls, changed) => {
      const bad = calls.filter((call) => !isAllowed(call));
      return bad.length > 0 ? `ran ${JSON.stringify(bad)}` : changed ? 'changed files' : undefined;
    });
    console.log(`      seed ${seed}: ${sums.allow} allowed, ${sums.ask} asked, ${sums.deny} denied; ${executed} programs started by the allowed ones`);
    assert.deepEqual(wrong, []);
    assert.ok(executed > count / 50, 'too few programs ran for this to mean anything');
  });

  it(`of ${total / 4} random programs, those read for certain run nothing but what was read`, function () {
    this.timeout(900_000);
    const random = new Random(seed + 1);
    const read = new Map<string, ReadonlySet<string>>();
    for (let i = 0; i < total / 4; i += 1) {
      const text = program(random);
      const { actions } = readShellLine(text, '/ws', surroundings, 'bash');
      if (actions.every((action) => action.uncertain === undefined && (action.kind !== 'exec' || action.class !== 'unreadable'))) read.set(text, programsOf(actions));
    }
    const { wrong, executed } = judge([...read.keys()], false, (text, calls) => {
      const programs = read.get(text);
      // `xargs` without a command runs `echo`
      const bad = calls.filter(([name]) => name !== '/usr/bin/echo' && programs?.has(name.slice(name.lastIndexOf('/') + 1)) !== true);
      return bad.length > 0 ? `ran ${JSON.stringify(bad)}` : undefined;
    });
    console.log(`      seed ${seed}: ${read.size} read for certain; ${executed} programs started by them`);
    assert.deepEqual(wrong, []);
    assert.ok(executed > total / 50);
  });
});

/** Names of every program and file that the reading of a line holds */
function programsOf(actions: readonly Action[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const action of actions) {
    if (action.kind !== 'exec') continue;
    for (const words of [action.argv, ...action.readings]) {
      const [program] = words;
      if (typeof program === 'string') names.add(program.slice(program.lastIndexOf('/') + 1));
      // a script file is named by the shell that runs it
      if (/^(?:bash|sh|source|\.)$/.test(program ?? '')) for (const word of words) if (typeof word === 'string') names.add(word.slice(word.lastIndexOf('/') + 1)).add('ls');
    }
  }
  return names;
}
