import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { findInstallation } from '../../src/agents/installation.ts';
import { opencodePlugin } from '../../src/agents/opencodePlugin.ts';
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
  if (findInstallation(client.name) === undefined) {
    const folder = path.join(place.home, '.config/opencode/plugin');
    mkdirSync(folder, { recursive: true });
    const words = ['hook', client.name, ...(deadline === undefined ? [] : ['--deadline', String(deadline)])];
    writeFileSync(path.join(folder, 'cowork-policy.js'), opencodePlugin([process.execPath, hookProgram, ...words]));
    return;
  }
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
