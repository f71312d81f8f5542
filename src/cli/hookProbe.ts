import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findClient } from '../agents/clients.ts';
import type { Installation } from '../agents/installation.ts';

/** What became of calling a hook as its agent would */
export type Probed = { readonly ok: true; readonly milliseconds: number } | { readonly ok: false; readonly why: string };

/** Milliseconds; a hook that needs longer for a call that is denied at once is of no use */
const patience = 20_000;

/**
 * Calls a command line as the agent would, through a shell, with a call that every policy denies, and looks whether the
 * answer is the denial that the agent understands.
 */
export async function probeHook(command: string, installation: Installation): Promise<Probed> {
  const client = findClient(installation.client);
  if (client === undefined) return { ok: false, why: 'there is no such agent' };
  const folder = mkdtempSync(path.join(tmpdir(), 'cowork-probe-'));
  const started = performance.now();
  try {
    const { code, out } = await runLine(probing(command), folder, JSON.stringify(installation.probe(folder)));
    const wanted = client.write({ decision: 'deny', message: 'x' });
    if (code !== wanted.code) return { ok: false, why: `it ended with ${code ?? 'a signal'}, not with ${wanted.code}` };
    if (!sameShape(JSON.parse(out), JSON.parse(wanted.stdout))) return { ok: false, why: `it answered ${out.trim().slice(0, 200)}` };
    return { ok: true, milliseconds: Math.round(performance.now() - started) };
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
    const child = spawn(command, { cwd, shell: true, timeout: patience, stdio: ['pipe', 'pipe', 'ignore'] });
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
