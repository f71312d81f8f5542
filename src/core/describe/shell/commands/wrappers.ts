import type { Word } from '../command.ts';
import type { Draft } from './draft.ts';
import { certainStart } from './readByRow.ts';
import type { Parsed, Row } from './row.ts';

/** Programs that run the command in their own words */
export const wrapperRows: readonly Row[] = [
  { names: 'env genv', class: 'read', stops: true, options: '-i0v -u,--unset=:noted -C,--chdir=:noted -S,--split-string=:noted -P=:other --ignore-environment --null --debug -a,--argv0= --block-signal? --default-signal? --ignore-signal? --list-signal-handling --help:shows --version:shows', operands: 'noted*', also: runsWithEnvironment, examples: [
    'env → other@Infinity', 'env rm -rf . → read runs:1', 'env -u FOO A=1 rm -rf . → read runs:4', 'env NODE_ENV=test npm test → read runs:2', "env -S 'git push' → read script:git_push", 'env A=1 → other', 'env -i PATH=./x ls → read runs:3', 'env -C ../x ls → read runs:3', 'env - ls → read runs:2', 'env --bogus ls → other@2 runs:2',
  ] },
  { names: 'nohup setsid', class: 'read', stops: true, options: '-cfw --ctty --fork --wait --help:shows --version:shows', operands: 'command', examples: ['nohup rm -rf . → read runs:1', 'setsid -w ls → read runs:2'] },
  { names: 'nice', class: 'read', stops: true, options: '-# -n,--adjustment= --help:shows --version:shows', operands: 'command', examples: ['nice -n 5 ls → read runs:3', 'nice -10 ls → read runs:2', 'nice --adjustment=3 rm x → read runs:2'] },
  { names: 'ionice', class: 'read', stops: true, options: '-t -c,--class= -n,--classdata= -p,--pid=:other -P=:other -u=:other --ignore --help:shows --version:shows', operands: 'command', examples: ['ionice -c3 ls → read runs:2'] },
  { names: 'timeout gtimeout', class: 'read', stops: true, options: '-fpv -k,--kill-after= -s,--signal= --foreground --preserve-status --verbose --help:shows --version:shows', operands: 'noted command', examples: ['timeout 10 ls -R src → read runs:2', 'timeout -k 5 60s rm x → read runs:4', 'timeout "$n" ls → other@1 runs:2'] },
  { names: 'time', class: 'read', stops: true, options: '-pvlqa -f,--format= -o,--output=:write --portability --verbose --quiet --append --help:shows --version:shows', operands: 'command', examples: ['time ls → read runs:1', 'time -o x ls → other@2 write:x runs:3'] },
  { names: 'stdbuf', class: 'read', stops: true, options: '-i,--input= -o,--output= -e,--error= --help:shows --version:shows', operands: 'command', examples: ['stdbuf -oL rm -rf . → read runs:2'] },
  { names: 'chrt', class: 'read', stops: true, options: '-abdfiomrRv -p:other -T= -P= -D= --max --help:shows --version:shows', operands: 'noted command', examples: ['chrt -b 0 ls → read runs:3'] },
  { names: 'taskset', class: 'read', stops: true, options: '-ac -p:other --cpu-list --all-tasks --help:shows --version:shows', operands: 'noted command', examples: ['taskset -c 0 ls → read runs:3'] },
  { names: 'numactl prlimit cpulimit', class: 'other', stops: true, anyOption: true, named: 'all', operands: 'command', examples: ['prlimit --nproc=1 ls → other@2 runs:2'] },
  { names: 'unbuffer catchsegv caffeinate', class: 'read', stops: true, options: '-disumpt=', operands: 'command', examples: ['unbuffer ls → read runs:1'] },
  { names: 'flock', class: 'read', stops: true, options: '-eEnosuxF -c,--command=:noted -w,--timeout= -E,--conflict-exit-code= --exclusive --shared --nonblock --nb --unlock --close --no-fork --verbose --help:shows --version:shows', operands: 'write command', also: (parsed, draft) => {
    const second = parsed.operands[1];
    const text = second === undefined ? undefined : parsed.words[second]?.text;
    if (second === undefined || (text !== '-c' && text !== '--command')) return;
    draft.runs = undefined;
    draft.run({ kind: 'script', text: parsed.words[second + 1]?.text ?? null, namedAt: second + 1, shell: 'bash' });
  }, examples: ['flock /tmp/l rm -rf . → other@1 write:/tmp/l runs:2', "flock x -c 'rm y' → other write:x script:rm_y"] },
  { names: 'xargs gxargs', class: 'read', stops: true, options: '-0rtpxo -a,--arg-file=:read -d,--delimiter= -E= -e? --eof? -I=:noted -i?:noted --replace?:noted -J=:noted -L= -l? --max-lines? -n,--max-args= -P,--max-procs= -R= -s,--max-chars= -S= --null --no-run-if-empty --verbose --interactive --exit --open-tty --show-limits --process-slot-var= --help:shows --version:shows', operands: 'noted*', also: runsWithArguments, examples: [
    'xargs rm -rf → read runs:1+stdin', 'xargs -0 grep -l vscode → read runs:2+stdin', 'xargs -n1 basename → read runs:2+stdin', 'xargs -a urls curl → read runs:3+stdin', 'xargs -I{} rm -r {} → read runs:rm_-r_{}', 'xargs -I {} cp {} d → read runs:cp_{}_d', "xargs -i sh -c '{}' → read runs:sh_-c_{}", 'xargs → read', 'xargs --bogus rm → other@2 runs:2+stdin',
  ] },
  { names: 'parallel sem', anyOption: true, named: 'all', stops: true, options: '-a=:read --arg-file=:read -j= --jobs= -S=:other --sshlogin=:other -I= -C= -n= -N= -L= --results=:write --joblog=:write --tmpdir=:write --workdir= --wd=', operands: 'noted*', also: (parsed, draft) => {
    const parts = parsed.words.slice(parsed.operands[0] ?? parsed.words.length).map((word) => word.text);
    const end = parts.findIndex((part) => part?.startsWith(':::') === true);
    const command = end < 0 ? parts : parts.slice(0, end);
    draft.run({ kind: 'script', text: null, namedAt: parsed.words.length - 1, shell: 'bash' });
    if (command.length > 0 && !command.includes(null)) draft.run({ kind: 'script', text: command.join(' '), namedAt: parsed.words.length - 1, shell: 'bash' });
    for (const part of end < 0 ? [] : parts.slice(end + 1)) draft.run({ kind: 'script', text: [...command, part ?? ''].join(' '), namedAt: parsed.words.length - 1, shell: 'bash' });
  }, examples: ['parallel rm ::: a → other@3 script:? script:rm script:rm_a'] },
  { names: 'watch viddy entr', class: 'read', stops: true, options: '-bcdegptwxnr -n,--interval= -q,--equexit= --beep --color --differences? --errexit --chgexit --no-title --precise --no-wrap --exec --help:shows --version:shows', operands: 'noted*', also: (parsed, draft) => {
    const from = parsed.operands[0];
    if (from === undefined) return;
    const parts = parsed.words.slice(from).map((word) => word.text);
    draft.run({ kind: 'script', text: parts.includes(null) ? null : parts.join(' '), namedAt: parsed.words.length - 1, shell: 'bash' });
  }, examples: ['watch -n 5 git status → read script:git_status', "watch 'rm x' → read script:rm_x"] },
  { names: 'script', options: '-aefq -c,--command=:noted -E= -I=:write -O=:write -B=:write -T=:write -m= -o= -t?:write -k -r -d -p -F --return --quiet --append --flush --force --help:shows --version:shows', operands: 'noted*', also: (parsed, draft) => {
    const command = parsed.option('command');
    const file = parsed.operands[0];
    if (command !== undefined) draft.run({ kind: 'script', text: command.value ?? null, namedAt: command.valueAt, shell: 'bash' });
    else draft.run({ kind: 'script', text: null, stdin: true, namedAt: 0, shell: 'bash' });
    if (file !== undefined && parsed.words[file]?.text !== '/dev/null') draft.path('write', parsed.words[file]?.text ?? null, undefined, file);
    if (file === undefined) draft.path('write', 'typescript', undefined, 0);
    if (parsed.operands.length > 1) draft.run({ kind: 'words', from: parsed.operands[1] ?? 0 });
  }, examples: ["script -qc 'rm -rf .' /dev/null → other script:rm_-rf_.", 'script -q /dev/null ls → other script:stdin runs:3'] },
  ...privileged(),
  { names: 'chroot unshare nsenter setpriv capsh firejail bwrap proot fakeroot systemd-run systemd-inhibit dbus-run-session dbus-launch xvfb-run run0 start-stop-daemon daemonize cgexec setarch linux32 linux64 i386 x86_64 torsocks torify proxychains proxychains4 valgrind rr heaptrack ltrace strace perf gdbserver ld.so ld-linux.so.2 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-musl-x86_64.so.1 qemu-x86_64 qemu-aarch64 wine mono', anyOption: true, named: 'all', stops: true, operands: 'noted*', also: runsSomewhere, examples: ['systemd-run --user rm -rf . → other@4 runs:2', '/lib64/ld-linux-x86-64.so.2 /bin/rm -rf . → other runs:1', 'strace -f ls → other@2 runs:2'] },
  { names: 'hyperfine', anyOption: true, named: 'all', options: '-p,--prepare=:runs -s,--setup=:runs -c,--cleanup=:runs -w= -r= -m= -M= --export-json=:write --export-markdown=:write --export-csv=:write', operands: 'runs*', examples: ["hyperfine 'rm x' → other@1 script:rm_x"] },
  { names: 'gdb lldb', anyOption: true, named: 'all', options: '-x=:other', style: 'words', operands: 'noted*', examples: ["gdb -batch -ex 'shell rm -rf .' → other@3"] },
  { names: 'direnv mise asdf rtx nix-shell nix devbox dotenv dotenvx doppler aws-vault chamber envchain summon conda mamba micromamba pyenv rbenv nodenv rvm nvm volta fnm pixi distrobox toolbox flatpak snap', anyOption: true, named: 'all', style: 'words', operands: 'noted*', also: (parsed, draft) => {
    const at = parsed.words.findIndex((word, index) => index > 0 && (word.text === 'exec' || word.text === 'run' || word.text === 'x' || word.text === 'shell' || word.text === 'develop'));
    if (at < 0) return;
    draft.worsen('other', parsed.words.length - 1);
    let from = parsed.words.findIndex((word, index) => index > at && word.text === '--') + 1;
    if (from === 0) from = at + (parsed.words[0]?.text === 'direnv' ? 2 : 1);
    if (from < parsed.words.length) draft.run({ kind: 'words', from });
  }, examples: ['direnv exec . rm -rf src → other runs:3', 'mise exec -- rm -rf src → other runs:3', 'nvm use 20 → other@2'] },
  { names: 'at batch crontab atq atrm', anyOption: true, named: 'all', options: '-f=:read', operands: 'noted*', also: (parsed, draft) => {
    const name = parsed.words[0]?.text;
    if (name === 'atq' || parsed.words.some((word) => word.text === '-l' || word.text === '-V')) return;
    if (name === 'crontab') for (const at of parsed.operands) draft.path('read', parsed.words[at]?.text ?? null, parsed.words[at], at);
    if (name === 'at' || name === 'batch') draft.run({ kind: 'script', text: null, stdin: true, namedAt: 0, shell: 'bash' });
    draft.worsen('other', parsed.words.length - 1);
  }, examples: ['at now → other script:stdin', 'crontab x → other', 'crontab -l → other@1'] },
  { names: 'busybox toybox', style: 'words', class: 'read', operands: 'command', examples: ['busybox rm -rf x → read runs:1', 'busybox → read'] },
];

