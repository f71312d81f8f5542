import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, type NeededProgram, needProgram } from '../house/program.ts';

/** How long the engine may take to answer, in milliseconds */
const patience = 60_000;
/** What the tries and the conformance tests call inside, as Debian's packages; what these need comes with them */
const packages = ['bash', 'coreutils', 'dash', 'findutils', 'grep', 'hostname', 'libc-bin', 'libstdc++6', 'mount', 'perl-base', 'procps', 'sed', 'util-linux'];
/** First in the archive, since the links of the root lead into them */
const rootFolders = ['usr', 'usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'bin', 'sbin', 'lib', 'lib64'];
const image = 'cowork-sandbox-test';

const engine: NeededProgram = { names: ['dockerd'], debian: 'docker.io', places: ['/usr/sbin/dockerd', '/usr/local/sbin/dockerd'] };
const client: NeededProgram = { names: ['docker'], debian: 'docker.io' };

/** An engine with one image in it: the same programs that stand on this machine */
export interface DockerEngine {
  /** Value of DOCKER_HOST */
  readonly host: string;
  readonly image: string;
  stop(): Promise<void>;
}

/** Why there is no engine here, in one sentence */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError';
}

/**
 * An engine with the image in it. Root gets one of its own, with all it keeps in `folder` (on a short path, since its
 * socket lies there) and without a bridge, so that nothing of this machine's network changes; anybody else the engine
 * that runs already. Rejects with a `NoEngineError` where there is none
 */
export async function dockerEngine(folder: string): Promise<DockerEngine> {
  if (process.platform !== 'linux') throw new NoEngineError('the tries are written for Linux');
  mkdirSync(folder, { recursive: true });
  try {
    return await (process.getuid?.() === 0 ? ownEngine(folder) : runningEngine(folder));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new NoEngineError(`Docker's engine does not work here: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function ownEngine(folder: string): Promise<DockerEngine> {
  const [daemon, docker] = [needProgram(engine), needProgram(client)];
  const host = `unix://${folder}/s`;
  const [log, data] = [path.join(folder, 'log'), path.join(folder, 'data')];
  mkdirSync(data);
  writeFileSync(log, '');
  // In a mount namespace of its own, with its layers in memory, and ending with us: nothing is left, and no disk is waited for
  const start = 'exec 2>>"$0"; mount -t tmpfs -o size=2g tmpfs "$1" && shift && exec setpriv --pdeathsig TERM "$@"';
  const args = ['--data-root', data, '--exec-root', path.join(folder, 'exec'), '--pidfile', path.join(folder, 'pid'), '--host', host, '--bridge', 'none', '--iptables=false', '--ip6tables=false'];
  const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', start, log, data, daemon, ...args], { stdio: 'ignore' });
  const over = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await over;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answer(docker, host, () => child.exitCode === null && child.signalCode === null);
    importImage(docker, host, folder);
    return { host, image, stop };
  } catch (error) {
    const last = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
    await stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)} ${last.slice(0, 300)}`, { cause: error });
  }
}

async function runningEngine(folder: string): Promise<DockerEngine> {
  const docker = findProgram(client);
  if (docker === undefined) throw new Error('docker is not installed.');
  const host = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  if (spawnSync(docker, ['--host', host, 'version'], { stdio: 'ignore', timeout: 10_000 }).status !== 0) throw new Error(`none answers at ${host}, and only root can start one.`);
  importImage(docker, host, folder);
  return {
    host, image,
    stop() {
      execFileSync(docker, ['--host', host, 'rmi', '--force', image], { stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

async function answer(docker: string, host: string, lives: () => boolean): Promise<void> {
  for (const began = performance.now(); performance.now() - began < patience; await sleep(100)) {
    if (!lives()) throw new Error('it ended at once.');
    if (spawnSync(docker, ['--host', host, 'version'], { stdio: 'ignore' }).status === 0) return;
  }
  throw new Error(`it did not answer in ${patience / 1000} s.`);
}

function importImage(docker: string, host: string, folder: string): void {
  const list = path.join(folder, 'files');
  const archive = path.join(folder, 'image.tar');
  writeFileSync(list, [...new Set([...rootFolders, ...filesOf(packages), 'etc/passwd', 'etc/group', 'etc/shadow'])].filter((file) => existsSync(`/${file}`)).join('\n'));
  execFileSync('tar', ['--create', '--no-recursion', '--file', archive, '--directory', '/', '--files-from', list], { stdio: ['ignore', 'ignore', 'pipe'] });
  // What relays connections in a container; images for building have it
  const node = realpathSync(process.execPath);
  execFileSync('tar', ['--append', '--file', archive, '--directory', path.dirname(node), '--transform', 's,.*,usr/bin/node,', path.basename(node)], { stdio: ['ignore', 'ignore', 'pipe'] });
  execFileSync(docker, ['--host', host, 'import', archive, image], { stdio: ['ignore', 'ignore', 'pipe'] });
  rmSync(archive);
}

/** All files of Debian packages and of those they need, relative to the root, without documents */
function filesOf(wanted: readonly string[]): readonly string[] {
  const needs = new Map(
    execFileSync('dpkg-query', ['--show', '--showformat', '${Package}\\t${Pre-Depends},${Depends}\\n'], { encoding: 'utf8' })
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t') as [string, string]),
  );
  const taken = new Set<string>();
  const take = (name: string): void => {
    const depends = needs.get(name);
    if (depends === undefined || taken.has(name)) return;
    taken.add(name);
    for (const each of depends.split(/[,|]/)) take(/^[^ :(]*/.exec(each.trim())?.[0] ?? '');
  };
  for (const name of wanted) take(name);
  const listed = execFileSync('dpkg', ['--listfiles', ...taken], { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  return listed.split('\n').flatMap((file) => (file.startsWith('/') && file !== '/.' && !file.startsWith('/usr/share/') ? [file.slice(1)] : []));
}
