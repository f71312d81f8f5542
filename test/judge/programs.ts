import type { Random } from './random.ts';

/** Leading words that the judge's policy allows. What a line runs must begin with one of `harmless` */
export const harmless = ['git status', 'git log', 'ls', 'cat a.txt', 'cat src', 'grep -n', 'head', 'wc', 'true', 'false', 'pwd', 'echo', 'printf', 'test', '['] as const;

/** Also allowed by the policy: words that by themselves only lead to other commands or change the shell */
export const leading = [
  'env', 'nice', 'nohup', 'timeout 5', 'xargs', 'find .', 'find src', 'bash', 'sh', 'command', 'builtin', 'exec', 'stdbuf -oL', 'setsid', 'eval', 'cd', 'export LANG', 'export', 'declare', 'read',
  ':', 'set', 'shift', 'trap', 'alias', 'unset', 'let', 'local', 'type', 'source', '.', 'base64', 'rev', 'tr', 'shopt', 'hash', 'printf -v', 'mapfile', 'wait', 'return', 'exit', 'time', 'coproc', 'xxd', 'tee', 'watch', 'script',
] as const;

type Make = (random: Random, depth: number) => string;

const benign: Make = (random) =>
  random.pick(['git status', 'git status -s', 'git log -1', 'ls', 'ls -la src', 'cat a.txt', 'cat src/x.ts', 'grep -n a a.txt', 'head -n 1 a.txt', 'wc -l a.txt', 'true', 'echo hi', 'pwd', 'printf x', 'test -f a.txt', '[ -f a.txt ]', ':', 'cd src', 'cd .', 'ls *.txt', 'cat src/*', 'echo rm -rf x', 'git log --grep="rm x"', 'export LANG=C', 'LC_ALL=C ls', 'x=1', 'y=src; ls $y', 'f=a.txt; cat "$f"', "echo 'rm x; curl y'", 'echo "a;b|c"', 'ls 2>/dev/null', 'true >/dev/null 2>&1']);

const evil: Make = (random) =>
  random.pick(['rm -rf x', 'rm x', 'curl evil.example', 'evil', 'git push', 'npm publish', 'git statusx', 'lsx', './ls', '/ws/evil/ls', 'evil/git status', 'git -c a=b status', 'python3 x.py', 'node x.js', 'cat b.txt', 'touch new.txt', 'rm -rf src', 'chmod 777 a.txt', 'sh evil/ls', '. ./evil/rc', 'bash evil/rc']);

function leaf(random: Random): string {
  return random.chance(0.16) ? disguised(evil(random, 0), random) : random.chance(0.3) ? disguised(benign(random, 0), random) : benign(random, 0);
}

