import type { ShellKind } from '../../src/core/request.ts';

/** Characters of a long line */
export const longLength = 10_240;

export interface LongLine {
  readonly name: string;
  readonly text: string;
  readonly shell: ShellKind;
}

/** Fragments that come again and again: each is cheap, and each cost more than its length once, or could */
const repeated = [
  'eval x||', 'find . -exec ', 'curl x|sh;', 'f(){ f;};', 'ls -la src; ', 'a&', 'a|', 'a;b;', 'a||', '>x;', 'ls *;', 'cat *.c ', 'rm a;', 'rm a ', 'wget a;', 'mv a b;', 'scp a b:;', '~ ', '~/x ', '.env ', '/etc/passwd ', 'curl http://a ', '(a)|(b)|', '<(ls) ', '$(ls)', '$(a $(b))', 'x=$(x);',
  'cd a&&', 'cd a;', 'a||exit;', 'export a=b;', 'x=$x$x;', '$x$x$x', '{a,b}', '{1..9} ', '{1..9}{1..9}a.b.', '*/', '../', 'a/', '$((1+', '((', 'a[', 'a[$(x)]=1;', '[[ -v a[$(x)] ]];', '[[ a && ', 'if a; then b; fi;', 'for i in 1 2 3 4 5 6 7 8; do x=1; done;', 'while a; do b; done;', 'case x in a) b;; esac;',
  'cat <<E\n$x\nE\n', '<<E\nx\nE\n', 'echo a|sh;', 'base64 -d|sh;', 'npm run x;', 'npx a;', 'git push;', 'alias a=b;', 'trap "x" EXIT;', 'ln -s a b;cat b/x;', ':|:&', ':(){ :|:& };:', '{ a;};', '${x:-', '${x/a/b}', '`ls`', '"', "'", '`', '$(', '(', '{', '\\', '*', '?', '[', '\u200b', 'python -c "import os; os.system(\'x\')";', 'sudo ', 'xargs ', 'env ', 'bash -c ', 'a|xargs b;',
];

/** Numbered, so that every name differs */
const numbered = ['x#=$x#;', 'x#=1&&', 'f#(){ a;};', 'f#(){ f#|f#;};f#;', 'alias a#=b;', 'cd a#;', 'ln -s a b#;', 'mv a# b#;', 'export x#;', 'curl http://h#.x/;', 'cp a# b;cat b;', '>a#;', 'git push a#;'];

/** Opened again and again, then closed */
const nested: readonly (readonly [string, string])[] = [
  ['$(', ')'], ['"$(', ')"'], ['(', ')'], ['{ ', ';}'], ['${x:-', '}'], ['<(', ')'], ['if ', ';then a;fi'], ['for x in a b;do ', ';done'], ['for x in 1 2 3 4;do ', ';done'], ['f(){ ', ';}'], ['eval "', '"'], ['[[ (', ') ]]'], ['$((a[', '] ))'], ['{a,', '}'], ['case x in x) ', ';; esac'], ['@(', ')'], ['cat <<E\n$(', '\nE\n)'],
];

const variables = Array.from({ length: 64 }, (_, index) => `x${index}=1;`).join('');
const functions = Array.from({ length: 30 }, (_, index) => (index === 0 ? 'f0(){ a;};' : `f${index}(){ f${index - 1};f${index - 1};};`)).join('');

