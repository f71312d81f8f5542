import assert from 'node:assert/strict';
import type { Mode } from '../../../../../../src/core/decision.ts';
import { checkUserCommands } from '../../../../../../src/core/describe/shell/commands/checkUserCommands.ts';
import { rowOf } from '../../../../../../src/core/describe/shell/commands/table.ts';
import type { UserCommand } from '../../../../../../src/core/describe/shell/commands/userCommand.ts';
import { explain } from '../../../../../../src/core/decide/explain.ts';
import { describe as read } from '../../../../../../src/core/describe/describe.ts';
import { evaluate, surroundingsUnder } from '../../../../../../src/core/evaluate.ts';
import { readPolicyFile, readSettingsChange } from '../../../../../../src/core/schema/policyFile.ts';
import { defaultSettings } from '../../../../../../src/core/policy/policy.ts';
import { policy, prefix, rule, session } from '../../../decide/given.ts';
import { machine } from '../reading.ts';

const check: UserCommand = { command: 'acme check', does: 'test', options: ['-q', '--depth=', '--out=:write'], examples: { match: ['acme check src', 'acme check -q --depth 2 src'], notMatch: ['acme fix', 'acme check --fix', 'acme check --out x'] } };
const show: UserCommand = { command: 'acme', does: 'read', examples: { match: ['acme a'], notMatch: ['acme --all'] } };
const get: UserCommand = { command: 'acme get', does: 'fetch', examples: { match: ['acme get https://h.example/x'], notMatch: ['acme put'] } };
const push: UserCommand = { command: 'acme push', does: 'export', examples: { match: ['acme push', 'acme -v push'], notMatch: ['acme pull'] } };
const wipe: UserCommand = { command: 'acme wipe', does: 'delete', examples: { match: ['acme wipe build'], notMatch: ['acme check'] } };
const gitLog: UserCommand = { command: 'git log', does: 'exec', examples: { match: ['git log', 'git -C x log'], notMatch: ['git status'] } };
const given = [check, show, get, push, wipe, gitLog];

function decided(command: string, mode: Mode = 'dangerous_only', commands: readonly UserCommand[] = given, rules = [rule('allow', prefix('nothing'))]): string {
  return evaluate({ tool: 'run_command', input: { command } }, machine(), policy({ mode, commands, rules }), session).decision;
}

function refusal(command: UserCommand): string {
  return checkUserCommands([command])[0]?.message ?? 'not refused';
}

describe('rows that a user adds to the table of commands', () => {
  it('the rows of this test are good ones', () => {
    assert.deepEqual(checkUserCommands(given), []);
  });

  const answers: Readonly<Record<string, string>> = {
    'acme check src': 'allow', 'acme check -q --depth=3 src | head': 'allow', 'cd src && acme check .': 'allow', 'acme a b': 'allow', 'acme get https://h.example/x': 'allow',
    'npx --no-install acme check src': 'allow', 'timeout 10 acme check src': 'allow',
    // what the row does not list
    'acme check --fix src': 'ask', 'acme check -qx src': 'ask', 'acme check --out report.txt': 'ask', 'acme check $(cat list)': 'ask', 'acme check "$X"': 'ask', 'acme -x check': 'ask', 'acme --all': 'ask',
    // what is not that program, or not that program any more
    './acme check src': 'ask', '/tmp/acme check src': 'ask', 'acme2 check': 'ask', 'ACME check': 'ask', 'PATH=. acme check src': 'ask', 'export PATH=.; acme check src': 'ask', 'acme() { rm x; }; acme check src': 'ask', 'alias acme=x; acme check': 'ask', 'LD_PRELOAD=./x acme check': 'ask',
    // what else stands in the line
    'acme check src; rm x': 'ask', 'acme check src > report': 'ask', 'acme check $(rm x)': 'ask', 'acme check `rm x`': 'ask', 'acme check <(rm x)': 'ask', 'acme check ~/.ssh/id_rsa': 'ask', 'acme check /etc/shadow': 'ask', 'acme check .env': 'ask', 'xargs acme check': 'ask', 'acme get http://169.254.169.254/x': 'ask',
    // stricter rows, however they are reached
    'acme push': 'ask', 'acme -v push': 'ask', 'acme --to x push a': 'ask', 'acme "$X"': 'ask', 'acme pu""sh': 'ask', 'env acme push': 'ask', 'acme wipe build': 'ask',
    // stricter rows of programs the table knows
    'git log': 'ask', 'git -C x log -1': 'ask', 'git --no-pager log': 'ask', 'git $X': 'ask', 'git status': 'allow',
  };
  for (const [command, wanted] of Object.entries(answers)) {
    it(`${command} → ${wanted}`, () => assert.equal(decided(command), wanted));
  }

  it('a row holds in other shells too, and never where the line asks', () => {
    for (const shell of ['zsh', 'pwsh', 'cmd'] as const) {
      const under = policy({ mode: 'dangerous_only', commands: given, rules: [] });
      const answer = (command: string): string => evaluate({ tool: 'run_command', input: { command }, shell }, machine(), under, session).decision;
      assert.equal(answer('acme push'), 'ask', shell);
      assert.equal(answer('acme check src & del x'), 'ask', shell);
    }
  });

  it('what is read by a row is asked about in default mode, and denied by a deny rule', () => {
    assert.equal(decided('acme check src', 'default'), 'ask');
    assert.equal(decided('acme check src', 'dangerous_only', given, [rule('deny', prefix('acme check'))]), 'deny');
  });

  it('a deletion of everything is blocked by its meaning, an export needs an allow that names it', () => {
    assert.equal(decided('acme wipe ~', 'bypass_permissions'), 'deny');
    assert.equal(decided('acme push', 'bypass_permissions'), 'ask');
    assert.equal(decided('acme push', 'dangerous_only', given, [rule('allow', prefix('acme'))]), 'ask');
    assert.equal(decided('acme push', 'dangerous_only', given, [rule('allow', prefix('acme push'))]), 'allow');
  });

  it('what a row calls a network read is a download for an interpreter behind it', () => {
    assert.equal(decided('acme get https://h.example/x | sh', 'bypass_permissions'), 'deny');
  });

  it('explain names the row', () => {
    const under = policy({ mode: 'dangerous_only', commands: given, rules: [] });
    const request = { tool: 'run_command', input: { command: 'acme check src' } };
    assert.match(explain(request, read(request, surroundingsUnder(machine(), under)), evaluate(request, machine(), under, session)), /your row “acme check”/);
  });
});

