import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { Request, ShellKind } from '../../src/core/request.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';
import { longCalls } from './longCalls.ts';
import { longLength as length, longLines } from './longLines.ts';
import { Random } from './random.ts';

const seed = Number(process.env['JUDGE_SEED'] ?? randomInt(2 ** 31));
const count = Number(process.env['JUDGE_LONG_INPUTS'] ?? 2_000);

/** Times a plain line */
const most = 15;

const surroundings: Surroundings = {
  workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash',
  files: { resolve: (path) => path, readText: () => undefined },
};

const policy = compilePolicy({ ...defaultSettings, mode: 'dangerous_only', permissions: { read: true, write: true, delete: true, shell: true, network: true }, rules: [] }, surroundings, { repositoryAllows: true });

function answer(command: string, shell: ShellKind): ReturnType<typeof evaluate> {
  return answerTo({ tool: 'run_command', input: { command }, shell });
}

function answerTo(request: Request): ReturnType<typeof evaluate> {
  return evaluate(request, surroundings, policy, { now: 0, holds: [] });
}

/** Pieces that nest, grow state, unfold or wrap: whatever could cost more than its length when it comes again and again */
const pieces = [
  '$(', ')', '`', '"', "'", '\\', '${', '}', '{', ',', '..', '<<E\n', '\nE\n', '<(', '>(', ';', '&', '|', '\n', '((', '))', '[[', ']]', '$', '@', '*', '?', '[', ']', '~', '=', ':-', '#', '!', '>', '<', '>&', 'if ', 'then ', 'fi ', 'for x in ', 'do ', 'done ', 'case ', 'esac',
  'f() ', 'ls ', 'rm ', 'eval ', 'bash -c ', 'a', ' ', 'x=', '$x', 'x=1', 'curl x|sh;', 'cat ', 'export x', 'echo ', '&&', '||', 'cd a', 'cd $x;', 'cp a b;', 'ln -s x', 'sudo ', 'xargs ', 'find . -exec ', 'alias a=b', 'trap ', '<<<', '/', '../', 'a/b ', '-', '--x=', 'git ', 'awk ', 'sed ', 'npm test;', 'python -c ', 'while ',
  '{1..9}', '$((', 'a[', '+=', 'local x', 'set -- ', 'read ', 'coproc ', '>x;', 'f;', 'f(){ f;};', 'x() { y; }', '(ls)', '$(x=1)', 'for i in 1 2 3; do ', 'for i in 1 2 3 4 5 6 7 8; do x=1; done;', 'while x; do y; done;', 'x | ', '$x$x$x', 'eval x;', 'env ', 'X=1 ', 'x=$x$x;', '2>&1 ', '\t', '"$x"', 'base64 -d|', 'https://a.b/c?d=e ', '%', '(', '\r', '\0', '\u200b',
] as const;

/** One fragment again and again, the same, numbered so that its names differ, or opened again and again and then closed */
function longInput(random: Random): { readonly text: string; readonly shown: string } {
  let fragment = '';
  for (let rest = 1 + random.below(5); rest > 0; rest -= 1) fragment += random.pick(pieces);
  const start = random.chance(0.3) ? random.pick(pieces) : '';
  let text = start;
  let shown = JSON.stringify([start, fragment]);
  const form = random.below(3);
  if (form === 0) {
    text += fragment.repeat(Math.ceil(length / fragment.length));
  } else if (form === 1) {
    const end = random.pick([';', ' ', '\n', '']);
    for (let number = 0; text.length < length; number += 1) text += fragment.replace(/[a-z](?![a-z])/, (letter) => `${letter}${number}`) + end;
    shown += ` numbered, each ended by ${JSON.stringify(end)}`;
  } else {
    const closing = random.pick(pieces) + random.pick(pieces);
    text += fragment.repeat(Math.ceil(length / 2 / fragment.length)) + closing.repeat(Math.ceil(length / 2 / closing.length));
    shown += ` then ${JSON.stringify(closing)}`;
  }
  return { text: text.slice(0, length), shown };
}

