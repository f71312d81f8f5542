import type { ExecAction, NetworkAction, PathAction } from '../action.ts';
import { readPrefix } from './commandWords.ts';
import type { CompiledRule } from './compiledRule.ts';
import type { DomainText } from './domainText.ts';
import { readDomainText } from './domainText.ts';
import { isGlob } from './globMatch.ts';
import { CommandLookup } from './lookup/commandLookup.ts';
import { DomainLookup } from './lookup/domainLookup.ts';
import { PathLookup } from './lookup/pathLookup.ts';
import type { ToolBucket } from './lookup/toolBucket.ts';
import { addToBucket } from './lookup/toolBucket.ts';
import { ToolLookup } from './lookup/toolLookup.ts';
import { foldPath } from '../describe/path.ts';
import type { Place } from '../policy/place.ts';
import type { Rule, RuleScope } from './rule.ts';
import { precedence, specificity, trustTier } from './ruleScope.ts';

/** Rules ready to be looked up by what they are about. Built once, never changed; cost does not grow with their number */
export class RuleIndex {
  #tools: ToolLookup | undefined;
  #paths: PathLookup | undefined;
  #domains: DomainLookup | undefined;
  #commands: CommandLookup | undefined;
  #servers: Map<string, ToolBucket> | undefined;
  readonly size: number;

  constructor(rules: readonly CompiledRule[]) {
    this.size = rules.length;
    for (const rule of rules) this.#add(rule);
  }

  #add(rule: CompiledRule): void {
    switch (rule.scope.kind) {
      case 'tool': return (this.#tools ??= new ToolLookup()).add(rule);
      case 'path': return (this.#paths ??= new PathLookup()).add(rule);
      case 'domain': return (this.#domains ??= new DomainLookup()).add(rule);
      case 'command_prefix': return (this.#commands ??= new CommandLookup()).add(rule);
      case 'mcp_server': return addToBucket((this.#servers ??= new Map<string, ToolBucket>()), rule.scope.serverName, rule);
    }
  }

  /** Appends the tool rules for a canonical tool name */
  forTool(tool: string, into: CompiledRule[]): void {
    this.#tools?.collect(tool, into);
  }

  /** Appends the rules for an MCP server (`*` in a `deny` or `ask` is any server) and its tool, under either of its names */
  forServer(server: string, tool: string, mcpTool: string, into: CompiledRule[]): void {
    if (this.#servers === undefined) return;
    for (const name of [server, '*']) {
      const bucket = this.#servers.get(name);
      if (bucket === undefined) continue;
      bucket.collect(mcpTool, into);
      if (tool !== mcpTool) {
        const more: CompiledRule[] = [];
        bucket.collect(tool, more);
        for (const rule of more) if (!into.includes(rule)) into.push(rule);
      }
    }
  }

  /** Appends the path rules for a path given in folded segments */
  forPath(segments: readonly string[], tool: string, into: CompiledRule[]): void {
    this.#paths?.collect(segments, tool, into);
  }

  /** Appends denies and asks that lie below a recursive action or among what a glob may name */
  belowPath(action: PathAction, segments: readonly string[], tool: string, into: CompiledRule[]): void {
    this.#paths?.collectBelow(action, segments, tool, into);
  }

  /** Appends the domain rules for a destination */
  forHost(action: NetworkAction, tool: string, into: CompiledRule[]): void {
    this.#domains?.collect(action, tool, into);
  }

  /** Appends the command prefixes that a simple command starts with */
  forCommand(action: ExecAction, into: CompiledRule[]): void {
    this.#commands?.collect(action, into);
  }
}

/** Makes a rule with a canonical scope ready for matching; `known` is its domain where that was read before */
export function compileRule(rule: Rule, scope: RuleScope, place: Place, known?: DomainText): CompiledRule {
  const tool = scope.kind === 'command_prefix' ? {} : toolCondition(scope, rule.effect);
  const domain = scope.kind === 'domain' ? (known ?? readDomainText(scope.domain)) : undefined;
  return {
    rule,
    effect: rule.effect,
    scope,
    specificity: specificity(scope),
    precedence: precedence(rule.source),
    tier: trustTier(rule.source),
    expiresAt: rule.expiresAt ?? Infinity,
    ...tool,
    ...(scope.kind === 'command_prefix' ? { words: readPrefix(scope.prefix).words } : {}),
    ...(domain === undefined ? {} : { domain }),
    ...(scope.kind === 'path' ? { segments: pathSegments(scope.path, place) } : {}),
  };
}

/**
 * Which tools a rule is for. A name `x*` is the prefix `x`; other wildcards in the name of a scope that is not about tools
 * cannot be matched, so a `deny` or `ask` then holds for every tool and an `allow` for none.
 */
function toolCondition(scope: Exclude<RuleScope, { kind: 'command_prefix' }>, effect: Rule['effect']): { toolName?: string; toolPrefix?: string } {
  const { toolName } = scope;
  const toolPrefix = scope.kind === 'domain' ? scope.toolPrefix : undefined;
  if (scope.kind === 'tool' || toolName === undefined || !isGlob(toolName)) {
    return { ...(toolName === undefined ? {} : { toolName }), ...(toolPrefix === undefined ? {} : { toolPrefix }) };
  }
  if (/^[^*?]+\*$/.test(toolName)) return { toolPrefix: toolName.slice(0, -1) };
  return effect === 'allow' ? { toolName } : {};
}

/** The parts of a canonical path between `/`, spelled as the platform compares names */
export function pathSegments(path: string, place: Pick<Place, 'platform'>): readonly string[] {
  const parts = foldPath(path, place.platform).split('/');
  if (parts[0] === '') parts.shift();
  if (parts.at(-1) === '') parts.pop();
  return parts;
}
