import { existsSync } from 'node:fs';
import path from 'node:path';

/** What the shell says where the hook itself cannot */
const failure = 'CoWork Policy: the hook did not run, so the call is denied. See cowork-policy doctor.';

/**
 * The command line that an agent calls. Whatever becomes of the program (gone, crashed, killed), the line ends with 0 or with
 * a reason and 2, because most agents let a tool run after any other ending.
 *
 * The user's folder is named in it: settings that come with a repository may change an agent's environment.
 */
export function hookCommand(client: string, deadline: number, userFolder: string, program: readonly string[] = ownProgram()): string {
  const words = [...program, 'hook', client, '--deadline', String(deadline), '--user-folder', userFolder];
  if (process.platform === 'win32') return words.map((word) => (/^[\w./:\\-]+$/.test(word) ? word : `"${word}"`)).join(' ');
  const line = `${words.map(quoted).join(' ')}; s=$?; [ $s = 0 ] || [ $s = 2 ] || { echo "${failure}" >&2; s=2; }; exit $s`;
  // Some agents use the shell that the person likes best, which may know another grammar
  return `/bin/sh -c ${quoted(line)}`;
}

/** The words that start this very program */
export function ownProgram(): readonly string[] {
  return [process.execPath, ['cli.js', 'main.ts'].map((name) => path.join(import.meta.dirname, name)).find((file) => existsSync(file)) ?? ''];
}

/** Whether a command line, or an address, is one of ours for this agent */
export function isOurs(command: string, client: string): boolean {
  return isOurAddress(command, client) || (command.includes(` hook ${client} --deadline `) && command.includes('--user-folder '));
}

/** Whether it is an address of ours (`httpHookUrl`) */
export function isOurAddress(command: string, client: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d+\/hook\//.test(command) && command.endsWith(`/hook/${client}`);
}

/** A word as the shell reads it back */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
