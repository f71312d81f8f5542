import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { freePort } from '../channels/servers/loopback.ts';
import { until } from '../channels/surroundings.ts';
import { needProgram, ngircd } from '../house/program.ts';

/** Debian's ngircd on a port of its own, which can be stopped and started again */
export class IrcServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  /** Its configuration goes into the folder */
  static async start(folder: string): Promise<IrcServer> {
    const server = new IrcServer(folder, await freePort());
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const file = path.join(this.#folder, 'ngircd.conf');
    writeFileSync(file, `[Global]\nName = irc.loopback.test\nInfo = test\nListen = 127.0.0.1\nPorts = ${this.port}\nMotdPhrase = hello\n[Limits]\nMaxConnectionsIP = 0\nMaxPenaltyTime = 0\n[Options]\nIdent = no\nPAM = no\nDNS = no\n`);
    this.#process = spawn(needProgram(ngircd), ['--nodaemon', '--config', file], { stdio: 'ignore' });
    await reach(this.port);
  }

  stop(): void {
    this.#process?.kill();
  }
}

/** The example, as a person starts it; `output` gathers what it says */
export class ExampleGateway {
  output = '';
  readonly #process: ChildProcess;

  constructor(workspace: string, port: number, token: string, userFolder: string) {
    this.#process = spawn(process.execPath, [path.join(import.meta.dirname, 'example/ircGateway.ts'), workspace, '127.0.0.1', String(port), 'gate', '#team'], {
      env: { ...process.env, COWORK_POLICY_HOME: userFolder, COWORK_CHANNEL_TOKEN: token, NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.output += text.toString();
      });
    }
  }

  stop(): void {
    this.#process.kill();
  }
}

/** Somebody on IRC, with a socket and their own eyes */
export class Person {
  readonly heard: string[] = [];
  readonly #socket: Socket;
  #settled = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    let held = '';
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${held}${text}`.split('\r\n');
      held = lines.pop() ?? '';
      for (const line of lines) {
        this.heard.push(line);
        if (line.startsWith('PING')) this.write(line.replace('PING', 'PONG'));
      }
    });
  }

  static async join(port: number, nick: string): Promise<Person> {
    const person = new Person(connect(port, '127.0.0.1'));
    person.write(`NICK ${nick}`);
    person.write(`USER ${nick} 0 * :${nick}`);
    await person.hears(/ 001 /);
    return person;
  }

  write(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  hears(what: RegExp): Promise<void> {
    return until(() => `${String(what)} in\n${this.heard.join('\n')}`, () => this.heard.some((line) => what.test(line)));
  }

  /** The server has all that was written */
  async settled(): Promise<void> {
    this.#settled += 1;
    this.write(`PING :settled-${this.#settled}`);
    await this.hears(new RegExp(`PONG .*settled-${this.#settled}`));
  }

  leave(): void {
    this.#socket.destroy();
  }
}

/** Waits until somebody listens */
async function reach(port: number): Promise<void> {
  let isUp = false;
  const attempt = (): void => {
    const socket = connect(port, '127.0.0.1', () => {
      isUp = true;
      socket.destroy();
    });
    socket.on('error', () => setTimeout(attempt, 50));
  };
  attempt();
  await until('somebody listens', () => isUp);
}
