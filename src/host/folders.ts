import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Surroundings } from '../core/surroundings.ts';
import { createGate, type Gate } from '../gate/gate.ts';
import { StoreError, type Clock, type Problem } from '../gate/ports.ts';
import { editorTimes, openScriptRunner } from '../node/script/openScriptRunner.ts';
import { openStore, type FolderStore } from '../node/store/openStore.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import { userFolder } from '../node/userFolder.ts';
import { openChannels, type FolderChannels } from './channels/openChannels.ts';
import { folderOf } from './folderOf.ts';
import type { RegisteredTools } from './registeredTools.ts';

/** One open workspace folder with its state and its gate */
export interface OpenFolder {
  readonly name: string;
  /** Absolute, links resolved */
  readonly path: string;
  readonly store: FolderStore;
  readonly gate: Gate;
  /** What the core may know of the machine for this folder */
  readonly surroundings: Surroundings;
  readonly channels: FolderChannels;
}

/** A folder whose state could not be opened; every request to it is denied */
export interface ShutFolder {
  readonly name: string;
  readonly path: string;
  readonly problem: Problem;
}

export type Folder = OpenFolder | ShutFolder;

export function isOpen(folder: Folder): folder is OpenFolder {
  return 'gate' in folder;
}

/** Whether another window records for the folder, so that requests are decided there */
export function isHeldElsewhere({ store }: OpenFolder): boolean {
  return store.state.closedBecause?.code === 'busy';
}

/** How long the folders of a workspace file may take to come after the extension was started, milliseconds */
const lateFolders = 5_000;

/** Called for each folder that opens; what it returns is disposed of when the folder goes */
export type OnOpen = (folder: OpenFolder) => vscode.Disposable;

export interface FoldersOptions {
  readonly clock: Clock;
  /** Milliseconds until an unanswered approval is a denial; the gate's own time unless told */
  readonly approvalTimeout?: number;
  readonly tools: RegisteredTools;
  /** Where the tokens of channels are */
  readonly secrets: vscode.SecretStorage;
  readonly onOpen: OnOpen;
  readonly failed: (error: unknown) => void;
}

/** The folders of the window, each with one store and one gate of its own; follows folders that come and go */
export class Folders implements vscode.Disposable {
  private readonly options: FoldersOptions;
  private readonly open = new Map<string, { readonly folder: Folder; readonly disposables: readonly vscode.Disposable[] }>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly vscode.Disposable[];
  /** Opening and closing go one after the other, so that no store is opened twice */
  private work: Promise<void> = Promise.resolve();
  private closed = false;
  /** Over once the editor has told its folders: those of a workspace file on another machine are read after the start */
  private readonly told: Promise<void>;

  /** Folders, policies, pending approvals or grants changed */
  readonly onDidChange = this.changed.event;

