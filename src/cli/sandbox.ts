import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { quote } from 'shell-quote';
import { describe } from '../core/describe/describe.ts';
import { explain } from '../core/decide/explain.ts';
import type { Request } from '../core/request.ts';
import { visible } from '../core/visible.ts';
import { type SandboxPlace, openChosenSandbox, realFolder } from '../node/sandbox/chosenSandbox.ts';
import type { Unavailable } from '../node/sandbox/openSandbox.ts';
import { type Mount, longestTimeout, sandboxKinds, usualTimeout, type OutputStream, type Ran, type SandboxKind } from '../node/sandbox/sandbox.ts';
import { isWithin } from '../node/sandbox/startFolder.ts';
import { unfitMount } from '../node/sandbox/unfitWorkspace.ts';
import { hostReach } from '../node/tools/hostReach.ts';
import { author, withGate, withStore } from './ownGate.ts';
import { surroundingsOf, workspaceFolder } from './place.ts';
import { placeGate } from './placeGate.ts';
import { type Console, FailedError, type Flags, UsageError, type Verb, commonDetails, textFlag } from './verb.ts';

const choices = ['auto', ...sandboxKinds] as const;

/** `sandbox run`: a command that the gate allows, in a sandbox */
export const sandboxVerb: Verb = {
  usage: 'sandbox run [--sandbox KIND] [--read-only] [--mount FOLDER] [--timeout SECONDS] -- COMMAND WORD …',
  summary: 'run a command in a sandbox, if the gate allows it',
  details: [
    `--sandbox KIND    one of ${choices.join(', ')}; auto takes the best that works, and never none; the workspace’s own choice unless told`,
    '--read-only       the command may not write to the workspace either',
    '--mount FOLDER    a folder outside the workspace that it may read, besides the allowed paths of the policy',
    `--timeout SECONDS when it is ended (${usualTimeout / 1000}, at most ${longestTimeout / 1000})`,
    ...commonDetails, '',
    'One word after -- is a shell line, run as it is; several are quoted so that the command gets them as given.',
    'The exit code is the command’s own; 124 when its time was up, 130 when it was cancelled, 1 when it was not allowed or could not start.',
    'With --json the result is one line at the end; without it the output is handed on as it comes.',
  ],
  options: { sandbox: { type: 'string' }, 'read-only': { type: 'boolean' }, mount: { type: 'string' }, timeout: { type: 'string' } },
  async run([what, ...words], flags, console) {
    if (what !== 'run' || words.length === 0) throw new UsageError('say “sandbox run -- COMMAND”');
    const [first = ''] = words;
    const command = words.length === 1 ? first : quote([...words]);
    const named = textFlag(flags, 'sandbox');
    const kind = named === undefined ? undefined : kindOf(named);
    const timeout = timeoutOf(textFlag(flags, 'timeout'));
    const stop = stopOnSignals();
    try {
      return await allowAndRun({ command, kind, timeout, signal: stop.signal }, flags, console);
    } finally {
      stop.dispose();
    }
  },
};

const actor = { kind: 'user', name: author } as const;

interface Wanted {
  readonly command: string;
  /** What was named; the workspace's own choice unless told */
  readonly kind: SandboxKind | 'auto' | undefined;
  readonly timeout: number;
  readonly signal: AbortSignal;
}

async function allowAndRun(wanted: Wanted, flags: Flags, console: Console): Promise<number> {
  const { workspace, home, userFolder } = surroundingsOf(workspaceFolder(flags, console));
  const cwd = isWithin(console.folder, workspace) ? console.folder : workspace;
  const extraMounts = mountsOf(textFlag(flags, 'mount'), console.folder, { workspace, home, userFolder });
  const allowed = await allow({ tool: 'run_command', input: { command: wanted.command }, cwd, shell: process.platform === 'win32' ? 'pwsh' : 'bash', actor }, wanted, flags, console);
  if (!allowed) return 1;
  const settings = await withStore(flags, console, ({ state }) => Promise.resolve(state.settings));
  const opened = await openChosenSandbox(settings, { workspace, home, userFolder, readOnly: flags['read-only'] === true, extraMounts }, wanted.kind);
  if (!opened.ok) throw new FailedError(`No sandbox works here, so nothing was run. ${reasons(opened.passedOver)} To run it without one, say --sandbox none.`);
  const reach = hostReach({ gate: placeGate(userFolder, workspace), ids: randomUUID, signal: wanted.signal, surroundings: surroundingsOf(workspace) }, { actor });
  const json = flags['json'] === true;
  const print = json ? undefined : handOn(console);
  const result = await opened.sandbox.run(wanted.command, { cwd, timeout: wanted.timeout, signal: wanted.signal, reach, ...(print === undefined ? {} : { onOutput: print.take }) });
  await print?.end();
  if (!result.ok && !json) throw new FailedError(`Nothing was run. ${result.reason}`);
  if (json) await console.print(`${JSON.stringify({ command: wanted.command, ...result, passedOver: opened.passedOver })}\n`);
  if (!result.ok) return 1;
  if (result.ended === 'timed_out' && !json) console.complain(`cowork-policy: ended after ${wanted.timeout / 1000} s, with all it had started`);
  return exitCodeOf(result);
}

