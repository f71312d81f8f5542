import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compilePolicy } from '../../src/core/policy/compilePolicy.ts';
import { modes } from '../../src/core/decision.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import { readManifest } from '../../src/core/schema/manifest.ts';
import type { Surroundings } from '../../src/core/surroundings.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const surroundings: Surroundings = { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash', files: { resolve: (path) => path, readText: () => undefined } };
const generous = modes.map((mode) =>
  compilePolicy({
    ...defaultSettings,
    mode,
    permissions: { read: true, write: true, delete: true, shell: true, network: true },
    unrestrictedFileAccess: true,
    rules: [
      { id: 'tool', source: 'managed', effect: 'allow', scope: { kind: 'tool', toolName: 'run_command' }, createdAt: 0 },
      { id: 'echo', source: 'managed', effect: 'allow', scope: { kind: 'command_prefix', prefix: 'echo' }, createdAt: 0 },
    ],
  }, surroundings, { repositoryAllows: true }),
);
const session = { now: 0, holds: [] };

const start = fc.constantFrom('echo a', 'git status', 'ls -la', 'npm test', 'echo a && echo b', 'cat x | head');
/** Openings that nothing closes, and operators with nothing behind them */
const broken = fc.constantFrom(" '", ' "', ' $(', ' `', ' ${', ' &&', ' |', ' ||', ' (', '; if true', '; for x in a', '; {', '; case x in', ' <(', ' >', "; $'", ' )', ' ;;', '; done', '; fi');

describe(`whole requests, over random input (PROPERTY_SEED=${seed})`, () => {
  it('a line that does not parse is never allowed, in any mode, by any rule', () => {
    fc.assert(
      fc.property(start, broken, fc.constantFrom(...generous), (line, end, policy) => {
        assert.notEqual(evaluate({ tool: 'run_command', input: { command: `${line}${end}` } }, surroundings, policy, session).decision, 'allow', `${line}${end}`);
      }),
      { seed, numRuns: 1500 },
    );
  });

  it('no request makes it throw, and the same request has the same answer', () => {
    const command = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.array(fc.constantFrom('rm', ' ', '-rf', '/', "'", '"', '$(', ')', '|', ';', 'x', '*', '\n', '~', '>', '\u202e'), { maxLength: 12 }).map((parts) => parts.join('')));
    const value = fc.oneof(command, fc.anything());
    const request = fc.record({ tool: fc.oneof(fc.constantFrom('run_command', 'write_file', 'web_fetch', 'http_request', 'apply_patch', 'mcp__a__b'), fc.string()), input: fc.dictionary(fc.constantFrom('command', 'path', 'url', 'method', 'body', 'paths', '__proto__', 'x'), value) });
    fc.assert(
      fc.property(request, fc.constantFrom(...generous), (given, policy) => {
        const first = evaluate(given, surroundings, policy, session);
        assert.ok(['allow', 'ask', 'deny'].includes(first.decision));
        assert.deepEqual(evaluate(given, surroundings, policy, session), first);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it('no rules file makes reading it throw, and one cut short never gains an allow', () => {
    const whole = JSON.stringify({ version: 1, rules: [{ effect: 'deny', scope: { kind: 'command_prefix', prefix: 'npm publish' } }, { effect: 'allow', scope: { kind: 'tool', toolName: 'run_command' } }, { effect: 'ask', scope: { kind: 'path', path: 'secrets' } }] });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        assert.ok(readManifest(whole.slice(0, length)).rules.every(({ effect }) => effect !== 'allow'));
      }),
      { seed, numRuns: 500 },
    );
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => { assert.ok(Array.isArray(readManifest(text).problems)); }), { seed, numRuns: 2000 });
  });
});
