import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { Beginning } from './begin.ts';
import { Output } from './output.ts';
import { type OutputPipes, outputPipes } from './outputPipes.ts';
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
  /** Open descriptors that the program gets after those, in order */
  readonly descriptors?: readonly number[];
  /** What the standard output begins with once the command is about to run (see `sayWord`); it is taken out */
  readonly word?: string;
  /** Called as soon as the program runs; where it fails the program is ended and nothing has run */
  readonly started?: (child: ChildProcess, pipes: readonly Duplex[]) => void | Promise<void>;
  /** Ends everything the program started; called on a time-out, on cancelling, and once after its end */
  readonly kill: (child: ChildProcess) => void;
  /** Reads the end of the program: what the command itself came to, or why it never started */
  readonly read?: (end: End) => Pick<Ran, 'exitCode' | 'signal'> | { readonly refused: string };
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** The command was about to run: how it ended is its own, whatever it wrote. Always, where no word was waited for */
  readonly begun: boolean;
}

/** Runs one program to its end, with a time-out, capped and masked output, and nothing left behind. Never rejects */
export async function runProcess(start: Start, options: RunOptions): Promise<RunResult> {
  const { sandbox } = start;
  if (options.signal?.aborted === true) return endedBefore(sandbox);
  const timeout = options.timeout ?? usualTimeout;
  if (!Number.isFinite(timeout) || timeout <= 0) return { ok: false, sandbox, reason: 'The time-out must be a number of milliseconds above 0.' };
  try {
    return await runToEnd(start, options, Math.min(timeout, longestTimeout), await outputPipes());
  } catch (error) {
    return { ok: false, sandbox, reason: `${start.program} cannot be started (${messageOf(error)}).` };
  }
}

function runToEnd(start: Start, { signal: cancel, onOutput }: RunOptions, timeout: number, output: OutputPipes | undefined): Promise<RunResult> {
  const { sandbox } = start;
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
          failure ??= `Whoever listened to the output failed (${messageOf(error)}).`;
          end('cancelled');
        }
      });
    const out = { stdout: listen('stdout'), stderr: listen('stderr') };
    const beginning = new Beginning(start.word);
    const child = spawnWith(start, output);
    const end = (how: 'timed_out' | 'cancelled'): void => {
      if (done || ended !== 'exited') return;
      ended = how;
      start.kill(child);
    };
    const onAbort = (): void => end('cancelled');
    const timer = setTimeout(() => end('timed_out'), timeout);
    cancel?.addEventListener('abort', onAbort, { once: true });
    const sources: readonly Readable[] = output?.streams ?? [child.stdout, child.stderr].filter((stream) => stream !== null);
    let exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;
    let open = sources.length;
    const finish = (): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      cancel?.removeEventListener('abort', onAbort);
      for (const stream of [...sources, ...child.stdio]) stream?.destroy();
      const [stdout, stderr] = [out.stdout.end(), out.stderr.end()];
      const { code, signal } = exit ?? { code: null, signal: null };
      const outcome = (start.read ?? readEnd)({ code, signal, stderr, begun: beginning.isHere });
      if (failure !== undefined) return resolve({ ok: false, sandbox, reason: failure });
      if ('refused' in outcome && ended === 'exited') return resolve({ ok: false, sandbox, reason: outcome.refused });
      const told = 'refused' in outcome || ended !== 'exited' ? { exitCode: undefined, signal: 'refused' in outcome ? undefined : outcome.signal } : outcome;
      resolve({
        ok: true, sandbox, ...told, ended, stdout, stderr, milliseconds: Math.round(performance.now() - began),
        truncated: (['stdout', 'stderr'] as const).filter((name) => out[name].truncated),
      });
    };
    const closed = (): void => {
      open -= 1;
      if (open === 0 && exit !== undefined) finish();
    };
    for (const [index, source] of sources.entries()) {
      source.on('data', (bytes: Buffer) => (index === 0 ? out.stdout.push(beginning.take(bytes)) : out.stderr.push(bytes)));
      source.once('close', closed);
      source.on('error', () => source.destroy());
    }
    child.once('error', (error) => {
      failure ??= `${start.program} cannot be started (${(error as NodeJS.ErrnoException).code ?? error.message}).`;
      if (child.pid === undefined) finish();
    });
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      // What it left running may hold the streams open
      start.kill(child);
      if (open === 0) finish();
      else setTimeout(finish, grace).unref();
    });
    if (child.pid === undefined) return;
    const pipes = child.stdio.slice(3, 3 + (start.pipes ?? 0)) as unknown as Duplex[];
    // A program that is gone takes nothing more; its end is told by `exit`
    for (const pipe of pipes) pipe.on('error', () => undefined);
    void new Promise<void>((going) => going(start.started?.(child, pipes))).catch((error: unknown) => {
      failure ??= `The sandbox cannot start: ${messageOf(error)}.`;
      end('cancelled');
    });
  });
}

/** Why a command never began: what its shell said last */
export function notBegun({ code, signal, stderr }: End): { readonly refused: string } {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return { refused: said === '' ? `It was ended before it began (${signal ?? `code ${code ?? 'unknown'}`}).` : said.slice(0, 300) };
}

function readEnd(end: End): ReturnType<typeof plainEnd> | { readonly refused: string } {
  return end.begun ? plainEnd(end.code, end.signal) : notBegun(end);
}

function spawnWith(start: Start, output: OutputPipes | undefined): ChildProcess {
  try {
    return spawn(start.program, start.args, {
      cwd: start.cwd, env: start.environment, detached: process.platform !== 'win32', windowsHide: true,
      stdio: ['ignore', output?.ends[0] ?? 'pipe', output?.ends[1] ?? 'pipe', ...Array.from({ length: start.pipes ?? 0 }, () => 'pipe' as const), ...(start.descriptors ?? [])],
    });
  } catch (error) {
    for (const stream of output?.streams ?? []) stream.destroy();
    throw error;
  } finally {
    output?.handedOver();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
