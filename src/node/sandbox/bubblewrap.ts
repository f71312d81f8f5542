import { randomUUID } from 'node:crypto';
import { closeSync, lstatSync, mkdtempSync, openSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bashOrSh } from './bare.ts';
import { sayWord, standIn } from './begin.ts';
import { type ControlGroup, controlGroup } from './controlGroup.ts';
import { sandboxEnvironment } from './environment.ts';
import { findProgram } from './findProgram.ts';
import { type HostProxy, openHostProxy } from './hosts/hostProxy.ts';
import { proxyEnvironment, throughRelay } from './hosts/relay.ts';
import { mountLines, standMounted } from './mounted.ts';
import { type Protection, emptyFolder, protectWritten } from './placeHolders.ts';
import { placesOf, readOnlyPlaces } from './protectedEntries.ts';
import { type End, cannotBeRun, notBegun, plainEnd, runProcess } from './runProcess.ts';
import { type Limits, type RunOptions, type RunResult, type Sandbox, type SandboxSettings, usualLimits } from './sandbox.ts';
import { seccompFilter } from './seccomp.ts';
import { isWithin, startFolder } from './startFolder.ts';
import { unfitWorkspace } from './unfitWorkspace.ts';

/** Folders of the system that are seen inside, read only */
const system = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/nix/store'];
/** Of `/etc`, what programs need to run; keys and passwords are not among it */
const settings = [
  'alternatives', 'bash.bashrc', 'ca-certificates', 'ca-certificates.conf', 'crypto-policies', 'debian_version', 'default/locale', 'fonts', 'group', 'host.conf', 'hosts', 'inputrc', 'java', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'locale.alias', 'localtime',
  'login.defs', 'magic', 'mime.types', 'nsswitch.conf', 'os-release', 'passwd', 'perl', 'pki/ca-trust', 'pki/java', 'pki/tls/certs', 'profile', 'profile.d', 'protocols', 'python3', 'python3.11', 'python3.12', 'python3.13', 'rpc', 'services', 'shells', 'ssl/certs', 'ssl/openssl.cnf', 'timezone',
].map((name) => `/etc/${name}`);

/** Pipes first, then descriptors that are open already */
const [statusPipe, wordsPipe, placesPipe, firstGiven] = [3, 4, 5, 6];

/**
 * Sees that what is protected is mounted where it stands, goes into its control groups, closes what descriptors came in from outside, sets the limits from inside (where the
 * kernel counts only this sandbox), and becomes the command's shell. $1 processes, $2 bytes of memory in KiB, $3 file size
 * in KiB, $4 descriptors of control groups, $5 the folder, $6 the word that says it begins, $7 a descriptor that tells what is mounted, then the command
 */
const prepare = [
  standMounted(['while read -r x', '<&"$7" || exit 126']),
  'for d in $4; do echo 0 >&"$d" || exit 126; done',
  'for d in /proc/self/fd/*; do d=${d##*/}; if [ "$d" -gt 2 ]; then eval "exec $d>&-"; fi; done',
  'ulimit -c 0 && ulimit -d "$2" && ulimit -f "$3" && ulimit -u "$1" || exit 126',
  standIn('"$5"'),
  sayWord('"$6"'),
  'shift 7',
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
  let protecting: Promise<Protection> | undefined;
  let proxy: HostProxy | undefined;
  let group: ControlGroup | undefined;
  let filter: number | undefined;
  let status = '';
  try {
    proxy = given.askHosts === true && options.reach !== undefined ? await openHostProxy(options.reach) : undefined;
    const shell = bashOrSh(command);
    const words = [shell.program, ...shell.args];
    const word = randomUUID();
    filter = openFilter();
    group = process.geteuid?.() === 0 ? controlGroup(limits) : undefined;
    const doors = group?.doors ?? [];
    const handed = [...(filter === undefined ? [] : [filter]), ...doors];
    return await runProcess({
      sandbox: 'bubblewrap', program, cwd: '/', word, environment: { ...sandboxEnvironment(given.home), ...(proxy === undefined ? {} : proxyEnvironment) }, pipes: 3, descriptors: handed,
      args: [
        ...isolation, '--json-status-fd', String(statusPipe), ...(filter === undefined ? [] : ['--seccomp', String(firstGiven)]), '--args', String(wordsPipe), '--chdir', folder.path, '--',
        ...innerCommand(bash, limits, doors.map((door) => firstGiven + handed.indexOf(door)), folder.path, word, placesPipe, proxy === undefined ? words : throughRelay(seenSocket, seenNode().program, words)),
      ],
      async started(_, [told, mounts, places]) {
        told?.on('data', (bytes: Buffer) => (status += bytes.toString('latin1')));
        mounts?.write(asWords([...fixedMounts(given, limits), ...(proxy === undefined ? [] : ['--bind', proxy.socket, seenSocket, ...seenNode().mounts])]));
        // Only now, while the program loads: it waits for these words before it mounts anything
        protecting = protectWritten(given, true);
        const protection = await protecting;
        mounts?.end(asWords(workspaceMounts(given, protection)));
        places?.end(placeLines(given, protection));
      },
      // The first process inside dies with it, and with that one all others in there
      kill: (child) => void child.kill('SIGKILL'),
      read: (end) => readEnd(end, status),
    }, options);
  } finally {
    if (filter !== undefined) closeSync(filter);
    proxy?.close();
    void putBack(status, group, protecting);
  }
}

