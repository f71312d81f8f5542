/**
 * Lines of a POSIX shell that go on only where everything that is protected was mounted where it stands, and from there.
 *
 * Protected places are mounted by name. Another command in the same workspace can put a link on the way to one after it was
 * looked at: what is mounted then is a folder outside, to be written to. So the kernel is asked, before the command begins: each
 * place must be a mount point, and come from the same place of the same disk as the mount around it. Mounts that the machine has
 * in there itself are taken as they are.
 *
 * @param each shell words that have `do …; done` run with each line of `mountLines` in `x`, and what stands behind them
 */
export function standMounted([before, behind]: readonly [string, string]): string {
  return [
    "n='\n'",
    'a= b= e=$n',
    `${before}; do case $x in around*) a=$a\${x#around}$n;; *) e=$e\${x#place}$n;; esac; done ${behind}`,
    // Lists are taken apart at line ends and nowhere else; names may hold wildcards
    'set -f; IFS=$n',
    "while IFS=' ' read -r _ _ d r p _; do",
    '  for q in $a; do',
    '    case $p in "$q"|"$q"/*) ;; *) continue;; esac',
    '    case $e in *"$n$p$n"*)',
    '      for x in $b; do',
    '        q=${x%% *} y=${x#* }',
    '        case $p in "$q"|"$q"/*) ;; *) continue;; esac',
    '        s=${y%% *}',
    '        if [ "${s%/}${p#"$q"} $d" = "$r ${y#* }" ]; then e=${e%%"$n$p$n"*}$n${e#*"$n$p$n"}; break; fi',
    '      done;;',
    '    esac',
    '    b=$b$n"$p $r $d"',
    '    break',
    '  done',
    'done < /proc/self/mountinfo',
    "case $e in *[!\"$n\"]*) echo 'What is protected in the workspace was moved while this was about to start; nothing was run. Try again.' >&2; exit 126;; esac",
    'set +f; unset IFS n a e b d r p q x y s',
  ].join('\n');
}

/**
 * What `standMounted` reads, a line each.
 *
 * @param around folders given to the command, as they are seen inside
 * @param places what is protected in them
 */
export function mountLines(around: readonly string[], places: readonly string[]): readonly string[] {
  return [...around.map((file) => `around${asListed(file)}`), ...places.map((file) => `place${asListed(file)}`)];
}

/** As the kernel lists a mount point (proc_pid_mountinfo(5)) */
function asListed(file: string): string {
  return file.replaceAll(/[\\ \t\n]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
