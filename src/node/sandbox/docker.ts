import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../../gate/errorText.ts';
import { needsBash } from './bare.ts';
import { sayWord, standIn } from './begin.ts';
import { findProgram } from './findProgram.ts';
import { type HostProxy, openHostProxy } from './hosts/hostProxy.ts';
import { proxyEnvironment, throughRelay } from './hosts/relay.ts';
import { mountLines, standMounted } from './mounted.ts';
import { protectWritten } from './placeHolders.ts';
import { type ProtectedEntries, placesOf, readOnlyPlaces } from './protectedEntries.ts';
import { cannotBeRun, plainEnd, runProcess, type End } from './runProcess.ts';
import { type DockerSettings, type Limits, type RunOptions, type RunResult, type Sandbox, type SandboxSettings, usualDocker, usualLimits } from './sandbox.ts';
import { isWithin, startFolder } from './startFolder.ts';
import { unfitWorkspace } from './unfitWorkspace.ts';

/** How long the engine may take to answer a question, in milliseconds (cowork-facts 1.12) */
const patience = 5_000;
const inside = '/workspace';
const seenSocket = '/run/cowork-hosts';
const call = promisify(execFile);

/** `docker`: a container of an image that is there already; podman serves as well */
export function dockerSandbox(given: SandboxSettings): Sandbox {
  const docker = { ...usualDocker, ...given.docker };
  const limits = { ...usualLimits, ...given.limits };
  return {
    kind: 'docker',
    async run(command, options = {}) {
      try {
        return await runInside(given, docker, limits, command, options);
      } catch (error) {
        return refused(`The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}.`);
      }
    },
  };
}

/** The program to call: Podman takes Docker's words, so it stands in where Docker is missing and no other program was named */
export function engineProgram(binary: string, find: (name: string) => string | undefined = findProgram): string | undefined {
  return find(binary) ?? (binary === usualDocker.binary ? find('podman') : undefined);
}

async function runInside(given: SandboxSettings, wanted: DockerSettings, limits: Limits, command: string, options: RunOptions): Promise<RunResult> {
  const program = engineProgram(wanted.binary);
  if (program === undefined) return refused(`${wanted.binary} is not installed; install Docker or Podman, or choose another sandbox.`);
  const docker = { ...wanted, binary: path.basename(program) };
  const reason = cannotBeRun(command) ?? unfitWorkspace(given) ?? unfitSettings(docker, given);
  if (reason !== undefined) return refused(reason);
  const folder = startFolder(given.workspace, options.cwd);
  if (!folder.ok) return refused(folder.reason);
  const environment = clientEnvironment();
  const protection = await protectWritten(given);
  let proxy: HostProxy | undefined;
  const name = `cowork-sandbox-${Date.now()}-${randomBytes(4).toString('hex')}`;
  let ended = false;
  /** The client's end is not the container's: the engine is told to end it, whatever runs in there. A sentence where it may run on, which one that never began does not without an engine */
  const remove = async (began = true): Promise<string | undefined> => {
    try {
      await call(program, ['rm', '--force', name], { env: environment, timeout: patience * 4 });
      return undefined;
    } catch (error) {
      const said = errorText(error);
      if (/no such container/i.test(said) || (!began && unreachable.test(said))) return undefined;
      return `The container ${name} could not be ended and may run on; end it with: ${docker.binary} rm --force ${name}`;
    }
  };
  try {
    proxy = given.askHosts === true && options.reach !== undefined ? await openHostProxy(options.reach) : undefined;
    const result = await runProcess({
      sandbox: 'docker', program, cwd: '/', environment, word: name,
      args: dockerArguments({ given, docker, limits, name, command, cwd: folder.path, user: userOf(), entries: protection.entries, socket: proxy?.socket, podman: path.basename(program).startsWith('podman') }),
      kill: (child) => {
        if (ended) return;
        ended = true;
        if (child.exitCode === null && child.signalCode === null) void remove().finally(() => child.kill('SIGKILL'));
      },
      read: (end) => readEnd(end, docker),
    }, options);
    // One that ended by itself is removed by the engine; the others must be gone before anybody is told. 125 may be the engine's own
    const left = !result.ok || result.ended !== 'exited' || result.exitCode === 125 ? await remove(result.ok) : undefined;
    if (left === undefined) return result;
    return result.ok ? { ...result, stderr: `${result.stderr}\n${left}\n` } : { ...result, reason: `${result.reason} ${left}` };
  } finally {
    proxy?.close();
    await protection.release();
  }
}

