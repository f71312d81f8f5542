import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { FileChange } from '../../cli/installFile.ts';
import { FailedError } from '../../cli/verb.ts';
import type { Documents } from '../documents.ts';

/** Shows the file before and after beside each other, and asks in a pick that leaves it in sight */
export async function agreed({ file, before, after }: FileChange, documents: Documents, question: string): Promise<boolean> {
  const name = basename(file);
  const [left, right] = [documents.add(name, before ?? ''), documents.add(name, after ?? '')];
  const title = before === undefined ? vscode.l10n.t('{0} (new file)', file) : after === undefined ? vscode.l10n.t('{0} (is taken away)', file) : file;
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
  const rows = [{ label: vscode.l10n.t('Make the change'), detail: file, yes: true }, { label: vscode.l10n.t('Leave everything as it is'), yes: false }];
  const chosen = await vscode.window.showQuickPick(rows, { title: question, placeHolder: vscode.l10n.t('The whole change is open below'), ignoreFocusOut: true });
  await closeDiff(right);
  return chosen?.yes === true;
}

async function closeDiff(right: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === right.toString());
  await vscode.window.tabGroups.close(tabs);
}

/** A change that cannot be made is told in its own sentence; nothing was done then */
export async function toldFailure(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FailedError)) throw error;
    void vscode.window.showWarningMessage(asSentence(error.message));
    return false;
  }
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
