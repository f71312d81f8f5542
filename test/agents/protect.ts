import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { AgentClient, Place } from './client.ts';
import { environmentOf } from './environment.ts';
import { hookProgram } from './hookProgram.ts';

const installed = z.object({ installed: z.literal(true), file: z.string() });

/**
 * Puts a client under the policy as a person does, with `cowork-policy install`.
 *
 * @param variables of the client, which may move its settings
 * @param deadline seconds until the hook gives up, in place of the usual ones
 */
export function protect(client: AgentClient, place: Place, variables: Readonly<Record<string, string>>, deadline?: number): void {
  const env = { ...environmentOf(place), ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [hookProgram, 'install', client.name, '--json'], { cwd: place.workspace, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`install ${client.name} failed: ${stderr}${stdout}`);
  const { file } = installed.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  if (deadline !== undefined) {
    const text = readFileSync(file, 'utf8');
    const changed = text.replaceAll(/ --deadline \d+ /g, ` --deadline ${deadline} `);
    if (changed === text) throw new Error(`${file} names no deadline`);
    writeFileSync(file, changed);
  }
}
