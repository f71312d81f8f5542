import * as vscode from 'vscode';
import type { OpenFolder } from '../folders.ts';
import { markCode, problemSource, rangeOf } from './fileDiagnostics.ts';
import { fileProblems, mended, type Fix } from './fileProblems.ts';
import { ruleAt, ruleNodes } from './ruleNodes.ts';

/** Ways to mend each problem of the file; the text is changed, saving it stays the person's */
export class PolicyFileActions implements vscode.CodeActionProvider {
  private readonly folderOf: (document: vscode.TextDocument) => OpenFolder | undefined;

  constructor(folderOf: (document: vscode.TextDocument) => OpenFolder | undefined) {
    this.folderOf = folderOf;
  }

  provideCodeActions(document: vscode.TextDocument, _range: vscode.Range, { diagnostics }: vscode.CodeActionContext): vscode.CodeAction[] {
    const folder = this.folderOf(document);
    const ours = diagnostics.filter(({ source }) => source === problemSource);
    if (folder === undefined || ours.length === 0) return [];
    const text = document.getText();
    const problems = fileProblems(text, folder.surroundings);
    const rules = ruleNodes(text, folder.surroundings);
    return ours.flatMap((diagnostic) => {
      const offset = document.offsetAt(diagnostic.range.start);
      const rule = ruleAt(rules, offset);
      const fixes = diagnostic.code === markCode ? (rule === undefined ? [] : [{ kind: 'remove_rule', index: rule.index } as const]) : problems.find((problem) => problem.code === diagnostic.code && problem.offset === offset)?.fixes;
      return (fixes ?? []).map((fix) => action(document, text, fix, diagnostic));
    });
  }
}

function action(document: vscode.TextDocument, text: string, fix: Fix, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const made = new vscode.CodeAction(title(fix), vscode.CodeActionKind.QuickFix);
  made.diagnostics = [diagnostic];
  made.isPreferred = fix.kind !== 'remove_rule';
  made.edit = new vscode.WorkspaceEdit();
  made.edit.replace(document.uri, rangeOf(document, { offset: 0, length: text.length }), mended(text, fix));
  return made;
}

function title(fix: Fix): string {
  switch (fix.kind) {
    case 'begin': return vscode.l10n.t('Begin with an empty list of rules');
    case 'set_version': return vscode.l10n.t('Set the version to 1');
    case 'remove_rule': return vscode.l10n.t('Remove this rule');
    case 'set_effect': return fix.effect === 'ask' ? vscode.l10n.t('Let this rule ask') : vscode.l10n.t('Let this rule deny');
    case 'shorten_prefix': return vscode.l10n.t('Only for commands that start with “{0}”', fix.prefix);
  }
}
