import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../house/root.ts';
import type { AgentClient } from './client.ts';
import { clients } from './clients.ts';
import { writeJson } from './writeJson.ts';

const folder = path.join(root, '.cache/agents');

/** Absolute path of a client's program; throws where the client was not fetched */
export function programOf(client: AgentClient): string {
  const file = path.join(home(client), 'node_modules/.bin', client.program);
  if (!existsSync(file)) throw new Error(`${client.title} ${client.version} is not in .cache/agents: npm run test:agents fetches it`);
  return file;
}

/** Fetches the clients that are not there from npm, side by side, a gigabyte and a half in all; tells how far it is */
export async function fetchClients(tell: (line: string) => void): Promise<void> {
  const missing = clients.filter((client) => !existsSync(home(client)));
  if (missing.length === 0) return;
  tell(`fetching ${missing.map(({ title, version }) => `${title} ${version}`).join(', ')} from npm, half a minute`);
  await Promise.all(missing.map(async (client) => {
    await fetchClient(client);
    tell(`${client.title} is there`);
  }));
}

/** Installs into a folder beside, which gets its name when it is whole */
async function fetchClient(client: AgentClient): Promise<void> {
  const target = home(client);
  const fresh = `${target}.${process.pid}`;
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    // Older versions, and what a broken run left
    if (name.startsWith(`${client.name}@`)) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  mkdirSync(fresh, { recursive: true });
  // npm 12 and later run a package's own install step only where it is named
  writeJson(path.join(fresh, 'package.json'), { private: true, name: 'client', allowScripts: { [client.package]: true } });
  await npm(fresh, 'install', '--no-audit', '--no-fund', '--loglevel=error', `${client.package}@${client.version}`);
  const { version } = JSON.parse(readFileSync(path.join(fresh, 'node_modules', client.package, 'package.json'), 'utf8')) as { readonly version: string };
  if (version !== client.version) throw new Error(`npm gave ${client.title} ${version} for ${client.version}`);
  renameSync(fresh, target);
}

function home(client: AgentClient): string {
  return path.join(folder, `${client.name}@${client.version}`);
}

function npm(cwd: string, ...words: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn('npm', words, { cwd, stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32', timeout: 300_000 });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`npm ${words.join(' ')} failed: ${complaint.trim().slice(-2000)}`));
    });
  });
}
