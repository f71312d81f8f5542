/**
 * Lines of a POSIX shell that go on only where everything that is protected was mounted where it stands, and from there.
 *
 * Protected places are mounted by name. Another command in the same workspace can put a link on the way to one after it was
 * looked at: what is mounted then is a folder outside, to be written to. So the kernel is asked, before the command begins: each
 * place must be a mount point, and come from the same place of the same disk as the mount around it. Mounts that the machine has
 * in there itself are taken as they are. A cover comes from elsewhere; that it is a mount point is enough, since nothing but it
 * is mounted on a name that is in use nowhere else.
 *
 * @param each shell words that have `do …; done` run with each line of `mountLines` in `x`, and what stands behind them
 */
export function standMounted([before, behind]: readonly [string, string]): string {
  return [
    "n='\n'",
    'a= b= k=$n e=$n',
    `${before}; do case $x in around*) a=$a\${x#around}$n;; cover*) k=$k\${x#cover}$n;; *) e=$e\${x#place}$n;; esac; done ${behind}`,
    // Lists are taken apart at line ends and nowhere else; names may hold wildcards
    'set -f; IFS=$n',
    "while IFS=' ' read -r _ _ d r p _; do",
    '  case $k in *"$n$p$n"*) k=${k%%"$n$p$n"*}$n${k#*"$n$p$n"};; esac',
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
    "case $k$e in *[!\"$n\"]*) echo 'What is protected in the workspace was moved while this was about to start; nothing was run. Try again.' >&2; exit 126;; esac",
    'set +f; unset IFS n a b d e k p q r s x y',
  ].join('\n');
}

/**
 * What `standMounted` reads, a line each.
 *
 * @param around folders given to the command, as they are seen inside
 * @param places what is protected in them
 * @param covers what is kept from being made in them by a mount of something else
 */
export function mountLines(around: readonly string[], places: readonly string[], covers: readonly string[] = []): readonly string[] {
  const lines = (word: string, files: readonly string[]): readonly string[] => files.map((file) => `${word}${asListed(file)}`);
  return [...lines('around', around), ...lines('place', places), ...lines('cover', covers)];
}

/** As the kernel lists a mount point (proc_pid_mountinfo(5)) */
function asListed(file: string): string {
  return file.replaceAll(/[\\ \t\n]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
