import * as vscode from 'vscode';
import { countDecisions, mostAsked } from '../../gate/usage.ts';
import type { Today } from '../../shared/overview.ts';
import type { OpenFolder } from '../folders.ts';
import { shownScope } from '../fromFolder.ts';
import { countedOver, recentEntries } from '../folderRecord.ts';

/** What was decided in a folder since midnight */
export async function today(folder: OpenFolder): Promise<Today> {
  const { path } = folder;
  const midnight = new Date().setHours(0, 0, 0, 0);
  const since = (await recentEntries(folder)).filter(({ at }) => at >= midnight);
  const { allowed, asked, denied, askedByKind } = countDecisions(since, midnight);
  return {
    counts: { allow: allowed, ask: asked, deny: denied },
    asked: Object.entries(askedByKind).map(([kind, count]) => ({ name: kindName(kind), count })).sort((a, b) => b.count - a.count),
    often: mostAsked(since).map((asked) => (asked.scope === undefined ? asked : { ...asked, text: shownScope(asked.scope, path, vscode.l10n) })),
    cut: since.length === countedOver,
  };
}

/** A kind of action as people read it in a list */
function kindName(kind: string): string {
  const names: Readonly<Record<string, string>> = {
    read: vscode.l10n.t('Reads'), write: vscode.l10n.t('File changes'), delete: vscode.l10n.t('Deletes'), exec: vscode.l10n.t('Commands'), fetch: vscode.l10n.t('Network reads'),
    export: vscode.l10n.t('Data sent out'), mcp: vscode.l10n.t('MCP tools'), external: vscode.l10n.t('Outside services'), interact: vscode.l10n.t('Screen, clipboard, applications'),
    locate: vscode.l10n.t('Location'),
  };
  return names[kind] ?? vscode.l10n.t('Unknown tools');
}
