import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../house/root.ts';
import { modelPort } from './modelPort.ts';

export interface JailOptions {
  /** The only folder that can be written, absolute */
  readonly folder: string;
  readonly workingFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Unix socket of the model */
  readonly model: string;
  /** Ports on the jail's own loopback, and the Unix sockets they lead to */
  readonly ways?: Readonly<Record<number, string>>;
  readonly command: readonly [string, ...string[]];
  /** Milliseconds until everything in the jail is killed */
  readonly limit: number;
}

export interface JailedEnd {
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly output: string;
}

/** A process in a jail */
export interface JailedProcess {
  readonly pid: number;
  /** Process number of who started it, or of who took it over */
  readonly parent: number;
  /** Words it was started with */
  readonly words: readonly string[];
}

export interface Jailed {
  readonly ended: Promise<JailedEnd>;
  /** What runs in the jail now */
  processes(): readonly JailedProcess[];
  /** Kills everything in the jail */
  kill(): Promise<void>;
}

/**
 * Runs a program with everything it starts in a network of its own, with nothing but loopback in it (bubblewrap). It sees the
 * machine's files, apart from the user's home and the temporary folder, and can write one folder only. When it ends, or its
 * time is over, whatever still runs in that network is killed.
 */
export function runJailed({ folder, workingFolder, env, model, ways = {}, command, limit }: JailOptions): Jailed {
  const namespaceFile = path.join(folder, 'namespace');
  const home = homedir();
  const args = [
    '--die-with-parent', '--new-session', '--unshare-net', '--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--ro-bind', '/', '/', '--dev', '/dev', ...(home === '/' ? [] : ['--tmpfs', home]), '--tmpfs', '/tmp', '--ro-bind', root, root,
    '--bind', folder, folder, '--chdir', workingFolder, '--', process.execPath, path.join(import.meta.dirname, 'inside.ts'), Object.entries({ ...ways, [modelPort]: model }).map((way) => way.join('=')).join(','), namespaceFile, ...command,
  ];
  const child = spawn('bwrap', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  const processes = (): readonly JailedProcess[] => processesIn(namespaceFile);
  const kill = async (): Promise<void> => {
    for (let found = processes(); found.length > 0; found = processes()) {
      for (const { pid } of found) signalTo(pid, 'SIGKILL');
      await sleep(20);
    }
  };
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, limit);
  const exited = new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('exit', done);
  });
  const end = async (): Promise<JailedEnd> => {
    const code = await exited;
    clearTimeout(timer);
    await kill();
    return { code, timedOut, output };
  };
  const ended = end();
  return { ended, processes, kill };
}

/** Sends a signal; `false` when the process is gone already */
export function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function processesIn(namespaceFile: string): readonly JailedProcess[] {
  const namespace = orGone(() => readFileSync(namespaceFile, 'utf8'));
  if (namespace === undefined) return [];
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || orGone(() => readlinkSync(`/proc/${name}/ns/net`)) !== namespace) return [];
    const words = orGone(() => readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1));
    // What has no command line is dead and only waits for its parent to notice
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(orGone(() => readFileSync(`/proc/${name}/status`, 'utf8')) ?? '')?.[1]);
    return words === undefined || words.length === 0 ? [] : [{ pid, parent, words }];
  });
}

/** What is read of a process that may end at any moment, or be somebody else's */
function orGone<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}
