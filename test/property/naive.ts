import type { Action, Described, NetworkAction, PathAction } from '../../src/core/action.ts';
import type { Decision, Mode } from '../../src/core/decision.ts';
import type { RawPolicy } from '../../src/core/policy/policy.ts';
import type { Rule, RuleScope, RuleSource } from '../../src/core/rules/rule.ts';

/**
 * The rule and mode stages of spec 1, 2, 6 and 7 written as plainly as can be, with filters over the whole list: what the
 * indexed engine is compared with. Knows Linux paths, plain hosts and the world that `worlds.ts` makes, nothing else.
 */
const order: readonly RuleSource[] = ['legacy_builtin_settings', 'legacy_guardrails', 'profile', 'workspace_manifest', 'workspace_db', 'session', 'managed'];
const tierOf = (source: RuleSource): number => (source === 'managed' ? 0 : source === 'workspace_manifest' ? 2 : source.startsWith('legacy') ? 3 : 1);
const strictness = { allow: 0, ask: 1, deny: 2 } as const;
const stricter = (a: Decision, b: Decision): Decision => (strictness[a] >= strictness[b] ? a : b);

function weight(scope: RuleScope): number {
  switch (scope.kind) {
    case 'domain': return 4500 + scope.domain.length + (scope.toolName ? 1000 : 0) + (scope.toolPrefix ? 750 : 0);
    case 'path': return 4000 + scope.path.replace(/(?:\/\*\*)+/g, '/**').length + (scope.toolName ? 1000 : 0);
    case 'command_prefix': return 3000 + scope.prefix.length;
    case 'mcp_server': return 2000 + scope.serverName.length + (scope.toolName ? 1000 : 0);
    case 'tool': return 1000 + scope.toolName.length;
  }
}

const expression = (glob: string, segments: boolean): RegExp =>
  new RegExp(`^${glob.split('/').map((part) => (part === '**' ? '(?:[^/]+(?:/[^/]+)*)?' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', segments ? '[^/]*' : '.*').replaceAll('?', segments ? '[^/]' : '.'))).join('/')}$`);

/** Whether a path glob matches the path or a folder above it */
function covers(glob: string, path: string): boolean {
  const parts = path.split('/').slice(1);
  for (let count = 0; count <= parts.length; count++) if (globMatches(glob.split('/').slice(1), parts.slice(0, count))) return true;
  return false;
}

function globMatches(glob: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = glob;
  if (first === undefined) return path.length === 0;
  if (first === '**') return path.map((_, index) => path.slice(index)).concat([[]]).some((tail) => globMatches(rest, tail));
  const [head, ...tail] = path;
  return head !== undefined && expression(first, true).test(head) && globMatches(rest, tail);
}

/** Whether something below the path can match the glob: tried with every completion by segments of the glob itself */
function leads(glob: string, path: string): boolean {
  const parts = glob.split('/').slice(1);
  const given = path.split('/').slice(1);
  const walk = (rest: readonly string[], left: readonly string[]): boolean => {
    if (left.length === 0) return true;
    const [first, ...more] = rest;
    if (first === undefined) return true;
    if (first === '**') return left.some((_, index) => walk(more, left.slice(index))) || walk(more, []);
    return expression(first, true).test(left[0] ?? '') && walk(more, left.slice(1));
  };
  return walk(parts, given);
}

const hostMatches = (domain: string, host: string): boolean => domain === host || (domain.startsWith('*.') && host.endsWith(domain.slice(1)));
const isPath = (action: Action): action is PathAction => action.kind === 'read' || action.kind === 'write' || action.kind === 'delete';
const isNetwork = (action: Action): action is NetworkAction => action.kind === 'fetch' || action.kind === 'export';
const starts = (words: readonly (string | null)[], prefix: string): boolean => prefix.split(' ').every((word, index) => words[index] === word);
export const isSecret = (path: string): boolean => path.split('/').some((part) => part.startsWith('.env'));