/** Spec 4: raising one's rights is blocked; what would run is read too, so that denies name it */
function privileged(): Row[] {
  const options = '-AbEeHhKklnPSsiVv -u,--user= -g,--group= -h,--host= -p,--prompt= -C,--close-from= -D,--chdir= -R,--chroot= -r,--role= -t,--type= -T,--command-timeout= -U,--other-user= -c=:noted --command=:noted -w,--whitelist-environment= --preserve-env? --non-interactive --stdin --login --shell';
  return [
    { names: 'sudo doas pkexec gosu su-exec sudoedit runuser calife gsudo', anyOption: true, named: 'all', stops: true, options, operands: 'noted*', also: raisesRights, examples: ['sudo id → other guard:privilege_escalation', 'doas rm -rf /srv → other guard:privilege_escalation', 'pkexec x → other guard:privilege_escalation', 'sudo -u root A=1 git push → other guard:privilege_escalation runs:4', 'sudo --version → other guard:privilege_escalation'] },
    { names: 'su', anyOption: true, named: 'all', options: '-c,--command=:noted -s,--shell= -g= -G= -w=', operands: 'noted*', also: raisesRights, examples: ['su -c id → other guard:privilege_escalation script:id'] },
    { names: 'runas psexec', anyOption: true, named: 'all', style: 'words', operands: 'noted*', also: raisesRights, examples: ['runas /user:admin cmd → other guard:privilege_escalation'] },
  ];
}

