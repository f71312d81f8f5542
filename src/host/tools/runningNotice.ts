import * as vscode from 'vscode';
import { visible } from '../../core/visible.ts';
import { commands } from '../contributions.ts';

/** A command that ends before this needs no notice, in milliseconds */
const patience = 1_500;
const longestShown = 80;

/**
 * Shows that a command runs, with a way to watch and a button to end it; nothing for one that ends at once. Resolves with the
 * command's own outcome.
 */
export async function withNotice<Value>(command: string, cancel: () => void, running: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const isLong = await Promise.race([running.then(() => false, () => false), new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), patience);
  })]);
  clearTimeout(timer);
  if (!isLong) return running;
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('An agent runs “{0}”', shown(command)) }, (progress, token) => {
    progress.report({ message: `[${vscode.l10n.t('Watch')}](command:${commands.watchCommands})` });
    token.onCancellationRequested(cancel);
    return running;
  });
}

/** One line, without what the editor would take for a link or an icon */
function shown(command: string): string {
  const text = visible(command);
  return (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text).replace(/[[\]()]/g, (bracket) => wide[bracket] ?? bracket);
}

/** Brackets that look the same and make no link */
const wide: Readonly<Record<string, string>> = { '[': '［', ']': '］', '(': '（', ')': '）' };
