import { randomUUID } from 'node:crypto';
import { existsSync, readlinkSync, lstatSync } from 'node:fs';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { bashOrSh } from './bare.ts';
import { type ControlGroup, controlGroup } from './controlGroup.ts';
import { sandboxEnvironment } from './environment.ts';
import { findProgram } from './findProgram.ts';
import { type Protection, protectWorkspace } from './placeHolders.ts';
import type { ProtectedEntries } from './protectedEntries.ts';
import { type End, cannotBeRun, plainEnd, runProcess } from './runProcess.ts';
import { type Limits, type RunOptions, type RunResult, type Sandbox, type SandboxSettings, usualLimits } from './sandbox.ts';
import { seccompFilter } from './seccomp.ts';
import { startFolder } from './startFolder.ts';
import { unfitWorkspace } from './unfitWorkspace.ts';

/** Folders of the system that are seen inside, read only */
const system = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/nix/store'];
/** Of `/etc`, what programs need to run; keys and passwords are not among it */
const settings = [
  'alternatives', 'bash.bashrc', 'ca-certificates', 'ca-certificates.conf', 'crypto-policies', 'debian_version', 'default/locale', 'fonts', 'group', 'host.conf', 'hosts', 'inputrc', 'java', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'locale.alias', 'localtime',
  'login.defs', 'magic', 'mime.types', 'nsswitch.conf', 'os-release', 'passwd', 'perl', 'pki/ca-trust', 'pki/java', 'pki/tls/certs', 'profile', 'profile.d', 'protocols', 'python3', 'python3.11', 'python3.12', 'python3.13', 'rpc', 'services', 'shells', 'ssl/certs', 'ssl/openssl.cnf', 'timezone',
].map((name) => `/etc/${name}`);

const [statusPipe, filterPipe, holdPipe] = [3, 4, 5];

/**
 * Closes what descriptors came in from outside, sets the limits from inside (where the kernel counts only this sandbox),
 * and becomes the command's shell. $1 processes, $2 bytes of memory in KiB, $3 file size in KiB, then the command
 */
const prepare = [
  'for d in /proc/self/fd/*; do d=${d##*/}; if [ "$d" -gt 2 ]; then eval "exec $d>&-"; fi; done',
  'ulimit -c 0 && ulimit -d "$2" && ulimit -f "$3" && ulimit -u "$1" || exit 126',
  'shift 3',
  'exec "$@"',
].join('\n');

/** `bubblewrap`: namespaces of Linux; nothing is there but the system, read only, and the workspace */
export function bubblewrapSandbox(given: SandboxSettings): Sandbox {
  const limits = { ...usualLimits, ...given.limits };
  return {
    kind: 'bubblewrap',
    async run(command, options = {}) {
      try {
        return await runInside(given, limits, command, options);
      } catch (error) {
        return refused(`The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}.`);
      }
    },
  };
}

async function runInside(given: SandboxSettings, limits: Limits, command: string, options: RunOptions): Promise<RunResult> {
  const program = findProgram('bwrap');
  const bash = findProgram('bash');
  if (program === undefined || bash === undefined) return refused(`${program === undefined ? 'bubblewrap' : 'bash'} is not installed; install it (Debian and Ubuntu: apt install ${program === undefined ? 'bubblewrap' : 'bash'}).`);
  const reason = cannotBeRun(command) ?? unfitWorkspace(given);
  if (reason !== undefined) return refused(reason);
  const folder = startFolder(given.workspace, options.cwd);
  if (!folder.ok) return refused(folder.reason);
  const filter = seccompFilter();
  const protection: Protection | undefined = given.readOnly === true ? undefined : await protectWorkspace(given.workspace, given.userFolder, given.alsoProtected);
  let group: ControlGroup | undefined;
  try {
    group = process.geteuid?.() === 0 ? controlGroup(`cowork-sandbox-${randomUUID()}`, limits) : undefined;
    const shell = bashOrSh(command);
    const inner = [bash, '--noprofile', '--norc', '-c', prepare, 'sandbox', String(limits.processes), kibibytes(limits.memory), kibibytes(limits.fileSize), shell.program, ...shell.args];
    const args = [
      ...isolation, ...systemMounts(), ...temporaryMounts(given.home, limits), ...workspaceMounts(given, protection?.entries),
      '--json-status-fd', String(statusPipe), ...(filter === undefined ? [] : ['--seccomp', String(filterPipe)]), ...(group === undefined ? [] : ['--block-fd', String(holdPipe)]),
      '--chdir', folder.path, '--', ...inner,
    ];
    let status = '';
    const joined = group;
    return await runProcess({
      sandbox: 'bubblewrap', program, args, cwd: '/', environment: sandboxEnvironment(given.home), pipes: 3,
      started: (child, [told, rules, hold]) => {
        rules?.end(filter ?? '');
        told?.on('data', (bytes: Buffer) => {
          const before = status;
          status += bytes.toString('latin1');
          if (joined !== undefined && !before.includes('\n') && status.includes('\n')) letGo(status, joined, hold, () => child.kill('SIGKILL'));
        });
      },
      // The first process inside dies with it, and with that one all others in there
      kill: (child) => void child.kill('SIGKILL'),
      read: (end) => readEnd(end, status),
    }, options);
  } finally {
    group?.remove();
    protection?.release();
  }
}