/** Processor time that one answer takes, over several, so that what else the machine does counts little */
function cost(text: string, shell: ShellKind, times: number): number {
  return costOf({ tool: 'run_command', input: { command: text }, shell }, times);
}

function costOf(request: Request, times: number): number {
  const from = process.threadCpuUsage();
  for (let i = 0; i < times; i += 1) answerTo(request);
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / times;
}

function costOfPlain(): number {
  const plainLine = 'ls -la src; '.repeat(length / 12).slice(0, length);
  cost(plainLine, 'bash', 20);
  // long enough for a coarse clock
  const plain = cost(plainLine, 'bash', 60);
  assert.ok(plain > 0);
  return plain;
}

describe('lines made to be dear', () => {
  for (const { name, text, shell } of longLines()) {
    it(`${shell} ${name}: no more actions than 10 kB may give`, () => {
      assert.ok(answer(text, shell).actions.length <= 502 + length * 0.5);
    });
  }

  it('none costs many times what a plain one of the same length costs', function () {
    this.timeout(300_000);
    const plain = costOfPlain();
    const costs = longLines().map(({ name, text, shell }) => {
      cost(text, shell, 2);
      return { name: `${shell} ${name}`, ratio: cost(text, shell, 8) / plain };
    }).sort((a, b) => b.ratio - a.ratio);
    console.log(`      the dearest of ${costs.length}: ${costs[0]?.ratio.toFixed(1) ?? ''} times a plain one, ${costs[0]?.name ?? ''}`);
    assert.deepEqual(costs.filter(({ ratio }) => ratio > most).map(({ name, ratio }) => `${name}: ${ratio.toFixed(1)}`), []);
  });
});

describe('calls of other tools made to be dear', () => {
  it('none costs many times what a plain shell line of the same length costs', function () {
    this.timeout(300_000);
    const plain = costOfPlain();
    const costs = longCalls().map(({ name, request }) => {
      // One look first: most are far from it
      const once = costOf(request, 2) / plain;
      return { name, ratio: once < most / 10 ? once : costOf(request, 8) / plain };
    }).sort((a, b) => b.ratio - a.ratio);
    console.log(`      the dearest of ${costs.length}: ${costs[0]?.ratio.toFixed(1) ?? ''} times a plain line, ${costs[0]?.name ?? ''}`);
    assert.deepEqual(costs.filter(({ ratio }) => ratio > most).map(({ name, ratio }) => `${name}: ${ratio.toFixed(1)}`), []);
  });

  it('none gives more actions than 10 kB may give', () => {
    for (const { name, request } of longCalls()) {
      const { actions } = answerTo(request);
      assert.ok(actions.length <= 502 + length * 0.5, `${name}: ${actions.length} actions`);
    }
  });
});

describe(`long input (seed ${seed})`, () => {
  it(`no line of 10 kB costs many times what a plain one costs, of ${count}`, function () {
    this.timeout(600_000);
    const random = new Random(seed);
    const plain = costOfPlain();
    let worst = { ratio: 0, shown: '', shell: '' };
    for (let i = 0; i < count; i += 1) {
      const { text, shown } = longInput(random);
      const shell = random.pick(['bash', 'bash', 'bash', 'zsh', 'pwsh', 'cmd'] as const);
      if (cost(text, shell, 1) <= worst.ratio * plain) continue;
      const ratio = cost(text, shell, 10) / plain;
      if (ratio > worst.ratio) worst = { ratio, shown, shell };
    }
    console.log(`      seed ${seed}: the dearest of ${count} lines of 10 kB costs ${worst.ratio.toFixed(1)} times a plain one: ${worst.shell} ${worst.shown}`);
    assert.ok(worst.ratio < most, `${worst.shell} ${worst.shown} costs ${worst.ratio.toFixed(1)} times a plain line`);
  });
});
