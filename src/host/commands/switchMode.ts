import * as vscode from 'vscode';
import { modes, type Mode } from '../../core/decision.ts';
import type { Faces } from '../faces.ts';
import { modeEffect, modeName } from '../tree/treeNodes.ts';
import { chooseFolder, told } from './choose.ts';

/** Switches the mode of a folder; each mode says in one line what it does (spec 6) */
export async function switchMode({ folders }: Faces): Promise<void> {
  const folder = await chooseFolder(folders);
  if (folder === undefined) return;
  const current = folder.store.state.settings.mode;
  const chosen = await vscode.window.showQuickPick(
    modes.map((mode) => ({
      label: modeName(mode, vscode.l10n), detail: modeEffect(mode, vscode.l10n), mode,
      ...(mode === current ? { description: vscode.l10n.t('current') } : {}),
    })),
    {
      title: vscode.l10n.t('Mode of {0}', folder.name),
      placeHolder: vscode.workspace.isTrusted ? vscode.l10n.t('What happens where no rule answers') : vscode.l10n.t('This folder is not trusted: a looser mode will not count until it is'),
    },
  );
  if (chosen === undefined || chosen.mode === current || !(await confirmMode(chosen.mode))) return;
  if (told(await folder.gate.changeSettings({ mode: chosen.mode }, 'editor'))) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Mode: {0}', chosen.label), 5_000);
  }
}

/** The two modes that hardly ask are confirmed once more */
export async function confirmMode(mode: Mode): Promise<boolean> {
  if (mode !== 'dont_ask' && mode !== 'bypass_permissions') return true;
  const yes = vscode.l10n.t('Switch');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Switch to {0}?', modeName(mode, vscode.l10n)), { modal: true, detail: modeEffect(mode, vscode.l10n) }, yes,
  );
  return answer === yes;
}