/** Asks the gate like any agent's command; says why where it is not allowed */
function allow(request: Request & { readonly input: { readonly command: string } }, { signal }: Wanted, flags: Flags, console: Console): Promise<boolean> {
  return withGate(flags, console, async (gate, place) => {
    // Here nobody can be asked: a question is taken back before it is put, and stands in the record as that
    const verdict = await gate.check(request, { signal: place === 'here' ? AbortSignal.abort() : signal });
    const changed = verdict.edited !== undefined;
    if (verdict.decision === 'allow' && !changed) return true;
    const asks = place === 'here' && verdict.settledBy === 'withdrawn';
    const advice = changed
      ? 'It was allowed only with changes; run the changed command instead.'
      : asks
        ? `This needs a person. Open the folder in the editor to be asked, or allow it for good: cowork-policy rules add allow --command ${quote([request.input.command])}`
        : verdict.message;
    if (flags['json'] === true) {
      await console.print(`${JSON.stringify({ command: request.input.command, ok: false, decision: asks ? 'ask' : 'deny', reason: advice })}\n`);
      return false;
    }
    if (place === 'here') {
      const text = explain(request, describe(request, surroundingsOf(workspaceFolder(flags, console))), verdict.evaluation);
      for (const line of text.trimEnd().split('\n')) console.complain(line);
    }
    console.complain(`cowork-policy: not run. ${advice}`);
    return false;
  });
}

function mountsOf(text: string | undefined, folder: string, place: SandboxPlace): readonly Mount[] {
  if (text === undefined) return [];
  const real = realFolder(path.resolve(folder, text));
  if (real === undefined) throw new UsageError(`--mount needs a folder that is there; “${text}” is none`);
  const reason = unfitMount(real, place);
  if (reason !== undefined) throw new UsageError(`--mount: ${reason}`);
  return [{ path: real, writable: false }];
}

function kindOf(text: string): SandboxKind | 'auto' {
  const kind = choices.find((choice) => choice === text);
  if (kind === undefined) throw new UsageError(`“${text}” is no sandbox; use one of ${choices.join(', ')}`);
  return kind;
}

function timeoutOf(text: string | undefined): number {
  if (text === undefined) return usualTimeout;
  const seconds = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds <= 0 || seconds * 1000 > longestTimeout) throw new UsageError(`--timeout needs seconds above 0, at most ${longestTimeout / 1000}`);
  return seconds * 1000;
}

function reasons(passedOver: readonly Unavailable[]): string {
  return passedOver.map(({ kind, reason }) => `${kind}: ${reason}`).join(' ');
}

/** Output goes on in order: the command's own to standard output, its complaints line by line with their control characters made visible */
function handOn(console: Console): { readonly take: (stream: OutputStream, text: string) => void; readonly end: () => Promise<void> } {
  let turn = Promise.resolve();
  let line = '';
  return {
    take(stream, text) {
      if (stream === 'stdout') {
        turn = turn.then(() => console.print(text));
        return;
      }
      const lines = `${line}${text}`.split('\n');
      line = lines.pop() ?? '';
      for (const each of lines) console.complain(visible(each));
    },
    async end() {
      if (line !== '') console.complain(visible(line));
      await turn;
    },
  };
}

function exitCodeOf({ ended, exitCode }: Ran): number {
  if (ended === 'timed_out') return 124;
  return ended === 'cancelled' ? 130 : (exitCode ?? 1);
}

/** The command ends with us */
function stopOnSignals(): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, stop);
    },
  };
}