/** The same words spelled otherwise */
function disguised(command: string, random: Random): string {
  if (/["'$;|>*[\]]/.test(command)) return command;
  const words = command.split(' ').filter((word) => word !== '');
  switch (random.below(14)) {
    case 0:
      return words.map((word) => `'${word}'`).join(' ');
    case 1:
      return words.map((word) => (word.length > 1 ? `${word.slice(0, 1)}""${word.slice(1)}` : word)).join(' ');
    case 2:
      return words.map((word) => `$'${[...word].map((c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}'`).join(' ');
    case 3:
      return words.length > 1 ? `{${words.join(',')}}` : command;
    case 4:
      return words.join('${IFS}');
    case 5:
      return `v=${words[0] ?? ''}; $v ${words.slice(1).join(' ')}`;
    case 6:
      return `v='${command}'; $v`;
    case 7:
      return `\\${command}`;
    case 8:
      return words.join('\\\n ').replace(/^(.)/, '$1\\\n');
    case 9:
      return `$(echo ${words[0] ?? ''}) ${words.slice(1).join(' ')}`;
    case 10:
      return `\${u:-${words[0] ?? ''}} ${words.slice(1).join(' ')}`;
    case 11:
      return `set -- ${command}; "$@"`;
    case 12:
      return `\`echo ${words[0] ?? ''}\` ${words.slice(1).join(' ')}`;
    default:
      return `a=(${command}); "\${a[@]}"`;
  }
}

const constructs: readonly [Make, ...Make[]] = [
  (r, d) => `${program(r, d)}; ${program(r, d)}`,
  (r, d) => `${program(r, d)} && ${program(r, d)}`,
  (r, d) => `${program(r, d)} || ${program(r, d)}`,
  (r, d) => `${program(r, d)} | ${program(r, d)}`,
  (r, d) => `${program(r, d)} |& ${program(r, d)}`,
  (r, d) => `${program(r, d)} & ${program(r, d)}`,
  (r, d) => `${program(r, d)}\n${program(r, d)}`,
  (r, d) => `{ ${program(r, d)}; }`,
  (r, d) => `( ${program(r, d)} )`,
  (r, d) => `! ${program(r, d)}`,
  (r, d) => `time ${simple(r, d)}`,
  (r, d) => `if ${program(r, d)}; then ${program(r, d)}; else ${program(r, d)}; fi`,
  (r, d) => `for i in a.txt src; do ${program(r, d)}; done`,
  (r) => `for i in ${r.pick(['ls', 'rm x', '"git status"', 'x y'])}; do ${r.pick(['$i', 'ls $i', '"$i"', 'ls "$i"'])}; done`,
  (r, d) => `while ${program(r, d)}; do ${program(r, d)}; break; done`,
  (r, d) => `until ${program(r, d)}; do ${program(r, d)}; break; done`,
  (r, d) => `case ${r.pick(['x', '"$y"', 'a.txt'])} in x) ${program(r, d)};; *) ${program(r, d)};; esac`,
  (r, d) => `case x in x) ${program(r, d)};& y) ${program(r, d)};; esac`,
  (r, d) => `${r.pick(['f', 'ls', 'git', 'cat', 'true', 'cd', 'echo', 'test'])}() { ${program(r, d)}; }; ${r.pick(['f', 'ls', 'git status', 'cat a.txt', 'true', 'cd src', 'echo hi'])}`,
  (r, d) => `function ${r.pick(['f', 'ls', 'wc'])} { ${program(r, d)}; }\n${r.pick(['f', 'ls', 'wc a.txt'])} ${r.pick(['', '"$@"', 'x'])}`,
  (r, d) => `echo "$(${program(r, d)})"`,
  (r) => `echo \`${leaf(r).replace(/[`\\]/g, '')}\``,
  (r, d) => `ls $(${program(r, d)})`,
  (r) => `cat <<EOF\n${r.pick(['$(', 'x $('])}${leaf(r)})\nEOF`,
  (r) => `cat a.txt <<'EOF'\n$(${leaf(r)})\nEOF`,
  (r, d) => `${r.pick(['bash', 'sh', 'cat', 'bash -s', 'xargs ls'])} <<'EOF'\n${program(r, d)}\nEOF`,
  (r) => `${r.pick(['bash', 'sh', 'cat a.txt'])} <<EOF\n${leaf(r)}\nEOF`,
  (r) => `${r.pick(['bash', 'sh', 'cat a.txt', 'wc'])} <<< ${quoted(leaf(r), r)}`,
  (r, d) => `cat a.txt <(${program(r, d)})`,
  (r) => `${r.pick(['source', '.', 'bash'])} <(echo ${quoted(leaf(r), r)})`,
  (r, d) => `echo x > >(${program(r, d)})`,
  (r, d) => `ls <(${program(r, d)}) >/dev/null`,
  (r, d) => `coproc ${simple(r, d)}`,
  (r, d) => `coproc { ${program(r, d)}; }`,
  (r) => `trap ${quoted(leaf(r), r)} ${r.pick(['EXIT', 'DEBUG', 'ERR', 'INT', '0'])}; ls`,
  (r) => `shopt -s expand_aliases; alias ls=${quoted(leaf(r), r)}\nls`,
  (r) => `alias ll=${quoted(leaf(r), r)}; ll`,
  (r) => `[[ -n $(${leaf(r)}) ]] && ls`,
  (r) => `[[ ${r.pick(['a.txt', 'x', '$y'])} ${r.pick(['-eq', '==', '-nt'])} ${r.pick(['x', `"a[\\$(${plain(r)})]"`, `'a[$(${plain(r)})]'`])} ]]; ls`,
  (r) => `(( a[$(${leaf(r)})] )); ls`,
  (r) => `(( ${r.pick(['x = 1', 'x++', '1 + 1'])} )); ls`,
  (r) => `echo $(( ${r.pick(['1 + 2', `a[$(${leaf(r)})]`, 'x', `x = 'a[$(${plain(r)})]'`])} ))`,
  (r) => `x='a[$(${plain(r)})]'; echo ${r.pick(['$((x))', '$x', '"${y[x]}"', '"${b:x:1}"', '$((y[x]))'])}`,
  (r) => `echo \${a[$(${leaf(r)})]}`,
  (r) => `echo "\${x:=$(${leaf(r)})}"`,
  (r) => `x='$(${plain(r)})'; echo "\${x@${r.pick(['P', 'Q', 'U'])}}"`,
  (r) => `printf -v 'a[$(${plain(r)})]' x; ls`,
  (r) => `printf -v ls %s ${quoted(leaf(r), r)}; $ls`,
  (r) => `read 'a[$(${plain(r)})]' <<< 1`,
  (r) => `read x <<< ${quoted(leaf(r), r)}; ${r.pick(['$x', 'ls $x', 'echo "$x"', 'eval "$x"', 'echo $((x))'])}`,
  (r) => `test -v 'a[$(${plain(r)})]'`,
  (r) => `let 'a[$(${plain(r)})]=1'`,
  (r) => `declare ${r.pick(['x', '-x PATH=/ws/evil', '-x LANG=C', '-a b=(1 2)', `'a[$(${plain(r)})]=1'`, '-n ls=rm', `-i x='a[$(${plain(r)})]'`])}; ls`,
  (r) => `unset 'a[$(${plain(r)})]'; ls`,
  (r) => `${r.pick(['PATH=/ws/evil:$PATH', 'PATH=evil', 'BASH_ENV=./evil/rc', 'LD_PRELOAD=', 'X=1', 'ENV=./evil/rc', 'PS4=\'$(rm x)\''])} ${r.pick(['ls', "bash -c 'ls'", 'git status', 'sh -c ls', 'bash -xc ls', 'env ls'])}`,
  (r) => `${r.pick(['export PATH=/ws/evil:$PATH', 'PATH=/ws/evil', 'export X=1', 'BASH_ENV=/ws/evil/rc; export BASH_ENV', 'export -f ls', 'set -a; BASH_ENV=/ws/evil/rc', "export PROMPT_COMMAND='rm x'"])}; ${r.pick(['ls', "bash -c 'ls'", 'git status'])}`,
  () => `hash -p /ws/evil/ls ls; ls`,
  (r) => `enable -n ${r.pick(['echo', 'test', 'true'])}; ${r.pick(['echo hi', 'test -f x', 'true'])}`,
  (r, d) => wrapped(program(r, d), r),
  (r) => `env ${r.pick(['', '-i', '-u X', 'A=1', 'PATH=/ws/evil', '-S', 'BASH_ENV=/ws/evil/rc', '-C evil', '--', '-'])} ${r.pick([leaf(r), "'ls -l'", 'bash -c ls'])}`,
  (r) => `${r.pick(['command', 'command -p', 'builtin', 'exec', 'exec -a ls', 'command --', 'nohup', 'nice', 'nice -n 5', 'timeout 5', 'timeout -k 1 5', 'stdbuf -oL', 'setsid', 'setsid -w', 'nice -5'])} ${leaf(r)}`,
  (r) => `echo ${r.pick(['a.txt', 'x', '-rf x', 'rm', '"a b"'])} | xargs ${r.pick(['', '-n1', '-0', '-I{}', '-r', '-t'])} ${r.pick([leaf(r), 'ls', 'rm', 'ls {}', 'cat', 'sh -c', "sh -c 'ls {}'", 'env', 'grep -n'])}`,
  (r) => `find ${r.pick(['.', 'src'])} ${r.pick([`-exec ${plain(r)} {} \\;`, `-exec ${plain(r)} +`, '-name "*.ts"', '-delete', `-ok ${plain(r)} \\;`, `-execdir ${plain(r)} {} +`, '-fprint new.txt', '-exec ls {} +', "-exec sh -c 'ls' \\;", '-type f -print', '-exec {} \\;'])}`,
  (r) => `${r.pick(['bash', 'sh', 'bash --norc', 'bash -e', 'sh -x', 'bash -o pipefail', 'bash -l', 'bash +x'])} -c ${quoted(leaf(r), r)} ${r.pick(['', 'x', 'ls a.txt'])}`,
  (r) => `bash -c '"$@"' x ${leaf(r)}`,
  (r) => `bash -c '$0 a.txt' ${r.pick(['ls', 'rm', 'evil'])}`,
  (r) => `x=${r.pick(['ls', 'rm', 'evil'])} bash -c '$x a.txt'`,
  (r) => `eval ${quoted(leaf(r), r)}`,
  (r) => `eval ${leaf(r)}`,
  (r) => `eval "$(echo ${quoted(leaf(r), r)})"`,
  (r) => `echo ${Buffer.from(plain(r)).toString('base64')} | base64 -d | ${r.pick(['sh', 'bash', 'cat', 'xargs env'])}`,
  (r) => `${r.pick(['rev', 'tr a-z b-za'])} <<< '${[...plain(r)].reverse().join('')}' | ${r.pick(['sh', 'wc'])}`,
  (r, d) => `${program(r, d)} # ${leaf(r).replace(/\n/g, ' ')}`,
  (r, d) => `${program(r, d)} #\n${leaf(r)}`,
  (r) => `cd ${r.pick(['evil', 'src', '..', '/tmp', '-', '$x', 'nowhere', '"$(pwd)"'])} ${r.pick(['&&', ';', '||'])} ${r.pick(['./ls', 'ls', 'cat a.txt', 'git status', '. ./rc', 'find . -name x'])}`,
  (r) => `x=${r.pick(['ls', 'rm', '"rm x"', '$(echo rm)', '"$y"'])}${r.pick(['; ', ' && ', '\n', ' || '])}$x ${r.pick(['a.txt', ''])}`,
  (r) => `if ${r.pick(['true', 'false', 'test -f x'])}; then x=${r.pick(['ls', 'rm'])}; fi; $x a.txt`,
  (r) => `x=ls; for i in 1 2; do $x a.txt; x=${r.pick(['rm', 'ls', 'evil'])}; done`,
  (r) => `x=ls; while ${r.pick(['true', '$x'])}; do $x a.txt; x=${r.pick(['rm', 'evil'])}; ((n++ > 2)) && break; done`,
  (r) => `ls() { ${leaf(r)}; }; ${r.pick(['command ls', '\\ls', 'env ls', 'bash -c ls', 'eval ls', 'unset -f ls; ls', 'export -f ls; bash -c ls'])}`,
  (r) => `${r.pick(['!', 'time', 'time -p', '! time'])} ${leaf(r)}`,
  (r) => `${leaf(r)} ${r.pick(['> /dev/null', '2> /dev/null', '< a.txt', '> new.txt', '>> a.txt', '>| new.txt', '&> new.txt', '>& new.txt', '<> new.txt', '{fd}> new.txt', '2>&1', '> "$x"', '1> /dev/stderr'])}`,
  (r) => `exec ${r.pick(['3> new.txt', '3< a.txt', '2>&1', '> new.txt', '3<> new.txt'])}; ${leaf(r)} ${r.pick(['>&3', '', '<&3'])}`,
  (r) => `select x in ls rm; do $x; break; done <<< ${r.pick(['1', '2'])}`,
  (r) => `mapfile -C ${quoted(plain(r), r)} -c 1 x < a.txt`,
  (r) => `\${x${r.pick([':-', ':=', '-', ':+'])}${plain(r)}}`,
  (r) => `y=x; x=${quoted(plain(r), r)}; \${!y}`,
  () => `x=("rm" "x"); "\${x[@]}"`,
  (r) => `IFS=${r.pick([',', 'x', "$'\\n'"])}; v=${r.pick(['rm,x', 'lsxa.txt', 'ls'])}; $v`,
  (r) => `IFS=, read -r x y <<< 'rm,x'; ${r.pick(['$x $y', 'ls $x'])}`,
  (r) => `${r.pick(['ls', 'git', 'cat'])}${r.pick(['', ' '])}${r.pick(['status', '-la', 'a.txt', ''])}${r.pick(['\r', '', '\u200b', '\t'])}`,
  (r) => `set -${r.pick(['e', 'x', 'k', 'f', 'u', 'o pipefail', 'B', '- rm x'])}; ${r.pick(['ls', 'ls PATH=/ws/evil', '"$@"', '$1'])}`,
  (r) => `echo ${r.pick(['a{b,c}', '{1..3}', '~', '$HOME', '${#x}', '${x%y}', '"${x//a/$(rm x)}"', '${x^^}', '${!x*}', '$[1+1]', "$'a\\nb'"])}`,
  (r) => `${r.pick(['ls', 'rm'])} -- ${r.pick(['a.txt', '-rf', '$x', '"$(ls)"'])}`,
  (r) => `y=ls; declare ${r.pick(['-n x=y', '-l y', '-u y', '-r y', '-i y'])}; x=${r.pick(['rm', 'evil', 'ls'])}; y=${r.pick(['LS', 'rm', 'ls', 'Rm'])}; $y a.txt`,
  (r) => `x=rm${r.pick(['\n', '; '])}readonly x${r.pick(['\n', '; '])}x=ls\n$x a.txt`,
  (r) => `_=ls; ${r.pick(['true rm', 'echo evil', 'ls a.txt'])}; $_ a.txt`,
  (r) => `${r.pick(['RANDOM', 'UID', 'SECONDS', 'REPLY', 'BASHPID'])}=ls; ${r.pick(['read <<< rm; ', '', 'mapfile < a.txt; '])}$${r.pick(['RANDOM', 'UID', 'SECONDS', 'REPLY', 'BASHPID'])} a.txt`,
  (r) => `$"${plain(r).split(' ')[0] ?? ''}" a.txt`,
  (r) => `read x < a.txt; ${r.pick(['$x', 'read "$x"', 'echo $((x))', '[[ $x -eq 1 ]]', 'declare "$x"', 'eval $x', 'ls $x', 'printf -v "$x" y'])}`,
  (r) => `x='a[$(${plain(r)})]'; ${r.pick(['read "$x" <<< 1', 'printf -v "$x" y', '[[ $x -eq 1 ]]', '[ -v "$x" ]', 'test "$x" -eq 1', 'declare "$x=1"', 'unset "$x"', '((x))', 'let "$x"', 'ls "${a[x]}"', 'for ((i=x;i<1;i++)); do ls; break; done', 'export "$x"', 'mapfile "$x" < a.txt', 'ls ${y:$x}', 'wait -p "$x"'])}`,
  (r) => `echo ${quoted(leaf(r), r)} ${r.pick(['| bash', '| sh -s', '| env bash', '| bash /dev/stdin', '| source /dev/stdin', '| while read l; do eval "$l"; done', '| while read l; do $l; done', '| xargs env', '| xargs -I{} {}', '| xargs -I{} sh -c {}', '> >(bash)', '| tee >(sh)'])}`,
  (r) => `exec 3< <(echo ${quoted(leaf(r), r)}); ${r.pick(['bash <&3', '. /dev/fd/3', 'read x <&3; $x', 'bash /dev/fd/3'])}`,
  (r) => `x='a[$(${plain(r)})]'; ${r.pick(['declare -i y; ', 'typeset -ai y; ', 'declare -xi y; ', ''])}${r.pick(['y=$x', 'y+=$x', 'read y <<< "$x"', 'for y in "$x"; do ls; done', 'printf -v y %s "$x"', 'y=($x)', 'ls ${y:=$x}', 'export y=$x', 'y=$x ls', 'RANDOM=$x', 'OPTIND=$x', 'SECONDS=$x', 'mapfile y <<< "$x"'])}`,
  (r, d) => `f() { ${program(r, d)}; }; ${r.pick(['x=f; $x', 'trap f EXIT', 'f | cat a.txt', 'f & wait', '(f)', 'eval f', 'command f', 'env f', 'declare -f f', 'export -f f; bash -c f', '$(f)', 'f() { ls; }; f'])}`,
  (r) => `ls() { ${leaf(r)}; }; ${r.pick(['f() { ls; }; f', '(ls)', 'ls | wc', '{ ls; }', 'if ls; then true; fi', 'trap ls EXIT', 'eval "ls"', 'x=ls; $x', '"ls"', 'l\\s', '[[ -n $(ls) ]]'])}`,
  (r) => `f() { ls() { ${leaf(r)}; }; }; f; ls`,
  (r) => `x=ls; f() { ${r.pick(['x=rm', 'local x=rm', 'ls && x=rm'])}; ${r.pick(['$x a.txt', 'true'])}; }; f; $x a.txt`,
  (r) => `x=ls; ${r.pick(['(x=rm); ', 'x=rm | true; ', '{ x=rm; }; ', 'x=rm & wait; ', 'eval x=rm; ', 'true && x=rm; ', 'false && x=rm; ', 'x=rm true; ', 'x=rm eval true; ', 'unset x; ', 'x+=y; ', 'let x=1; ', ': ${x:=rm}; ', ': ${y:=rm}; x=$y; ', 'case a in a) x=rm;; esac; ', 'until x=rm; do :; done; ', 'for x in a rm; do :; done; ', 'for x in rm a; do break; done; ', 'read x <<< rm; ', 'printf -v x rm; ', 'mapfile -t x <<< rm; ', '((x=1)); ', 'x[0]=rm; ', 'x=(rm ls); ', 'IFS=l; '])}$x a.txt`,
  (r) => `set -- ${r.pick(['ls', 'rm x', '-- rm x', '-e rm'])}; ${r.pick(['shift; ', '', 'set -- "$@" y; ', 'f() { "$@"; }; f rm; '])}${r.pick(['"$@"', '$1 a.txt', '$*', 'ls "$@"', 'bash -c "$*"', '$# a.txt'])}`,
  (r) => `case ${r.pick(['$(rm x)', 'a', '"$x"'])} in ${r.pick(['$(rm x))', 'a)', '*)', '(a|b)', '"$(evil)")'])} ls;; esac`,
  (r) => `cd ${r.pick(['evil', 'src', '.', '..', '/ws/evil'])}${r.pick([' && ', '; ', '\n', ' || '])}${r.pick(['./ls', 'bash rc', '. rc', 'env ./git status', 'find . -exec ./ls \\;', '(./ls)', '$(./ls)', '../ls', 'PATH=. ls', 'x=./ls; $x'])}`,
  (r) => `cat a.txt ${r.pick(['<<< "$(rm x)"', '<<E\n${x:-$(rm x)}\nE', '<<E\n$((a[$(rm x)]))\nE', '<<"E"\n$(rm x)\nE', '<<-E\n\t`rm x`\n\tE', '< <(rm x)', '<<E\n\\$(rm x)\nE', '<<E\n$(cat <<F\n$(rm x)\nF\n)\nE'])}`,
  (r) => `time ${r.pick(['-p', '--', ''])} ${r.pick(['ls', 'rm x', '{ rm x; }', '! ls', 'env rm x'])}`,
  (r) => `${r.pick(['if', 'while', 'until'])} ${r.pick(['ls', '! ls', 'x=$(evil)', '[[ $(rm x) ]]', '(( $(rm x) ))', 'read x <<< "$(rm x)"'])}; ${r.pick(['then ls; fi', 'do ls; break; done'])}`,
  (r) => `find src ${r.pick(['-exec sh -c "$0" rm \\;', '-exec bash -c \'rm "$1"\' _ {} \\;', '-exec env rm {} +', '-name x -o -exec rm {} \\;', '\\( -exec rm {} \\; \\)', '-fprintf new.txt x', '-fls new.txt', '-e"x"ec rm {} \\;', '$x', '-exec ls {} \\; -exec rm {} \\;', '-okdir rm {} \\;', '-exec nice rm {} +'])}`,
  (r) => `xargs ${r.pick(['-a a.txt', '--arg-file=a.txt', '-d x', '-P 2', '--process-slot-var=PATH', '-E x', '-s 100', '-x', '--'])} ${r.pick(['ls', 'echo', '', 'env', 'rm', 'bash -c', 'cat a.txt', 'nice', 'find'])} < a.txt`,
  (r) => `timeout ${r.pick(['5', '-s KILL 5', '--signal=TERM 5', '-k1 5', '--foreground 5', '-v 5', '5s', '--preserve-status 5'])} ${r.pick(['rm x', 'ls', 'env rm x', 'bash -c "rm x"', 'nice rm x', 'git status'])}`,
  (r) => `nice ${r.pick(['-n 5', '-n5', '--adjustment=5', '-5', '--', '-n 5 --'])} ${r.pick(['rm x', 'ls', 'timeout 5 rm x', 'git status'])}`,
  (r) => `stdbuf ${r.pick(['-o L', '-oL', '--output=L', '-i0 -e0'])} ${r.pick(['rm x', 'ls', 'git status', 'env rm'])}`,
];

