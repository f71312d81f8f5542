import * as vscode from 'vscode';
import { capabilities, type Capability } from '../../core/decision.ts';
import type { Faces } from '../faces.ts';
import { chooseFolder, told } from './choose.ts';

/** Turns the coarse switches of a folder on or off (spec 3) */
export async function changePermissions({ folders }: Faces): Promise<void> {
  const folder = await chooseFolder(folders);
  if (folder === undefined) return;
  const { permissions } = folder.store.state.settings;
  const chosen = await vscode.window.showQuickPick(
    capabilities.map((capability) => ({ label: capabilityName(capability), detail: capabilityEffect(capability), picked: permissions[capability], capability })),
    { title: vscode.l10n.t('Permissions of {0}', folder.name), placeHolder: vscode.l10n.t('What is off is denied whatever rules and mode say'), canPickMany: true },
  );
  if (chosen === undefined) return;
  const on = new Set(chosen.map((item) => item.capability));
  const wanted = Object.fromEntries(capabilities.map((capability) => [capability, on.has(capability)])) as Record<Capability, boolean>;
  if (capabilities.every((capability) => wanted[capability] === permissions[capability])) return;
  told(await folder.gate.changeSettings({ permissions: wanted }, 'editor'));
}

/** A coarse switch as people read it */
export function capabilityName(capability: Capability): string {
  return { read: vscode.l10n.t('Read'), write: vscode.l10n.t('Write'), delete: vscode.l10n.t('Delete'), shell: vscode.l10n.t('Shell'), network: vscode.l10n.t('Network') }[capability];
}

/** What a coarse switch lets tools do, one line (spec 3) */
export function capabilityEffect(capability: Capability): string {
  return {
    read: vscode.l10n.t('Read files'), write: vscode.l10n.t('Write and create files, also by a command'),
    delete: vscode.l10n.t('Delete files, also by a command such as rm'), shell: vscode.l10n.t('Run commands'),
    network: vscode.l10n.t('Reach the network, also by a command such as curl'),
  }[capability];
}
