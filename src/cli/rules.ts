import type { Decision } from '../core/decision.ts';
import type { Rule, RuleScope } from '../core/rules/rule.ts';
import { previewScope } from '../core/rules/ruleScope.ts';
import { visible } from '../core/visible.ts';
import { author, withGate, withStore } from './ownGate.ts';
import { rulesOf } from './standing.ts';
import { type Console, FailedError, type Flags, type Verb, UsageError, commonDetails, textFlag } from './verb.ts';

/** `rules list|add|remove`: the rules of the workspace and of the user */
export const rulesVerb: Verb = {
  usage: 'rules list | rules add EFFECT SCOPE [--profile] [--reason TEXT] | rules remove ID',
  summary: 'show, add or remove rules',
  details: [
    'EFFECT is allow, ask or deny. SCOPE is one of:',
    '--tool NAME                a tool',
    '--domain HOST [--tool T]   a host, or *.host for its subdomains',
    '--path PATH [--tool T]     a path and all below it',
    '--command WORDS            the leading words of a command',
    '--mcp SERVER [--tool T]    the tools of an MCP server',
    '',
    '--profile         for all your workspaces instead of this one',
    '--reason TEXT     why, shown with the rule',
    '',
    ...commonDetails,
  ],
  options: {
    tool: { type: 'string' }, domain: { type: 'string' }, path: { type: 'string' }, command: { type: 'string' }, mcp: { type: 'string' },
    profile: { type: 'boolean' }, reason: { type: 'string' },
  },
  async run([what, ...words], flags, console) {
    if (what === 'list' && words.length === 0) return list(flags, console);
    if (what === 'add') return add(words, flags, console);
    if (what === 'remove') return remove(words, flags, console);
    throw new UsageError('say “rules list”, “rules add” or “rules remove”');
  },
};

async function list(flags: Flags, console: Console): Promise<number> {
  const { rules, reviewed, problems } = await withStore(flags, console, ({ state }) => Promise.resolve({ rules: rulesOf(state), reviewed: state.manifest.reviewed, problems: state.problems }));
  for (const problem of problems) console.complain(problem.message);
  if (flags['json'] === true) {
    await console.print(rules.map((rule) => `${JSON.stringify(rule)}\n`).join(''));
  } else if (rules.length === 0) {
    await console.print('There are no rules; the mode decides.\n');
  } else {
    await console.print(rules.map((rule) => `${lineOf(rule, reviewed)}\n`).join(''));
  }
  return 0;
}

const sourceNames: Readonly<Record<Rule['source'], string>> = {
  managed: 'administrator', session: 'session', workspace_db: 'workspace', workspace_manifest: 'repository', profile: 'profile', legacy_guardrails: 'trusted', legacy_builtin_settings: 'built-in',
};

function lineOf(rule: Rule, reviewed: boolean): string {
  const notes = [
    rule.source === 'workspace_manifest' && rule.effect === 'allow' && !reviewed ? 'counts once you reviewed it' : '',
    rule.expiresAt === undefined ? '' : `until ${new Date(rule.expiresAt).toISOString()}`,
    rule.usesLeft === undefined ? '' : `${rule.usesLeft} uses left`,
    rule.reason === undefined ? '' : visible(rule.reason),
  ].filter((note) => note !== '');
  return `${rule.effect.padEnd(5)}  ${sourceNames[rule.source].padEnd(13)}  ${previewScope(rule.scope)}${notes.length === 0 ? '' : `  (${notes.join('; ')})`}  ${visible(rule.id)}`;
}

async function add([effect, ...words]: readonly string[], flags: Flags, console: Console): Promise<number> {
  if (effect === undefined || !isEffect(effect) || words.length > 0) throw new UsageError('say “rules add allow|ask|deny” and one scope, like --command "npm test"');
  const scope = scopeOf(flags);
  const reason = textFlag(flags, 'reason');
  const source = flags['profile'] === true ? 'profile' : 'workspace_db';
  const outcome = await withGate(flags, console, (gate) => gate.addRule({ effect, scope, source, ...(reason === undefined ? {} : { reason }) }, author));
  if (!outcome.ok) throw new FailedError(outcome.reason);
  await console.print(flags['json'] === true ? `${JSON.stringify({ effect, scope, source })}\n` : `Added: ${effect} ${previewScope(scope)}.\n`);
  return 0;
}

function isEffect(text: string): text is Decision {
  return text === 'allow' || text === 'ask' || text === 'deny';
}

function scopeOf(flags: Flags): RuleScope {
  const tool = textFlag(flags, 'tool');
  const named = tool === undefined ? {} : { toolName: tool };
  const { domain, path, command, mcp } = { domain: textFlag(flags, 'domain'), path: textFlag(flags, 'path'), command: textFlag(flags, 'command'), mcp: textFlag(flags, 'mcp') };
  const scopes: RuleScope[] = [];
  if (domain !== undefined) scopes.push({ kind: 'domain', domain, ...named });
  if (path !== undefined) scopes.push({ kind: 'path', path, ...named });
  if (command !== undefined) scopes.push({ kind: 'command_prefix', prefix: command });
  if (mcp !== undefined) scopes.push({ kind: 'mcp_server', serverName: mcp, ...named });
  if (scopes.length === 0 && tool !== undefined) scopes.push({ kind: 'tool', toolName: tool });
  const [scope] = scopes;
  if (scope === undefined || scopes.length > 1) throw new UsageError('give one scope: --tool, --domain, --path, --command or --mcp');
  if (scope.kind === 'command_prefix' && tool !== undefined) throw new UsageError('a command needs no --tool');
  return scope;
}

async function remove(ids: readonly string[], flags: Flags, console: Console): Promise<number> {
  const [id] = ids;
  if (id === undefined || ids.length > 1) throw new UsageError('say “rules remove ID”; “rules list” shows the ids');
  const outcome = await withGate(flags, console, (gate) => gate.removeRule(id, author));
  if (!outcome.ok) throw new FailedError(outcome.reason);
  await console.print(flags['json'] === true ? `${JSON.stringify({ removed: id })}\n` : `Removed ${visible(id)}.\n`);
  return 0;
}
