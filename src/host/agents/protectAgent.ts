import * as vscode from 'vscode';
import { findInstallation, type Installation } from '../../agents/installation.ts';
import { planProtection, projectFile, protect, userFile } from '../../cli/protecting.ts';
import { chooseFolder } from '../commands/choose.ts';
import type { Faces } from '../faces.ts';
import { agreed, toldFailure } from './agreeToChange.ts';
import { pickAgent, pickWay, titleOf } from './chooseAgent.ts';

/**
 * CoWork: Protect an Agent…: shows the exact change of the agent's settings, makes it where the person says so, after the hook
 * was tried, and tells what is left to do and what is not covered. Resolves to whether it was made.
 *
 * @param client of `installations`; a person picks where it is absent
 */
export async function protectAgent({ folders, documents }: Faces, client?: string): Promise<boolean> {
  const installation = findInstallation(client) ?? (await pickAgent(vscode.l10n.t('Protect an Agent'), vscode.l10n.t('From then on each of its tool calls asks the policy first'), () => true));
  const way = installation === undefined ? undefined : await pickWay(installation);
  if (installation === undefined || way === undefined) return false;
  const file = way.inFolder ? await inOpenFolder(folders, installation) : userFile(installation);
  if (file === undefined) return false;
  return toldFailure(async () => {
    const plan = await planProtection(installation, file, way.form, 'launcher');
    const title = titleOf(installation);
    if (plan.change.before !== plan.change.after && !(await agreed(plan.change, documents, vscode.l10n.t('Put {0} under the policy with this change?', title)))) return false;
    const probed = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Trying the hook of {0}…', title) }, () => protect(plan));
    await tellProtected(installation, probed.ok ? vscode.l10n.t('{0} is under the policy. The hook was tried: it denied what it must deny.', title) : vscode.l10n.t('{0} has its hook, which could not be tried yet: it runs nothing while no editor answers.', title));
    return true;
  });
}

async function inOpenFolder(folders: Faces['folders'], installation: Installation): Promise<string | undefined> {
  const folder = await chooseFolder(folders);
  return folder === undefined ? undefined : projectFile(installation, folder.path);
}

/** What is left to do stands first: an agent may not ask before */
async function tellProtected(installation: Installation, said: string): Promise<void> {
  const { steps, notCovered } = installation;
  const detail = [
    ...(steps.length === 0 ? [] : [vscode.l10n.t('To do now:'), ...steps.map((step) => `• ${step}`), '']),
    vscode.l10n.t('Not covered:'), ...notCovered.map((text) => `• ${text}`), '',
    vscode.l10n.t('CoWork: Stop Protecting an Agent… takes it out again.'),
  ].join('\n');
  await vscode.window.showInformationMessage(steps.length === 0 ? said : vscode.l10n.t('{0} has the hook and does not call it yet', titleOf(installation)), { modal: true, detail });
}
