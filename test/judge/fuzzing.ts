import fc from 'fast-check';
import { parse } from 'unbash';
import { evaluate } from '../../src/core/evaluate.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import type { ShellKind } from '../../src/core/request.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { longLength } from './longLines.ts';
import { program } from './programs.ts';
import { Random } from './random.ts';

/** What one answer to a line of 10 kB may take, in milliseconds of processor time */
export const longestAnswer = 50;

/** What a run found */
export interface Fuzzed {
  readonly inputs: number;
  /** Inputs that Bash could not parse */
  readonly unparsed: number;
  readonly decisions: Readonly<Record<'allow' | 'ask' | 'deny', number>>;
  /** The input that cost most, and its processor time in milliseconds, the best of several */
  readonly slowest: { readonly text: string; readonly shell: ShellKind; readonly milliseconds: number };
  /** What must not be: a throw, an answer that is not one, an allow on what does not parse; each with its input */
  readonly faults: readonly string[];
}

const surroundings: Surroundings = {
  workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash',
  files: { resolve: (path) => path, readText: (path) => (path.endsWith('package.json') ? '{"scripts":{"test":"mocha","x":"rm -rf a"}}' : undefined) },
};
const permissions = { read: true, write: true, delete: true, shell: true, network: true };
const broad = ['ls', 'rm', 'cat', 'echo', 'git', 'eval', 'bash', 'find', 'a', 'x', 'env', 'xargs', 'sudo', 'curl'];
const rules = broad.map((prefix, index): Rule => ({ id: `broad-${index}`, source: 'workspace_db', effect: 'allow', scope: { kind: 'command_prefix', prefix }, createdAt: 0 }));
/** The loosest policies there are: a failed parse must not get through either */
const policies = [
  compilePolicy({ ...defaultSettings, mode: 'bypass_permissions', permissions, rules: [] }, surroundings, { repositoryAllows: true }),
  compilePolicy({ ...defaultSettings, mode: 'dangerous_only', permissions, rules }, surroundings, { repositoryAllows: true }),
] as const;

const pieces = ['$(', ')', '`', '"', "'", '\\', '${', '}', '{', ',', '..', '<<E\n', '\nE\n', '<(', '>(', ';', '&', '|', '\n', '((', '))', '[[', ']]', '$', '@', '*', '?', '[', ']', '~', '=', ':-', '#', '!', '>', '<', '>&', 'if ', 'then ', 'fi ', 'for x in ', 'do ', 'done ', 'case ', 'esac', 'f() ', 'ls ', 'rm ', 'eval ', 'bash -c ', '\0', '\r', '\u200b', '\ud800', '𝒳', '\x1b', 'é'] as const;

/** Programs with pieces of syntax put in, taken out and changed */
function edited(random: Random): string {
  let text = random.chance(0.4) ? program(random, 2) : '';
  const edits = random.below(8);
  for (let i = 0; i < edits; i += 1) {
    const at = random.below(text.length + 1);
    if (random.chance(0.7)) text = text.slice(0, at) + random.pick(pieces) + text.slice(at);
    else if (random.chance(0.5)) text = text.slice(0, at) + text.slice(at + random.below(6));
    else text = text.slice(0, at) + String.fromCharCode(random.below(random.chance(0.9) ? 128 : 65_536)) + text.slice(at);
  }
  return text;
}

/** Bytes as they come, read as UTF-8 or one by one */
function bytes(random: Random): string {
  const data = Uint8Array.from({ length: random.below(random.chance(0.01) ? 4_096 : 48) }, () => random.below(256));
  return Buffer.from(data).toString(random.chance(0.5) ? 'utf8' : 'latin1');
}

const word = fc.oneof(fc.constantFrom('a', '-rf', '/', '~/.ssh/id_rsa', '$x', '"$y"', "'q'", '*.c', '{a,b}', 'x=1', '--', '<(ls)', '$(ls)', '`ls`', '$((1+1))', '${x:-y}', '>out', '2>&1', 'https://h.example/?q=1', '#', '\\\n'), fc.string({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 4 }));
const { line } = fc.letrec<{ line: string; command: string }>((tie) => ({
  command: fc.tuple(fc.constantFrom('ls', 'rm', 'eval', 'bash -c', 'find .', 'xargs', 'env', 'sudo', 'curl', 'sed', 'awk', 'python -c', 'git', 'cd', 'export', 'x=1', 'f', '[[', 'test', 'trap', 'read', 'Remove-Item', 'del', 'cmd /c', ''), fc.array(word, { maxLength: 4 })).map(([name, words]) => [name, ...words].join(' ')),
  line: fc.oneof(
    { depthSize: 'small', withCrossShrink: false },
    tie('command'),
    fc.tuple(tie('line'), fc.constantFrom(';', '&&', '||', '|', '&', '\n', ' '), tie('line')).map((parts) => parts.join('')),
    fc.tuple(fc.constantFrom(['$(', ')'], ['(', ')'], ['{ ', ';}'], ['"', '"'], ["'", "'"], ['`', '`'], ['if ', ';then a;fi'], ['for x in a b;do ', ';done'], ['while ', ';do a;done'], ['case x in a) ', ';;esac'], ['f() { ', '; }'], ['cat <<E\n', '\nE\n'], ['[[ ', ' ]]'], ['((', '))'], ['& { ', ' }'], ['@(', ')']), tie('line')).map(([[open = '', close = ''], inner]) => open + inner + close),
  ),
}));

