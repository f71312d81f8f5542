import type { Decision } from '../../../core/decision.ts';
import { gemini } from '../../clients/gemini.ts';
import { toolNamed, toolTable } from '../../toolNames.ts';
import { anyCommand, fitCommandPrefix } from '../commandPattern.ts';
import { exactly, leftOut, noRule, wider, type Fitted, type FoundEntry } from '../preview.ts';
import { entriesAt, listEntries, readSettings, textOf, valueAt } from '../settings.ts';
import type { JsonObject } from '../../hookCall.ts';

const tools = toolTable(gemini.tools);

/** Its tools by the names of their classes, which settings may use */
const classes = toolTable(`ShellTool=run_shell_command ReadFileTool=read_file ReadManyFilesTool=read_many_files WriteFileTool=write_file EditTool=replace LSTool=list_directory
  GlobTool=glob GrepTool=search_file_content RipGrepTool=search_file_content WebFetchTool=web_fetch WebSearchTool=google_web_search MemoryTool=save_memory`);

/** Gemini CLI's `settings.json`, in the form of today and in the flat one before: what is excluded goes before what is allowed */
export function readGeminiSettings(text: string): readonly FoundEntry[] {
  const settings = readSettings(text);
  return [
    ...[['tools', 'exclude'], ['excludeTools']].flatMap((keys) => listEntries(settings, keys, 'deny', (entry) => fitTool(entry, 'deny'))),
    ...[['mcp', 'excluded'], ['excludeMCPServers']].flatMap((keys) => listEntries(settings, keys, 'deny', (name) => exactly({ kind: 'mcp_server', serverName: name }))),
    ...entriesAt(settings, 'mcpServers').flatMap(([server, value]) => serverEntries(settings, server, value)),
    ...[['tools', 'allowed'], ['allowedTools']].flatMap((keys) => listEntries(settings, keys, 'allow', (entry) => (isThere(settings, toolLists, entry) ? fitTool(entry, 'allow') : leftOut(notThere)))),
    ...[['tools', 'core'], ['coreTools'], ['mcp', 'allowed'], ['allowMCPServers']].flatMap((keys) => {
      const value = valueAt(settings, ...keys);
      return value === undefined ? [] : [noRule(keys.join('.'), textOf(value), 'It says which tools there are at all, not which of them may run.')];
    }),
  ];
}

/** Lists of the tools, and of the servers, that there are at all; all of them where there is no such list */
const toolLists = [['tools', 'core'], ['coreTools']];
const serverLists = [['mcp', 'allowed'], ['allowMCPServers']];
const notThere = 'Another setting says that there is no such tool, or only a part of it. What this allows is asked about.';

/** Whether every list that is set has this entry, or its tool as a whole */
function isThere(settings: JsonObject, lists: readonly (readonly string[])[], entry: string): boolean {
  const [name, specifier] = partsOf(entry);
  return lists.every((keys) => {
    const list = valueAt(settings, ...keys);
    if (list === undefined) return true;
    return Array.isArray(list) && list.some((item: unknown) => {
      const [itsName, itsSpecifier] = partsOf(textOf(item));
      return name === itsName && (itsSpecifier === undefined || itsSpecifier === specifier);
    });
  });
}

/** Name of a tool by today's spelling, and what stands in brackets behind it; no name and the whole entry where it is none */
function partsOf(entry: string): readonly [name: string, specifier: string | undefined] {
  const [, given = '', specifier] = /^([\w.-]+)(?:\(([^]*)\))?$/.exec(entry.trim()) ?? ['', '', entry];
  return [classes.get(given) ?? given, specifier];
}

function fitTool(entry: string, effect: Decision): Fitted {
  const [name, specifier] = partsOf(entry);
  const unclear = (toolName: string, why: string): Fitted => (effect === 'allow' ? leftOut(`${why} What it allows is asked about.`) : wider(`${why} It covers all of it.`, { kind: 'tool', toolName }));
  if (name === '') return unclear('*', 'It names no tool.');
  if (name === 'run_shell_command') return specifier === undefined || specifier.trim() === '' ? exactly(anyCommand) : fitCommandPrefix(specifier, effect);
  const toolName = toolNamed(name, tools, 'gemini');
  return specifier === undefined ? exactly({ kind: 'tool', toolName }) : unclear(toolName, 'Only the tool as a whole can be named here, not what it is called with.');
}

/** `trust` lets all its tools run; `includeTools` says which there are, `excludeTools` takes some of them away */
function serverEntries(settings: JsonObject, server: string, value: unknown): readonly FoundEntry[] {
  const at = `mcpServers.${server}`;
  const excluded = listEntries(settings, ['mcpServers', server, 'excludeTools'], 'deny', (toolName) => exactly({ kind: 'mcp_server', serverName: server, toolName: toolName.replace(/\([^]*$/, '') }));
  const trusted = valueAt(value as JsonObject, 'trust') === true;
  return trusted ? [...excluded, { at: `${at}.trust`, text: `${server}: trust`, effect: 'allow', fitted: fitTrust(settings, server) }] : excluded;
}

function fitTrust(settings: JsonObject, server: string): Fitted {
  if (!isThere(settings, serverLists, server)) return leftOut(notThere);
  const included = valueAt(settings, 'mcpServers', server, 'includeTools');
  if (included === undefined) return exactly({ kind: 'mcp_server', serverName: server });
  const names = Array.isArray(included) ? included.filter((name: unknown) => typeof name === 'string' && /^[\w.-]+$/.test(name)) as readonly string[] : [];
  return names.length === 0 ? leftOut(notThere) : exactly(...names.map((toolName) => ({ kind: 'mcp_server', serverName: server, toolName }) as const));
}
