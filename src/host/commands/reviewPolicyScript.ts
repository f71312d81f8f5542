import * as vscode from 'vscode';
import { visible } from '../../core/visible.ts';
import type { PolicyScript } from '../../gate/ports.ts';
import { commands } from '../contributions.ts';
import type { Documents } from '../documents.ts';
import type { Faces } from '../faces.ts';
import type { OpenFolder } from '../folders.ts';
import type { TreeNode } from '../tree/treeNodes.ts';
import { chooseFolder, told } from './choose.ts';

/** Shows the policy script, or what changed in it since the last review, then lets it run if the person says so (spec 1, stage 4) */
export async function reviewPolicyScript({ folders, documents }: Faces, node?: TreeNode): Promise<void> {
  const folder = await chooseFolder(folders, node);
  if (folder === undefined) return;
  // Taken once: what is confirmed is what was shown, or the gate refuses
  const { script } = folder.store.state;
  if (script === undefined) {
    const make = vscode.l10n.t('New Policy Script');
    const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('This workspace has no policy script.'), make);
    if (chosen === make) await vscode.commands.executeCommand(commands.newPolicyScript);
    return;
  }
  if (script.text !== undefined) await show(folder, script.text, documents);
  const choice = await chosenFor(folder, script);
  if (choice === 'run' && told(await folder.gate.reviewScript(script.hash, 'editor'))) vscode.window.setStatusBarMessage(vscode.l10n.t('The policy script is asked from now on.'), 5_000);
  if (choice === 'forget' && told(await folder.gate.reviewScript(undefined, 'editor'))) vscode.window.setStatusBarMessage(vscode.l10n.t('The policy script is not asked any more.'), 5_000);
}

/** The exact text that a review would be of, not the file, which may change meanwhile */
async function show({ name, store }: OpenFolder, text: string, documents: Documents): Promise<void> {
  const before = store.reviewedScript();
  if (before === undefined || before === text) await documents.show('policy.js', text);
  else await vscode.commands.executeCommand('vscode.diff', documents.add('policy.js', before), documents.add('policy.js', text), vscode.l10n.t('Policy script of {0}: reviewed and now', name));
}

async function chosenFor(folder: OpenFolder, script: PolicyScript): Promise<'run' | 'forget' | undefined> {
  type Row = vscode.QuickPickItem & { readonly choice?: 'run' | 'forget' };
  const rows: Row[] = [{ label: vscode.l10n.t('Not now'), description: script.review === 'changed' ? vscode.l10n.t('every request asks') : vscode.l10n.t('nothing changes') }];
  const mistake = vscode.workspace.isTrusted ? await folder.gate.scriptMistake() : undefined;
  if (script.review !== 'reviewed' && script.hash !== undefined && vscode.workspace.isTrusted) {
    rows.push({
      label: vscode.l10n.t('I have read it: ask it about every request'), description: vscode.l10n.t('until the file changes'), choice: 'run',
      ...(mistake === undefined ? {} : { detail: vscode.l10n.t('It cannot run, so every request would ask: {0}', visible(mistake)) }),
    });
  }
  if (script.review !== 'new') rows.push({ label: vscode.l10n.t('Forget the review'), description: vscode.l10n.t('it is not asked any more, and holds nothing up'), choice: 'forget' });
  return (await vscode.window.showQuickPick(rows, { title: vscode.l10n.t('Policy Script of {0}', folder.name), ignoreFocusOut: true, placeHolder: standingOf(script) }))?.choice;
}

/** How the script stands, in one sentence */
function standingOf({ review, unreadable, hash }: PolicyScript): string {
  if (unreadable !== undefined) return visible(unreadable);
  if (review === 'reviewed') return vscode.l10n.t('You reviewed exactly this script; it is asked about every request.');
  if (!vscode.workspace.isTrusted) return vscode.l10n.t('Trust this folder first; until then the script does not run.');
  if (review === 'new') return vscode.l10n.t('The repository brought it; it can only make the policy stricter. Read it first.');
  return hash === undefined ? vscode.l10n.t('The script you reviewed is gone, so every request asks.') : vscode.l10n.t('The script changed since you reviewed it, so every request asks. Read it, then choose.');
}
