import type { Decision } from '../../../core/decision.ts';
import { readDomainText } from '../../../core/rules/domainText.ts';
import { opencode } from '../../clients/opencode.ts';
import { toolNamed, toolTable } from '../../toolNames.ts';
import { anyCommand, fitCommandGlob } from '../commandPattern.ts';
import { editTools, fitPath, readTools } from '../pathPattern.ts';
import { exactly, leftOut, noRule, wider, type Fitted, type FoundEntry } from '../preview.ts';
import { isObject } from '../../readJson.ts';
import { readSettings, textOf, valueAt } from '../settings.ts';

const tools = toolTable(opencode.tools);
const effects: ReadonlySet<unknown> = new Set<Decision>(['allow', 'ask', 'deny']);

/** Permissions that are about files, and the tools that stand behind them */
const fileTools: Readonly<Record<string, readonly string[]>> = { read: readTools, list: ['list_directory'], glob: ['glob'], grep: ['grep'], edit: editTools };

/** opencode's `permission`: an effect for all, for a tool, or for the patterns of a tool; the last one that matches decides there */
export function readOpencodeSettings(text: string): readonly FoundEntry[] {
  const settings = readSettings(text);
  const permission = valueAt(settings, 'permission');
  if (permission === undefined) return [];
  if (isEffect(permission)) return [{ at: 'permission', text: permission, effect: permission, fitted: everything(permission) }];
  if (!isObject(permission)) return [noRule('permission', textOf(permission), 'It is no permission that opencode knows.')];
  return Object.entries(permission).flatMap(([name, value]): readonly FoundEntry[] => {
    const at = `permission.${name}`;
    if (isEffect(value)) return [{ at, text: `${name}: ${value}`, effect: value, fitted: fit(name, '*', value) }];
    if (!isObject(value)) return [noRule(at, `${name}: ${textOf(value)}`, 'It is no permission that opencode knows.')];
    return Object.entries(value).map(([pattern, effect]) => {
      const entry = { at: `${at}[${JSON.stringify(pattern)}]`, text: `${name} ${pattern}: ${textOf(effect)}` };
      return isEffect(effect) ? { ...entry, effect, fitted: fit(name, pattern, effect) } : noRule(entry.at, entry.text, 'It is no permission that opencode knows.');
    });
  });
}

function isEffect(value: unknown): value is Decision {
  return effects.has(value);
}

function everything(effect: Decision): Fitted {
  return effect === 'allow' ? leftOut('It would allow everything. Choose a mode instead.') : exactly({ kind: 'tool', toolName: '*' });
}

function fit(name: string, pattern: string, effect: Decision): Fitted {
  if (name === '*') return everything(effect);
  const group = Object.hasOwn(fileTools, name) ? fileTools[name] : undefined;
  if (name === 'bash') return pattern === '*' ? exactly(anyCommand) : fitCommandGlob(pattern, effect, true);
  if (name === 'webfetch') return pattern === '*' ? exactly({ kind: 'tool', toolName: 'web_fetch' }) : fitAddress(pattern, effect);
  if (group !== undefined) return pattern === '*' ? exactly(...group.map((toolName) => ({ kind: 'tool', toolName }) as const)) : fitFiles(pattern, effect, group);
  if (name === 'external_directory') {
    return effect === 'allow' ? leftOut('Folders outside the workspace are no rules; add them to the allowed paths of the workspace.') : outside(pattern, effect);
  }
  const toolName = toolNamed(name, tools, 'opencode');
  if (pattern === '*') return exactly({ kind: 'tool', toolName });
  return effect === 'allow' ? leftOut('Only the tool as a whole can be named here, not what it is called with. What it allows is asked about.') : wider('It covers the tool whatever it is called with.', { kind: 'tool', toolName });
}

/** Its `*` goes through folders, ours does not: one at the end of a folder becomes `**`, others stay where they allow and widen where they deny */
function fitFiles(pattern: string, effect: Decision, group: readonly string[]): Fitted {
  const path = pattern.replace(/^\$HOME(?=\/|$)/, '~');
  if (/^[^*?]*\/\*+$/.test(path)) return fitPath(path.replace(/\/\*+$/, '/**'), effect, group);
  if (effect === 'allow' || !/[*?]/.test(path)) return fitPath(path, effect, group);
  const folder = path.slice(0, path.search(/[*?]/)).replace(/[^/]*$/, '');
  const rest = path.slice(folder.length);
  // `*.env` of one part: at any depth
  return fitPath(/^\*+[^*/]+$/.test(rest) ? `${folder}**/${rest.replace(/^\*+/, '*')}` : `${folder}**`, effect, group);
}

/** What is denied outside is denied at that place */
function outside(pattern: string, effect: Decision): Fitted {
  return pattern === '*' || pattern === '**' ? wider('It covers every path of this machine outside and inside. Leave it out if that is too much.', { kind: 'path', path: '/' }) : fitFiles(pattern, effect, []);
}

/** `https://host/*` is a host; a longer address cannot be held */
function fitAddress(pattern: string, effect: Decision): Fitted {
  const [, scheme = '', host = ''] = /^(https?):\/\/([^/*?#@\s]+)(?:\/\*+)?$/.exec(pattern) ?? [];
  if (host !== '' && readDomainText(host) !== undefined) {
    return effect === 'allow' ? exactly({ kind: 'domain', domain: `${scheme}://${host}`, toolName: 'web_fetch' }) : wider('It covers every tool that reaches this host.', { kind: 'domain', domain: host });
  }
  if (effect === 'allow') return leftOut('Only hosts as a whole can be named here. What it allows is asked about.');
  const named = /^https?:\/\/([^/*?#@\s]+)\//.exec(pattern)?.[1];
  return named !== undefined && readDomainText(named) !== undefined ? wider('It covers the whole host.', { kind: 'domain', domain: named }) : wider('It covers every address.', { kind: 'tool', toolName: 'web_fetch' });
}