let filterFile: number | undefined;

/** The filter as an open file; without a name, so that nobody changes what is read from it. `undefined` where there is none for this processor */
function openFilter(): number | undefined {
  const filter = seccompFilter();
  if (filter === undefined) return undefined;
  if (filterFile === undefined) {
    const folder = mkdtempSync(path.join(tmpdir(), 'cowork-filter-'));
    try {
      const file = path.join(folder, 'filter');
      writeFileSync(file, filter, { mode: 0o600 });
      filterFile = openSync(file, 'r');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  // Opened anew, since a descriptor that is handed on shares its place in the file
  return openSync(`/proc/self/fd/${filterFile}`, 'r');
}

/** Takes down what was put up for a run. The caller need not wait for it; what fails is left to the next run */
async function putBack(status: string, group: ControlGroup | undefined, protecting: Promise<Protection> | undefined): Promise<void> {
  try {
    await new Promise((resolve) => setImmediate(resolve));
    await allEnded(status);
    group?.release();
    await (await protecting)?.release();
  } catch {
    // Told already where it kept the command from running; a folder that is gone meanwhile needs nothing put back
  }
}

/** How long to wait for the last processes in a sandbox that was ended, in milliseconds */
const lastMoments = 5_000;

/**
 * Waits until the first process inside is through, before which the kernel ends all others in there: the last of them
 * could otherwise still write where a place holder was a moment ago.
 */
async function allEnded(status: string): Promise<void> {
  const id = /"child-pid": (\d+)/.exec(status)?.[1];
  if (id === undefined) return;
  for (const began = performance.now(); performance.now() - began < lastMoments && isRunning(id); ) await new Promise((resolve) => setTimeout(resolve, 1));
}

function isRunning(id: string): boolean {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    // Behind the name, which is in brackets and may hold anything: the state
    return !['Z', 'X'].includes(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    // It is gone
    return false;
  }
}

function readEnd(end: End, status: string): ReturnType<typeof plainEnd> | { readonly refused: string } {
  const { code, signal, stderr, begun } = end;
  const told = /"exit-code": (\d+)/.exec(status)?.[1];
  if (told !== undefined) return begun ? plainEnd(Number(told), null) : notBegun(end);
  if (signal !== null) return { refused: `The sandbox was ended from outside (${signal}) before the command was through.` };
  return { refused: `The sandbox cannot start: ${stderr.trim().split('\n').at(-1) ?? ''} (bwrap ended with ${code ?? 'nothing'}).` };
}

/** What shuts a command off, before anything is mounted */
export const isolation: readonly string[] = ['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try', '--disable-userns', '--die-with-parent', '--new-session', '--hostname', 'sandbox', '--cap-drop', 'ALL'];

/** What is seen inside: the system, read only, folders of its own, and the workspace with what is protected in it */
export function mountArguments(given: SandboxSettings, limits: Limits, protection: Mounted): readonly string[] {
  return [...fixedMounts(given, limits), ...workspaceMounts(given, protection)];
}

function fixedMounts({ home }: SandboxSettings, limits: Limits): readonly string[] {
  return [...systemMounts(), ...temporaryMounts(home, limits)];
}

/** As `bwrap --args` reads them */
function asWords(words: readonly string[]): string {
  return words.map((word) => `${word}\0`).join('');
}

/** Where the proxy and our own Node are seen inside */
const seenSocket = '/run/cowork-hosts';
const seenNodeFolder = '/run/cowork-node';

/** The program we run on, as it is seen inside; it relays connections to the proxy */
function seenNode(): { readonly program: string; readonly mounts: readonly string[] } {
  const own = realpathSync.native(process.execPath);
  if (system.some((folder) => isWithin(own, folder))) return { program: own, mounts: [] };
  // With what lies beside it: an editor's program needs its libraries
  return { program: path.join(seenNodeFolder, path.basename(own)), mounts: ['--ro-bind', path.dirname(own), seenNodeFolder] };
}

/** What runs inside: the limits, the word, then the command. `doors` are the descriptors of its control groups, `places` one that tells `placeLines` */
export function innerCommand(bash: string, limits: Limits, doors: readonly number[], folder: string, word: string, places: number, command: readonly string[]): readonly string[] {
  return [bash, '--noprofile', '--norc', '-c', prepare, 'sandbox', String(limits.processes), kibibytes(limits.memory), kibibytes(limits.fileSize), doors.join(' '), folder, word, String(places), ...command];
}

function systemMounts(): readonly string[] {
  const mounts = system.flatMap((folder) => {
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return found.isSymbolicLink() ? ['--symlink', readlinkSync(folder), folder] : ['--ro-bind', folder, folder];
  });
  return [...mounts, ...settings.flatMap((file) => ['--ro-bind-try', file, file])];
}

/** Of `/proc`, what is the kernel's: root's own processes could change it even without any right */
const kernel = ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs', 'acpi', 'scsi', 'driver'].map((name) => `/proc/${name}`);

function temporaryMounts(home: string, { temporary }: Limits): readonly string[] {
  const size = String(temporary);
  const own = ['/dev/shm', '/tmp', '/var/tmp', home].flatMap((folder) => ['--size', size, '--perms', '0700', '--tmpfs', folder]);
  return ['--proc', '/proc', ...kernel.flatMap((file) => ['--ro-bind-try', file, file]), '--dev', '/dev', ...own, '--remount-ro', '/dev'];
}

/** What of a protection is mounted */
type Mounted = Pick<Protection, 'entries' | 'covers'>;

function workspaceMounts({ workspace, userFolder, readOnly, extraMounts = [] }: SandboxSettings, { entries, covers }: Mounted): readonly string[] {
  const bind = (file: string, writable: boolean): readonly string[] => [writable ? '--bind' : '--ro-bind', file, file];
  const cover = covers.length === 0 ? '' : emptyFolder(userFolder);
  return [
    ...extraMounts.flatMap(({ path: file, writable }) => bind(path.resolve(file), writable)),
    ...bind(workspace, readOnly !== true),
    ...entries.held.flatMap((file) => bind(file, true)),
    ...readOnlyPlaces(entries).flatMap((file) => bind(file, false)),
    ...covers.flatMap((file) => ['--ro-bind', cover, file]),
    '--remount-ro', '/',
  ];
}

/** What of these mounts `innerCommand` looks for */
export function placeLines({ workspace, extraMounts = [] }: SandboxSettings, { entries, covers }: Mounted): string {
  const lines = mountLines([workspace, ...extraMounts.map((mount) => path.resolve(mount.path))], placesOf(entries), covers);
  return lines.map((line) => `${line}\n`).join('');
}

function kibibytes(bytes: number): string {
  return String(Math.ceil(bytes / 1024));
}

function refused(reason: string): RunResult {
  return { ok: false, sandbox: 'bubblewrap', reason };
}