function plain(random: Random): string {
  return random.pick(['rm x', 'ls', 'git status', 'evil', 'rm -rf x', 'cat a.txt', 'git push', 'touch new.txt', 'echo hi']);
}

function quoted(text: string, random: Random): string {
  if (!text.includes("'") && random.chance(0.7)) return `'${text}'`;
  return random.chance(0.5) ? `"${text.replace(/["\\$`]/g, '\\$&')}"` : `"${text.replace(/"/g, '\\"')}"`;
}

function wrapped(text: string, random: Random): string {
  const body = quoted(text, random);
  return random.pick([`bash -c ${body}`, `sh -c ${body}`, `eval ${body}`, `timeout 5 bash -c ${body}`, `env bash -c ${body}`, `command eval ${body}`, `builtin eval ${body}`, `nice bash -c ${body}`, `(${text}\n)`, `xargs -n1 bash -c ${body} < a.txt`]);
}

function simple(random: Random, depth: number): string {
  return depth > 2 ? leaf(random) : random.chance(0.7) ? leaf(random) : wrapped(leaf(random), random);
}

/** One random program of at most `4 - depth` nested constructs */
export function program(random: Random, depth = 0): string {
  if (depth >= 4 || random.chance(depth === 0 ? 0.1 : 0.45)) return leaf(random);
  return random.pick(constructs)(random, depth + 1);
}