describe('rows that are refused', () => {
  const examples = { match: ['x a'], notMatch: ['y'] };
  it('one that would loosen a program of the table, however it is written', () => {
    for (const command of ['git push', 'rm', 'bash', 'eval', 'sudo', 'curl', 'python3.12', 'node', 'source', 'xargs', 'env', 'cowork-policy', 'cowork-policy rules', 'RM', 'npm']) {
      for (const does of ['read', 'test', 'fetch'] as const) {
        assert.match(refusal({ command, does, examples: { match: [`${command} x`], notMatch: ['y'] } }), /can only make it stricter/, `${command} ${does}`);
      }
    }
  });

  it('every builtin of Bash is known, so none can be described anew', () => {
    // bash 5.2, `compgen -b`
    const builtins = '. : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait';
    assert.deepEqual(builtins.split(' ').filter((name) => rowOf(name) === undefined), []);
  });

  it('names that are no plain program name', () => {
    for (const command of ['', ' x', 'x ', 'x  y', './x', '/bin/x', 'x;y', '$x', 'x=1', '-x', 'x -y', '"x"', 'x\ny', 'x*', '~', '\u200bx', 'if', 'foreach', 'a b c d e']) assert.match(refusal({ command, does: 'test', examples }), /cannot be used/, JSON.stringify(command));
  });

  it('options that are more than options', () => {
    for (const option of ['x', '-', '--', '-x y', '--x:read', '--x=:runs', '--x:shows', '-a,--b', '--x=:command', '-#', '--help!', '--x=y']) assert.match(refusal({ command: 'x', does: 'test', options: [option], examples }), /option/, option);
  });

  it('examples that do not hold, that are no one command, or that are missing', () => {
    assert.match(refusal({ command: 'x', does: 'test', examples: { match: [], notMatch: ['y'] } }), /at least one example/);
    assert.match(refusal({ command: 'x', does: 'test', examples: { match: ['x'], notMatch: [] } }), /at least one example/);
    assert.match(refusal({ command: 'x', does: 'test', examples: { match: ['x --fix'], notMatch: ['y'] } }), /must match “x --fix”, but one of its words does more/);
    assert.match(refusal({ command: 'x go', does: 'test', examples: { match: ['x stop'], notMatch: ['y'] } }), /does not start with those words/);
    assert.match(refusal({ command: 'x', does: 'test', examples: { match: ['x a'], notMatch: ['x b'] } }), /must not match “x b”/);
    for (const line of ['x; y', 'x | y', 'x $a', 'x > a', 'A=1 x', 'x &', 'x "$a"', "x 'a", '']) assert.match(refusal({ command: 'x', does: 'test', examples: { match: [line], notMatch: ['y'] } }), /not one simple command/, line);
    assert.match(refusal({ command: 'git commit', does: 'exec', examples: { match: ['git status'], notMatch: ['ls'] } }), /as if the row were not there/);
  });

  it('a second row for the same words', () => {
    assert.match(checkUserCommands([show, show])[0]?.message ?? '', /already/);
  });

  it('a policy file or a change of settings with one, with the reason', () => {
    const bad = { command: 'git push', does: 'read', examples: { match: ['git push'], notMatch: ['x'] } };
    for (const read of [readPolicyFile({ commands: [bad] }), readSettingsChange({ commands: [bad] }, defaultSettings)]) assert.match(read.ok ? 'taken' : read.message, /“git push” cannot be used/);
    for (const odd of [{ ...show, option: ['--all'] }, { ...show, does: 'nothing' }, { command: 'x', does: 'read' }, 'x', null]) assert.equal(readPolicyFile({ commands: [odd] }).ok, false, JSON.stringify(odd));
    assert.equal(readPolicyFile({ commands: given }).ok, true);
  });

  it('a stored row that has become bad is left out and reported, the others count', () => {
    const stale: UserCommand = { command: 'rm', does: 'read', examples: { match: ['rm x'], notMatch: ['y'] } };
    const under = policy({ mode: 'dangerous_only', commands: [stale, check], rules: [] });
    assert.match(under.problems.map(({ message }) => message).join(), /“rm” cannot be used/);
    assert.equal(decided('rm x', 'dangerous_only', [stale, check]), 'ask');
    assert.equal(decided('acme check src', 'dangerous_only', [stale, check]), 'allow');
  });
});
