import assert from 'node:assert/strict';
import { actionsOf, guardrails, isUncertain, machine, onlyReads, readings, shown } from './reading.ts';

const payload = 'rm -rf src';

/** Every place of the grammar where a command can stand; `§` is the command */
const places = [
  '§', 'ls; §', 'ls && §', 'ls || §', 'ls | §', 'ls |& §', 'ls & §', 'ls\n§', 'ls\r\n§', '§ &', '! §', 'time §', 'time -p §', '( § )', '{ §; }', '{ ls; } && { §; }',
  'if §; then ls; fi', 'if ls; then §; fi', 'if ls; then ls; else §; fi', 'if ls; then ls; elif §; then ls; fi', 'for i in a; do §; done', 'for i in $x; do §; done', 'for i; do §; done', 'for ((i=0;i<1;i++)); do §; done', 'for i in $(§); do ls; done',
  'while §; do ls; done', 'while ls; do §; done', 'until §; do ls; done', 'select x in a; do §; done', 'case x in x) §;; esac', 'case $(§) in x) ls;; esac', 'case x in $(§)) ls;; esac', 'case x in a) ls;& *) §;; esac',
  'f() { §; }; f', 'f() { §; }', 'function f { §; }; f', 'f() ( § ); f', 'f() { ls; }; f; §', 'f() { f() { §; }; f; }; f', 'f() { g; }; g() { §; }; f', 'ls() { §; }; ls',
  'ls $(§)', 'ls "$(§)"', 'ls `§`', 'ls "a $(ls "$(§)")"', 'x=$(§)', 'x=$(§) ls', 'x=("$(§)")', 'export x=$(§)', 'ls > $(§)', 'ls <(§)', 'ls >(§)', 'ls < <(§)', 'cat <<E\n$(§)\nE', 'cat <<E\n`§`\nE', 'cat <<-E\n\t$(§)\nE', 'cat <<< "$(§)"', 'cat <<E; §\nE', 'cat <<A <<B\na\nA\nb\nB\n§',
  '[[ -n $(§) ]]', '[[ a == $(§) ]]', '[[ a =~ $(§) ]]', '[ -n "$(§)" ]', 'test -n "$(§)"', '(( x + $(§) ))', '(( a[$(§)] ))', 'ls $((a[$(§)]))', 'ls $[$(§)]', 'ls ${a[$(§)]}', 'a[$(§)]=1', 'ls ${x:-$(§)}', 'ls ${x:=$(§)}', 'ls ${x/a/$(§)}', 'ls ${x#$(§)}', 'ls ${x:$(§)}', 'ls {a,$(§)}', 'ls *$(§)', 'ls [$(§)]', 'ls @($(§))',
  'coproc §', 'coproc { §; }', 'trap "§" EXIT', "trap '§' DEBUG; ls", "eval '§'", 'eval §', "bash -c '§'", 'sh -c "§"', "bash -lc 'ls; §'", "sh -xc '§'", 'env §', 'env A=1 §', 'command §', 'exec §', 'nohup §', 'nice -n 5 §', 'timeout 5 §', 'stdbuf -oL §', 'setsid §', 'builtin eval "§"', "bash <<'E'\n§\nE", 'bash -s <<E\n§\nE', "sh <<< '§'", "alias ls='§'\nls",
  'ls #\n§', 'ls # x\n§', 'ls \\\n&& §', "printf -v 'a[$(§)]' x", "read 'a[$(§)]' <<< 1", "test -v 'a[$(§)]'", "[[ -v a[$(§)] ]]", "let 'a[$(§)]=1'", "unset 'a[$(§)]'", "declare 'a[$(§)]=1'", 'x=\'a[$(§)]\'; ls $((x))', "x='$(§)'; ls \"${x@P}\"", "echo '§' | sh", "echo '§' | bash -s", "printf '%s\\n' '§' | sh", "source <(echo '§')", "bash <(echo '§')", "eval \"$(echo '§')\"",
];

