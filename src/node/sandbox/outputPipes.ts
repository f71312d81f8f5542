import { execFile } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './findProgram.ts';

/** Where a command's standard output and error go */
export interface OutputPipes {
  /** Descriptors for the command, to be closed here by `handedOver` once it has them */
  readonly ends: readonly [stdout: number, stderr: number];
  readonly streams: readonly [stdout: Socket, stderr: Socket];
  handedOver(): void;
}

/** Pairs made at once, since making them takes a process */
const atOnce = 8;
const spare: OutputPipes[] = [];
let making: Promise<void> | undefined;

/**
 * Pipes as a shell makes them. What Node gives a child are sockets, and `> /dev/stdout` cannot open a socket by its name.
 * `undefined` on systems where that is no matter, or where pipes cannot be made.
 */
export async function outputPipes(): Promise<OutputPipes | undefined> {
  if (process.platform !== 'linux') return undefined;
  for (let tries = 0; spare.length === 0 && tries < 8; tries += 1) await more();
  const taken = spare.pop();
  // The next run finds some without waiting; where that fails, it will be told. This one goes first
  if (spare.length === 0) setImmediate(() => void more().catch(() => undefined));
  return taken;
}

function more(): Promise<void> {
  return (making ??= make().finally(() => (making = undefined)));
}

async function make(): Promise<void> {
  const program = findProgram('mkfifo');
  if (program === undefined) return;
  const folder = mkdtempSync(path.join(tmpdir(), 'cowork-pipes-'));
  try {
    const names = Array.from({ length: 2 * atOnce }, (_, index) => path.join(folder, String(index)));
    await promisify(execFile)(program, ['-m', '600', ...names]);
    for (let index = 0; index < atOnce; index += 1) spare.push(open(names[2 * index] ?? '', names[2 * index + 1] ?? ''));
  } finally {
    // Both ends are open: without a name nobody else gets at them
    rmSync(folder, { recursive: true, force: true });
  }
}

function open(...names: readonly [string, string]): OutputPipes {
  // A pipe opens for writing only once somebody reads it
  const readers = names.map((name) => openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)) as [number, number];
  const ends = names.map((name) => openSync(name, constants.O_WRONLY)) as [number, number];
  let streams: [Socket, Socket] | undefined;
  return {
    ends,
    get streams() {
      return (streams ??= readers.map((fd) => new Socket({ fd, readable: true, writable: false })) as [Socket, Socket]);
    },
    handedOver() {
      for (const end of ends) closeSync(end);
    },
  };
}
