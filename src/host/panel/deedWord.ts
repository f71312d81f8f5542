import * as vscode from 'vscode';

/** What an action does, in a word before its target */
export function deedWord(kind: string): string {
  const words: Readonly<Record<string, string>> = {
    read: vscode.l10n.t('read'), write: vscode.l10n.t('write'), delete: vscode.l10n.t('delete'), exec: vscode.l10n.t('run'), fetch: vscode.l10n.t('fetch'), export: vscode.l10n.t('send to'),
    mcp: vscode.l10n.t('call'), external: vscode.l10n.t('outside service'), interact: vscode.l10n.t('use'), locate: vscode.l10n.t('location'), unknown: vscode.l10n.t('unknown'),
  };
  return words[kind] ?? kind;
}
