import { basename } from 'node:path';
import * as vscode from 'vscode';
import { findClient } from '../../agents/clients.ts';
import { findInstallation, installations, type Installation } from '../../agents/installation.ts';
import { type AgentState, agentStates } from '../../cli/doctorAgents.ts';
import { type FileChange, makeChange } from '../../cli/installFile.ts';
import { type HookForm, planProtection, planRelease, projectFile, protect, userFile } from '../../cli/protecting.ts';
import { FailedError } from '../../cli/verb.ts';
import type { Documents } from '../documents.ts';
import type { Faces } from '../faces.ts';
import { chooseFolder } from '../commands/choose.ts';

/** One way to put an agent under the policy */
interface Way {
  readonly label: string;
  readonly detail: string;
  readonly form: HookForm;
  readonly inFolder: boolean;
}

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

async function pickAgent(title: string, placeHolder: string, wanted: (state: AgentState) => boolean): Promise<Installation | undefined> {
  const states = (await agentStates(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', { trying: false })).filter(wanted);
  if (states.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No agent has a hook of ours.'));
    return undefined;
  }
  // Agents that are here stand first
  const rows = states.toSorted((a, b) => Number(b.found) - Number(a.found)).map((state) => ({
    client: state.client, label: state.title, description: state.version ?? '',
    detail: state.files.length > 0 ? vscode.l10n.t('under the policy') : state.found ? vscode.l10n.t('is here and asks nobody') : vscode.l10n.t('not found on this machine'),
  }));
  return findInstallation((await vscode.window.showQuickPick(rows, { title, placeHolder, matchOnDetail: true }))?.client);
}

async function pickWay(installation: Installation): Promise<Way | undefined> {
  const always: Way = { label: vscode.l10n.t('In all folders'), detail: vscode.l10n.t('The change goes into your own settings of the agent. Recommended.'), form: 'command', inFolder: false };
  const ways: Way[] = [
    always,
    ...(installation.project === undefined ? [] : [{ label: vscode.l10n.t('In this folder only'), detail: vscode.l10n.t('The change goes into the settings of this project, which others may share.'), form: 'command', inFolder: true } as const]),
    ...(installation.http === undefined ? [] : [{ label: vscode.l10n.t('In all folders, strictest'), detail: vscode.l10n.t('It calls the editor itself and runs nothing while no editor is open. Not where others can log in to this machine.'), form: 'http', inFolder: false } as const]),
  ];
  if (ways.length === 1) return always;
  return vscode.window.showQuickPick(ways, { title: vscode.l10n.t('Protect {0}', titleOf(installation)), placeHolder: vscode.l10n.t('Where it is to ask') });
}

async function inOpenFolder(folders: Faces['folders'], installation: Installation): Promise<string | undefined> {
  const folder = await chooseFolder(folders);
  return folder === undefined ? undefined : projectFile(installation, folder.path);
}

/** Shows the file before and after beside each other, and asks */
async function agreed({ file, before, after }: FileChange, documents: Documents, question: string): Promise<boolean> {
  const name = basename(file);
  const [left, right] = [documents.add(name, before ?? ''), documents.add(name, after ?? '')];
  const title = before === undefined ? vscode.l10n.t('{0} (new file)', file) : after === undefined ? vscode.l10n.t('{0} (is taken away)', file) : file;
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
  const yes = vscode.l10n.t('Make the Change');
  const chosen = await vscode.window.showInformationMessage(question, { modal: true, detail: vscode.l10n.t('File: {0}\nThe change is open beside this question.', file) }, yes);
  await closeDiff(right);
  return chosen === yes;
}

async function closeDiff(right: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === right.toString());
  await vscode.window.tabGroups.close(tabs);
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

/** A change that cannot be made is told in its own sentence; nothing was done then */
async function toldFailure(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FailedError)) throw error;
    void vscode.window.showWarningMessage(sentence(error.message));
    return false;
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function titleOf({ client }: Installation): string {
  return findClient(client)?.title ?? client;
}

/** Every agent there is a way for */
export const agentIds: readonly string[] = installations.map(({ client }) => client);
