import type { Decision } from '../../../core/decision.ts';
import { readDomainText } from '../../../core/rules/domainText.ts';
import { claude } from '../../clients/claude.ts';
import { toolNamed, toolTable } from '../../toolNames.ts';
import { anyCommand, fitCommandGlob, fitCommandPrefix } from '../commandPattern.ts';
import { editTools, fitIgnorePattern, readTools } from '../pathPattern.ts';
import { exactly, leftOut, narrower, noRule, wider, type Fitted, type FoundEntry, type ImportOrigin } from '../preview.ts';
import { listEntries, readSettings, textOf, valueAt } from '../settings.ts';

const tools = toolTable(claude.tools);
const effects: readonly Decision[] = ['deny', 'ask', 'allow'];

/** Names of its tools that read, or change, files: a deny of one is a deny of the deed */
const readers: ReadonlySet<string> = new Set(['Read', 'Grep', 'Glob', 'LS', 'NotebookRead']);
const editors: ReadonlySet<string> = new Set(['Edit', 'Write', 'MultiEdit', 'NotebookEdit']);

/** Settings beside the lists that also decide, and what stands for them here */
const others: readonly (readonly [key: string, why: string])[] = [
  ['defaultMode', 'A mode is no rule; choose one with CoWork: Switch Mode.'],
  ['additionalDirectories', 'Folders outside the workspace are no rules; add them to the allowed paths of the workspace.'],
];

/** Claude Code's `settings.json`: `permissions.deny`, `ask` and `allow`, of which the first in this order decides there */
export function readClaudeSettings(text: string, origin: ImportOrigin): readonly FoundEntry[] {
  const settings = readSettings(text);
  const rules = effects.flatMap((effect) => listEntries(settings, ['permissions', effect], effect, (entry) => fitEntry(entry, effect, origin)));
  const rest = others.flatMap(([key, why]) => {
    const value = valueAt(settings, 'permissions', key);
    return value === undefined ? [] : [noRule(`permissions.${key}`, textOf(value), why)];
  });
  return [...rules, ...rest];
}

function fitEntry(entry: string, effect: Decision, origin: ImportOrigin): Fitted {
  const [, name = '', specifier] = /^([A-Za-z][\w-]*)(?:\(([^]*)\))?$/.exec(entry.trim()) ?? [];
  if (name.startsWith('mcp__')) return fitMcp(entry.trim(), name, effect);
  if (name === '') return entry.trim().startsWith('mcp__') ? fitMcp(entry.trim(), '', effect) : unclear(effect, '*', 'It is no rule that Claude Code knows.');
  const isWhole = specifier === undefined || specifier.trim() === '' || specifier.trim() === '*';
  switch (name) {
    case 'Bash': return isWhole ? exactly(anyCommand) : fitBash(specifier.trim(), effect);
    case 'Read': return isWhole ? wholeTools(readTools, effect) : fitPathEntry(specifier.trim(), effect, readTools, origin);
    case 'Edit': return isWhole ? wholeTools(editTools, effect) : fitPathEntry(specifier.trim(), effect, editTools, origin);
    case 'WebFetch': return isWhole ? exactly({ kind: 'tool', toolName: 'web_fetch' }) : fitDomain(specifier.trim(), effect);
    case 'PowerShell':
      if (effect === 'allow') return leftOut('Rules here do not tell one shell from another, so this would also allow the command in Bash. What it allows is asked about.');
      return isWhole ? exactly(anyCommand) : fitBash(specifier.trim(), effect);
    default:
  }
  if (isWhole && !(effect !== 'allow' && (readers.has(name) || editors.has(name)))) return exactly({ kind: 'tool', toolName: toolNamed(name, tools, 'claude') });
  if (readers.has(name) || editors.has(name)) {
    if (effect === 'allow') return leftOut('Claude Code itself follows paths of “Read” and “Edit” only.');
    const group = readers.has(name) ? readTools : editTools;
    return isWhole ? wholeTools(group, effect) : fitPathEntry(specifier.trim(), effect, group, origin);
  }
  return unclear(effect, toolNamed(name, tools, 'claude'), 'Only the tool as a whole can be named here, not what it is called with.');
}

/** `npm run test:*`, which is `npm run test *`, or a text with wildcards */
function fitBash(text: string, effect: Decision): Fitted {
  return text.endsWith(':*') && !text.slice(0, -2).includes('*') ? fitCommandPrefix(text.slice(0, -2), effect) : fitCommandGlob(text, effect);
}

/** `//from/the/root`, `~/from/home`, `/from/the/project`, `./here` and `here`, all in the manner of `.gitignore` */
function fitPathEntry(text: string, effect: Decision, group: readonly string[], origin: ImportOrigin): Fitted {
  if (text.startsWith('//')) return fitIgnorePattern(text.slice(1), '', effect, group);
  if (!text.startsWith('/')) return fitIgnorePattern(text, '', effect, group);
  // Versions differ in what the slash stands for in a file that belongs to no project
  if (origin === 'user' && effect === 'allow') return leftOut('It is not certain which folder the slash stands for in your own settings. What it allows is asked about.');
  return fitIgnorePattern(`.${text}`, '', effect, group);
}

function fitDomain(text: string, effect: Decision): Fitted {
  const domain = text.startsWith('domain:') ? text.slice('domain:'.length).trim() : '';
  if (readDomainText(domain) === undefined) return unclear(effect, 'web_fetch', 'It names no host.');
  return effect === 'allow' ? exactly({ kind: 'domain', domain, toolName: 'web_fetch' }) : wider('It covers every tool that reaches this host.', { kind: 'domain', domain });
}

function fitMcp(entry: string, name: string, effect: Decision): Fitted {
  const [, server = '', tool] = /^mcp__([A-Za-z0-9.-]+(?:_[A-Za-z0-9.-]+)*)(?:__(.+))?$/.exec(entry) ?? [];
  if (server === '') return unclear(effect, 'mcp_*', 'It names no MCP server that can be told apart.');
  if (tool === undefined || tool === '*') return exactly({ kind: 'mcp_server', serverName: server });
  if (name !== '' && /^[\w.-]+$/.test(tool)) return exactly({ kind: 'mcp_server', serverName: server, toolName: tool });
  return effect === 'allow' ? leftOut('Tools of a server can be named one by one only. What it allows is asked about.') : wider('It covers all tools of this server.', { kind: 'mcp_server', serverName: server });
}

function wholeTools(names: readonly string[], effect: Decision): Fitted {
  const scopes = names.map((toolName) => ({ kind: 'tool', toolName }) as const);
  if (effect !== 'allow' || names !== readTools) return exactly(...scopes);
  return narrower('Reading outside the workspace, and reading secrets, is asked about all the same.', ...scopes);
}

function unclear(effect: Decision, toolName: string, why: string): Fitted {
  return effect === 'allow' ? leftOut(`${why} What it allows is asked about.`) : wider(`${why} It covers all of it.`, { kind: 'tool', toolName });
}