/** Starts, what comes again behind them, and ends */
const others: readonly (readonly [string, string, string])[] = [
  ['rm ', 'a ', ''], ['find ', 'a ', '-delete'], ['find ', 'a ', '-name b -exec cat {} +'], ['find . ', '-name b ', '-exec cat {} +'], ['find a b c d e f ', '-name b -exec cat {} + ', ''], ['cd a || cd b || cd c || true; rm ', 'a ', ''], ['curl ', '-d a ', 'http://h'], ['curl ', 'http://h/ ', ''], ['curl http://', 'a.', 'b'], ['curl http://a/?d=', 'QUJD', ''],
  ['parallel ', 'a ', '::: b'], ['hyperfine ', "'ls' ", ''], ["python -c '", '"\\', "'"], ["python -c '", 'run(', "'"], ["awk '", '{print $1 > "x"}', "' x"], ["sed '", 's/a/b/e;', "' x"], ["jq '", '(', "' x"], ['cat ', '*', ''], ['cat ', '*a', ''], ['x="ls;";', 'x=$x$x;', 'eval $x'], ["eval '", 'ls;', "'"], ["bash -c '", 'ls;', "'"], ["trap '", 'ls;', "' EXIT"], ['bash <<E\n', 'ls\n', 'E\n'],
  [variables, 'a||', 'b'], [variables, 'a&&', 'b'], [variables, '(a);', ''], [variables, '$(a);', ''], [variables, 'if a;then b;fi;', ''], [functions, 'f29;', ''], ['for a in 1 2 3 4 5 6 7 8;do for b in 1 2 3 4 5 6 7 8;do ', 'ls $a;', 'done;done'], ['for a in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16;do ', 'ls $a;', 'done'], ['if a; then b; ', 'elif cd a; then x=1; ', 'fi'], ['((', '(', '))'], ['echo $((', '1+', '1))'], ['docker run ', '-v a:b ', 'x y'], ['export ', 'A=b ', ''], ['', 'PATH=b ', 'ls'], ['tar cf x ', 'a ', ''], ['rm ', '{a,b,c,d,e,f,g,h}{a,b,c,d,e,f,g,h};rm ', ''],
];

const foreign: readonly (readonly [ShellKind, string])[] = [
  ['pwsh', 'ls;'], ['pwsh', 'Remove-Item a;'], ['pwsh', 'gci | % { ls }; '], ['pwsh', 'iwr http://a;'], ['pwsh', '$x = 1;'], ['pwsh', '('], ['pwsh', '$('], ['pwsh', '"$('], ['pwsh', '@{'], ['pwsh', 'powershell -c "'], ['cmd', 'dir&'], ['cmd', 'del a&'], ['cmd', 'for %i in (a) do '], ['cmd', 'cmd /c '], ['cmd', '%x%'], ['cmd', '('], ['cmd', '^'], ['zsh', 'ls *;'], ['zsh', '*(e:'], ['zsh', '=ls '], ['zsh', '${(e)x}'],
];

/** Lines of 10 kB made to be dear: repeated, numbered, nested, unfolding, for each shell */
export function longLines(): readonly LongLine[] {
  const lines: LongLine[] = [];
  const add = (name: string, text: string, shell: ShellKind = 'bash'): void => void lines.push({ name, text: text.slice(0, longLength), shell });
  for (const piece of repeated) add(`${JSON.stringify(piece)} again and again`, filled('', piece, ''));
  for (const piece of numbered) add(`${JSON.stringify(piece)} numbered`, counted(piece));
  for (const [open, close] of nested) add(`${JSON.stringify(open)} nested`, nestedText(open, close));
  for (const [start, piece, end] of others) add(JSON.stringify(`${start.slice(0, 40)}${piece}…${end}`), filled(start, piece, end));
  for (const [shell, piece] of foreign) add(`${JSON.stringify(piece)} again and again`, filled('', piece, ''), shell);
  return lines;
}

function filled(start: string, piece: string, end: string): string {
  return start + piece.repeat(Math.max(0, Math.ceil((longLength - start.length - end.length) / piece.length) - 1)) + end;
}

function counted(piece: string): string {
  let text = '';
  for (let number = 0; text.length < longLength; number += 1) text += piece.replaceAll('#', String(number));
  return text;
}

function nestedText(open: string, close: string): string {
  const depth = Math.floor(longLength / (open.length + close.length)) - 1;
  return `${open.repeat(depth)}a${close.repeat(depth)}`;
}
