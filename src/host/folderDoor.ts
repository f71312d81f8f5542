import * as vscode from 'vscode';
import { connectEndpoint } from '../node/endpoint/client.ts';
import { gateMethods } from '../node/endpoint/gateMethods.ts';
import { remoteGate, type RemoteGate } from '../node/endpoint/remoteGate.ts';
import { openEndpoint, type Endpoint } from '../node/endpoint/server.ts';
import { userFolder } from '../node/userFolder.ts';
import type { OpenFolder } from './folders.ts';

/**
 * The local endpoint of a folder: open as long as this window is the one that records for it, so that hooks, the command
 * line and other windows come through to the same gate.
 */
export class FolderDoor implements vscode.Disposable {
  private readonly folder: OpenFolder;
  private readonly failed: (error: unknown) => void;
  private readonly watching: vscode.Disposable;
  /** Opening and closing go one after the other */
  private work: Promise<Endpoint | undefined> = Promise.resolve(undefined);
  private closed = false;

  constructor(folder: OpenFolder, failed: (error: unknown) => void) {
    this.folder = folder;
    this.failed = failed;
    this.watching = vscode.Disposable.from(folder.store.onDidChange(() => this.follow()));
    this.follow();
  }

  dispose(): void {
    this.closed = true;
    this.watching.dispose();
    this.follow();
  }

  private follow(): void {
    this.work = this.work.then(async (endpoint) => {
      const wanted = !this.closed && this.folder.store.state.closedBecause === undefined;
      if (wanted === (endpoint !== undefined)) return endpoint;
      if (endpoint === undefined) return this.open();
      await endpoint.close();
      return undefined;
    }).catch((error: unknown) => {
      this.failed(error);
      return undefined;
    });
  }

  private open(): Promise<Endpoint> {
    const { gate, path, channels } = this.folder;
    return openEndpoint({ userFolder: userFolder(), workspace: path, methods: { ...gateMethods(gate), ...channels.gateways.methods }, onError: this.failed });
  }
}

/** Uses the gate of the window that records for a folder; nothing where that window cannot be reached */
export async function inHoldingWindow<Result>(path: string, use: (gate: RemoteGate) => Promise<Result>): Promise<Result | undefined> {
  const client = await connectEndpoint(userFolder(), path);
  if (client === undefined) return undefined;
  try {
    return await use(remoteGate(client));
  } finally {
    client.close();
  }
}
