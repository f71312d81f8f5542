import * as vscode from 'vscode';
import { keepHttpDoor } from '../cli/httpHookDoor.ts';
import { hasLauncher, keepLauncher } from '../cli/launcher.ts';
import type { StoredState } from '../gate/ports.ts';
import { userFolder } from '../node/userFolder.ts';
import type { CoworkPolicyApi, DecisionEvent, PolicyEvent } from './api.ts';
import { createApi, denyingApi } from './apiDoor.ts';
import { ChannelListeners } from './channels/channelListeners.ts';
import { systemClock } from './clock.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { Documents } from './documents.ts';
import { FolderDoor } from './folderDoor.ts';
import { Folders, type OpenFolder } from './folders.ts';
import { Importing } from './importing.ts';
import { registerLanguageModelTools } from './languageModel/gatedLanguageModelTools.ts';
import { registerMcpDefinitions } from './languageModel/mcpDefinitions.ts';
import { PastedFiles } from './pastedFiles.ts';
import { PolicyPanel } from './panel/policyPanel.ts';
import { PolicyFile } from './policyFile/policyFile.ts';
import { PromptQueue } from './prompt/promptQueue.ts';
import { RegisteredTools } from './registeredTools.ts';
import { StatusBar } from './statusBar.ts';
import { WindowTools } from './tools/windowTools.ts';
import { PolicyTree } from './tree/policyTree.ts';
import { View } from './view.ts';

let running: Folders | undefined;

/** Puts the extension together: one gate a folder, the faces around them, and the API for other extensions */
export async function activate(context: vscode.ExtensionContext): Promise<CoworkPolicyApi> {
  const log = vscode.window.createOutputChannel(vscode.l10n.t('CoWork Policy'), { log: true });
  context.subscriptions.push(log);
  const failed = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
  try {
    const decided = new vscode.EventEmitter<DecisionEvent>();
    const policyChanged = new vscode.EventEmitter<PolicyEvent>();
    const documents = new Documents();
    const prompts = new PromptQueue(documents, failed);
    const tools = new RegisteredTools();
    const folders = new Folders({ clock: systemClock(), ...approvalTimeout(context), tools, secrets: context.secrets, failed, onOpen: (folder) => vscode.Disposable.from(
      folder.gate.attach(prompts.prompter(folder)),
      folder.gate.onDidDecide(({ request, verdict }) => decided.fire({ request, decision: verdict.decision, settledBy: verdict.settledBy, folder: folder.path })),
      onPolicyChange(folder, () => policyChanged.fire({ folder: folder.path })),
      new FolderDoor(folder, failed),
    ) });
    const listeners = new ChannelListeners(folders);
    const importing = new Importing(folders, failed);
    const tree = new PolicyTree(importing);
    const status = new StatusBar();
    context.subscriptions.push(decided, policyChanged, documents, prompts, listeners, folders, importing, new PastedFiles(folders, failed), tree, status, new View(folders, tree, status, failed));
    const windowTools = new WindowTools(failed);
    context.subscriptions.push(windowTools);
    const faces = { folders, documents, prompts, tree, windowTools };
    context.subscriptions.push(...registerCommands(faces, log, failed), new PolicyPanel(faces, context.extensionUri, failed), new PolicyFile(folders, failed));
    running = folders;
    await folders.follow();
    context.subscriptions.push(...registerLanguageModelTools(context.extension.packageJSON, folders, (...call) => windowTools.run(...call)), registerMcpDefinitions(context.extension, folders));
    if (hasLauncher(userFolder())) keepLauncher(userFolder());
    const door = keepHttpDoor(userFolder(), failed);
    context.subscriptions.push({ dispose: () => void door.close().catch(failed) });
    return createApi(folders, { tools, listeners, windowTools, onDidDecide: decided.event, onDidChangePolicy: policyChanged.event });
  } catch (error) {
    failed(error);
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('CoWork Policy could not start, so everything that agents ask is denied. {0}', reason));
    return denyingApi(reason);
  }
}

/** Withdraws what is pending and writes the last state before the editor goes */
export async function deactivate(): Promise<void> {
  await running?.close();
  running = undefined;
}

/** Calls when what shapes decisions changed; pending approvals and problems are no policy */
function onPolicyChange({ store }: OpenFolder, changed: () => void): { dispose(): void } {
  const parts = ({ settings, workspaceRules, profileRules, managedRules, manifest, script }: StoredState): readonly unknown[] => [settings, workspaceRules, profileRules, managedRules, manifest, script];
  let before = parts(store.state);
  return store.onDidChange((state) => {
    const now = parts(state);
    const same = now.every((part, index) => part === before[index]);
    before = now;
    if (!same) changed();
  });
}

/** Only a development host may shorten the wait for an answer, to see a time-out without waiting five minutes */
function approvalTimeout(context: vscode.ExtensionContext): { readonly approvalTimeout?: number } {
  if (context.extensionMode !== vscode.ExtensionMode.Development) return {};
  const milliseconds = Number(process.env['COWORK_APPROVAL_TIMEOUT']);
  return milliseconds > 0 ? { approvalTimeout: milliseconds } : {};
}