/** What a rule says of an action, or nothing */
function effectOf(rule: Rule, action: Action, described: Described, raw: RawPolicy, now: number): Decision | undefined {
  const { scope, effect } = rule;
  if ((rule.expiresAt ?? Infinity) <= now) return undefined;
  const within = isPath(action) && (raw.unrestrictedFileAccess || ['/ws', '/tmp', ...raw.allowedPaths].some((folder) => action.path === folder || action.path.startsWith(`${folder}/`)));
  const plainPath = isPath(action) && within && !(action.kind === 'read' && isSecret(action.path));
  const certain = action.uncertain === undefined && action.kind !== 'locate' && !(action.kind === 'exec' && action.class === 'unreadable');
  if (effect === 'allow' && !certain) return undefined;
  const owner = action.owner === undefined ? undefined : described.actions[action.owner];
  const isPublic = isNetwork(action) && (action.hostClass ?? 'public') === 'public';
  switch (scope.kind) {
    case 'tool': {
      if (!expression(scope.toolName, false).test(described.tool)) return undefined;
      if (effect !== 'allow') return effect;
      return isPath(action) ? (plainPath ? effect : undefined) : isNetwork(action) ? (action.kind === 'fetch' && isPublic ? effect : undefined) : effect;
    }
    case 'mcp_server': {
      if (action.kind !== 'mcp' || action.server !== scope.serverName) return undefined;
      return scope.toolName === undefined || scope.toolName === action.mcpTool ? effect : undefined;
    }
    case 'path': {
      if (!isPath(action) || (scope.toolName !== undefined && scope.toolName !== described.tool)) return undefined;
      if (covers(scope.path, action.path)) {
        if (effect !== 'allow' || action.kind !== 'read' || !isSecret(action.path)) return effect;
        return scope.path === action.path ? effect : undefined;
      }
      if (effect === 'allow' || action.recursive !== true || !leads(scope.path, action.path)) return undefined;
      return action.kind === 'read' ? 'ask' : effect;
    }
    case 'domain': {
      if (!isNetwork(action) || action.host === undefined || !hostMatches(scope.domain, action.host)) return undefined;
      if (scope.toolName !== undefined && scope.toolName !== described.tool) return undefined;
      if (scope.toolPrefix !== undefined && !described.tool.startsWith(scope.toolPrefix)) return undefined;
      return effect === 'allow' && action.kind === 'export' && (tierOf(rule.source) > 1 || action.scheme === 'http') ? undefined : effect;
    }
    case 'command_prefix': {
      const reach = scope.prefix.split(' ').length;
      if (effect !== 'allow') return action.kind === 'exec' && [action.argv, ...action.readings].some((words) => starts(words, scope.prefix)) ? effect : undefined;
      if (action.kind === 'exec') return starts(action.argv, scope.prefix) && (action.namedAt ?? 0) < reach ? effect : undefined;
      if (owner?.kind !== 'exec' || !starts(owner.argv, scope.prefix)) return undefined;
      const named = (action.namedAt ?? Infinity) < reach;
      if (action.kind === 'read') return named || plainPath ? effect : undefined;
      if (action.kind === 'fetch') return isPublic ? effect : undefined;
      if (action.kind === 'export') return named && reach >= 2 && tierOf(rule.source) <= 1 ? effect : undefined;
      return named ? effect : undefined;
    }
  }
}

function best(candidates: readonly (readonly [Rule, Decision])[]): readonly [Rule, Decision] | undefined {
  return [...candidates].sort(([a, x], [b, y]) => weight(b.scope) - weight(a.scope) || order.indexOf(b.source) - order.indexOf(a.source) || strictness[y] - strictness[x] || (a.id < b.id ? -1 : 1))[0];
}

const columns: readonly Mode[] = ['default', 'plan', 'accept_edits', 'dangerous_only', 'dont_ask', 'bypass_permissions'];
const rows: Readonly<Record<string, string>> = {
  read: 'allow allow allow allow allow allow', write: 'ask deny allow allow allow allow', delete: 'ask deny ask ask allow allow', known: 'ask deny ask allow allow allow', other: 'ask deny ask ask allow allow',
  unreadable: 'ask deny ask ask ask ask', export: 'ask deny ask ask ask ask', external: 'ask deny ask ask allow allow', interact: 'ask deny ask ask allow allow', locate: 'ask ask ask ask ask ask',
};

/** The best of all, tightened by the best of every tier that is trusted more */
function byTiers(candidates: readonly (readonly [Rule, Decision])[]): Decision | undefined {
  const overall = best(candidates);
  if (overall === undefined) return undefined;
  return stricter(overall[1], byTiers(candidates.filter(([rule]) => tierOf(rule.source) < tierOf(overall[0].source))) ?? 'allow');
}

/** The answer to one action by rules and mode; nothing where an earlier stage speaks */
export function naiveAnswer(action: Action, described: Described, raw: RawPolicy, now: number): Decision | undefined {
  const within = isPath(action) && (raw.unrestrictedFileAccess || ['/ws', '/tmp', ...raw.allowedPaths].some((folder) => action.path === folder || action.path.startsWith(`${folder}/`)));
  if ((action.kind === 'write' || action.kind === 'delete') && !within) return 'deny';
  const skips = (rule: Rule): boolean => raw.mode === 'bypass_permissions' && rule.effect === 'ask' && action.kind !== 'export' && action.kind !== 'locate' && !(action.kind === 'exec' && action.class === 'unreadable');
  const candidates = raw.rules.flatMap((rule) => {
    const effect = skips(rule) ? undefined : effectOf(rule, action, described, raw, now);
    return effect === undefined ? [] : [[rule, effect] as const];
  });
  const row =
    action.kind === 'exec' ? (action.class === 'read' || action.class === 'test' ? 'known' : action.class) : action.kind === 'read' ? (within ? 'read' : 'interact') : action.kind === 'fetch' ? 'read' : action.kind === 'mcp' ? 'external' : action.kind === 'unknown' ? 'interact' : action.kind;
  const byMode = (rows[row] ?? '').split(' ')[columns.indexOf(raw.mode)] as Decision;
  const overall = best(candidates);
  if (overall !== undefined) {
    // What lies below a folder taken whole may tighten its answer, never loosen it
    const whole = candidates.filter(([{ scope }]) => scope.kind !== 'path' || !isPath(action) || covers(scope.path, action.path));
    const decision = stricter(byTiers(candidates) ?? 'allow', byTiers(whole) ?? 'allow');
    const knownRead = action.kind === 'read' || action.kind === 'fetch' || (action.kind === 'exec' && action.class === 'read');
    if (raw.mode !== 'plan' || decision !== 'allow' || knownRead) return byTiers(whole) === undefined && byMode === 'deny' ? 'deny' : decision;
  }
  if (byMode === 'deny') return 'deny';
  const careful = raw.mode !== 'dont_ask' && raw.mode !== 'bypass_permissions';
  if (action.kind === 'read' && isSecret(action.path) && careful) return 'ask';
  if (action.kind === 'fetch' && (action.hostClass ?? 'public') !== 'public' && careful) return 'ask';
  return action.uncertain !== undefined ? 'ask' : byMode;
}
