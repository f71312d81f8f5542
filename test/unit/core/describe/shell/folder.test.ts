import assert from 'node:assert/strict';
import type { Mode } from '../../../../../src/core/decision.ts';
import type { ShellKind } from '../../../../../src/core/request.ts';
import { evaluate } from '../../../../../src/core/evaluate.ts';
import { policy, prefix, rule, session } from '../../decide/given.ts';
import { machine } from './reading.ts';

function decided(command: string, more: { cwd?: string; mode?: Mode; allow?: string; shell?: ShellKind } = {}): string {
  const rules = more.allow === undefined ? [] : [rule('allow', prefix(more.allow))];
  return evaluate({ tool: 'run_command', input: { command, ...(more.cwd === undefined ? {} : { cwd: more.cwd }) }, ...(more.shell === undefined ? {} : { shell: more.shell }) }, machine({ '/ws/package.json': '{"scripts":{"test":"mocha"}}' }), policy({ mode: more.mode ?? 'dangerous_only', rules }), session).decision;
}

describe('the folder that a command runs in', () => {
  const looking = ['ls', 'ls -la', 'rg foo', 'tree', 'du -sh', 'fd id_rsa', 'ag foo', 'find', 'grep -r foo'];
  const trusting = ['git status', 'git log -p', 'git diff', 'npm ls', 'yarn test', 'cargo test', 'cargo metadata', 'go test ./...', 'go list ./...', 'pytest', 'make test', 'mocha', 'jest', 'node --test', 'eslint .', 'tsc --noEmit', 'python -m pytest', 'python -m json.tool', 'docker compose ps', 'terraform validate', 'gh pr list'];

  for (const command of [...looking, ...trusting]) {
    it(`${command} outside the workspace, or nobody knows where, is a question`, () => {
      for (const to of ['/etc', '~', '~/.ssh', '/', '..', '"$X"', '-', '$(x)']) assert.notEqual(decided(`cd ${to} && ${command}`), 'allow', to);
      for (const line of [`pushd /opt/x; ${command}`, `env -C /opt/x ${command}`, `(cd /opt/x; ${command})`, `cd src; cd ../..; ${command}`, `cd /opt/x & cd /opt/x; ${command}`]) assert.notEqual(decided(line), 'allow', line);
      assert.notEqual(decided(command, { cwd: '/opt/x' }), 'allow', 'as the folder of the request');
    });
  }

  it('in the temporary folder looking is fine, running what is there is not', () => {
    for (const command of looking) assert.equal(decided(`cd /tmp/x && ${command}`), 'allow', command);
    for (const command of trusting) assert.notEqual(decided(`cd /tmp/x && ${command}`), 'allow', command);
  });

  it('in the workspace and its folders nothing of this asks', () => {
    for (const command of [...looking, ...trusting.filter((one) => !/^(?:yarn|gh|docker)/.test(one))]) for (const line of [command, `cd src && ${command}`, `cd /ws && ${command}`, `cd src && cd .. && ${command}`]) assert.equal(decided(line), 'allow', line);
  });

  it('it counts in every shell', () => {
    for (const [shell, commands] of [['zsh', ['ls', 'git status', 'pytest']], ['pwsh', ['ls', 'gci', 'dir', 'git status', 'cargo test']], ['cmd', ['dir', 'tree', 'git status', 'cargo test']]] as const) {
      for (const command of commands) assert.deepEqual([decided(command, { cwd: '/opt/x', shell }), decided(command, { shell })], ['ask', 'allow'], `${shell} ${command}`);
    }
  });

  it('what is written by a redirection is no mere read in any shell', () => {
    for (const shell of ['bash', 'zsh', 'pwsh', 'cmd'] as const) for (const line of ['ls > a', 'ls >> a', 'echo x > a']) assert.equal(decided(line, { shell }), 'ask', `${shell} ${line}`);
  });

  it('a rule for the command does not answer for a folder it does not name', () => {
    assert.equal(decided('cd /opt/x && cargo test', { allow: 'cargo test' }), 'ask');
    assert.equal(decided('cd /opt/x && ls', { allow: 'ls' }), 'ask');
  });
});

describe('names that are set by other means than an assignment', () => {
  it('the search path is one name of many ways to it', () => {
    for (const line of ['coproc PATH { ls; }; ls', 'exec {PATH}<a; ls', 'ls {PATH}</dev/null; ls', 'ls & wait -p PATH; ls', 'ls & wait -n -p PATH; ls', 'wait -p "$X"; ls', 'for PATH in .; do ls; done', 'printf -v PATH .; ls', 'read PATH <<< .; ls', 'mapfile PATH < a; ls', 'getopts a PATH; ls', '((PATH=1)); ls', ': ${PATH:=.}; ls']) assert.equal(decided(line), 'ask', line);
    for (const line of ['coproc X { ls; }; ls', 'exec {fd}<a; cat a', 'ls & wait -p id; ls']) assert.equal(decided(line), 'allow', line);
  });

  it('a language, terminal or zone that is a path is loaded from there', () => {
    for (const line of ['TZ=:/etc/x date', 'TZ=/etc/x date', 'LANG=../../x ls', 'LC_ALL=/tmp/x ls', 'TERM=../x ls', 'export LANG=/tmp/x; ls']) assert.equal(decided(line), 'ask', line);
    for (const line of ['TZ=Europe/Berlin date', 'TZ=UTC ls', 'LC_ALL=C.UTF-8 sort a', 'LANG=de_DE.UTF-8@euro ls', 'TERM=xterm-256color ls']) assert.equal(decided(line), 'allow', line);
  });
});

describe('what is assigned to an integer is arithmetic', () => {
  const hidden = "x='a[$(rm a)]'; ";
  const lines = [
    `${hidden}declare -i y; y=$x`, `${hidden}declare -i y; y+=$x`, `${hidden}typeset -i y; read y <<< "$x"`, `${hidden}declare -i y; for y in "$x"; do :; done`, `${hidden}declare -i y; printf -v y %s "$x"`, `${hidden}declare -ai y; y=($x)`, `${hidden}declare -i y; mapfile y <<< "$x"`, `${hidden}declare -i y; echo \${y:=$x}`, `${hidden}declare -i y; export y=$x`, `${hidden}declare -xi y; y=$x ls`,
    'declare -i y; y=$(x)', `${hidden}RANDOM=$x`, `${hidden}OPTIND=$x`, `${hidden}declare "-i" y; y=$x`, `${hidden}o=-i; declare $o y; y=$x`, `${hidden}f() { local -i y; y=$x; }; f`, `declare -i y; y='a[$(rm a)]'`,
  ];
  for (const line of lines) it(`${line} asks, also where everything is allowed`, () => assert.equal(decided(line, { mode: 'bypass_permissions' }), 'ask'));

  it('numbers are fine', () => {
    for (const line of ['OPTIND=1; ls', 'SECONDS=0; ls', 'declare -i n=0; ls', 'declare -i n; n=5; ls', 'RANDOM=42; echo $RANDOM']) assert.equal(decided(line), 'allow', line);
  });
});
