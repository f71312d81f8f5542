import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Programs that act for real in the jail: shells, wrappers, decoders. Everything else is a stub */
const real = ['bash', 'sh', 'env', 'nice', 'nohup', 'timeout', 'xargs', 'find', 'stdbuf', 'setsid', 'base64', 'rev', 'tr'];
const stubs = ['git', 'ls', 'cat', 'grep', 'head', 'wc', 'true', 'false', 'pwd', 'echo', 'printf', 'test', '[', 'rm', 'curl', 'evil', 'npm', 'lsx', 'python3', 'node', 'touch', 'chmod', 'tee', 'watch', 'script', 'xxd', 'a.txt', 'x', 'hi'];
const evil = ['ls', 'git', 'cat', 'echo', 'true', 'test', 'wc', 'grep', 'head', 'bash', 'sh', 'env'];

const end = '.end.';
const next = '.next.';

/** Starts the programs in turn; what they leave in the background gets a second to end before the next begins */
const driver = `i=0
for p in /programs/*; do
  printf '%s\\037%d\\037%s\\037' ${next} $i ${end} >> /log/calls
  i=$((i + 1))
  /driver/timeout -s KILL 4 /driver/bash "$p" </dev/null >/dev/null 2>&1
  for n in {1..100}; do
    running=(/proc/[0-9]*)
    ((\${#running[@]} <= 2)) && break
    read -rt 0.01 <> <(:)
  done
done
`;

/** What a stub was called with: its path as started, then its arguments */
export type Call = readonly [string, ...string[]];

/**
 * A root of its own (bubblewrap) in which every program is a stub that writes down how it was called, apart from shells and
 * wrappers. The workspace in it is `/ws`; no network, no other processes, nothing of the machine but libraries.
 */
export class Jail {
  private readonly folder: string;
  private readonly pristine: string;
  private readonly stub: string;
  private runs = 0;

  constructor() {
    this.folder = mkdtempSync(path.join(tmpdir(), 'cowork-judge-'));
    for (const name of ['bin', 'log', 'programs', 'driver']) mkdirSync(path.join(this.folder, name), { recursive: true });
    // one write per call, so that calls of programs side by side do not mix; works in Bash and in any POSIX shell
    const stub = `#!/usr/bin/.stub -p\nprintf "%s\\037" "$0" "$@" ${end} >> /log/calls\n`;
    for (const name of real) copyFileSync(which(name), path.join(this.folder, 'bin', name));
    copyFileSync(which('bash'), path.join(this.folder, 'bin/.stub'));
    copyFileSync(which('bash'), path.join(this.folder, 'driver/bash'));
    copyFileSync(which('timeout'), path.join(this.folder, 'driver/timeout'));
    for (const name of stubs) writeFileSync(path.join(this.folder, 'bin', name), stub, { mode: 0o755 });
    this.stub = stub;
    this.furnish();
    writeFileSync(path.join(this.folder, 'driver/run'), driver);
    this.pristine = this.snapshot();
  }

  /** Runs programs one after the other; gives the calls of stubs of each, and what changed in the workspace */
  run(programs: readonly string[]): { readonly calls: readonly (readonly Call[])[]; readonly changed: string | undefined } {
    const folder = path.join(this.folder, 'programs');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    programs.forEach((text, index) => {
      writeFileSync(path.join(folder, String(index).padStart(6, '0')), text);
    });
    // a log of its own, so that a process of the run before that dies late does not write into it
    this.runs += 1;
    const logFolder = path.join(this.folder, 'log', String(this.runs));
    mkdirSync(logFolder);
    const log = path.join(logFolder, 'calls');
    writeFileSync(log, '');
    const inside = (name: string): string => path.join(this.folder, name);
    const result = spawnSync('bwrap', [
      '--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--setenv', 'PATH', '/usr/bin', '--setenv', 'HOME', '/home/u', '--setenv', 'PWD', '/ws',
      '--dir', '/usr', '--ro-bind', '/usr/lib', '/usr/lib', ...(existsSync('/usr/lib64') ? ['--ro-bind', '/usr/lib64', '/usr/lib64'] : []),
      '--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64', '--ro-bind', inside('bin'), '/usr/bin', '--symlink', 'usr/bin', '/bin',
      '--ro-bind', inside('driver'), '/driver', '--ro-bind', folder, '/programs', '--bind', inside('ws'), '/ws', '--bind', logFolder, '/log', '--tmpfs', '/tmp', '--dir', '/home/u', '--dev', '/dev', '--proc', '/proc',
      '--chdir', '/ws', '/driver/bash', '/driver/run',
    ], { encoding: 'utf8', timeout: 600_000 });
    if (result.error !== undefined || result.status !== 0) throw new Error(`The jail did not run: ${result.error?.message ?? result.stderr}`);
    const calls = programs.map((): Call[] => []);
    let at = 0;
    for (const record of readFileSync(log, 'utf8').split(`${end}\x1f`)) {
      const [program, ...words] = record.split('\x1f').slice(0, -1);
      if (program === next) at = Number(words[0]);
      else if (program !== undefined) calls[at]?.push([program, ...words]);
    }
    const now = this.snapshot();
    if (now === this.pristine) return { calls, changed: undefined };
    this.furnish();
    return { calls, changed: now };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Puts the workspace into the state that every run starts from */
  private furnish(): void {
    const root = path.join(this.folder, 'ws');
    if (existsSync(root)) for (const name of readdirSync(root)) rmSync(path.join(root, name), { recursive: true, force: true });
    for (const name of ['src', 'evil']) mkdirSync(path.join(root, name), { recursive: true });
    for (const name of evil) writeFileSync(path.join(root, 'evil', name), this.stub, { mode: 0o755 });
    writeFileSync(path.join(root, 'ls'), this.stub, { mode: 0o755 });
    writeFileSync(path.join(root, 'evil/rc'), '/ws/evil/ls sourced\n');
    writeFileSync(path.join(root, 'a.txt'), 'rm x\n');
    writeFileSync(path.join(root, 'src/x.ts'), 'x\n');
  }

  private snapshot(): string {
    const root = path.join(this.folder, 'ws');
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const stat = statSync(path.join(root, name));
        return `${name} ${stat.mode.toString(8)} ${stat.isFile() ? readFileSync(path.join(root, name), 'utf8').length : ''}`;
      })
      .join('\n');
  }
}

function which(name: string): string {
  return realpathSync(execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim());
}