/** How the client says that no engine is there */
const unreachable = /cannot connect|is the docker daemon running|connection refused/i;

/** What goes into the arguments of one run */
export interface DockerRun {
  readonly given: SandboxSettings;
  readonly docker: DockerSettings;
  readonly limits: Limits;
  readonly name: string;
  readonly command: string;
  /** Canonical, in the workspace */
  readonly cwd: string;
  /** `uid:gid`; `undefined` where the system knows none */
  readonly user: string | undefined;
  readonly entries: ProtectedEntries | undefined;
  /** Of the proxy to allowed hosts, where there is one */
  readonly socket?: string | undefined;
  readonly podman: boolean;
}

/**
 * The line is read as bash reads it before it is allowed; many images have none. $1 the line, $2 its folder, $3 the word that says
 * it begins, $4 why a plain shell must not run it or nothing, then what is mounted
 */
const bashWhereThereIsOne = [
  'c=$1 f=$2 w=$3 o=$4; shift 4', standMounted(['for x', '']), 'set -- "$c" "$f" "$w" "$o"; unset c f w o', standIn('"$2"', 'linux'),
  'b=$(command -v bash) || b=', 'if [ -z "$b" ] && [ -n "$4" ]; then echo "$4" >&2; exit 126; fi',
  sayWord('"$3"'), 'if [ -n "$b" ]; then exec "$b" --noprofile --norc -c "$1"; fi', 'exec /bin/sh -c "$1"',
].join('\n');

/**
 * The arguments of `docker run`, in the order of cowork-facts 1.12; limits on processes, swap and files besides. The first process
 * inside is Docker's own, since signals do not end a first process; Podman has none of its own.
 */
export function dockerArguments({ given, docker, limits, name, command, cwd, user, entries, socket, podman }: DockerRun): readonly string[] {
  const { extraMounts = [] } = given;
  // Folders besides the workspace stand under another name: of two that hold a file, the inner one says which
  const seenAs = [{ from: given.workspace, to: inside }, ...extraMounts.map(({ path: from }) => ({ from, to: from.startsWith('/tmp/') ? from : path.posix.join('/mnt', from) }))].toSorted((a, b) => b.from.length - a.from.length);
  const within = (file: string): string => {
    const { from, to } = seenAs.find((each) => isWithin(file, each.from)) ?? { from: given.workspace, to: inside };
    return path.posix.join(to, path.relative(from, file).replaceAll('\\', '/'));
  };
  const mount = (from: string, to: string, writable: boolean): readonly string[] => ['--mount', `type=bind,${field('source', from)},${field('target', to)}${writable ? '' : ',readonly'}`];
  const words = ['/bin/sh', '-c', bashWhereThereIsOne, 'sh', command, within(cwd), name, needsBash(command) ?? '', ...mountLines(seenAs.map(({ to }) => to), placesOf(entries).map(within))];
  const [entrypoint = '', ...rest] = socket === undefined ? words : throughRelay(seenSocket, undefined, words);
  return [
    'run', '--rm', ...(podman ? [] : ['--init']), '--pull', 'never', '--name', name,
    '--cpus', String(docker.cpus), '--memory', docker.memory, '--memory-swap', docker.memory, '--pids-limit', String(limits.processes),
    '--ulimit', 'core=0:0', '--ulimit', `fsize=${limits.fileSize}:${limits.fileSize}`,
    '--security-opt', podman ? 'no-new-privileges' : 'no-new-privileges:true', '--cap-drop', 'ALL', '--ipc', 'private',
    '--read-only', '--tmpfs', `/tmp:rw,noexec,nosuid,nodev,size=${limits.temporary}`, '--network', docker.network,
    ...mount(given.workspace, inside, given.readOnly !== true),
    ...extraMounts.flatMap(({ path: file, writable }) => mount(file, within(file), writable)),
    ...(entries?.held ?? []).flatMap((file) => mount(file, within(file), true)),
    ...readOnlyPlaces(entries).flatMap((file) => mount(file, within(file), false)),
    '--workdir', within(cwd),
    '--env', 'HOME=/tmp', '--env', 'LANG=C.UTF-8', '--env', 'TERM=dumb', '--env', 'TMPDIR=/tmp',
    ...(user === undefined ? [] : ['--user', user]), ...(podman && user !== undefined ? ['--userns', 'keep-id'] : []),
    ...(socket === undefined ? [] : [...mount(socket, seenSocket, true), ...Object.entries(proxyEnvironment).flatMap(([key, value]) => ['--env', `${key}=${value}`])]),
    '--entrypoint', entrypoint, docker.image, ...rest,
  ];
}

