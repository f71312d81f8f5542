import { rmSync } from 'node:fs';
import * as vscode from 'vscode';
import type { NotedFile, ProvenanceKind } from '../gate/provenance.ts';
import { ImportError, importBytes, importFile } from '../node/importFile.ts';
import { isWithin } from '../node/sandbox/startFolder.ts';
import { chooseFolder } from './commands/choose.ts';
import { commands } from './contributions.ts';
import type { Folders, OpenFolder } from './folders.ts';
import type { TreeNode } from './tree/treeNodes.ts';

/** What a person brings: a file of this machine, or bytes with a name */
export type Brought = { readonly file: string } | { readonly name: string; readonly bytes: Uint8Array };

/** Brings files from outside into a folder: by the command, and by dropping them on the tree. What a person picks needs no other question */
export class Importing implements vscode.TreeDragAndDropController<TreeNode>, vscode.Disposable {
  readonly dropMimeTypes = ['files', 'text/uri-list'];
  readonly dragMimeTypes: readonly string[] = [];
  private readonly folders: Folders;
  private readonly failed: (error: unknown) => void;
  private readonly registration: vscode.Disposable;

  constructor(folders: Folders, failed: (error: unknown) => void) {
    this.folders = folders;
    this.failed = failed;
    this.registration = vscode.commands.registerCommand(commands.importFile, () => this.pick().catch((error: unknown) => this.tell(error)));
  }

  dispose(): void {
    this.registration.dispose();
  }

  async handleDrop(target: TreeNode | undefined, dropped: vscode.DataTransfer): Promise<void> {
    try {
      const brought = await readBrought(dropped);
      const folder = brought.length === 0 ? undefined : await chooseFolder(this.folders, target);
      if (folder !== undefined) await this.bring(folder, brought, 'clipboard_or_drag_data');
    } catch (error) {
      this.tell(error);
    }
  }

  private async pick(): Promise<void> {
    const folder = await chooseFolder(this.folders);
    if (folder === undefined) return;
    const chosen = await vscode.window.showOpenDialog({ canSelectMany: true, openLabel: vscode.l10n.t('Import'), title: vscode.l10n.t('Import files into {0}', folder.name) });
    if (chosen !== undefined) await this.bring(folder, chosen.map((uri) => ({ file: uri.fsPath })), 'user_imported_external');
  }

  private async bring(folder: OpenFolder, brought: readonly Brought[], kind: ProvenanceKind): Promise<void> {
    const noted = await bringIn(folder, brought, kind);
    const [first] = noted;
    if (first === undefined) {
      if (brought.length > 0) void vscode.window.showInformationMessage(vscode.l10n.t('It is in {0} already; nothing was imported.', folder.name));
      return;
    }
    await vscode.window.showTextDocument(vscode.Uri.file(first.path), { preview: true }).then(undefined, () => undefined);
    void vscode.window.showInformationMessage(noted.length === 1 ? vscode.l10n.t('Imported. An agent that reads it is told not to follow what it says.') : vscode.l10n.t('Imported {0} files. An agent that reads them is told not to follow what they say.', noted.length));
  }

  private tell(error: unknown): void {
    tellImport(error, this.failed);
  }
}

/** Copies what lies outside of the folder into it, and puts each on record. Throws an `ImportError` */
export async function bringIn(folder: OpenFolder, brought: readonly Brought[], kind: ProvenanceKind): Promise<readonly NotedFile[]> {
  const noted: NotedFile[] = [];
  for (const each of brought) {
    if ('file' in each && isWithin(each.file, folder.path)) continue;
    const file = 'file' in each ? importFile(each.file, folder.path, kind) : importBytes(each.name, each.bytes, folder.path, kind);
    await note(folder, file, 'editor');
    noted.push(file);
  }
  return noted;
}

/** Says why an import failed */
export function tellImport(error: unknown, failed: (error: unknown) => void): void {
  if (error instanceof ImportError) {
    void vscode.window.showWarningMessage(error.message);
    return;
  }
  failed(error);
  void vscode.window.showErrorMessage(vscode.l10n.t('The import failed; see the log.'));
}

/** Puts the file on record; one that cannot be is not kept, since nobody would know where it came from. Throws an `ImportError` */
export async function note({ gate }: OpenFolder, file: NotedFile, by: string): Promise<void> {
  const outcome = await gate.noteFile(file, by);
  if (outcome.ok) return;
  rmSync(file.path, { force: true });
  throw new ImportError(outcome.reason);
}

/** Files as the editor hands them over; a list of addresses only where there are none, since it names the same ones */
export async function readBrought(dropped: vscode.DataTransfer): Promise<readonly Brought[]> {
  const files = [...dropped].flatMap(([, item]) => item.asFile() ?? []);
  if (files.length > 0) return Promise.all(files.map(async (file) => (file.uri?.scheme === 'file' ? { file: file.uri.fsPath } : { name: file.name, bytes: await file.data() })));
  const list = (await dropped.get('text/uri-list')?.asString()) ?? '';
  return list.split(/\r?\n/).flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const uri = vscode.Uri.parse(line);
    return uri.scheme === 'file' || uri.scheme === 'vscode-remote' ? [{ file: uri.fsPath }] : [];
  });
}