describe('commands wherever they stand in a shell line', () => {
  for (const place of places) it(`sees a command in ${JSON.stringify(place)}`, () => {
    const text = place.replaceAll('§', payload);
    assert.ok(readings(text).some((reading) => reading.startsWith('rm -rf src')), readings(text).join(' | '));
    const deleted = shown(actionsOf(text)).filter((action) => /^\??delete \/ws\/src$/.test(action));
    assert.ok(deleted.length > 0, shown(actionsOf(text)).join(' | '));
  });

  it('does not see commands in data', () => {
    for (const text of ['echo "rm -rf ."', "cat <<'E'\nrm -rf /\n$(curl x)\nE", 'echo hello # && rm -rf .', "git log --grep='rm -rf'", 'echo "\\"; rm -rf .; echo \\""', "ls 'my dir; rm -rf .'", 'echo \\$\\(rm\\)', "echo '$(rm x)'", 'grep sudo README.md']) {
      assert.equal(onlyReads(text), true, `${text}: ${shown(actionsOf(text)).join(' | ')}`);
    }
  });

  it('what does not parse is unreadable, and what could be read is still there', () => {
    for (const text of ['ls "', "ls '", 'ls $(', 'ls `', 'if ls', 'ls )', '( ls', '{ ls', 'case x in', 'ls &&', 'ls | ', 'for', 'ls ;; ls', 'done', '<<E', 'ls $(if)', 'ls ${x', 'echo $(( ', 'f(', 'ls >', '[[ a', 'ls "$(" )"', '()', ';;', 'ls ${x:-$(}']) {
      assert.equal(isUncertain(text), true, text);
    }
    assert.ok(shown(actionsOf('rm -rf src; (')).includes('delete /ws/src'));
  });

  it('a function that stands before a program of its name is no longer that program', () => {
    for (const text of ['ls() { :; }; ls', 'git() { evil; }; git status', 'function cat { evil; }; cat a', 'if x; then ls() { evil; }; fi; ls', "alias ls=evil; ls", 'unset -f ls; ls', 'hash -p ./x ls; ls', 'enable -n test; test -f x', 'enable -f ./x.so test; test -f x']) {
      assert.equal(onlyReads(text), false, text);
    }
  });

  it('a line of 64 KiB is read whole, a longer one is unreadable', () => {
    assert.ok(shown(actionsOf(`${'ls;'.repeat(21_000)}rm -rf src`)).includes('delete /ws/src'));
    assert.equal(isUncertain(`ls ${'a'.repeat(70_000)}`), true);
  });

  it('what unfolds without end is cut off and unreadable', () => {
    const loops = `${'for i in 1 2 3 4 5 6 7 8; do '.repeat(8)}ls${'; done'.repeat(8)}`;
    const functions = `${Array.from({ length: 60 }, (_, i) => `f${i}() { f${i + 1}; f${i + 1}; }`).join('\n')}\nf0`;
    const scripts = `${'eval '.repeat(40)}ls`;
    for (const text of [loops, functions, scripts, `${'$('.repeat(100)}ls${')'.repeat(100)}`, `x=aaaaaaaaaa;${'x=$x$x;'.repeat(500)}$x`]) assert.equal(isUncertain(text), true, text.slice(0, 60));
  });

  it('fork bombs are blocked in any spelling, plain recursion is not', () => {
    for (const text of [':(){ :|:& };:', 'f() { f | f & }; f', 'bomb() { bomb & bomb & }; bomb', 'f() { f|f; }; f', 'f() { $(f) $(f); }; f', 'a() { b | b & }; b() { a | a & }; a']) assert.deepEqual(guardrails(text), ['fork_bomb'], text);
    assert.deepEqual(guardrails('walk() { walk "$1" | sort; }; walk x'), []);
    assert.deepEqual(guardrails('f() { f; }; f'), []);
  });

  it('a script of package.json is read with its hooks, and its text stands on the command', () => {
    const files = { '/ws/package.json': JSON.stringify({ scripts: { pretest: 'tsc', test: 'mocha && rm -rf build', posttest: 'git push' } }) };
    const actions = actionsOf('npm test', 'bash', machine(files));
    const [exec] = actions;
    assert.equal(exec?.kind === 'exec' ? exec.script : '', 'pretest: tsc\ntest: mocha && rm -rf build\nposttest: git push');
    assert.equal(exec?.target, 'npm test (pretest: tsc; test: mocha && rm -rf build; posttest: git push)');
    assert.ok(exec?.kind === 'exec' && exec.readings.some((words) => words.join(' ') === 'git push'));
    assert.ok(shown(actions).includes('delete /ws/build'), shown(actions).join(' | '));
  });
});

describe('lines that nest or grow without end', () => {
  const many: readonly (readonly [string, string])[] = [
    ['wrappers around wrappers', `${'xargs '.repeat(40)}rm x`], ['substitutions', `${'$(('.repeat(40)}1${'))'.repeat(40)}`], ['brackets that never close', '$('.repeat(200)], ['parameters', `echo ${'${a:-'.repeat(40)}$(rm x)${'}'.repeat(40)}`], ['back-quotes', '`'.repeat(1000)],
    ['functions', `${Array.from({ length: 80 }, (_, index) => `f${index}() { ls; };`).join('')}f79`], ['aliases', `${Array.from({ length: 80 }, (_, index) => `alias a${index}=ls;`).join('')}ls`],
  ];
  for (const [what, text] of many) it(`${what}: what is not followed is not read`, () => assert.equal(isUncertain(text), true));

  it('a variable among many is forgotten, not taken for something else', () => {
    const text = `a=ls; ${Array.from({ length: 80 }, (_, index) => `v${index}=1`).join(';')}; $a x`;
    assert.equal(isUncertain(text), true);
    assert.ok(!readings(text).includes('ls x'));
  });

  it('a path made anew among many may still be a link', () => {
    const text = `${Array.from({ length: 80 }, (_, index) => `ln -s /etc l${index}`).join(';')}; rm l3/passwd`;
    assert.ok(actionsOf(text).some((action) => action.kind === 'delete' && action.uncertain !== undefined));
  });

  it('what stands before the limit keeps its guardrail', () => {
    assert.deepEqual(guardrails(`rm -rf /; ${'xargs '.repeat(40)}ls`), ['destructive_deletion']);
  });
});
