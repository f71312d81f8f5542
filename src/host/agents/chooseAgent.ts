import * as vscode from 'vscode';
import { findClient } from '../../agents/clients.ts';
import { findInstallation, type Installation } from '../../agents/installation.ts';
import { type AgentState, agentStates } from '../../cli/doctorAgents.ts';
import type { HookForm } from '../../cli/protecting.ts';

/** One way to put an agent under the policy */
export interface Way {
  readonly label: string;
  readonly detail: string;
  readonly form: HookForm;
  readonly inFolder: boolean;
}

/** Lets a person pick one of the agents that are wanted, those that are here first; says so where there is none */
export async function pickAgent(title: string, placeHolder: string, wanted: (state: AgentState) => boolean): Promise<Installation | undefined> {
  const states = (await agentStates(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', { trying: false })).filter(wanted);
  if (states.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No agent has a hook of ours.'));
    return undefined;
  }
  const rows = states.toSorted((a, b) => Number(b.found) - Number(a.found)).map((state) => ({
    client: state.client, label: state.title, description: state.version ?? '',
    detail: state.files.length > 0 ? vscode.l10n.t('under the policy') : state.found ? vscode.l10n.t('is here and asks nobody') : vscode.l10n.t('not found on this machine'),
  }));
  return findInstallation((await vscode.window.showQuickPick(rows, { title, placeHolder, matchOnDetail: true }))?.client);
}

/** Lets a person pick where and how an agent is to ask, where there is a choice */
export async function pickWay(installation: Installation): Promise<Way | undefined> {
  const always: Way = { label: vscode.l10n.t('In all folders'), detail: vscode.l10n.t('The change goes into your own settings of the agent. Recommended.'), form: 'command', inFolder: false };
  const ways: Way[] = [
    always,
    ...(installation.project === undefined ? [] : [{ label: vscode.l10n.t('In this folder only'), detail: vscode.l10n.t('The change goes into the settings of this project, which others may share.'), form: 'command', inFolder: true } as const]),
    ...(installation.http === undefined ? [] : [{ label: vscode.l10n.t('In all folders, strictest'), detail: vscode.l10n.t('It calls the editor itself and runs nothing while no editor is open. Not where others can log in to this machine.'), form: 'http', inFolder: false } as const]),
  ];
  if (ways.length === 1) return always;
  return vscode.window.showQuickPick(ways, { title: vscode.l10n.t('Protect {0}', titleOf(installation)), placeHolder: vscode.l10n.t('Where it is to ask') });
}

/** As people know the agent */
export function titleOf({ client }: Installation): string {
  return findClient(client)?.title ?? client;
}
