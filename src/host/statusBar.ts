import * as vscode from 'vscode';
import type { Mode } from '../core/decision.ts';
import { commands } from './contributions.ts';
import { modeName } from './tree/treeNodes.ts';

/** What the status bar item shows */
export interface Status {
  /** Mode of the folder in view; absent without an open folder */
  readonly mode?: Mode;
  /** Named when several folders are open */
  readonly folder?: string;
  readonly pending: number;
  /** A session has "approve all" on */
  readonly approvingAll: boolean;
  /** A task that has used most of a budget: in few words, and all of them in many */
  readonly lowest?: { readonly text: string; readonly whole: string };
  /** Why everything is denied */
  readonly closedBecause?: string;
}

/** The one status bar item: mode and waiting approvals; a click answers what waits, else switches the mode */
export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;

  constructor() {
    this.item = vscode.window.createStatusBarItem('coworkPolicy.status', vscode.StatusBarAlignment.Left, 50);
    this.item.name = vscode.l10n.t('CoWork Policy');
  }

  update(status: Status): void {
    const { text, spoken, tooltip, command } = face(status);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.command = command;
    this.item.accessibilityInformation = { label: spoken, role: 'button' };
    this.item.backgroundColor = status.closedBecause === undefined ? undefined : new vscode.ThemeColor('statusBarItem.warningBackground');
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}

function face(status: Status): { text: string; spoken: string; tooltip: string; command: string } {
  if (status.closedBecause !== undefined) {
    const text = vscode.l10n.t('CoWork: everything denied');
    return { text: `$(warning) ${text}`, spoken: text, tooltip: `${status.closedBecause}\n${vscode.l10n.t('Click to try again.')}`, command: commands.reopenStore };
  }
  if (status.mode === undefined) {
    const text = vscode.l10n.t('CoWork: no folder');
    return { text: `$(shield) ${text}`, spoken: text, tooltip: vscode.l10n.t('Every request is denied until a folder is open.'), command: 'vscode.openFolder' };
  }
  const mode = modeName(status.mode, vscode.l10n);
  const name = status.folder === undefined ? mode : `${status.folder}: ${mode}`;
  const all = status.approvingAll ? vscode.l10n.t(', approving all') : '';
  if (status.pending > 0) {
    const waiting = vscode.l10n.t('{0} waiting', status.pending);
    return {
      text: `$(bell-dot) CoWork: ${name}${all} · ${waiting}`, spoken: vscode.l10n.t('CoWork mode {0}{1}, {2}', name, all, waiting),
      tooltip: vscode.l10n.t('Agents wait for your answer. Click to answer.'), command: commands.showPending,
    };
  }
  if (status.lowest !== undefined) {
    const { text, whole } = status.lowest;
    return {
      text: `$(dashboard) CoWork: ${name}${all} · ${text}`, spoken: vscode.l10n.t('CoWork mode {0}{1}, {2}', name, all, text),
      tooltip: `${whole}\n${vscode.l10n.t('Click to see what it was used for.')}`, command: commands.openLimits,
    };
  }
  return {
    text: `$(shield) CoWork: ${name}${all}`, spoken: vscode.l10n.t('CoWork mode {0}{1}', name, all),
    tooltip: vscode.l10n.t('CoWork Policy decides by the mode {0}. Click to switch.', mode), command: commands.switchMode,
  };
}
