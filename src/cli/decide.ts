import type { Evaluation } from '../core/decide/evaluation.ts';
import { toReply } from '../core/decide/reply.ts';
import type { Request } from '../core/request.ts';
import { readRequest } from '../core/schema/requestSchema.ts';
import { secretsRead } from '../gate/secretReads.ts';
import { createSessions, sessionOf } from '../gate/sessions.ts';
import { type InputLine, LineCutter } from './lines.ts';
import { type Standing, evaluateBy, openStanding, standingDetails, standingOptions } from './standing.ts';
import { type Console, type Verb, UsageError, commonDetails } from './verb.ts';

/** `decide`: a request a line in, a decision a line out */
export const decideVerb: Verb = {
  usage: 'decide [--workspace DIR] [--policy FILE] [--mode MODE] [--trusted | --untrusted]',
  summary: 'decide requests, one a line on standard input, one decision a line on standard output',
  details: [
    ...standingDetails, ...commonDetails, '',
    'A request is a line like {"id":1,"tool":"run_command","input":{"command":"git status"}}. The answers come in the same order.',
    'A line that is no request is answered {"id":null,"decision":"deny","error":{"code","message"}}. Nobody is asked and nothing is recorded.',
  ],
  options: standingOptions,
  async run(words, flags, console) {
    if (words.length > 0) throw new UsageError('decide takes requests on standard input, not as words');
    const standing = await openStanding(flags, console);
    for (const problem of standing.problems) console.complain(problem.message);
    await answerAll(createDecider(standing, console.now), console);
    return 0;
  },
};

async function answerAll(answer: (line: InputLine) => string, console: Console): Promise<void> {
  const cutter = new LineCutter();
  for await (const chunk of console.input) {
    for (const replies of inPortions(cutter.push(chunk), answer)) await console.print(replies);
  }
  for (const replies of inPortions(cutter.end(), answer)) await console.print(replies);
}

/** Replies of many lines together, so that a long input costs few writes; never more than about a megabyte at once */
function* inPortions(lines: readonly InputLine[], answer: (line: InputLine) => string): Generator<string> {
  let portion = '';
  for (const line of lines) {
    portion += `${answer(line)}\n`;
    if (portion.length < 1024 * 1024) continue;
    yield portion;
    portion = '';
  }
  if (portion !== '') yield portion;
}

/** Answers lines of input by one policy; what a session was allowed to read it holds at its later lines (spec 7) */
export function createDecider(standing: Standing, now: () => number): (line: InputLine) => string {
  const sessions = createSessions();

  function decide(request: Request): Evaluation {
    const session = sessions.of(sessionOf(request));
    const named = request.actor?.session !== undefined;
    const rules = standing.sessionRules(session.id);
    const time = now();
    const { evaluation } = evaluateBy(standing, request, { now: time, holds: named ? session.holds : [], ...(rules === undefined ? {} : { rules }) });
    if (named && evaluation.decision === 'allow') for (const path of secretsRead(evaluation, standing.policy)) session.noteRead(path, 'secret', time);
    return evaluation;
  }

  return (line) => {
    if ('code' in line) return refusal(line.code, line.message);
    let value: unknown;
    try {
      value = JSON.parse(line.text);
    } catch (error) {
      if (error instanceof SyntaxError) return refusal('bad_json', `The line is not JSON: ${error.message}`);
      throw error;
    }
    const read = readRequest(value);
    if (!read.ok) return refusal('bad_request', read.message);
    try {
      return JSON.stringify(toReply(read.value, decide(read.value)));
    } catch (error) {
      // INVARIANT: whatever fails on one line is a denial of that line, and the next goes on.
      return refusal('failed', `The request could not be decided: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

function refusal(code: string, message: string): string {
  return JSON.stringify({ id: null, decision: 'deny', error: { code, message } });
}