function raisesRights(parsed: Parsed, draft: Draft): void {
  const name = parsed.words[0]?.text ?? '';
  draft.block('privilege_escalation', `${name} runs with the rights of another user.`);
  for (const option of parsed.options) {
    if (option.id === 'command' || option.id === 'c') draft.run({ kind: 'script', text: option.value ?? null, namedAt: option.valueAt, shell: 'bash' });
  }
  if (name === 'su' || name === 'sudoedit' || name === 'runas' || name === 'psexec') return;
  const from = commandAfterAssignments(parsed, 0).from;
  if (from !== undefined) draft.run({ kind: 'words', from });
}

/** Skips `NAME=value` operands: where the command starts, and what they set */
function commandAfterAssignments(parsed: Parsed, start: number): { from: number | undefined; environment: { name: string; value: string | null }[] } {
  const environment: { name: string; value: string | null }[] = [];
  let i = parsed.operands[start] ?? parsed.words.length;
  for (; i < parsed.words.length; i += 1) {
    const word = parsed.words[i];
    const text = word === undefined ? '' : word.text ?? certainStart(word);
    const name = /^([^=]+)=/u.exec(text)?.[1];
    if (name === undefined || name.startsWith('/')) break;
    environment.push({ name, value: word?.text === null || word === undefined ? null : word.text.slice(name.length + 1) });
  }
  return { from: i < parsed.words.length ? i : undefined, environment };
}