  constructor(options: FoldersOptions) {
    this.options = options;
    const first = firstFolders();
    this.told = first.told;
    this.subscriptions = [
      first,
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.follow().catch(options.failed)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const folder of this.all.filter(isOpen)) {
          folder.gate.refresh();
          folder.channels.bridge.follow();
        }
      }),
    ];
  }

  /** In the editor's order */
  get all(): readonly Folder[] {
    return (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => this.open.get(folder.uri.toString())?.folder ?? []);
  }

  /** The one whose policy answers a request (`folderOf`), once all that the window shows is open; none where no folder is */
  async answering(request: Parameters<typeof folderOf>[0]): Promise<Folder | undefined> {
    await this.told;
    for (let before: unknown; before !== this.work;) await (before = this.work);
    const { all } = this;
    return all[folderOf(request, all.map(({ path }) => path))];
  }

  /** The one that holds a document; two folders may have one name */
  holding(document: vscode.Uri): Folder | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(document);
    return folder === undefined ? undefined : this.open.get(folder.uri.toString())?.folder;
  }

  /** Opens what is new and closes what is gone; resolves when done */
  follow(): Promise<void> {
    return this.inTurn(() => this.followNow());
  }

  /** Tries those again that could not be opened, or whose store has shut */
  reopen(): Promise<void> {
    return this.inTurn(async () => {
      for (const [key, { folder }] of this.open) {
        if (!isOpen(folder) || folder.store.state.closedBecause !== undefined) await this.shut(key);
      }
      await this.followNow();
    });
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.work.then(work);
    // Whoever asked for it hears of it; what comes next is done all the same
    this.work = done.catch(() => undefined);
    return done;
  }

  /** Withdraws what is pending, writes the last state and lets go of the folders */
  async close(): Promise<void> {
    this.closed = true;
    await this.work;
    await Promise.all([...this.open.keys()].map((key) => this.shut(key)));
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.changed).dispose();
  }

  private async followNow(): Promise<void> {
    if (this.closed) return;
    const wanted = vscode.workspace.workspaceFolders ?? [];
    const keys = new Set(wanted.map((folder) => folder.uri.toString()));
    for (const key of this.open.keys()) if (!keys.has(key)) await this.shut(key);
    for (const folder of wanted) {
      const key = folder.uri.toString();
      if (!this.open.has(key)) this.open.set(key, await this.openFolder(folder));
    }
    this.changed.fire();
  }

  private async openFolder(folder: vscode.WorkspaceFolder): Promise<{ folder: Folder; disposables: readonly vscode.Disposable[] }> {
    const { name } = folder;
    if (folder.uri.scheme !== 'file') {
      return { folder: { name, path: folder.uri.fsPath, problem: notOnDisk(name) }, disposables: [] };
    }
    let store: FolderStore | undefined;
    try {
      const path = realpathSync.native(folder.uri.fsPath);
      const machine = nodeSurroundings(path);
      if (machine === undefined) throw new Error(vscode.l10n.t('The folder cannot be found on the disk.'));
      const surroundings = { ...machine, likeTool: this.options.tools.like };
      store = await openStore({ folder: path, userFolder: userFolder(), clock: this.options.clock });
      const gate = createGate({
        store, clock: this.options.clock, ids: randomUUID, trusted: () => vscode.workspace.isTrusted,
        surroundings: () => surroundings, scripts: openScriptRunner(editorTimes), onFailure: this.options.failed,
        ...(this.options.approvalTimeout === undefined ? {} : { approvalTimeout: this.options.approvalTimeout }),
      });
      const channels = openChannels({ path, store, gate, surroundings }, this.options.secrets, this.options.clock, this.options.failed);
      const opened: OpenFolder = { name, path, store, gate, surroundings, channels };
      const fire = (): void => this.changed.fire();
      return { folder: opened, disposables: [this.options.onOpen(opened), gate.onDidChange(fire), gate.onDidDecide(fire), store.onDidChange(fire), channels.bridge.onDidChange(fire)] };
    } catch (error) {
      this.options.failed(error);
      // Else its lock would keep out whoever tries again
      await store?.close().catch(this.options.failed);
      return { folder: { name, path: folder.uri.fsPath, problem: problemOf(error, name) }, disposables: [] };
    }
  }

  private async shut(key: string): Promise<void> {
    const entry = this.open.get(key);
    if (entry === undefined) return;
    this.open.delete(key);
    const { folder } = entry;
    if (isOpen(folder)) {
      // The store lets go of its lock whatever became of the others
      for (const end of [() => folder.channels.bridge.dispose(), () => folder.gate.dispose(), () => folder.store.close()]) await end().catch(this.options.failed);
    }
    vscode.Disposable.from(...entry.disposables).dispose();
  }
}

/** Waits for the folders of a workspace file, where the editor has told none yet; disposing ends the waiting */
function firstFolders(): vscode.Disposable & { readonly told: Promise<void> } {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const waiting: vscode.Disposable[] = [];
  const told = new Promise<void>((resolve) => {
    if (workspaceFile === undefined || workspaceFolders.length > 0) return resolve();
    const timer = setTimeout(resolve, lateFolders);
    const over = (): void => {
      clearTimeout(timer);
      resolve();
    };
    waiting.push(vscode.workspace.onDidChangeWorkspaceFolders(over), { dispose: over });
  });
  return { told, dispose: () => waiting.forEach((each) => void each.dispose()) };
}

function notOnDisk(name: string): Problem {
  return { code: 'not_on_disk', message: vscode.l10n.t('“{0}” is not on a disk of this machine, so no policy can be kept for it. Open a local folder.', name) };
}

function problemOf(error: unknown, name: string): Problem {
  if (error instanceof StoreError) return error.problem;
  const why = error instanceof Error ? error.message : String(error);
  return { code: 'not_opened', message: vscode.l10n.t('The policy of “{0}” could not be opened: {1}', name, why) };
}