/**
 * Answers `count` inputs, a third of each kind (programs edited, raw bytes, fast-check's) and a few of them 10 kB long, in all shells, under the loosest
 * policies, and looks at every answer.
 */
export function fuzz(count: number, seed: number): Fuzzed {
  const random = new Random(seed);
  const drawn = drawer(seed);
  const decisions = { allow: 0, ask: 0, deny: 0 };
  const faults: string[] = [];
  let unparsed = 0;
  let slowest: Fuzzed['slowest'] = { text: '', shell: 'bash', milliseconds: 0 };
  for (let i = 0; i < count; i += 1) {
    const short = i % 3 === 0 ? edited(random) : i % 3 === 1 ? bytes(random) : drawn();
    const text = random.chance(0.002) && short !== '' ? short.repeat(Math.ceil(longLength / short.length)).slice(0, longLength) : short;
    const shell = random.pick(['bash', 'bash', 'bash', 'zsh', 'pwsh', 'cmd'] as const);
    const parses = shell !== 'bash' || (parse(text).errors?.length ?? 0) === 0;
    if (!parses) unparsed += 1;
    const from = performance.now();
    const found = answer(text, shell, policies[random.below(policies.length)] ?? policies[0], parses);
    const time = performance.now() - from;
    if ('fault' in found) faults.push(`${found.fault}: ${shell} ${JSON.stringify(text)}`);
    else decisions[found.decision] += 1;
    if (time > slowest.milliseconds) {
      const milliseconds = Math.min(...Array.from({ length: 5 }, () => costOf(text, shell)));
      if (milliseconds > slowest.milliseconds) slowest = { text, shell, milliseconds };
    }
  }
  return { inputs: count, unparsed, decisions, slowest, faults };
}

/** What a run found, for people, and whether nothing of it is wrong */
export function reportOf({ inputs, unparsed, decisions, slowest, faults }: Fuzzed, seed: number): { readonly text: string; readonly good: boolean } {
  const { milliseconds, shell, text } = slowest;
  const late = milliseconds > longestAnswer * Math.max(1, text.length / longLength);
  return {
    good: faults.length === 0 && !late && unparsed > inputs / 100,
    text: [
      `seed ${seed}: ${inputs} inputs, ${unparsed} that do not parse; ${decisions.allow} allowed, ${decisions.ask} asked, ${decisions.deny} denied, ${faults.length} faults`,
      `the slowest took ${milliseconds.toFixed(1)} ms${late ? ', which is too long' : ''}: ${shell}, ${text.length} characters, ${JSON.stringify(text.slice(0, 120))}`,
      ...faults.slice(0, 20),
    ].join('\n'),
  };
}

type Answered = { readonly decision: 'allow' | 'ask' | 'deny' } | { readonly fault: string };

function answer(command: string, shell: ShellKind, policy: (typeof policies)[number], parses: boolean): Answered {
  try {
    const { decision, reason, actions } = evaluate({ tool: 'run_command', input: { command }, shell }, surroundings, policy, { now: 0, holds: [] });
    if (reason.pattern === 'internal_error' || actions.some(({ action }) => action.uncertain === 'It could not be read.' || action.uncertain?.startsWith('The request could not be read') === true)) return { fault: 'failed inside' };
    if (actions.length === 0) return { fault: 'no action' };
    if (actions.some(({ action }) => action.owner !== undefined && actions[action.owner]?.action.kind !== 'exec')) return { fault: 'an effect without its command' };
    if (!parses && decision === 'allow') return { fault: 'allowed though it does not parse' };
    return { decision };
  } catch (error) {
    return { fault: `thrown ${String(error)}` };
  }
}

/** Processor time of one answer, so that what else the machine does counts little */
function costOf(text: string, shell: ShellKind): number {
  const from = process.threadCpuUsage();
  answer(text, shell, policies[1], true);
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1000;
}

/** Values of fast-check one after another, in batches with seeds of their own */
function drawer(seed: number): () => string {
  let batch: string[] = [];
  let next = seed;
  return () => {
    if (batch.length === 0) {
      batch = fc.sample(line, { numRuns: 2_000, seed: next });
      next = (next + 1) | 0;
    }
    return batch.pop() ?? '';
  };
}
