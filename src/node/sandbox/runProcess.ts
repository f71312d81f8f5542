import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { Output } from './output.ts';
import { type OutputStream, type Ran, type RunOptions, type RunResult, type SandboxKind, longestTimeout, usualTimeout } from './sandbox.ts';

/** After its process is gone, how long a stream may stay open, in milliseconds */
const grace = 2_000;

/** A program to start, and how to end it */
export interface Start {
  readonly sandbox: SandboxKind;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Pipes beside the three usual ones; `started` gets them in order, from descriptor 3 on */
  readonly pipes?: number;
  readonly started?: (child: ChildProcess, pipes: readonly Duplex[]) => void;
  /** Ends everything the program started; called on a time-out, on cancelling, and once after its end */
  readonly kill: (child: ChildProcess) => void;
  /** Reads the end of the program: what the command itself came to, or why it never started */
  readonly read?: (end: End) => Pick<Ran, 'exitCode' | 'signal'> | { readonly refused: string };
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Runs one program to its end, with a time-out, capped and masked output, and nothing left behind. Never rejects */
export function runProcess(start: Start, options: RunOptions): Promise<RunResult> {
  const { sandbox } = start;
  const { signal: cancel, onOutput } = options;
  if (cancel?.aborted === true) return Promise.resolve(endedBefore(sandbox));
  const timeout = options.timeout ?? usualTimeout;
  if (!Number.isFinite(timeout) || timeout <= 0) return Promise.resolve({ ok: false, sandbox, reason: 'The time-out must be a number of milliseconds above 0.' });
  const began = performance.now();
  return new Promise<RunResult>((resolve) => {
    let ended: Ran['ended'] = 'exited';
    let done = false;
    let failure: string | undefined;
    const listen = (stream: OutputStream): Output =>
      new Output((text) => {
        try {
          onOutput?.(stream, text);
        } catch (error) {
          failure ??= `Whoever listened to the output failed (${error instanceof Error ? error.message : String(error)}).`;
          end('cancelled');
        }
      });
    const out = { stdout: listen('stdout'), stderr: listen('stderr') };
    const child = spawn(start.program, start.args, {
      cwd: start.cwd, env: start.environment, detached: process.platform !== 'win32', windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe', ...Array.from({ length: start.pipes ?? 0 }, () => 'pipe' as const)],
    });
    const end = (how: 'timed_out' | 'cancelled'): void => {
      if (done || ended !== 'exited') return;
      ended = how;
      start.kill(child);
    };
    const onAbort = (): void => end('cancelled');
    const timer = setTimeout(() => end('timed_out'), Math.min(timeout, longestTimeout));
    cancel?.addEventListener('abort', onAbort, { once: true });
    let exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;
    const finish = (): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      cancel?.removeEventListener('abort', onAbort);
      for (const stream of child.stdio) stream?.destroy();
      const [stdout, stderr] = [out.stdout.end(), out.stderr.end()];
      const { code, signal } = exit ?? { code: null, signal: null };
      const outcome = start.read === undefined ? plainEnd(code, signal) : start.read({ code, signal, stderr });
      if (failure !== undefined) return resolve({ ok: false, sandbox, reason: failure });
      if ('refused' in outcome && ended === 'exited') return resolve({ ok: false, sandbox, reason: outcome.refused });
      const told = 'refused' in outcome || ended !== 'exited' ? { exitCode: undefined, signal: 'refused' in outcome ? undefined : outcome.signal } : outcome;
      resolve({
        ok: true, sandbox, ...told, ended, stdout, stderr, milliseconds: Math.round(performance.now() - began),
        truncated: (['stdout', 'stderr'] as const).filter((name) => out[name].truncated),
      });
    };
    child.once('error', (error) => {
      failure ??= `${start.program} cannot be started (${(error as NodeJS.ErrnoException).code ?? error.message}).`;
      if (child.pid === undefined) finish();
    });
    child.stdout?.on('data', (bytes: Buffer) => out.stdout.push(bytes));
    child.stderr?.on('data', (bytes: Buffer) => out.stderr.push(bytes));
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      // What it left running may hold the streams open
      start.kill(child);
      setTimeout(finish, grace).unref();
    });
    child.once('close', finish);
    const pipes = child.stdio.slice(3) as unknown as Duplex[];
    // A program that is gone takes nothing more; its end is told by `exit`
    for (const pipe of pipes) pipe.on('error', () => undefined);
    if (child.pid !== undefined) start.started?.(child, pipes);
  }).catch((error: unknown) => ({ ok: false, sandbox, reason: `${start.program} cannot be started (${error instanceof Error ? error.message : String(error)}).` }));
}

/** Why a line cannot be handed to a shell byte for byte, or `undefined` */
export function cannotBeRun(command: string): string | undefined {
  if (command.includes('\0')) return 'The command holds a NUL character, which no shell can be given; leave it out.';
  return command.isWellFormed() ? undefined : 'The command holds half a character, which cannot be handed on as it is; write it again.';
}

/** Code and signal as shells tell them */
export function plainEnd(code: number | null, signal: NodeJS.Signals | null): Pick<Ran, 'exitCode' | 'signal'> {
  if (signal !== null) return { exitCode: 128 + constants.signals[signal], signal };
  return { exitCode: code ?? undefined, signal: code === null ? undefined : signalOf(code) };
}

/** The signal that an exit code above 128 stands for, as shells write it */
function signalOf(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}

function endedBefore(sandbox: SandboxKind): Ran {
  return { ok: true, sandbox, exitCode: undefined, signal: undefined, ended: 'cancelled', stdout: '', stderr: '', truncated: [], milliseconds: 0 };
}
