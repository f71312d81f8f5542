import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import { plainLabel } from '../plainLabel.ts';
import { pickStep, type Choice } from './steps.ts';

/**
 * Asks once more before "approve all" is switched on for a session, and says what it leaves out (spec 7).
 *
 * @returns why it could not be switched on
 */
export async function confirmApproveAll(gate: Gate, session: string, actor: string, signal: AbortSignal): Promise<string | undefined> {
  const no: Choice<boolean> = { label: vscode.l10n.t('No, keep asking'), value: false };
  const yes: Choice<boolean> = {
    label: vscode.l10n.t('Yes, approve all of {0} in this session', plainLabel(actor)), value: true,
    detail: vscode.l10n.t('Until the window closes or you choose CoWork: Stop Approving All'),
  };
  const chosen = await pickStep({
    title: vscode.l10n.t('Approve all for this session?'),
    placeholder: vscode.l10n.t('Choose'),
    prompt: vscode.l10n.t('Commands and plain network reads will run without asking. Still asked: deletes, exports, location, protected places, secrets, places outside the workspace, MCP tools, ask rules and commands that cannot be read.'),
    items: [no, yes], active: no,
  }, signal);
  if (chosen !== true) return undefined;
  const changed = await gate.approveAllForSession(session, 'editor');
  return changed.ok ? undefined : changed.reason;
}
