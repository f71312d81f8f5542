import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Folders, OpenFolder } from '../folders.ts';
import { isOpen } from '../folders.ts';
import { PolicyFileActions } from './fileActions.ts';
import { completions } from './fileCompletion.ts';
import { diagnosticsOf } from './fileDiagnostics.ts';
import { ruleHover } from './fileHover.ts';

/** The rules file of a workspace, wherever the workspace is */
const selector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/.cowork/policy/permissions.json' };
/** After the last key the text is looked at, milliseconds */
const settling = 200;

/** Helps whoever writes `permissions.json` by hand: problems with quick fixes, what a rule matched, what a rule could be about */
export class PolicyFile implements vscode.Disposable {
  private readonly folders: Folders;
  private readonly failed: (error: unknown) => void;
  private readonly problems: vscode.DiagnosticCollection;
  private readonly subscriptions: vscode.Disposable;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(folders: Folders, failed: (error: unknown) => void) {
    this.folders = folders;
    this.failed = failed;
    this.problems = vscode.languages.createDiagnosticCollection('coworkPolicy');
    const soon = (): void => this.soon();
    this.subscriptions = vscode.Disposable.from(
      this.problems,
      vscode.workspace.onDidOpenTextDocument(soon), vscode.workspace.onDidChangeTextDocument(soon),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.problems.delete(uri)),
      folders.onDidChange(soon),
      vscode.languages.registerHoverProvider(selector, {
        provideHover: async (document, position) => {
          const folder = this.folderOf(document);
          return folder === undefined ? undefined : ruleHover(document, position, folder);
        },
      }),
      vscode.languages.registerCompletionItemProvider(selector, {
        provideCompletionItems: async (document, position) => {
          const folder = this.folderOf(document);
          return folder === undefined ? [] : completions(document, position, folder);
        },
      }, '"'),
      vscode.languages.registerCodeActionsProvider(selector, new PolicyFileActions((document) => this.folderOf(document)), { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    );
    this.soon();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      try {
        for (const document of vscode.workspace.textDocuments) {
          const folder = vscode.languages.match(selector, document) === 0 ? undefined : this.folderOf(document);
          if (folder !== undefined) this.problems.set(document.uri, diagnosticsOf(document, folder));
        }
      } catch (error) {
        this.failed(error);
      }
    }, settling);
  }

  /** The open folder whose rules file this is; a file of that name elsewhere is nobody's */
  private folderOf({ uri }: vscode.TextDocument): OpenFolder | undefined {
    const file = realPath(uri.fsPath);
    return this.folders.all.filter(isOpen).find(({ path }) => join(path, '.cowork/policy/permissions.json') === file);
  }
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    // Gone, or not there yet
    if (error instanceof Error) return path;
    throw error;
  }
}
