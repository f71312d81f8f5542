import { getLocation } from 'jsonc-parser';
import * as vscode from 'vscode';
import { allTools } from '../../core/describe/tools/catalogue.ts';
import type { RuleScope } from '../../core/rules/rule.ts';
import { mostAsked } from '../../gate/usage.ts';
import { recentEntries } from '../folderRecord.ts';
import type { OpenFolder } from '../folders.ts';
import { fromFolder } from '../fromFolder.ts';
import { rangeOf } from './fileDiagnostics.ts';

/** Things that asked lately which are looked through for a scope */
const mostLooked = 50;

/** What the text of a scope could be: names of tools, and what asked lately. Keys and kinds come from the schema */
export async function completions(document: vscode.TextDocument, position: vscode.Position, folder: OpenFolder): Promise<vscode.CompletionItem[]> {
  const { path, isAtPropertyKey, previousNode } = getLocation(document.getText(), document.offsetAt(position));
  const [list, , scope, key] = path;
  if (list !== 'rules' || scope !== 'scope' || isAtPropertyKey || typeof key !== 'string') return [];
  const asked = mostAsked(await recentEntries(folder), mostLooked).flatMap(({ scope: one, count }) => {
    const text = one === undefined ? undefined : textFor(key, one, folder);
    return text === undefined ? [] : [{ text, detail: vscode.l10n.t('asked {0} times lately', count) }];
  });
  const tools = key === 'toolName' ? allTools().map(({ name }) => ({ text: name, detail: vscode.l10n.t('tool') })) : [];
  // Typed over where a text stands there already
  const range = previousNode?.type === 'string' ? rangeOf(document, previousNode) : undefined;
  return [...asked, ...tools].map(({ text, detail }, index) => {
    const item = new vscode.CompletionItem(JSON.stringify(text), vscode.CompletionItemKind.Value);
    item.detail = detail;
    item.sortText = String(index).padStart(4, '0');
    if (range !== undefined) item.range = range;
    return item;
  });
}

function textFor(key: string, scope: RuleScope, folder: OpenFolder): string | undefined {
  switch (scope.kind) {
    case 'command_prefix': return key === 'prefix' ? scope.prefix : undefined;
    case 'path': return key === 'path' ? fromFolder(scope.path, folder.path) : undefined;
    case 'domain': return key === 'domain' ? scope.domain : undefined;
    case 'mcp_server': return key === 'serverName' ? scope.serverName : undefined;
    case 'tool': return key === 'toolName' ? scope.toolName : undefined;
  }
}