/** The first process inside waits until it is in its group, so that nothing it starts is outside */
function letGo(status: string, group: ControlGroup, hold: Duplex | undefined, stop: () => void): void {
  const id = Number(/"child-pid": (\d+)/.exec(status)?.[1]);
  try {
    group.add(id);
    hold?.end('.');
  } catch {
    // It ended meanwhile, or cannot be limited: then it must not run
    stop();
  }
}

function readEnd({ code, signal, stderr }: End, status: string): ReturnType<typeof plainEnd> | { readonly refused: string } {
  const told = /"exit-code": (\d+)/.exec(status)?.[1];
  if (told !== undefined) return plainEnd(Number(told), null);
  if (signal !== null) return { refused: `The sandbox was ended from outside (${signal}) before the command was through.` };
  return { refused: `The sandbox cannot start: ${stderr.trim().split('\n').at(-1) ?? ''} (bwrap ended with ${code ?? 'nothing'}).` };
}

const isolation = ['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try', '--disable-userns', '--die-with-parent', '--new-session', '--hostname', 'sandbox', '--cap-drop', 'ALL'];

function systemMounts(): readonly string[] {
  const mounts = system.flatMap((folder) => {
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return found.isSymbolicLink() ? ['--symlink', readlinkSync(folder), folder] : ['--ro-bind', folder, folder];
  });
  return [...mounts, ...settings.filter((file) => existsSync(file)).flatMap((file) => ['--ro-bind', file, file])];
}

/** Of `/proc`, what is the kernel's: root's own processes could change it even without any right */
const kernel = ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs', 'acpi', 'scsi', 'driver'].map((name) => `/proc/${name}`);

function temporaryMounts(home: string, { temporary }: Limits): readonly string[] {
  const size = String(temporary);
  const own = ['/dev/shm', '/tmp', '/var/tmp', home].flatMap((folder) => ['--size', size, '--perms', '0700', '--tmpfs', folder]);
  return ['--proc', '/proc', ...kernel.filter((file) => existsSync(file)).flatMap((file) => ['--ro-bind', file, file]), '--dev', '/dev', ...own, '--remount-ro', '/dev'];
}

function workspaceMounts({ workspace, readOnly, extraMounts = [] }: SandboxSettings, entries: ProtectedEntries | undefined): readonly string[] {
  const bind = (file: string, writable: boolean): readonly string[] => [writable ? '--bind' : '--ro-bind', file, file];
  return [
    ...extraMounts.flatMap(({ path: file, writable }) => bind(path.resolve(file), writable)),
    ...bind(workspace, readOnly !== true),
    ...(entries?.held ?? []).flatMap((file) => bind(file, true)),
    ...[...(entries?.readOnly ?? []), ...(entries?.missing ?? []).map((holder) => holder.path)].flatMap((file) => bind(file, false)),
    '--remount-ro', '/',
  ];
}

function kibibytes(bytes: number): string {
  return String(Math.ceil(bytes / 1024));
}

function refused(reason: string): RunResult {
  return { ok: false, sandbox: 'bubblewrap', reason };
}
