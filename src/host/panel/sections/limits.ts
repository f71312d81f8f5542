import * as vscode from 'vscode';
import { mostPending } from '../../../gate/approvals.ts';
import { usualTimeout } from '../../../gate/gate.ts';
import { perMinute } from '../../../gate/limits.ts';
import type { LimitsSlice } from '../../../shared/limits.ts';

/** The limits that hold, read only (spec 9) */
export function limitsSlice(): LimitsSlice {
  return {
    limits: [
      { name: vscode.l10n.t('Searches and model calls'), value: vscode.l10n.t('{0} a minute', perMinute.expensive), detail: vscode.l10n.t('For each session. Beyond, a request is denied and told how long to wait.') },
      { name: vscode.l10n.t('Changes of settings and rules'), value: vscode.l10n.t('{0} a minute', perMinute.settings), detail: vscode.l10n.t('By hand, in this workspace. Beyond, a change is refused and says how long to wait.') },
      { name: vscode.l10n.t('Time to answer'), value: vscode.l10n.t('{0} minutes', usualTimeout / 60_000), detail: vscode.l10n.t('A question nobody answers is denied.') },
      { name: vscode.l10n.t('Open questions'), value: String(mostPending.workspace), detail: vscode.l10n.t('In this workspace; {0} for one session. Beyond, a request is denied at once.', mostPending.session) },
    ],
  };
}
