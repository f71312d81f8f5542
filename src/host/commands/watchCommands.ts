import * as vscode from 'vscode';
import type { Faces } from '../faces.ts';

/** Shows the terminal in which the last commands of agents ran */
export function watchCommands({ windowTools }: Faces): void {
  if (!windowTools.watch()) void vscode.window.showInformationMessage(vscode.l10n.t('No agent has run a command in this window yet.'));
}
