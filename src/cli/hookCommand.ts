import { findClient } from '../agents/clients.ts';
import { type Installation, findInstallation } from '../agents/installation.ts';
import { ownProgram, quoted } from './ownProgram.ts';
import { FailedError } from './verb.ts';

/** What the shell says where the hook itself cannot */
const failure = 'CoWork Policy: the hook did not run, so the call is denied. See cowork-policy doctor.';

/**
 * The command line that an agent calls. Whatever becomes of the program (gone, crashed, killed), the line denies; and where
 * the agent lets a tool run whose hook was killed together with its shell, a safeguard of the line denies or waits.
 *
 * The user's folder is named in it: settings that come with a repository may change an agent's environment.
 */
export function hookCommand(client: string, deadline: number, userFolder: string, program: readonly string[] = ownProgram(), platform: NodeJS.Platform = process.platform): string {
  const words = [...program, 'hook', client, '--deadline', String(deadline), '--user-folder', userFolder];
  if (platform === 'win32') return client === 'copilot' ? powershellLine(words) : commandPromptLine(words);
  const guarded = guards[findInstallation(client)?.guard ?? 'none'];
  // Some agents use the shell that the person likes best, which may know another grammar. It must not stay: it would tell of the
  // end of ours where only a denial may stand
  return `exec /bin/sh -c ${quoted(guarded(words.map(quoted).join(' '), client))}`;
}

/** Most agents let a tool run after any ending but 0 with a denial, or 2 with a reason */
const endWell = `s=$?; [ $s = 0 ] || [ $s = 2 ] || { echo "${failure}" >&2; s=2; }`;

/** The line around the words of the hook, by what stands in for it where it is killed together with this very shell */
const guards: Readonly<Record<NonNullable<Installation['guard']> | 'none', (hook: string, client: string) => string>> = {
  none: (hook) => `${hook}; ${endWell}; exit $s`,
  // Nobody else may write to that stream: what is more than one document there is none. With 2, agents read no half answer
  'denies first': (hook, client) => `printf %s ${quoted(standingDenial(client))} >&2; exec 2>/dev/null; ${hook}; s=$?; [ $s = 0 ] || [ $s = 2 ] || exit 2; exit 0`,
  // The holder is no child of this shell, so that whoever kills the shell and all below it does not find it. It writes blanks, to
  // learn that the agent is gone, beside the stream of the answer, which one could fall into. It is let go only where the agent
  // still waits for this shell and for no other around it
  'holds the answer': (hook) => `exec 4>&2; h=$(/bin/sh -c ${quoted(holder)} cowork-policy-holder >&4 4>&- & echo $!); ${hook} 4>&-; ${endWell}; kill -0 $PPID 2>/dev/null && kill $h 2>/dev/null; exit $s`,
};

// A file, a terminal or /dev/null has no end that anybody waits for, and would never let the holder go
const holder = 'exec 2>/dev/null; [ -f /dev/fd/1 ] || [ -c /dev/fd/1 ] && exit; while sleep 3 >&2; do printf " " || exit; done';

/** The line for the command prompt of Windows. Throws where that would read a word otherwise: nothing keeps it from filling in `%NAME%` */
function commandPromptLine(words: readonly string[]): string {
  const bad = words.find((word) => /[%"]/.test(word));
  if (bad !== undefined) throw new FailedError(`${bad} cannot be named in a command line of Windows, so nothing was changed. Choose another folder with COWORK_POLICY_HOME`);
  return words.map((word) => (isPlain(word) ? word : `"${word}"`)).join(' ');
}

/** The line for an agent that hands it to PowerShell, made from that agent's documents: it ends with 0 only where the hook did */
function powershellLine(words: readonly string[]): string {
  const line = words.map((word) => (isPlain(word) ? word : `'${word.replaceAll(powershellQuotes, '$&$&')}'`)).join(' ');
  return `${powershellStart}& ${line}; $s = $LASTEXITCODE } catch { }; if ($s -ne 0) { exit 2 }; exit 0`;
}

/** All of them end a word in single ones; two of them are one */
const powershellQuotes = /['‘’‚‛]/g;
const powershellStart = '$s = 2; try { ';

/** Whether a line is one for PowerShell */
export function isPowershell(line: string): boolean {
  return line.startsWith(powershellStart);
}

function isPlain(word: string): boolean {
  return /^[\w./:\\-]+$/.test(word);
}

/** A denial in the agent's own form, for one that reads it on standard error where nothing is on standard output */
function standingDenial(client: string): string {
  return findClient(client)?.write({ decision: 'deny', message: failure }).stdout.trim() ?? '';
}

/** Whether a command line, or an address, is one of ours for this agent */
export function isOurs(command: string, client: string): boolean {
  return isOurAddress(command, client) || (command.includes(` hook ${client} --deadline `) && command.includes('--user-folder '));
}

/** Whether it is an address of ours (`httpHookUrl`) */
export function isOurAddress(command: string, client: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d+\/hook\//.test(command) && command.endsWith(`/hook/${client}`);
}
