import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findClient } from '../agents/clients.ts';
import type { Installation } from '../agents/installation.ts';
import { isPowershell } from './hookCommand.ts';
import type { Hook } from './installFile.ts';

/** What became of calling a hook as its agent would. `nobody`: no editor is there to answer, so that the agent denies by itself */
export type Probed = { readonly ok: true; readonly milliseconds: number } | { readonly ok: false; readonly why: string; readonly nobody?: true };

/** Milliseconds; a hook that needs longer for a call that is denied at once is of no use */
const patience = 20_000;

/**
 * Calls a hook as the agent would, through a shell or over HTTP, with a call that every policy denies, and looks whether the
 * answer is the denial that the agent understands.
 */
export function probeHook(hook: Hook, installation: Installation): Promise<Probed> {
  return hook.kind === 'command' ? probeLine(hook.line, installation) : probeAddress(hook, installation);
}

async function probeLine(command: string, installation: Installation): Promise<Probed> {
  return inFolder(async (folder) => {
    const { code, out } = await runLine(probing(command), folder, JSON.stringify(installation.probe(folder)));
    const wanted = findClient(installation.client)?.write({ decision: 'deny', message: 'x' });
    if (wanted === undefined) return 'there is no such agent';
    // Every agent takes its own denial with 0 as well
    if (code !== wanted.code && code !== 0) return `it ended with ${code ?? 'a signal'}, not with ${wanted.code}`;
    return sameShape(JSON.parse(out), JSON.parse(wanted.stdout)) ? undefined : `it answered ${out.trim().slice(0, 200)}`;
  });
}

async function probeAddress({ url, token }: Extract<Hook, { kind: 'http' }>, installation: Installation): Promise<Probed> {
  let isNobody = false;
  const probed = await inFolder(async (folder) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(installation.probe(folder)), signal: AbortSignal.timeout(patience) }).catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
      isNobody = true;
      return undefined;
    });
    if (response === undefined) return 'no editor with CoWork Policy is open';
    const out = await response.text();
    if (response.status !== 200) return `it answered with status ${response.status}: ${out.slice(0, 200)}`;
    return sameShape(JSON.parse(out), JSON.parse(findClient(installation.client)?.write({ decision: 'deny', message: 'x' }).stdout ?? 'null')) ? undefined : `it answered ${out.trim().slice(0, 200)}`;
  });
  return isNobody && !probed.ok ? { ...probed, nobody: true } : probed;
}

/** Tries something in a folder of its own, which tells what is wrong or nothing */
async function inFolder(attempt: (folder: string) => Promise<string | undefined>): Promise<Probed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cowork-probe-'));
  const started = performance.now();
  try {
    const why = await attempt(folder);
    return why === undefined ? { ok: true, milliseconds: Math.round(performance.now() - started) } : { ok: false, why };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same line as a trial, which is not noted as a call of the agent */
function probing(command: string): string {
  return command.replace(' --user-folder ', ' --probe --user-folder ');
}

function runLine(command: string, cwd: string, input: string): Promise<{ readonly code: number | null; readonly out: string }> {
  return new Promise((done, fail) => {
    const [program, words] = isPowershell(command) ? ['powershell.exe', ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', command]] : [command, []];
    const child = spawn(program, words, { cwd, shell: !isPowershell(command), timeout: patience, stdio: ['pipe', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    // It may end before it has read all
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', fail);
    child.once('close', (code) => done({ code, out }));
  });
}

/** The same keys and values, save for texts that say why */
function sameShape(given: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'string') return typeof given === 'string' && (wanted === 'x' ? given.length > 1 : given === wanted);
  if (typeof wanted !== 'object' || wanted === null || typeof given !== 'object' || given === null) return given === wanted;
  const keys = Object.keys(wanted);
  return keys.length === Object.keys(given).length && keys.every((key) => sameShape((given as Record<string, unknown>)[key], (wanted as Record<string, unknown>)[key]));
}