function runsWithEnvironment(parsed: Parsed, draft: Draft): void {
  const split = parsed.option('split-string');
  if (split !== undefined) {
    const rest = parsed.words.slice(split.valueAt + 1).map((word) => word.text);
    const known = typeof split.value === 'string' && !rest.includes(null) && !/[\\$"'#]/u.test(split.value);
    draft.run({ kind: 'script', text: known ? [split.value, ...rest].join(' ') : null, namedAt: parsed.words.length - 1, shell: 'bash' });
    return;
  }
  const start = parsed.operand(0) === '-' ? 1 : 0;
  const { from, environment } = commandAfterAssignments(parsed, start);
  const folder = parsed.option('chdir');
  if (folder !== undefined) draft.path('read', folder.value ?? null, undefined, folder.valueAt);
  if (from === undefined) {
    draft.worsen('other', Infinity);
    return;
  }
  draft.run({ kind: 'words', from, ...(environment.length > 0 ? { environment } : undefined), ...(folder === undefined ? undefined : { cwd: folder.value ?? null }) });
}

/** `xargs`: the words of its input come after the command, or in the place of the replaced word */
function runsWithArguments(parsed: Parsed, draft: Draft): void {
  const from = parsed.operands[0];
  if (from === undefined) return;
  const replaced = parsed.options.findLast((option) => option.id === 'I' || option.id === 'i' || option.id === 'replace' || option.id === 'J');
  if (replaced === undefined) {
    draft.run({ kind: 'words', from, stdin: true });
    return;
  }
  const place = replaced.value === undefined ? '{}' : replaced.value;
  const words = parsed.words.slice(from).map((word): Word => (place === null || word.text?.includes(place) === true ? { ...word, text: null, raw: word.text ?? word.raw, quoted: false } : word));
  draft.run({ kind: 'words', from, words });
}

/** The words after the first operand-looking one are most likely a command; how it runs is not known */
function runsSomewhere(parsed: Parsed, draft: Draft): void {
  const from = parsed.operands[0];
  draft.worsen('other', parsed.words.length - 1);
  if (from !== undefined) draft.run({ kind: 'words', from });
}
