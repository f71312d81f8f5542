import type { RuleScope } from '../../core/rules/rule.ts';

/**
 * Narrower and wider scopes beside the one that an answer would write, narrowest first, each once.
 *
 * A suggestion is only a starting point: the gate refuses a scope that would not cover the request, or that an export may
 * not be answered by (spec 7).
 *
 * @param folder the workspace folder, absolute; path suggestions stop there
 */
export function scopeChoices(scope: RuleScope, tool: string, folder: string): readonly RuleScope[] {
  switch (scope.kind) {
    case 'command_prefix': return commandChoices(scope.prefix);
    case 'path': return pathChoices(scope.path, scope.toolName ?? tool, folder);
    case 'domain': return domainChoices(scope.domain, scope.toolName ?? tool, scope.toolPrefix);
    case 'mcp_server': return mcpChoices(scope.serverName, scope.toolName ?? tool);
    case 'tool': return [scope];
  }
}

function commandChoices(prefix: string): RuleScope[] {
  const words = prefix.split(' ');
  return words.map((_, index) => ({ kind: 'command_prefix', prefix: words.slice(0, words.length - index).join(' ') }));
}

function pathChoices(path: string, toolName: string, folder: string): RuleScope[] {
  const places = [path];
  const root = folder.replace(/[/\\]+$/, '');
  let parent = path;
  while (parent.startsWith(`${root}/`)) {
    parent = parent.slice(0, parent.lastIndexOf('/'));
    places.push(parent);
  }
  return [...places.map((place): RuleScope => ({ kind: 'path', path: place, toolName })), { kind: 'path', path }];
}

function domainChoices(domain: string, toolName: string, toolPrefix: string | undefined): RuleScope[] {
  const narrow: RuleScope[] = toolPrefix === undefined ? [{ kind: 'domain', domain, toolName }] : [{ kind: 'domain', domain, toolPrefix }];
  const labels = domain.split('.');
  // An address or a host of two labels has no suffix that one person owns
  const suffix = labels.length > 2 && !/^[\d.:]+$/.test(domain) ? labels.slice(1).join('.') : undefined;
  const wider: RuleScope[] = suffix === undefined ? [] : [{ kind: 'domain', domain: `*.${suffix}`, toolName }];
  return [...narrow, { kind: 'domain', domain }, ...wider];
}

function mcpChoices(serverName: string, toolName: string): RuleScope[] {
  return [{ kind: 'mcp_server', serverName, toolName }, { kind: 'mcp_server', serverName }];
}

/** The one text of a scope that a person edits */
export function scopeText(scope: RuleScope): string {
  switch (scope.kind) {
    case 'command_prefix': return scope.prefix;
    case 'path': return scope.path;
    case 'domain': return scope.domain;
    case 'mcp_server': return scope.serverName;
    case 'tool': return scope.toolName;
  }
}

/** The same scope with another text; `undefined` for a blank text, which would mean everything */
export function withScopeText(scope: RuleScope, text: string): RuleScope | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (scope.kind) {
    case 'command_prefix': return { ...scope, prefix: trimmed };
    case 'path': return { ...scope, path: trimmed };
    case 'domain': return { ...scope, domain: trimmed };
    case 'mcp_server': return { ...scope, serverName: trimmed };
    case 'tool': return { ...scope, toolName: trimmed };
  }
}
