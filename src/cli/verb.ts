import type { ParseArgsConfig } from 'node:util';

/** The world as a verb sees it; tests hand in their own */
export interface Console {
  readonly input: AsyncIterable<Uint8Array>;
  /** Resolves when the text is handed on, so that a slow reader slows us down */
  readonly print: (text: string) => Promise<void>;
  /** One line for people about what went wrong */
  readonly complain: (text: string) => void;
  readonly folder: string;
  readonly now: () => number;
}

export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** A verb of the command line: one file each */
export interface Verb {
  /** How it is called, after the program's name */
  readonly usage: string;
  /** What it does, one line */
  readonly summary: string;
  /** Lines on its options, and what else there is to know */
  readonly details: readonly string[];
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Returns the exit code: 0 done, 1 the thing asked about is not so or could not be done */
  readonly run: (words: readonly string[], flags: Flags, console: Console) => Promise<number>;
}

/** Options that every verb takes */
export const commonOptions = { workspace: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const satisfies ParseArgsConfig['options'];

export const commonDetails: readonly string[] = [
  '--workspace DIR   the workspace folder (the current folder)',
  '--json            print JSON, one value a line',
  '--help            print this',
];

/** The program was called in a way that means nothing; the message is one line that says what to write instead */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for cannot be done now; the message is one line for people */
export class FailedError extends Error {
  override readonly name = 'FailedError';
}

/** The text of an option, or `undefined` */
export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}
