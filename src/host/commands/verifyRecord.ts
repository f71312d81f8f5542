import { basename } from 'node:path';
import * as vscode from 'vscode';
import { verifyChain } from '../../node/store/verifyChain.ts';
import { userFolder } from '../../node/userFolder.ts';
import type { Faces } from '../faces.ts';
import { chooseFolder } from './choose.ts';

/** Verifies that no line of the record was changed, moved or taken out; can be cancelled */
export async function verifyRecord({ folders }: Faces): Promise<void> {
  const folder = await chooseFolder(folders);
  if (folder === undefined) return;
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Verifying the record of {0}', folder.name), cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      try {
        return await verifyChain(folder.path, userFolder(), (entries) => progress.report({ message: vscode.l10n.t('{0} entries', entries) }), stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return undefined;
        throw error;
      }
    },
  );
  if (result === undefined) return;
  if (result.ok) {
    void vscode.window.showInformationMessage(vscode.l10n.t('The record of {0} is whole: {1} entries verified.', folder.name, result.entries));
    return;
  }
  const bad = result.firstBad;
  void vscode.window.showErrorMessage(bad === undefined
    ? vscode.l10n.t('The record of {0} does not verify.', folder.name)
    : vscode.l10n.t('The record of {0} does not verify at {1}, line {2}: {3} The {4} entries before it hold.', folder.name, basename(bad.file), bad.line, bad.why, result.entries));
}
