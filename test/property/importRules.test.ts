import assert from 'node:assert/strict';
import fc from 'fast-check';
import { importFormats, importRules } from '../../src/agents/importRules/importRules.ts';
import type { Decision } from '../../src/core/decision.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const surroundings: Surroundings = { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash', files: { resolve: (path) => path, readText: () => undefined } };
const permissions = { read: true, write: true, delete: true, shell: true, network: true };

/** Programs that nobody knows, so that only a rule can allow or deny one, and words behind them */
const program = fc.constantFrom('aa', 'bb', 'aab');
const word = fc.constantFrom('aa', 'bb', 'x', 'xy', '-f');
const commandText = fc.tuple(program, fc.array(word, { maxLength: 3 })).map(([first, more]) => [first, ...more].join(' '));
/** A command with a wildcard somewhere, at a word's end or inside of one */
const globText = fc.tuple(commandText, fc.constantFrom('', ' *', '*', ' * x', '* aa', '*b'), fc.boolean()).map(([text, end, first]) => (first && end === '*' ? `*${text}` : text + end));

type Lists = Readonly<Record<Decision, readonly string[]>>;

const lists = (text: fc.Arbitrary<string>): fc.Arbitrary<Lists> => fc.record({ allow: fc.array(text, { maxLength: 4 }), ask: fc.array(text, { maxLength: 3 }), deny: fc.array(text, { maxLength: 3 }) });

/** Whether a text with wildcards names the whole command; ` *` at the end stands for nothing, too */
function names(glob: string, command: string): boolean {
  const body = glob.endsWith(' *') ? glob.slice(0, -2) : glob;
  const source = body.split('*').map((part) => part.replaceAll(/[-.+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.*');
  return new RegExp(`^${source}${glob.endsWith(' *') ? '(?: .*)?' : ''}$`).test(command);
}

/** What we decide with the imported rules and nothing else, where everything else asks */
function ours(id: string, text: string, command: string): Decision {
  const format = importFormats.find((each) => each.id === id) ?? assert.fail(id);
  const rules = importRules(format, text, surroundings, 'project').lines.flatMap((line) => line.rules).map((rule, index) => ({ ...rule, id: `${index}`, source: 'workspace_db', createdAt: index }) as const);
  const policy = compilePolicy({ ...defaultSettings, mode: 'default', permissions, rules }, surroundings, { repositoryAllows: true });
  return evaluate({ tool: 'run_command', input: { command } }, surroundings, policy, { now: 0, holds: [] }).decision;
}

/** Ours must never be looser: what the agent denies is denied, what it asks about or does not name is not allowed */
function notLooser(agent: Decision, we: Decision, account: string): void {
  if (agent === 'deny') assert.equal(we, 'deny', account);
  else if (agent === 'ask') assert.notEqual(we, 'allow', account);
}

describe(`imported rules against the agents’ own reading of them (PROPERTY_SEED=${seed})`, () => {
  it('Claude Code: the strictest list that names a command decides', () => {
    fc.assert(
      fc.property(lists(globText), commandText, (given, command) => {
        const entries = Object.fromEntries(Object.entries(given).map(([effect, globs]) => [effect, globs.map((glob) => `Bash(${glob})`)]));
        const agent = (['deny', 'ask', 'allow'] as const).find((effect) => given[effect].some((glob) => names(glob, command))) ?? 'ask';
        notLooser(agent, ours('claude', JSON.stringify({ permissions: entries }), command), `${JSON.stringify(given)} ${command}`);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it('opencode: the last pattern that names a command decides', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(globText, fc.constantFrom<Decision[]>('allow', 'ask', 'deny')), { maxLength: 6 }), commandText, (given, command) => {
        const bash = Object.fromEntries(given);
        const agent = Object.entries(bash).findLast(([glob]) => names(glob, command))?.[1] ?? 'ask';
        notLooser(agent, ours('opencode', JSON.stringify({ permission: { bash } }), command), `${JSON.stringify(bash)} ${command}`);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it('Codex: the strictest rule whose words begin the command decides', () => {
    const words = fc.array(fc.oneof(program, fc.tuple(program, program)), { minLength: 1, maxLength: 3 });
    const rule = fc.tuple(words, fc.constantFrom('allow', 'prompt', 'forbidden'));
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), commandText, (rules, command) => {
        const argv = command.split(' ');
        const matching = rules.filter(([pattern]) => pattern.length <= argv.length && pattern.every((part, index) => [part].flat().some((one) => one === argv[index]))).map(([, decision]) => decision);
        const agent = matching.includes('forbidden') ? 'deny' : matching.includes('prompt') || matching.length === 0 ? 'ask' : 'allow';
        const text = rules.map(([pattern, decision]) => `prefix_rule(pattern=${JSON.stringify(pattern)}, decision="${decision}")`).join('\n');
        notLooser(agent, ours('codex', text, command), `${text}\n${command}`);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it('VS Code: no expression that is read matches less than the rule made of it allows', () => {
    const part = fc.constantFrom('aa', 'bb', ' ', 'x', '(aa|bb)', '(?:x|xy)', '\\s+', '\\b', '.*', '$', '(\\s|$)', 'a?', '-', '[ab]');
    const pattern = fc.tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 5 })).map(([anchored, parts]) => (anchored ? '^' : '') + parts.join(''));
    fc.assert(
      fc.property(pattern, commandText, (source, command) => {
        const we = ours('vscode', JSON.stringify({ 'chat.tools.terminal.autoApprove': { [`/${source}/`]: true } }), command);
        if (we === 'allow') assert.match(command, new RegExp(source));
      }),
      { seed, numRuns: 5000 },
    );
  });

  it('no text makes a reader throw', () => {
    const text = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.array(fc.constantFrom('prefix_rule', '(', ')', '[', ']', '"', "'", '=', ',', 'pattern', '#', '\n', '\\', 'r', '{', '}', ':', '"permissions"', '"allow"'), { maxLength: 30 }).map((parts) => parts.join('')));
    fc.assert(
      fc.property(text, fc.constantFrom(...importFormats), (given, format) => {
        assert.ok(Array.isArray(importRules(format, given, surroundings, 'project').lines));
      }),
      { seed, numRuns: 3000 },
    );
  });
});
