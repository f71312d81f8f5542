import { run } from '../../../src/cli/run.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a call of the command line inside this process, with the input given in the chunks given */
export async function runWith(words: readonly string[], input: readonly (string | Uint8Array)[] = [], folder = '/'): Promise<Ran> {
  let out = '';
  let err = '';
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const code = await run(words, {
    input: chunks(),
    print: (text) => {
      out += text;
      return Promise.resolve();
    },
    complain: (text) => {
      err += `${text}\n`;
    },
    folder,
    now: () => 0,
  });
  return { code, out, err };
}

/** The JSON values of an output, one a line */
export function values(out: string): readonly Record<string, unknown>[] {
  return out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}
