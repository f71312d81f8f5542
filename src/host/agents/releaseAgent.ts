import * as vscode from 'vscode';
import { findInstallation } from '../../agents/installation.ts';
import { makeChange } from '../../cli/installFile.ts';
import { planRelease, projectFile, userFile } from '../../cli/protecting.ts';
import type { Faces } from '../faces.ts';
import { agreed, toldFailure } from './agreeToChange.ts';
import { pickAgent, titleOf } from './chooseAgent.ts';

/** CoWork: Stop Protecting an Agent…: takes out exactly what the other command put in. Resolves to whether it was done */
export async function releaseAgent({ folders, documents }: Faces, client?: string): Promise<boolean> {
  const installation = findInstallation(client) ?? (await pickAgent(vscode.l10n.t('Stop Protecting an Agent'), vscode.l10n.t('It asks nobody from then on'), ({ files }) => files.length > 0));
  if (installation === undefined) return false;
  const files = [userFile(installation), ...folders.all.flatMap(({ path }) => projectFile(installation, path) ?? [])];
  return toldFailure(async () => {
    const changes = files.map((file) => planRelease(installation, file)).filter(({ before, after }) => before !== after);
    const title = titleOf(installation);
    if (changes.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('{0} has no hook of ours.', title));
    let done = false;
    for (const change of changes) {
      if (!(await agreed(change, documents, vscode.l10n.t('Take {0} out of the policy with this change?', title)))) continue;
      makeChange(change);
      done = true;
    }
    if (done) void vscode.window.showInformationMessage(vscode.l10n.t('{0} asks nobody any more.', title));
    return done;
  });
}
