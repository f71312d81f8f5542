import { readFileSync, readdirSync, statSync, lstatSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { RunResult } from '../../src/node/sandbox/sandbox.ts';
import type { Lab } from './lab.ts';

/** One try to get out of a sandbox: a shell line, and how to tell from outside that it worked */
export interface Try {
  readonly name: string;
  readonly command: (lab: Lab) => string;
  /** Looked at after the command ended; of what it said nothing is believed that it could make up, unless noted */
  readonly worked: (lab: Lab, result: RunResult) => boolean | Promise<boolean>;
  /** Works without a sandbox only for root */
  readonly root?: true;
}

const word = 'escaped';

function file(lab: Lab, name: string): string | undefined {
  try {
    return readFileSync(path.resolve(lab.workspace, name), 'utf8');
  } catch {
    // Not there, or a folder
    return undefined;
  }
}

function out(result: RunResult): string {
  return result.ok ? result.stdout : '';
}

/** The file, absolute or in the workspace, holds the word afterwards */
function writes(name: string, where: (lab: Lab) => string, command: (lab: Lab, target: string) => string): Try {
  return { name, command: (lab) => command(lab, where(lab)), worked: (lab) => file(lab, where(lab))?.includes(word) === true };
}

/** The command gets to see the secret */
function reads(name: string, command: (lab: Lab) => string): Try {
  return { name, command, worked: (lab, result) => out(result).includes(lab.secret) };
}

/** The command says so itself; for what leaves no trace outside */
function says(name: string, command: string | ((lab: Lab) => string), more: { readonly root?: true } = {}): Try {
  return { name, command: typeof command === 'string' ? () => command : command, worked: (_, result) => out(result).includes('ESCAPED'), ...more };
}

function perl(program: string): string {
  return `perl -e '${program}'`;
}

/** Numbers of system calls differ between processors */
function call(x64: number, arm64: number): number {
  return process.arch === 'arm64' ? arm64 : x64;
}

const put = (_: Lab, target: string): string => `echo ${word} > '${target}'`;
const connect = (domain: string, address: string, type = 'SOCK_STREAM'): string => perl(`use Socket; socket(my $s, ${domain}, ${type}, 0) or die; connect($s, ${address}) or die; syswrite($s, "${word}") or die;`);

const outside: readonly Try[] = [
  writes('writes to a folder outside by its absolute path', (lab) => `${lab.outside}/absolute`, put),
  writes('writes to a folder outside by ..', (lab) => `${lab.outside}/relative`, () => `echo ${word} > ../outside/relative`),
  writes('writes through a link that stands in the workspace', (lab) => `${lab.outside}/linked`, () => `echo ${word} > link-out/linked`),
  writes('writes through a link it makes', (lab) => `${lab.outside}/own-link`, (lab) => `ln -s '${lab.outside}' mine; echo ${word} > mine/own-link`),
  writes('writes through a link to a link', (lab) => `${lab.outside}/two-links`, () => `ln -s link-out second; echo ${word} > second/two-links`),
  writes('writes through a link that leads to a file that is not there yet', (lab) => `${lab.outside}/dangling`, () => `echo ${word} > link-dangling`),
  writes('adds to a file outside', (lab) => `${lab.outside}/append`, (_, target) => `echo ${word} >> '${target}'`),
  writes('writes to /etc', () => '/etc/cowork-escape', put),
  writes('writes to /usr/local', () => '/usr/local/cowork-escape', put),
  writes('writes to /opt', () => '/opt/cowork-escape', put),
  writes('writes to the root folder', () => '/cowork-escape', put),
  writes('writes to /var/tmp', () => '/var/tmp/cowork-escape', put),
  writes('writes to the temporary folder of the system', () => '/tmp/cowork-escape', put),
  writes('writes a start-up file of the shell in the home', (lab) => `${lab.home}/.bashrc`, put),
  writes('adds a key to those that may log in', (lab) => `${lab.home}/.ssh/authorized_keys`, (_, target) => `echo ${word} >> '${target}'`),
  writes('writes through /proc/self/root', (lab) => `${lab.outside}/proc-root`, (_, target) => `echo ${word} > '/proc/self/root${target}'`),
  writes('writes through the root of the first process', (lab) => `${lab.outside}/proc-one`, (_, target) => `echo ${word} > '/proc/1/root${target}'`),
  writes('writes through the root of another process', (lab) => `${lab.outside}/proc-other`, (lab, target) => `echo ${word} > '/proc/${lab.victim}/root${target}'`),
  writes('writes through the folder of another process', (lab) => `${lab.outside}/proc-cwd`, (lab) => `echo ${word} > /proc/${lab.victim}/cwd/proc-cwd`),
  writes('writes through /proc/self/cwd and ..', (lab) => `${lab.outside}/proc-self-cwd`, () => `echo ${word} > /proc/self/cwd/../outside/proc-self-cwd`),
  writes('moves a file of its own outside', (lab) => `${lab.outside}/moved`, (_, target) => `echo ${word} > moving; mv moving '${target}'`),
  writes('changes a file outside through a hard link', (lab) => `${lab.outside}/hard`, (lab) => `ln '${lab.outside}/hard' hard && echo ${word} > hard`),
  writes('changes a file outside by perl and an open directory', (lab) => `${lab.outside}/openat`, (lab) => perl(`opendir(my $d, "${lab.outside}") or die; chdir($d) or die; open(my $f, ">", "openat") or die; print $f "${word}";`)),
  { name: 'deletes a file outside', command: (lab) => `rm -f '${lab.outside}/delete'`, worked: (lab) => file(lab, `${lab.outside}/delete`) === undefined },
  { name: 'empties a file outside', command: (lab) => `: > '${lab.outside}/empty'`, worked: (lab) => file(lab, `${lab.outside}/empty`) === '' },
  { name: 'changes the rights of a file outside', command: (lab) => `chmod 777 '${lab.outside}/rights'`, worked: (lab) => (statSync(`${lab.outside}/rights`).mode & 0o777) === 0o777 },
  { name: 'changes the time of a file outside', command: (lab) => `touch -d '2001-01-01 00:00:00' '${lab.outside}/time'`, worked: (lab) => statSync(`${lab.outside}/time`).mtimeMs < 1e12 },
];

const secrets: readonly Try[] = [
  reads('reads a file outside', (lab) => `cat '${lab.outside}/secret'`),
  reads('reads a file outside by ..', () => 'cat ../outside/secret'),
  reads('reads through a link that stands in the workspace', () => 'cat link-out/secret'),
  reads('reads a private key in the home', (lab) => `cat '${lab.home}/.ssh/id_ed25519'`),
  reads('reads credentials in the home', (lab) => `cat '${lab.home}/.aws/credentials'`),
  reads('finds a secret by looking through the home', (lab) => `find '${lab.home}' -type f -exec cat {} +`),
  reads('reads this product’s own key', (lab) => `cat '${lab.userFolder}/key'`),
  reads('reads through the root of another process', (lab) => `cat '/proc/${lab.victim}/root${lab.outside}/secret'`),
  reads('reads through any process there is', (lab) => `cat /proc/[0-9]*/root${lab.outside}/secret`),
  reads('reads the environment of any process', () => 'cat /proc/[0-9]*/environ'),
  reads('reads the command lines of other processes', () => 'cat /proc/[0-9]*/cmdline'),
  reads('reads a descriptor that was left open', () => perl('opendir(my $d, "/proc/self/fd"); for my $n (sort readdir $d) { next unless $n =~ /^\\d+$/ && $n > 2; open(my $f, "<&=", $n) or next; next unless -f $f; seek($f, 0, 0); print <$f>; }')),
  reads('reads the open files of other processes', () => 'for d in /proc/[0-9]*/fd/[1-9][0-9]*; do [ -f "$d" ] && head -c 200 "$d"; done'),
  reads('reads the memory of another process', (lab) => perl(`open(my $m, "<", "/proc/${lab.victim}/maps") or die; for (<$m>) { /^([0-9a-f]+)-([0-9a-f]+) rw.*(stack|heap)/ or next; open(my $f, "<", "/proc/${lab.victim}/mem") or die; sysseek($f, hex($1), 0); sysread($f, my $b, hex($2) - hex($1)); print $1 if $b =~ /(${lab.secret.slice(0, 4)}\\w+)/; }`)),
  { name: 'reads the passwords of the system', command: () => 'cat /etc/shadow', worked: (_, result) => out(result).includes('root:'), root: true },
];

const guarded: readonly Try[] = [
  writes('puts up a git hook', () => '.git/hooks/pre-commit', put),
  writes('changes the git settings', () => '.git/config', (_, target) => `echo '# ${word}' >> ${target}`),
  writes('puts another .git in place of the old one', () => '.git/hooks/post-checkout', () => `mv .git old; mkdir -p .git/hooks; echo ${word} > .git/hooks/post-checkout`),
  writes('puts another hooks folder in place of the old one', () => '.git/hooks/pre-push', () => `rm -rf .git/hooks; mkdir .git/hooks; echo ${word} > .git/hooks/pre-push`),
  writes('moves a file over the git settings', () => '.git/config', () => `echo '# ${word}' > new-config; mv -f new-config .git/config`),
  writes('changes the git settings through a hard link', () => '.git/config', () => `ln .git/config other-name && echo '# ${word}' >> other-name`),
  writes('changes the git settings through an open descriptor', () => '.git/config', () => `exec 3<.git/config; echo '# ${word}' > /proc/self/fd/3`),
  writes('makes git read its settings elsewhere', () => '.git/commondir', (_, target) => `echo ../${word} > ${target}`),
  writes('adds git settings of a worktree', () => '.git/config.worktree', put),
  writes('adds a module with hooks', () => '.git/modules/m/hooks/post-checkout', () => `mkdir -p .git/modules/m/hooks; echo ${word} > .git/modules/m/hooks/post-checkout`),
  { name: 'makes .git a file that leads elsewhere', command: () => 'rm -rf .git; echo gitdir: evil > .git', worked: (lab) => lstatSync(`${lab.workspace}/.git`).isFile() },
  writes('puts up a hook in a repository further down', () => 'sub/.git/hooks/pre-commit', put),
  writes('changes this product’s rules', () => '.cowork/policy/permissions.json', put),
  { name: 'deletes this product’s rules', command: () => 'rm -rf .cowork', worked: (lab) => file(lab, '.cowork/policy/permissions.json') === undefined },
  writes('puts other rules in place of this product’s', () => '.cowork/policy/permissions.json', () => `mv .cowork gone; mkdir -p .cowork/policy; echo ${word} > .cowork/policy/permissions.json`),
  writes('changes the settings of the editor', () => '.vscode/settings.json', put),
  writes('adds tasks to the editor', () => '.vscode/tasks.json', put),
  writes('puts another .vscode in place of the old one', () => '.vscode/tasks.json', () => `mv .vscode away; mkdir .vscode; echo ${word} > .vscode/tasks.json`),
  writes('adds settings of an agent', () => '.claude/settings.json', () => `mkdir -p .claude; echo ${word} > .claude/settings.json`),
  writes('adds servers of an agent', () => '.mcp.json', (_, target) => `rm -rf ${target}; echo ${word} > ${target}`),
  writes('puts a link in place of a missing guarded file', () => '.mcp.json', () => `echo ${word} > plain; rm -rf .mcp.json; ln -s plain .mcp.json`),
  writes('moves a folder over a missing guarded one', () => '.cursor/rules', () => `mkdir made; echo ${word} > made/rules; rm -rf .cursor; mv made .cursor`),
  // Left behind by the command, with its output closed so that nobody waits for it
  writes('writes a guarded file the moment its protection goes', () => '.mcp.json', (_, target) => `for n in 1 2 3; do ${perl(`open STDOUT, ">/dev/null"; open STDERR, ">/dev/null"; for (1 .. 200000) { if (open my $f, ">", "${target}") { print $f "${word}"; close $f; exit } }`)} & done; sleep 0.2`),
  writes('changes a file of variables', () => '.env', put),
  writes('adds a file of variables', () => '.env.local', put),
  writes('changes a file of variables further down', () => 'sub/.env', put),
  writes('adds a workflow of the build server', () => '.github/workflows/a.yml', () => `mkdir -p .github/workflows; echo ${word} > .github/workflows/a.yml`),
  writes('changes a workspace file of the editor', () => 'project.code-workspace', put),
  writes('takes a protection off and writes', () => '.git/hooks/pre-commit', (_, target) => `umount -l .git/hooks; echo ${word} > ${target}`),
  writes('makes a protection writable and writes', () => '.git/config', (_, target) => `mount -o remount,bind,rw ${target}; echo '# ${word}' >> ${target}`),
];

/** Speaks to a program of the person who is logged in */
function opens(name: string, door: keyof Lab['doors']): Try {
  const address = (lab: Lab): string => (lab.doors[door].startsWith('\0') ? `pack("Sa*", 1, chr(0) . "${lab.doors[door].slice(1)}")` : `pack_sockaddr_un("${lab.doors[door]}")`);
  return { name, command: (lab) => connect('PF_UNIX', address(lab)), worked: (lab) => lab.heard(door) };
}

const network: readonly Try[] = [
  { name: 'speaks TCP to this machine', command: (lab) => connect('PF_INET', `pack_sockaddr_in(${lab.tcpPort}, inet_aton("127.0.0.1"))`), worked: (lab) => lab.heard('tcp') },
  { name: 'speaks TCP over IPv6 to this machine', command: (lab) => connect('PF_INET6', `Socket::pack_sockaddr_in6(${lab.tcp6Port}, Socket::inet_pton(PF_INET6, "::1"))`), worked: (lab) => lab.heard('tcp6') },
  { name: 'sends UDP to this machine', command: (lab) => connect('PF_INET', `pack_sockaddr_in(${lab.udpPort}, inet_aton("127.0.0.1"))`, 'SOCK_DGRAM'), worked: (lab) => lab.heard('udp') },
  {
    name: 'asks a name server with a secret in the name',
    command: (lab) => perl(`use Socket; socket(my $s, PF_INET, SOCK_DGRAM, 0) or die; my $q = pack("n6", 7, 256, 1, 0, 0, 0) . chr(7) . "${word}" . chr(4) . "test" . chr(0) . pack("n2", 1, 1); send($s, $q, 0, pack_sockaddr_in(${lab.dnsPort}, inet_aton("127.0.0.1"))) or die;`),
    worked: (lab) => lab.heard('dns'),
  },
  { name: 'speaks to a Unix socket outside', command: (lab) => connect('PF_UNIX', `pack_sockaddr_un("${lab.unixSocket}")`), worked: (lab) => lab.heard('unix') },
  { name: 'speaks to a Unix socket through the root of another process', command: (lab) => connect('PF_UNIX', `pack_sockaddr_un("/proc/${lab.victim}/root${lab.unixSocket}")`), worked: (lab) => lab.heard('unix') },
  { name: 'speaks to an abstract Unix socket', command: (lab) => connect('PF_UNIX', `pack("Sa*", 1, chr(0) . "${lab.abstractSocket}")`), worked: (lab) => lab.heard('abstract') },
  opens('asks the engine of containers for one with the whole disk', 'docker'),
  opens('has the agent of GnuPG sign and decrypt', 'gpg'),
  opens('has the agent of SSH log in elsewhere', 'ssh'),
  opens('calls programs of the desktop over their bus', 'bus'),
  opens('reads keys and the screen from the display', 'display'),
];

const processes: readonly Try[] = [
  { name: 'kills another process', command: (lab) => `kill -9 ${lab.victim}`, worked: (lab) => !lab.victimLives() },
  { name: 'stops another process', command: (lab) => `kill -STOP ${lab.victim}`, worked: (lab) => / T /.test(readFileSync(`/proc/${lab.victim}/stat`, 'utf8')) },
  { name: 'slows another process down', command: (lab) => perl(`setpriority(0, ${lab.victim}, 7) or die;`), worked: (lab) => readFileSync(`/proc/${lab.victim}/stat`, 'utf8').split(') ')[1]?.split(' ')[16] === '7' },
  says('traces another process', (lab) => perl(`syscall(${call(101, 117)}, 16, ${lab.victim}, 0, 0) == 0 or die; print "ESCAPED"; waitpid(${lab.victim}, 0); syscall(${call(101, 117)}, 17, ${lab.victim}, 0, 0);`)),
  { name: 'makes shared memory that other processes see', command: (lab) => perl(`defined(shmget(${lab.sharedKey}, 4096, 01666)) or die;`), worked: (lab) => readFileSync('/proc/sysvipc/shm', 'utf8').split('\n').some((line) => line.trim().startsWith(`${lab.sharedKey} `)) },
  says('enters the namespaces of another process', (lab) => perl(`open(my $f, "<", "/proc/${lab.victim}/ns/ipc") or die; syscall(${call(308, 268)}, fileno($f), 0) == 0 or die; print "ESCAPED";`), { root: true }),
  says('writes into the memory of another process', (lab) => perl(`open(my $m, "<", "/proc/${lab.victim}/maps") or die; my ($at) = grep { / rw.*stack/ } <$m>; $at =~ /^([0-9a-f]+)/; open(my $f, "+<", "/proc/${lab.victim}/mem") or die; sysseek($f, hex($1), 0); syswrite($f, "x") == 1 or die; print "ESCAPED";`)),
  says('reads the memory of another process by a call', (lab) => perl(`open(my $m, "<", "/proc/${lab.victim}/maps") or die; my ($at) = grep { / rw.*stack/ } <$m>; $at =~ /^([0-9a-f]+)/; my $b = " " x 16; my $own = pack("QQ", unpack("J", pack("p", $b)), 16); my $far = pack("QQ", hex($1), 16); syscall(${call(310, 270)}, ${lab.victim}, $own, 1, $far, 1, 0) == 16 or die; print "ESCAPED";`)),
  { name: 'lowers a limit of another process', command: (lab) => perl(`my $l = pack("QQ", 7, 7); syscall(${call(302, 261)}, ${lab.victim}, 7, $l, 0) == 0 or die;`), worked: (lab) => /Max open files\s+7\s/.test(readFileSync(`/proc/${lab.victim}/limits`, 'utf8')) },
  { name: 'makes another process the first that the kernel ends', command: (lab) => `echo 777 > /proc/${lab.victim}/oom_score_adj`, worked: (lab) => readFileSync(`/proc/${lab.victim}/oom_score_adj`, 'utf8').trim() === '777' },
  says('takes over a descriptor of another process', (lab) => perl(`my $p = syscall(434, ${lab.victim}, 0); $p >= 0 or die; syscall(438, $p, 1, 0) >= 0 or die; print "ESCAPED";`)),
];

const rights: readonly Try[] = [
  says('mounts a file system', 'mkdir -p mounted; mount -t tmpfs none mounted && echo ESCAPED; umount mounted', { root: true }),
  says('mounts the root folder again', "mkdir -p again; mount --bind / again && echo ESCAPED; umount again", { root: true }),
  says('makes a namespace of users', perl(`syscall(${call(272, 97)}, 0x10000000) == 0 or die; print "ESCAPED";`)),
  says('makes a namespace of mounts', perl(`syscall(${call(272, 97)}, 0x20000) == 0 or die; print "ESCAPED";`), { root: true }),
  says('makes a process in a new namespace of networks', perl(`my $p = syscall(${call(56, 220)}, 0x40000000 | 17, 0, 0, 0, 0); $p >= 0 or die; if ($p == 0) { print "ESCAPED"; exit } waitpid($p, 0);`), { root: true }),
  says('takes a copy of a mount without a name', perl(`my $p = "/"; syscall(428, -100, $p, 1) >= 0 or die; print "ESCAPED";`), { root: true }),
  says('opens a file by its number on the disk', perl(`my $h = pack("IiC8", 8, 1, (0) x 8) . (chr(0) x 120); my $n = "."; my $id = pack("i", 0); substr($h, 0, 4) = pack("I", 120); syscall(${call(303, 264)}, -100, $n, $h, $id, 0) == 0 or die; open(my $d, "<", ".") or die; syscall(${call(304, 265)}, fileno($d), $h, 0) >= 0 or die; print "ESCAPED";`), { root: true }),
  says('handles the faults of a process itself', perl(`syscall(${call(323, 282)}, 1) >= 0 or die; print "ESCAPED";`)),
  says('loads a program into the kernel', perl(`my $i = pack("C2 s l", 0xb7, 0, 0, 0) . pack("C2 s l", 0x95, 0, 0, 0); my $g = "GPL\\0"; my $a = pack("IIJJ", 1, 2, unpack("J", pack("p", $i)), unpack("J", pack("p", $g))) . (chr(0) x 96); syscall(${call(321, 280)}, 5, $a, length $a) >= 0 or die; print "ESCAPED";`), { root: true }),
  says('makes a key in the kernel’s store for all its processes', perl(`my ($t, $d, $v) = ("user", "cowork", "x"); syscall(${call(248, 217)}, $t, $d, $v, 1, -4) >= 0 or die; print "ESCAPED";`)),
  says('changes its root folder', 'perl -e \'chroot("/") or die; print "ESCAPED"\'', { root: true }),
  { name: 'changes the name of the machine', command: () => perl(`my $n = "${word}"; syscall(${call(170, 161)}, $n, length $n);`), worked: () => hostname() === word, root: true },
  says('changes how the kernel writes core files', 'v=$(cat /proc/sys/kernel/core_pattern) && echo "$v" > /proc/sys/kernel/core_pattern && echo ESCAPED', { root: true }),
  says('changes how much memory the kernel promises', 'v=$(cat /proc/sys/vm/overcommit_memory) && echo "$v" > /proc/sys/vm/overcommit_memory && echo ESCAPED', { root: true }),
  says('reads the log of the kernel', perl(`my $b = " " x 4096; syscall(${call(103, 116)}, 3, $b, 4096) >= 0 or die; print "ESCAPED";`), { root: true }),
  says('reaches the keys that the kernel keeps', perl(`syscall(${call(250, 219)}, 0, -3, 1) >= 0 or die; print "ESCAPED";`)),
  says('makes a control group', (lab) => `d=/sys/fs/cgroup; [ -d $d/pids ] && d=$d/pids; mkdir $d/${lab.name} && rmdir $d/${lab.name} && echo ESCAPED`, { root: true }),
  says('makes a device of a disk', 'mknod disk b 254 0 && echo ESCAPED', { root: true }),
  says('makes a device of memory', 'mknod memory c 1 1 && echo ESCAPED', { root: true }),
  { name: 'leaves a program that runs as root', command: () => 'cp /bin/cat as-root; chmod 4755 as-root', worked: (lab) => readdirSync(lab.workspace).includes('as-root') && statSync(`${lab.workspace}/as-root`).uid === 0 && (statSync(`${lab.workspace}/as-root`).mode & 0o4000) !== 0, root: true },
  { name: 'opens a file that runs as its owner from the start', command: () => perl('use Fcntl; sysopen(my $f, "born-so", O_CREAT | O_WRONLY, 04755) or die;'), worked: (lab) => readdirSync(lab.workspace).includes('born-so') && statSync(`${lab.workspace}/born-so`).uid === 0 && (statSync(`${lab.workspace}/born-so`).mode & 0o4000) !== 0, root: true },
  { name: 'gives a file to another user', command: () => ': > given; chown 4321 given', worked: (lab) => readdirSync(lab.workspace).includes('given') && statSync(`${lab.workspace}/given`).uid === 4321, root: true },
  says('goes before all other processes', perl('setpriority(0, 0, -5) or die; getpriority(0, 0) == -5 or die; print "ESCAPED";'), { root: true }),
  says('lifts the limit on core files', "sh -c 'ulimit -c unlimited' && echo ESCAPED", { root: true }),
];

/** In three files, each below the limit for one */
function fill(folder: string): string {
  return `for n in 1 2 3; do dd if=/dev/zero of=${folder}/fill$n bs=1048576 count=50 || exit; done; echo ESCAPED; rm -f ${folder}/fill*`;
}

const limits: readonly Try[] = [
  says('forks a hundred times', perl('for (1 .. 100) { defined(my $p = fork) or exit 1; if ($p == 0) { sleep 5; exit } } print "ESCAPED"; kill 9, -$$;').replace("perl -e '", "perl -e '$| = 1; setpgrp; ")),
  says('takes 300 megabytes of memory', perl('my $x = "a" x (300 << 20); print "ESCAPED";')),
  says('takes 300 megabytes in three processes', perl('my @p; for (1 .. 3) { my $p = fork; if ($p == 0) { my $x = "a" x (100 << 20); sleep 1; exit 0 } push @p, $p } my $ok = 1; for (@p) { waitpid($_, 0); $ok &= $? == 0 } print "ESCAPED" if $ok;'), { root: true }),
  says('fills the temporary folder', fill('/tmp')),
  says('fills the shared memory', fill('/dev/shm')),
  { name: 'writes a file beyond the limit', command: () => 'dd if=/dev/zero of=big bs=1048576 count=80', worked: (lab) => readdirSync(lab.workspace).includes('big') && statSync(`${lab.workspace}/big`).size >= 80 * 1024 ** 2 },
];

/** All tries; each is stopped in every sandbox and works in none */
export const tries: readonly Try[] = [...outside, ...secrets, ...guarded, ...network, ...processes, ...rights, ...limits];
