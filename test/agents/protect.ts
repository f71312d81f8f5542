import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import type { AgentClient, Place } from './client.ts';
import { environmentOf } from './environment.ts';
import { hookProgram } from './hookProgram.ts';

const installed = z.object({ installed: z.literal(true), file: z.string() });

export interface Protection {
  /** Seconds until the hook gives up, in place of the usual ones */
  readonly deadline?: number;
  /** `http`: the client calls the editor itself */
  readonly form?: 'command' | 'http';
  /** What else becomes of the settings file */
  readonly change?: (text: string) => string;
}

/**
 * Puts a client under the policy as a person does, with `cowork-policy install`.
 *
 * @param variables of the client, which may move its settings
 */
export async function protect(client: AgentClient, place: Place, variables: Readonly<Record<string, string>>, { deadline, form = 'command', change = (text) => text }: Protection = {}): Promise<void> {
  const env = { ...environmentOf(place), ...variables };
  const { stdout } = await promisify(execFile)(process.execPath, [hookProgram, 'install', client.name, '--form', form, '--json'], { cwd: place.workspace, env });
  const { file } = installed.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  const text = readFileSync(file, 'utf8');
  const changed = change(deadline === undefined ? text : text.replaceAll(/ --deadline \d+ /g, ` --deadline ${deadline} `));
  if (deadline !== undefined && changed === text) throw new Error(`${file} names no deadline`);
  if (changed !== text) writeFileSync(file, changed);
}
