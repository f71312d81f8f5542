import * as vscode from 'vscode';
import { contextKeys, type ContextKey } from './contributions.ts';
import { isOpen, type Folder, type Folders } from './folders.ts';
import { hostWords } from './hostWords.ts';
import type { Status, StatusBar } from './statusBar.ts';
import { lowestTask } from './taskList.ts';
import type { PolicyTree } from './tree/policyTree.ts';
import { mostDecisions, treeNodes, type FolderSnapshot } from './tree/treeNodes.ts';
import { closedState } from './tree/closedState.ts';

/** Changes that come together are shown together, milliseconds */
const settling = 50;

/** Keeps tree, badge, status bar and context keys equal to the state of the folders */
export class View implements vscode.Disposable {
  private readonly folders: Folders;
  private readonly tree: PolicyTree;
  private readonly status: StatusBar;
  private readonly failed: (error: unknown) => void;
  private readonly subscriptions: vscode.Disposable;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** One drawing at a time, so that an older one never overwrites a newer one */
  private drawing: Promise<void> = Promise.resolve();

  constructor(folders: Folders, tree: PolicyTree, status: StatusBar, failed: (error: unknown) => void) {
    this.folders = folders;
    this.tree = tree;
    this.status = status;
    this.failed = failed;
    const soon = (): void => this.soon();
    this.subscriptions = vscode.Disposable.from(folders.onDidChange(soon), vscode.window.onDidChangeActiveTextEditor(soon), vscode.workspace.onDidGrantWorkspaceTrust(soon));
    this.soon();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.drawing = this.drawing.then(() => this.draw()).catch(this.failed);
    }, settling);
  }

  private async draw(): Promise<void> {
    const { all } = this.folders;
    const snapshots = await Promise.all(all.map(snapshot));
    const pending = snapshots.reduce((sum, folder) => sum + folder.pending.length, 0);
    this.tree.update(treeNodes(snapshots, vscode.l10n), pending);
    this.status.update({ ...statusOf(snapshots, pending), ...lowestOf(all) });
    const manifests = snapshots.map((folder) => folder.state.manifest);
    setContext(contextKeys.hasPending, pending > 0);
    setContext(contextKeys.approvesAll, snapshots.some((folder) => folder.approvingAll.length > 0));
    setContext(contextKeys.reviewWaits, manifests.some((manifest) => !manifest.reviewed && manifest.rules.some((rule) => rule.effect === 'allow')));
    setContext(contextKeys.closed, snapshots.some((folder) => folder.state.closedBecause !== undefined));
  }
}

async function snapshot(folder: Folder): Promise<FolderSnapshot> {
  const trusted = vscode.workspace.isTrusted;
  if (!isOpen(folder)) return { path: folder.path, name: folder.name, state: closedState(folder.problem), pending: [], decisions: [], approvingAll: [], trusted };
  const { path, name, store, gate } = folder;
  const decisions = await store.history({ types: ['decision'], limit: mostDecisions });
  return { path, name, state: store.state, pending: gate.pending, decisions, approvingAll: gate.approvingAll, trusted };
}

function statusOf(snapshots: readonly FolderSnapshot[], pending: number): Status {
  const document = vscode.window.activeTextEditor?.document.uri;
  const active = document === undefined ? undefined : vscode.workspace.getWorkspaceFolder(document);
  const shown = snapshots.find((folder) => folder.name === active?.name) ?? snapshots[0];
  const closed = snapshots.find((folder) => folder.state.closedBecause !== undefined)?.state.closedBecause;
  return {
    pending, approvingAll: snapshots.some((folder) => folder.approvingAll.length > 0),
    ...(shown === undefined ? {} : { mode: shown.state.settings.mode }),
    ...(snapshots.length > 1 && shown !== undefined ? { folder: shown.name } : {}),
    ...(closed === undefined ? {} : { closedBecause: closed.message }),
  };
}

/** The task that is nearest to the end of a budget, in whichever folder */
function lowestOf(all: readonly Folder[]): Pick<Status, 'lowest'> {
  const low = all.flatMap((folder) => (isOpen(folder) ? [lowestTask(folder, Date.now(), hostWords)] : [])).find((each) => each !== undefined);
  return low === undefined ? {} : { lowest: low };
}

function setContext(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
