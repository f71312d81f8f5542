import { readPrefix, writePrefix } from './commandWords.ts';
import type { Decision } from '../decision.ts';
import { canonicalDomainText, readDomainText } from './domainText.ts';
import { isGlob } from './globMatch.ts';
import { foldPath } from '../describe/path.ts';
import type { Place } from '../policy/place.ts';
import type { RuleScope, RuleSource } from './rule.ts';
import { canonicalToolName } from '../describe/tools/catalogue.ts';
import { visible } from '../visible.ts';

/** What is wrong with a scope; `message` is a plain sentence with the mend */
export interface ScopeProblem {
  readonly code: 'empty_scope' | 'unreadable_scope' | 'partly_read_scope';
  readonly message: string;
}

/** The canonical form of a scope, or the reason why there is none; a scope with both was read only in part */
export interface NormalisedScope {
  readonly scope?: RuleScope;
  readonly problem?: ScopeProblem;
}

/**
 * The one form of a scope that rules are compared and matched in: names and texts trimmed, aliases of tools resolved, domains
 * canonical, paths absolute with `/`, prefixes as re-quoted words. Relative paths start at the workspace, `~` at the home.
 */
export function normaliseScope(scope: RuleScope, place: Place): NormalisedScope {
  const normal = normaliseKind(scope, place);
  if (normal.problem !== undefined || !hasBlankCondition(scope)) return normal;
  return { ...normal, problem: { code: 'partly_read_scope', message: 'The tool that the rule is limited to is left blank; name it or leave it out.' } };
}

function hasBlankCondition(scope: RuleScope): boolean {
  if (scope.kind === 'command_prefix' || scope.kind === 'tool') return false;
  return scope.toolName?.trim() === '' || (scope.kind === 'domain' && scope.toolPrefix?.trim() === '');
}

function normaliseKind(scope: RuleScope, place: Place): NormalisedScope {
  switch (scope.kind) {
    case 'tool': {
      const toolName = canonicalToolName(scope.toolName.trim());
      if (toolName.length > longestName) return tooLong('tool name', longestName);
      return toolName === '' ? empty('tool name') : { scope: { kind: 'tool', toolName } };
    }
    case 'domain': {
      if (scope.domain.trim() === '') return empty('domain');
      if (scope.domain.length > longestName) return tooLong('domain', longestName);
      if (readDomainText(scope.domain) === undefined) return { problem: { code: 'unreadable_scope', message: `“${visible(scope.domain)}” is not a domain; write a host such as api.example.com or *.example.com.` } };
      return { scope: { kind: 'domain', domain: canonicalDomainText(scope.domain), ...tool(scope.toolName), ...prefix(scope.toolPrefix) } };
    }
    case 'path': {
      if (scope.path.trim() === '') return empty('path');
      const path = absoluteRulePath(scope.path.trim(), place);
      const parts = path.split('/');
      const cut = isGlob(path) && parts.length > mostGlobParts ? parts.slice(0, mostGlobParts).join('/') : path;
      if (cut.length > longestPath) return tooLong('path', longestPath);
      const normal: RuleScope = { kind: 'path', path: cut, ...tool(scope.toolName) };
      if (cut === path) return { scope: normal };
      return { scope: normal, problem: { code: 'partly_read_scope', message: `The path has wildcards and more than ${mostGlobParts} parts; write a shorter one.` } };
    }
    case 'command_prefix': {
      const { words, rest } = readPrefix(scope.prefix);
      if (words.length === 0 || words[0] === '') return empty('command prefix');
      const normal: RuleScope = { kind: 'command_prefix', prefix: writePrefix(words) };
      if (rest === undefined) return { scope: normal };
      const why = rest === 'quote' ? 'ends inside a quotation' : 'goes on behind the first command or holds a variable';
      return { scope: normal, problem: { code: 'partly_read_scope', message: `The prefix “${visible(scope.prefix)}” ${why}; a prefix is the leading words of one command.` } };
    }
    case 'mcp_server': {
      const serverName = scope.serverName.trim().toLowerCase();
      return serverName === '' ? empty('server name') : { scope: { kind: 'mcp_server', serverName, ...mcpTool(scope.toolName) } };
    }
  }
}

/** Longest tool name, server name, host or pattern of them; longer ones exist nowhere and would only cost time */
const longestName = 512;
/** PATH_MAX of Linux */
const longestPath = 4096;
/** Bounds the work of matching one glob */
const mostGlobParts = 64;

function tooLong(what: string, most: number): NormalisedScope {
  return { problem: { code: 'unreadable_scope', message: `The ${what} is longer than ${most} characters; shorten it.` } };
}

function empty(what: string): NormalisedScope {
  return { problem: { code: 'empty_scope', message: `The ${what} is empty, so the rule would match everything; write what it is for.` } };
}

function tool(name: string | undefined): { toolName?: string } {
  return name === undefined || name.trim() === '' ? {} : { toolName: canonicalToolName(name.trim()) };
}

/** A tool of a server goes by its own name there, which may be that of one of ours */
function mcpTool(name: string | undefined): { toolName?: string } {
  if (name === undefined || name.trim() === '') return {};
  const lower = name.trim().toLowerCase();
  return { toolName: lower.startsWith('mcp_') ? canonicalToolName(lower) : lower };
}

function prefix(text: string | undefined): { toolPrefix?: string } {
  return text === undefined || text.trim() === '' ? {} : { toolPrefix: text.trim() };
}

