import path from 'node:path';
import { type TriedExample, tryExamples } from '../core/decide/ruleExamples.ts';
import type { Decision } from '../core/decision.ts';
import { previewScope } from '../core/rules/ruleScope.ts';
import { type PolicyTest, readPolicyTests } from '../core/schema/policyTests.ts';
import { visible } from '../core/visible.ts';
import { FolderError, readPlainFile } from '../node/store/storeFolder.ts';
import { readJson, readJsonFile } from './jsonFile.ts';
import { workspaceFolder } from './place.ts';
import { type Standing, evaluateBy, openStanding, standingDetails, standingOptions } from './standing.ts';
import { type Console, FailedError, type Flags, type Verb, UsageError, commonDetails, textFlag } from './verb.ts';

/** Bytes of a workspace's tests that are read */
const largestTests = 4 * 1024 * 1024;

/** One thing that was tried, as `--json` prints it */
type Tried = { readonly kind: 'example'; readonly rule: string; readonly scope: string } & TriedExample & { readonly ok: boolean }
  | { readonly kind: 'test'; readonly text: string; readonly expected: Decision; readonly got: Decision; readonly why: string; readonly ok: boolean };

/** `test`: tries what the policy promises of itself */
export const testVerb: Verb = {
  usage: 'test [--workspace DIR] [--policy FILE] [--mode MODE] [--trusted | --untrusted]',
  summary: 'try the examples of the rules and the tests of the policy; fails when one does not hold',
  details: [
    ...standingDetails, ...commonDetails, '',
    'A rule’s “examples” list what it must match and must not match: {"match":["git status -s"],"notMatch":["git push"]}.',
    'Tests are [{"request":{…},"decision":"ask"}]: in the policy file under “tests”, or in .cowork/tests.json of the workspace.',
  ],
  options: standingOptions,
  async run(words, flags, console) {
    if (words.length > 0) throw new UsageError('test takes no words');
    const standing = await openStanding(flags, console);
    for (const problem of standing.problems) console.complain(problem.message);
    const tried = [...examplesOf(standing), ...testsOf(readTests(flags, console), standing, console.now())];
    const failed = tried.filter(({ ok }) => !ok).length;
    if (flags['json'] === true) {
      await console.print(tried.map((each) => `${JSON.stringify(each)}\n`).join(''));
    } else {
      await console.print(`${tried.map((each) => `${lineOf(each)}\n`).join('')}${tried.length === 0 ? 'There is nothing to try: no rule has examples, and there are no tests.' : `${tried.length - failed} hold, ${failed} fail.`}\n`);
    }
    return failed === 0 ? 0 : 1;
  },
};

function examplesOf({ rules, surroundings }: Standing): readonly Tried[] {
  return rules.flatMap((rule) => tryExamples(rule, surroundings).map((example): Tried => ({
    kind: 'example', rule: rule.id, scope: `${rule.effect} ${previewScope(rule.scope)}`, ...example, ok: example.got === example.expected,
  })));
}

function testsOf(tests: readonly PolicyTest[], standing: Standing, now: number): readonly Tried[] {
  return tests.map(({ name, request, decision }): Tried => {
    const { evaluation: got } = evaluateBy(standing, request, { now, holds: [] });
    const text = name ?? `${request.tool} ${JSON.stringify(request.input ?? {})}`;
    return { kind: 'test', text, expected: decision, got: got.decision, why: got.reason.summary, ok: got.decision === decision };
  });
}

/** The tests of the policy file, or of the workspace; those of a repository are only read, so they need no trust */
function readTests(flags: Flags, console: Console): readonly PolicyTest[] {
  const policy = textFlag(flags, 'policy');
  const file = policy === undefined ? path.join(workspaceFolder(flags, console), '.cowork', 'tests.json') : path.resolve(console.folder, policy);
  const value = policy === undefined ? workspaceTests(file) : (readJsonFile(file) as { readonly tests?: unknown } | null)?.tests;
  const read = readPolicyTests(value ?? []);
  if (!read.ok) throw new UsageError(`${file}: ${read.message} Mend it there`);
  return read.value;
}

/** Nothing in a workspace may lead a reader elsewhere or make it wait, so a link or a pipe is refused */
function workspaceTests(file: string): unknown {
  try {
    const bytes = readPlainFile(file, largestTests);
    return bytes === undefined ? undefined : readJson(bytes.toString('utf8'), file);
  } catch (error) {
    if (error instanceof FolderError) throw new FailedError(error.message);
    throw error;
  }
}

function lineOf(tried: Tried): string {
  const what = tried.kind === 'example' ? `${tried.scope}: ${tried.expected} “${visible(tried.text)}”` : `${tried.expected}: ${visible(tried.text)}`;
  if (tried.ok) return `ok     ${what}`;
  return `FAILS  ${what}; ${tried.kind === 'example' ? tried.got : `it is ${tried.got}: ${visible(tried.why)}`}`;
}
