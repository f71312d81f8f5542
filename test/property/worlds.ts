import fc from 'fast-check';
import type { Action, Described } from '../../src/core/action.ts';
import type { Mode } from '../../src/core/decision.ts';
import { modes } from '../../src/core/decision.ts';
import type { RawPolicy } from '../../src/core/policy/policy.ts';
import { defaultSettings } from '../../src/core/policy/policy.ts';
import type { Rule, RuleScope } from '../../src/core/rules/rule.ts';
import { ruleSources } from '../../src/core/rules/rule.ts';

/** Small random worlds, in which rules and requests often meet */
const segment = fc.constantFrom('a', 'b', 'src', '.env', 'x.ts');
const pathText = fc.tuple(fc.constantFrom('/ws', '/ws', '/ws', '/tmp', '/data'), fc.array(segment, { maxLength: 3 })).map(([root, parts]) => [root, ...parts].join('/'));
const globText = fc.tuple(fc.constantFrom('/ws', '/data'), fc.array(fc.constantFrom('a', 'b', '*', '**', '*.ts', 'src', '?'), { minLength: 1, maxLength: 3 })).map(([root, parts]) => [root, ...parts].join('/'));
const host = fc.constantFrom('one.example', 'a.one.example', 'b.a.one.example', 'two.example');
const word = fc.constantFrom('git', 'push', 'origin', 'npm', 'test', '-f');
const words = fc.array(word, { minLength: 1, maxLength: 4 });
const toolName = fc.constantFrom('run_command', 'write_file', 'read_file', 'http_request', 'mcp_s_t', 'zap', 'zap_2');
const optionalTool = fc.option(toolName, { nil: undefined, freq: 2 });

function defined<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as { [Key in keyof Value]: Exclude<Value[Key], undefined> };
}

export const scope: fc.Arbitrary<RuleScope> = fc.oneof(
  fc.record({ kind: fc.constant('tool' as const), toolName: fc.oneof(toolName, fc.constantFrom('*', 'mcp_*', 'zap*', '*_file', 'za?')) }),
  fc.record({ kind: fc.constant('domain' as const), domain: fc.oneof(host, host.map((name) => `*.${name}`)), toolName: optionalTool, toolPrefix: fc.option(fc.constantFrom('http', 'web_'), { nil: undefined, freq: 1 }) }).map((given) => defined(given) as RuleScope),
  fc.record({ kind: fc.constant('path' as const), path: fc.oneof(pathText, pathText, globText), toolName: optionalTool }).map((given) => defined(given) as RuleScope),
  fc.record({ kind: fc.constant('command_prefix' as const), prefix: words.map((list) => list.join(' ')) }),
  fc.record({ kind: fc.constant('mcp_server' as const), serverName: fc.constantFrom('s', 't'), toolName: fc.option(fc.constantFrom('t', 'u'), { nil: undefined }) }).map((given) => defined(given) as RuleScope),
);

export const now = 1000;

const effect = fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const);
const bareRule = fc.record({ source: fc.constantFrom(...ruleSources), effect, scope, expiresAt: fc.option(fc.constantFrom(now - 1, now, now + 1), { nil: undefined, freq: 1 }) });

/** Rules with distinct ids; an allow for every tool is no rule of ours and left out */
export const rules: fc.Arbitrary<readonly Rule[]> = fc
  .array(bareRule, { maxLength: 14 })
  .map((list) => list.map((given, index) => defined({ id: `r${String(index).padStart(2, '0')}`, createdAt: index, ...given }) as Rule).filter((rule) => !(rule.effect === 'allow' && rule.scope.kind === 'tool' && rule.scope.toolName === '*')));

export function policyWith(mode: fc.Arbitrary<Mode> = fc.constantFrom(...modes)): fc.Arbitrary<RawPolicy> {
  return fc.record({ mode, rules, allowedPaths: fc.constantFrom<readonly string[]>([], ['/data']), unrestrictedFileAccess: fc.boolean() }).map((given) => ({
    ...defaultSettings,
    permissions: { read: true, write: true, delete: true, shell: true, network: true },
    ...given,
  }));
}

const uncertain = fc.option(fc.constant('doubt'), { nil: undefined, freq: 1 });
const safePath = pathText.filter((text) => !text.includes('.env'));

const exec = fc.record({ argv: words, class: fc.constantFrom('read' as const, 'test' as const, 'other' as const, 'other' as const, 'unreadable' as const), namedAt: fc.integer({ min: 0, max: 4 }), wrapped: fc.boolean(), uncertain })
  .map(({ argv, wrapped, ...rest }) => defined({ kind: 'exec' as const, target: argv.join(' '), argv: wrapped ? ['env', ...argv] : argv, readings: wrapped ? [['env', ...argv], argv] : [argv], ...rest }) as Action);

const effectAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('read' as const), path: pathText, recursive: fc.constantFrom(true, undefined, undefined), uncertain }).map((given) => defined({ target: given.path, ...given }) as Action),
  fc.record({ kind: fc.constantFrom('write' as const, 'delete' as const), path: safePath, recursive: fc.constantFrom(undefined, undefined, true) })
    .filter(({ path, recursive }) => recursive !== true || path.split('/').length > 2)
    .map((given) => defined({ target: given.path, ...given }) as Action),
  fc.record({ kind: fc.constantFrom('fetch' as const, 'export' as const), host, scheme: fc.constantFrom('https', 'http'), hostClass: fc.constantFrom('public' as const, 'public' as const, 'private' as const) }).map((given) => ({ target: given.host, ...given })),
  fc.constantFrom<Action>({ kind: 'mcp', target: 's/t', server: 's', mcpTool: 't' }, { kind: 'interact', target: 'screen' }, { kind: 'external', target: 'mail' }, { kind: 'locate', target: 'here' }, { kind: 'unknown', target: 'zap' }),
);

/** A few actions; effects behind a command belong to it */
export const described: fc.Arbitrary<Described> = fc
  .record({ tool: toolName, command: fc.option(exec, { nil: undefined }), effects: fc.array(fc.record({ action: effectAction, owned: fc.boolean(), namedAt: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }) }), { maxLength: 3 }) })
  .map(({ tool, command, effects }) => {
    const list = effects.map(({ action, owned, namedAt }) => (command !== undefined && owned ? ({ ...action, owner: 0, ...(namedAt === undefined ? {} : { namedAt }) }) : action));
    const actions = command === undefined ? list : [command, ...list];
    return { tool, actions: actions.length === 0 ? [{ kind: 'unknown', target: tool }] : actions, groups: [], needsNetwork: false, needsShell: false };
  });