/** A rule's path, absolute and without `.` and `..`; globs stay */
function absoluteRulePath(text: string, place: Place): string {
  let path = place.platform === 'win32' ? text.replaceAll('\\', '/') : text;
  if (/^file:\/\/\//i.test(path)) path = path.slice('file://'.length);
  if (path === '~') path = place.home;
  else if (path.startsWith('~/')) path = `${place.home}/${path.slice(2)}`;
  const drive = place.platform === 'win32' ? /^\/?([a-z]:)(?:\/|$)/i.exec(path) : null;
  let root = '';
  if (drive !== null) {
    root = (drive[1] ?? '').toUpperCase();
    path = path.slice(drive[0].length);
  } else if (!path.startsWith('/')) {
    path = `${place.workspace}/${path}`;
    if (place.platform === 'win32') return absoluteRulePath(path, place);
  }
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || (part === '**' && kept.at(-1) === '**')) continue;
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return `${root}/${kept.join('/')}`;
}

/** How specific a scope is (spec 2): the higher one answers */
export function specificity(scope: RuleScope): number {
  switch (scope.kind) {
    case 'domain':
      return 4500 + scope.domain.length + (scope.toolName === undefined ? 0 : 1000) + (scope.toolPrefix === undefined ? 0 : 750);
    case 'path':
      return 4000 + scope.path.length + (scope.toolName === undefined ? 0 : 1000);
    case 'command_prefix':
      return 3000 + scope.prefix.length;
    case 'mcp_server':
      return 2000 + scope.serverName.length + (scope.toolName === undefined ? 0 : 1000);
    case 'tool':
      return 1000 + scope.toolName.length;
  }
}

const precedences: Readonly<Record<RuleSource, number>> = {
  managed: 700, session: 600, workspace_db: 500, workspace_manifest: 400, profile: 300, legacy_guardrails: 200, legacy_builtin_settings: 100,
};

/** Preference among sources of equally specific rules (spec 2) */
export function precedence(source: RuleSource): number {
  return precedences[source];
}

const tiers: Readonly<Record<RuleSource, number>> = {
  managed: 0, session: 1, workspace_db: 1, profile: 1, workspace_manifest: 2, legacy_guardrails: 3, legacy_builtin_settings: 3,
};

/** Trust in a source, 0 the most trusted: a rule never loosens what a more trusted tier tightened (spec 2) */
export function trustTier(source: RuleSource): number {
  return tiers[source];
}

/** One text per distinct scope (cowork-facts 1.2); equal scopes have equal fingerprints */
export function scopeFingerprint(scope: RuleScope): string {
  switch (scope.kind) {
    case 'tool':
      return `tool:${scope.toolName.trim()}`;
    case 'domain': {
      const parts: string[] = [];
      if (scope.toolName !== undefined) parts.push(`tool=${scope.toolName.trim()}`);
      if (scope.toolPrefix !== undefined) parts.push(`prefix=${scope.toolPrefix.trim()}`);
      return `domain:${parts.length === 0 ? '*' : parts.join(',')}:${canonicalDomainText(scope.domain)}`;
    }
    case 'path':
      return `path:${scope.toolName?.trim() ?? '*'}:${scope.path}`;
    case 'command_prefix':
      return `command_prefix:${normalPrefix(scope.prefix)}`;
    case 'mcp_server':
      return `mcp_server:${scope.serverName.trim().toLowerCase()}${scope.toolName === undefined ? '' : `:tool=${scope.toolName.trim()}`}`;
  }
}

function normalPrefix(text: string): string {
  const { words, rest } = readPrefix(text);
  return rest === undefined ? writePrefix(words) : text.trim().replace(/\s+/g, ' ');
}

/** One text per distinct rule: rules with the same one say the same, whatever their id (cowork-facts 1.2) */
export function ruleFingerprint(rule: { readonly effect: Decision; readonly scope: RuleScope }): string {
  return `${rule.effect}:${scopeFingerprint(rule.scope)}`;
}

/** Whether two scopes mean the same on this place */
export function sameScope(a: RuleScope, b: RuleScope, place: Place): boolean {
  const left = normaliseScope(a, place).scope;
  const right = normaliseScope(b, place).scope;
  if (left === undefined || right === undefined) return false;
  return foldPath(scopeFingerprint(left), a.kind === 'path' ? place.platform : 'linux') === foldPath(scopeFingerprint(right), b.kind === 'path' ? place.platform : 'linux');
}

/** What a scope covers, in a few words for people (cowork-facts 1.2); safe to show */
export function previewScope(scope: RuleScope): string {
  switch (scope.kind) {
    case 'tool':
      return visible(`tool ${scope.toolName}`);
    case 'domain': {
      const domain = visible(scope.domain);
      if (scope.toolName !== undefined) return `${visible(scope.toolName)} on domain ${domain}`;
      return scope.toolPrefix === undefined ? `domain ${domain}` : `${visible(scope.toolPrefix)}* on domain ${domain}`;
    }
    case 'path':
      return scope.toolName === undefined ? `path ${visible(scope.path)}` : `${visible(scope.toolName)} on path ${visible(scope.path)}`;
    case 'command_prefix':
      return `commands starting with "${visible(normalPrefix(scope.prefix))}"`;
    case 'mcp_server':
      return scope.toolName === undefined ? `MCP server ${visible(scope.serverName)}` : `${visible(scope.toolName)} on MCP server ${visible(scope.serverName)}`;
  }
}
