import { explain } from '../core/decide/explain.ts';
import { toReply } from '../core/decide/reply.ts';
import { readRequest } from '../core/schema/requestSchema.ts';
import { sessionOf } from '../gate/sessions.ts';
import { evaluateBy, openStanding, standingDetails, standingOptions } from './standing.ts';
import { type Console, type Verb, UsageError, commonDetails } from './verb.ts';

/** `explain`: why one request is decided as it is */
export const explainVerb: Verb = {
  usage: 'explain [--workspace DIR] [--policy FILE] [--mode MODE] [--trusted | --untrusted] [REQUEST | -- COMMAND WORD …]',
  summary: 'show what a request would do, how each part is decided, by which rule, and which rules lost',
  details: [
    ...standingDetails, ...commonDetails, '',
    'REQUEST is JSON like {"tool":"read_file","input":{"path":"a"}}; without it the request is read from standard input.',
    'After -- the words are a shell line for run_command.',
  ],
  options: standingOptions,
  async run(words, flags, console) {
    const text = words.length === 0 ? await readAll(console) : words.join(' ');
    const request = requestOf(text);
    const standing = await openStanding(flags, console);
    for (const problem of standing.problems) console.complain(problem.message);
    const rules = standing.sessionRules(sessionOf(request));
    const { described, evaluation } = evaluateBy(standing, request, { now: console.now(), holds: [], ...(rules === undefined ? {} : { rules }) });
    await console.print(flags['json'] === true ? `${JSON.stringify(toReply(request, evaluation))}\n` : explain(request, described, evaluation));
    return 0;
  },
};

function requestOf(text: string): ReturnType<typeof readValue> {
  const trimmed = text.trim();
  if (trimmed === '') throw new UsageError('there is no request; give one as JSON, or a command after --');
  if (!trimmed.startsWith('{')) return readValue({ tool: 'run_command', input: { command: text } });
  try {
    return readValue(JSON.parse(trimmed));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`the request is not JSON: ${error.message}`, { cause: error });
    throw error;
  }
}

function readValue(value: unknown): Extract<ReturnType<typeof readRequest>, { ok: true }>['value'] {
  const read = readRequest(value);
  if (!read.ok) throw new UsageError(`this is no request: ${read.message}`);
  return read.value;
}

async function readAll(console: Console): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of console.input) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
