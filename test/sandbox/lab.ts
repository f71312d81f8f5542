import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, chownSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';

/** A small world around a workspace that tries act on: a home with secrets, folders outside, listeners, another process */
export interface Lab {
  readonly name: string;
  readonly workspace: string;
  readonly outside: string;
  readonly home: string;
  readonly userFolder: string;
  readonly secret: string;
  /** Id of a process that is not the sandbox's */
  readonly victim: number;
  readonly tcpPort: number;
  readonly tcp6Port: number;
  readonly udpPort: number;
  readonly dnsPort: number;
  readonly unixSocket: string;
  readonly abstractSocket: string;
  /** Ways into programs of the person who is logged in, as sockets in the home and beside it: name → path */
  readonly doors: Readonly<Record<'docker' | 'gpg' | 'ssh' | 'bus' | 'display', string>>;
  readonly sharedKey: number;
  victimLives(): boolean;
  /** Whether the listener heard something in the last try; waits a moment for what is on its way */
  heard(listener: string): Promise<boolean>;
  /** Puts everything back as it was before a try */
  reset(): Promise<void>;
  end(): void;
}

/** Not of a shape that output is masked for */
export const secret = 'quartz7marmalade7lantern';

/** Builds the world below `root`, an absolute folder. `owner` owns the workspace, where the sandbox runs as somebody else */
export async function makeLab(root: string, owner?: number): Promise<Lab> {
  const at = (name: string): string => path.join(root, name);
  const [workspace, outside, home, userFolder] = [at('workspace'), at('outside'), at('home'), at('user')];
  const unixSocket = at('outside/socket');
  const name = `cowork-escape-${process.pid}`;
  const doors = { docker: at('home/.docker/run/docker.sock'), gpg: at('home/.gnupg/S.gpg-agent'), ssh: at('ssh-agent/agent.1'), bus: `\0/tmp/dbus-${name}`, display: `\0/tmp/.X11-unix/X${process.pid}` };
  const heardOn = new Set<string>();
  const listen = async (listener: string, ...args: readonly unknown[]): Promise<Server> => {
    const server = createServer((socket) => {
      heardOn.add(listener);
      socket.on('error', () => undefined);
      socket.end();
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      (server.listen as (...given: readonly unknown[]) => void).call(server, ...args, resolve);
    });
    return server;
  };
  const portOf = (server: { address(): unknown }): number => (server.address() as { port: number }).port;
  const datagrams = async (listener: string) => {
    const socket = createSocket('udp4', () => heardOn.add(listener));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return socket;
  };
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const build = (): void => {
    for (const folder of [workspace, outside, home]) execFileSync('rm', ['-rf', '--one-file-system', '--', folder].filter((each) => folder !== outside || each !== '--one-file-system'));
    for (const each of ['append', 'delete', 'empty', 'rights', 'time', 'hard', 'openat']) put(`${outside}/${each}`, 'as it was\n');
    put(`${outside}/secret`, `${secret}\n`);
    put(`${home}/.ssh/id_ed25519`, `${secret}\n`);
    put(`${home}/.ssh/authorized_keys`, '');
    put(`${home}/.aws/credentials`, `${secret}\n`);
    put(`${home}/.bashrc`, '');
    put(`${userFolder}/key`, `${secret}\n`);
    for (const repository of ['.git', 'sub/.git']) {
      put(`${workspace}/${repository}/HEAD`, 'ref: refs/heads/main\n');
      put(`${workspace}/${repository}/config`, '[core]\n');
      mkdirSync(`${workspace}/${repository}/hooks`, { recursive: true });
      mkdirSync(`${workspace}/${repository}/objects`, { recursive: true });
      mkdirSync(`${workspace}/${repository}/refs`, { recursive: true });
    }
    put(`${workspace}/.cowork/policy/permissions.json`, '{"version":1,"rules":[]}\n');
    put(`${workspace}/.vscode/settings.json`, '{}\n');
    put(`${workspace}/.env`, 'A=1\n');
    put(`${workspace}/sub/.env`, 'A=1\n');
    put(`${workspace}/project.code-workspace`, '{}\n');
    mkdirSync(`${workspace}/.github`);
    symlinkSync(outside, `${workspace}/link-out`);
    symlinkSync(`${outside}/dangling`, `${workspace}/link-dangling`);
    if (owner !== undefined) {
      execFileSync('chown', ['-hR', `${owner}:${owner}`, workspace]);
      chownSync(workspace, owner, owner);
    }
    for (const folder of [outside, home]) chmodSync(folder, 0o777);
  };
  build();
  let victim = startVictim(outside);
  /** Sockets with a name on the disk; they go with what lies around them */
  const listenByName = async (): Promise<Server[]> => {
    const named = [['unix', unixSocket], ['docker', doors.docker], ['gpg', doors.gpg], ['ssh', doors.ssh]] as const;
    return Promise.all(named.map(([listener, file]) => {
      mkdirSync(path.dirname(file), { recursive: true });
      rmSync(file, { force: true });
      return listen(listener, file);
    }));
  };
  let servers = await listenByName();
  const abstractSocket = name;
  const tcp = await listen('tcp', 0, '127.0.0.1');
  const tcp6 = await listen('tcp6', 0, '::1');
  const abstract = [await listen('abstract', `\0${abstractSocket}`), await listen('bus', doors.bus), await listen('display', doors.display)];
  const [udp, dns] = [await datagrams('udp'), await datagrams('dns')];
  // One that the program was started with would do as well: descriptors from 16 on are handed to children
  openSync(`${outside}/secret`, 'r');
  const sharedKey = 0x5eed0000 + (process.pid & 0xffff);
  const lab: Lab = {
    name, workspace, outside, home, userFolder, secret, unixSocket, abstractSocket, doors, sharedKey,
    get victim() {
      return victim.pid ?? 0;
    },
    tcpPort: portOf(tcp), tcp6Port: portOf(tcp6), udpPort: portOf(udp), dnsPort: portOf(dns),
    victimLives: () => victim.exitCode === null && victim.signalCode === null,
    async heard(listener) {
      for (let wait = 0; wait < 10 && !heardOn.has(listener); wait += 1) await new Promise((resolve) => setTimeout(resolve, 10));
      return heardOn.has(listener);
    },
    async reset() {
      for (const server of servers) server.close();
      build();
      heardOn.clear();
      if (lab.victimLives()) victim.kill('SIGKILL');
      victim = startVictim(outside);
      servers = await listenByName();
      for (const file of ['/etc', '/usr/local', '/opt', '', '/var/tmp', '/tmp']) rmSync(`${file}/cowork-escape`, { force: true });
    },
    end() {
      for (const server of [...servers, tcp, tcp6, ...abstract]) server.close();
      udp.close();
      dns.close();
      victim.kill('SIGKILL');
    },
  };
  return lab;
}

/** A process with the secret in its environment, its arguments and its memory */
function startVictim(folder: string): ChildProcess {
  return spawn('perl', ['-e', '$| = 1; sleep 1000', secret], { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'], env: { PATH: process.env['PATH'] ?? '', SECRET: secret } });
}
