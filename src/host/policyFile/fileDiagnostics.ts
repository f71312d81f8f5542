import * as vscode from 'vscode';
import { analysedRules, markText } from '../analysedRules.ts';
import type { OpenFolder } from '../folders.ts';
import { placedFingerprint } from '../../node/store/manifest.ts';
import { fileProblems } from './fileProblems.ts';
import { ruleNodes, type Span } from './ruleNodes.ts';

/** Who says so, in the list of problems */
export const problemSource = 'CoWork Policy';
/** A rule that could go: the mark about it is no mistake of the file */
export const markCode = 'rule_mark';

/** What is wrong with the file by itself, and which of its rules decide nothing or contradict others */
export function diagnosticsOf(document: vscode.TextDocument, folder: OpenFolder): vscode.Diagnostic[] {
  const text = document.getText();
  return [
    ...fileProblems(text, folder.surroundings).map((problem) => diagnostic(document, problem, problem.message, vscode.DiagnosticSeverity.Warning, problem.code)),
    ...marks(document, text, folder),
  ];
}

function marks(document: vscode.TextDocument, text: string, folder: OpenFolder): vscode.Diagnostic[] {
  const { rules, marks: all } = analysedRules(folder);
  if (all.size === 0) return [];
  const ids = new Map(rules.filter(({ source }) => source === 'workspace_db' || source === 'workspace_manifest').map((rule) => [placedFingerprint(rule, folder.surroundings), rule.id]));
  return ruleNodes(text, folder.surroundings).flatMap((node) => {
    const id = node.fingerprint === undefined ? undefined : ids.get(node.fingerprint);
    const found = id === undefined ? [] : (all.get(id) ?? []);
    // What cannot be read is told by the file itself
    return found.filter(({ kind }) => kind !== 'unreadable').map((mark) => {
      const isSecret = mark.kind === 'secret' || mark.kind === 'contradicts';
      const made = diagnostic(document, node.main ?? node, markText(mark, folder, rules), isSecret ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information, markCode);
      if (mark.kind === 'redundant' || mark.kind === 'shadowed' || mark.kind === 'expired') made.tags = [vscode.DiagnosticTag.Unnecessary];
      return made;
    });
  });
}

function diagnostic(document: vscode.TextDocument, span: Span, message: string, severity: vscode.DiagnosticSeverity, code: string): vscode.Diagnostic {
  const made = new vscode.Diagnostic(rangeOf(document, span), message, severity);
  made.source = problemSource;
  made.code = code;
  return made;
}

/** Where a span stands in a document */
export function rangeOf(document: vscode.TextDocument, { offset, length }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}
