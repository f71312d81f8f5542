import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';

/** The secrets of the channels of one folder, in the editor's own secret storage and nowhere else */
export class ChannelTokens {
  private readonly storage: vscode.SecretStorage;
  private readonly folder: string;

  constructor(storage: vscode.SecretStorage, folder: string) {
    this.storage = storage;
    this.folder = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  }

  /** Secrets by name (`token`, of Slack also `appToken`); `undefined` where none are stored */
  async get(channel: string): Promise<Readonly<Record<string, string>> | undefined> {
    const text = await this.storage.get(this.key(channel));
    if (text === undefined) return undefined;
    const value = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }

  async store(channel: string, secrets: Readonly<Record<string, string>>): Promise<void> {
    await this.storage.store(this.key(channel), JSON.stringify(secrets));
  }

  async forget(channel: string): Promise<void> {
    await this.storage.delete(this.key(channel));
  }

  private key(channel: string): string {
    return `channel ${this.folder} ${channel}`;
  }
}