/** A field of `--mount`, which is a line of comma-separated values */
function field(name: string, value: string): string {
  return `"${name}=${value.replaceAll('"', '""')}"`;
}

/** Never root, whoever starts it (cowork-facts 1.12) */
function userOf(): string | undefined {
  const [user, group] = [process.getuid?.(), process.getgid?.()];
  return user === undefined || group === undefined ? undefined : `${user === 0 ? 1000 : user}:${group === 0 ? 1000 : group}`;
}

function unfitSettings(docker: DockerSettings, { extraMounts = [] }: SandboxSettings): string | undefined {
  if (docker.image === '' || docker.image.startsWith('-')) return `“${docker.image}” is no image; name one like ${usualDocker.image}.`;
  if (!(docker.cpus > 0)) return 'The number of CPUs must be above 0.';
  if (!/^[1-9]\d*[bkmg]?$/i.test(docker.memory)) return `“${docker.memory}” is no amount of memory; write one like ${usualDocker.memory}.`;
  const socket = extraMounts.find(({ path: file }) => /docker|podman|containerd/.test(path.basename(file)) && file.endsWith('.sock'));
  return socket === undefined ? undefined : `${socket.path} would give the command the engine itself; leave it out.`;
}

/** What the client needs to find its engine; nothing of it goes inside */
function clientEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'USER', 'XDG_RUNTIME_DIR', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'CONTAINER_HOST', 'USERPROFILE', 'SystemRoot', 'TEMP', 'TMP'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

function readEnd({ code, signal, stderr, begun }: End, docker: DockerSettings): ReturnType<typeof plainEnd> | { readonly refused: string } {
  if (signal !== null) return { refused: `${docker.binary} was ended from outside (${signal}) before the command was through.` };
  // The engine's own codes, 125 to 127, and its words are nothing that a command could not come to as well
  if (begun) return plainEnd(code, null);
  const said = /^(?:docker: |Error: |Error response |Unable to find image)[^\n]*/m.exec(stderr)?.[0];
  return { refused: said === undefined ? `${docker.binary} could not start the container: ${stderr.trim().slice(0, 300)}` : whyNot(said, docker) };
}

function whyNot(said: string, { image, binary }: DockerSettings): string {
  if (/no such image|unable to find image|image not known/i.test(said)) return `The image ${image} is not on this machine. It is not fetched without you: run “${binary} pull ${image}”, or choose another sandbox.`;
  if (unreachable.test(said)) return `${binary} does not reach its engine; start it, or choose another sandbox.`;
  return `The container cannot start: ${said}`;
}

function refused(reason: string): RunResult {
  return { ok: false, sandbox: 'docker', reason };
}
