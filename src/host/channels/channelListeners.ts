import * as vscode from 'vscode';
import type { ChannelMessage } from '../../channels/bridge.ts';
import { isOpen, type Folders, type OpenFolder } from '../folders.ts';

/** A message as an agent's extension gets it */
export interface FolderChannelMessage extends ChannelMessage {
  /** Absolute path of the workspace folder whose channel it came through */
  readonly folder: string;
}

export type ChannelListener = (message: FolderChannelMessage) => void | Promise<void>;

/** Lets other extensions listen to the channels of every folder, also of folders that open later */
export class ChannelListeners implements vscode.Disposable {
  private readonly folders: Folders;
  private readonly listening = new Map<ChannelListener, Map<OpenFolder, { dispose(): void }>>();
  private readonly watching: vscode.Disposable;

  constructor(folders: Folders) {
    this.folders = folders;
    this.watching = folders.onDidChange(() => this.follow());
  }

  listen(listener: ChannelListener): vscode.Disposable {
    // A function of its own, so that the same one may listen twice
    const own: ChannelListener = (message) => listener(message);
    this.listening.set(own, new Map());
    this.follow();
    return new vscode.Disposable(() => {
      for (const ear of this.listening.get(own)?.values() ?? []) ear.dispose();
      this.listening.delete(own);
    });
  }

  dispose(): void {
    this.watching.dispose();
    for (const ears of this.listening.values()) for (const ear of ears.values()) ear.dispose();
    this.listening.clear();
  }

  private follow(): void {
    const open = new Set(this.folders.all.filter(isOpen));
    for (const [listener, ears] of this.listening) {
      for (const [folder, ear] of ears) {
        if (open.has(folder)) continue;
        ear.dispose();
        ears.delete(folder);
      }
      for (const folder of open) {
        if (!ears.has(folder)) ears.set(folder, folder.channels.bridge.onMessage((message) => listener({ ...message, folder: folder.path })));
      }
    }
  }
}
