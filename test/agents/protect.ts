import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { opencodePlugin } from '../../src/agents/opencodePlugin.ts';
import type { AgentClient, Place } from './client.ts';
import { hookProgram } from './hookProgram.ts';
import { writeJson } from './writeJson.ts';

/** The command a client calls for each tool */
export function hookCommand(client: AgentClient, ...more: readonly string[]): string {
  return `${process.execPath} ${hookProgram} hook ${client.name}${more.map((word) => ` ${word}`).join('')}`;
}

/** Puts our hook into the client's settings at user scope */
export function protect(client: AgentClient, place: Place, ...more: readonly string[]): void {
  const command = `${hookCommand(client, ...more)}; s=$?; [ $s = 0 ] || [ $s = 2 ] || { echo 'CoWork Policy: the hook was killed, so the call is denied.' >&2; exit 2; }; exit $s`;
  const inHome = (file: string): string => path.join(place.home, file);
  const hook = { type: 'command', command, timeout: 600 };
  switch (client.name) {
    case 'claude':
      writeJson(inHome('.claude/settings.json'), { hooks: { PreToolUse: [{ matcher: '*', hooks: [{ ...hook, onFailure: 'block' }] }] } });
      break;
    case 'codex':
      appendFileSync(inHome('.codex/config.toml'), `\n[[hooks.PreToolUse]]\nmatcher = ".*"\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = ${JSON.stringify(command)}\ntimeout = 600\n`);
      break;
    case 'copilot':
      writeJson(inHome('.copilot/hooks/cowork-policy.json'), { version: 1, hooks: { preToolUse: [{ type: 'command', bash: command, timeoutSec: 600 }] } });
      break;
    case 'gemini':
      merge(inHome('.gemini/settings.json'), { hooks: { BeforeTool: [{ matcher: '.*', hooks: [{ ...hook, name: 'cowork-policy', timeout: 600_000 }] }] } });
      break;
    case 'qwen':
      merge(inHome('.qwen/settings.json'), { hooks: { PreToolUse: [{ matcher: '*', hooks: [{ ...hook, name: 'cowork-policy' }] }] } });
      break;
    case 'opencode':
      mkdirSync(inHome('.config/opencode/plugin'), { recursive: true });
      writeFileSync(inHome('.config/opencode/plugin/cowork-policy.js'), opencodePlugin([process.execPath, hookProgram, 'hook', client.name, ...more]));
      break;
  }
}

function merge(file: string, more: object): void {
  writeJson(file, { ...z.looseObject({}).parse(JSON.parse(readFileSync(file, 'utf8'))), ...more });
}
