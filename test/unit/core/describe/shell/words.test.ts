import assert from 'node:assert/strict';
import { execs, isUncertain } from './reading.ts';

/** What a line's last command is called with */
function argv(text: string): readonly (string | null)[] {
  return execs(text).at(-1)?.argv ?? [];
}

describe('words of a shell line', () => {
  const known: readonly (readonly [string, readonly (string | null)[]])[] = [
    ['r""m x', ['rm', 'x']],
    ["r''m x", ['rm', 'x']],
    ['\\rm x', ['rm', 'x']],
    ['"rm" x', ['rm', 'x']],
    ["$'\\x72\\x6d' x", ['rm', 'x']],
    ["$'\\162m' x", ['rm', 'x']],
    ['r\\\nm x', ['rm', 'x']],
    ['ls "a b" a\\ b', ['ls', 'a b', 'a b']],
    ["ls 'a;b|c&d>e'", ['ls', 'a;b|c&d>e']],
    ['ls "\\$x \\` \\" \\\\ \\n"', ['ls', '$x ` " \\ \\n']],
    ['{rm,-rf,x}', ['rm', '-rf', 'x']],
    ['ls a{b,c}d', ['ls', 'abd', 'acd']],
    ['ls {a,b}{c,d}', ['ls', 'ac', 'ad', 'bc', 'bd']],
    ['ls {a,{b,c}}', ['ls', 'a', 'b', 'c']],
    ['ls {1..3} {c..a} {01..03} {1..7..3}', ['ls', '1', '2', '3', 'c', 'b', 'a', '01', '02', '03', '1', '4', '7']],
    ["ls {a,'b,c'} \"{a,b}\" \\{a,b\\} {a}", ['ls', 'a', 'b,c', '{a,b}', '{a,b}', '{a}']],
    ['ls {,x}y', ['ls', 'y', 'xy']],
    ['rm${IFS}-rf${IFS}x', ['rm', '-rf', 'x']],
    ['rm$IFS-rf', ['rm', '-rf']],
    ['x=rm; $x -rf y', ['rm', '-rf', 'y']],
    ['x="rm -rf"; $x y', ['rm', '-rf', 'y']],
    ['x="rm -rf"; "$x" y', ['rm -rf', 'y']],
    ['x=r; y=m; $x$y z', ['rm', 'z']],
    ['x=r; x+=m; $x z', ['rm', 'z']],
    ['x=; $x ls', ['ls']],
    ['x=; ls "$x"', ['ls', '']],
    ['x=a; ls ${x} ${x:-b} ${y:=c}', ['ls', 'a', 'a', null]],
    ['set -- rm -rf x; "$@"', ['rm', '-rf', 'x']],
    ['set -- rm -rf x; $1 $3', ['rm', 'x']],
    ['ls ~ ~/x "~/x" ~+ x~', ['ls', '/home/u', '/home/u/x', '~/x', '/ws', 'x~']],
    ['dd if=~/x', ['dd', 'if=/home/u/x']],
    ['ls $HOME "$HOME/x" $PWD ${TMPDIR}/y', ['ls', '/home/u', '/home/u/x', '/ws', '/tmp/y']],
    ['HOME=/x; ls $HOME', ['ls', '/x']],
    ['ls $x "$(pwd)" `pwd` $((1+1))', ['ls', null, null, null, null]],
    ['for f in a b; do ls $f; done', ['ls', 'b']],
    ['ls a#b #c', ['ls', 'a#b']],
    ['ls <(pwd)', ['ls', '/dev/fd/63']],
  ];
  for (const [text, words] of known) it(`reads ${JSON.stringify(text)}`, () => {
    const wanted = execs(text).find((exec) => JSON.stringify(exec.argv) === JSON.stringify(words));
    assert.deepEqual(wanted?.argv ?? argv(text), words);
  });

  const uncertain = [
    '$x y', '${x:-rm} y', '${PATH:0:1}bin/rm', 'r${u}m x', '$(echo rm) x', '`echo rm` x', '/???/r? x', 'l* x', '${!x}', '"${a[0]}" x', '$(<f) x', '{$x,y}', '$1', '"$@"',
    'if true; then x=ls; else x=rm; fi; $x y', 'true && x=ls; $x y', 'x=ls; read x; $x y', 'x=ls; for i in *; do x=rm; done; $x y', 'x=ls; f() { [ a ] && x=rm; }; f; $x y',
    'x=rm; f() { local x=ls; }; f; $x y', 'x=rm; f() { local x; x=ls; }; f; $x y', 'f() { local -a x; x=ls; }; x=rm; f; $x', 'x=ls; f() { local x; $x y; }; f', 'y=ls; declare -n x=y; x=rm; $y z', 'x=rm\nreadonly x\nx=ls\n$x y', 'declare -l c; c=RM; $c x', '_=ls; $_ x', '$"ls" x', 'IFS=,; v=rm,x; $v', 'find . -exec {} \\;', 'xargs -I% % a < f', 'cat @(.env)',
    'f() { "$1" y; f rm; }; f ls', 'f() { f() { "$@"; }; f $x; }; f',
    'x=ls; while read y; do $x; x=rm; done', 'x=ls; . ./f; $x y', 'x=ls; eval "$z"; $x y', 'read x; ls $((x))', 'x=ls; printf -v x rm; $x', 'x=ls; unset x; $x y; "$x"',
  ];
  for (const text of uncertain) it(`does not claim to know ${JSON.stringify(text)}`, () => {
    assert.equal(isUncertain(text), true);
  });

  it('a brace list beyond the limit is one unknown word', () => {
    assert.deepEqual(argv('ls {1..100000}'), ['ls', null]);
    assert.deepEqual(argv('ls {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}'), ['ls', null]);
  });

  it('characters that nobody sees make a command unreadable, also a carriage return and NUL', () => {
    for (const text of ['ls\u200b -la', 'l\u2060s', 'ls\u00a0-la', '\u202els', 'ls\u2800x', 'ls\r\nls', 'ls\0', 'ls\u0007', 'ls\x1b[2K']) assert.equal(isUncertain(text), true, JSON.stringify(text));
    assert.equal(isUncertain("grep -n '\u200b' a.txt"), false);
  });
});
