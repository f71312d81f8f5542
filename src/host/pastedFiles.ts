import path from 'node:path';
import * as vscode from 'vscode';
import { type Brought, bringIn, readBrought, tellImport } from './importing.ts';
import { type Folders, isOpen, type OpenFolder } from './folders.ts';

/** One of the ways to paste; its name for `editor.pasteAs.preferences` */
const kind = vscode.DocumentDropOrPasteEditKind.Empty.append('cowork', 'import');

/** Ways that come first: a person pastes a path or a link as ever, and finds this one beside it */
const usual = [vscode.DocumentDropOrPasteEditKind.Text, ...['uri', 'markdown', 'html', 'css'].map((name) => vscode.DocumentDropOrPasteEditKind.Empty.append(name))];

class ImportingPaste extends vscode.DocumentPasteEdit {
  readonly folder: OpenFolder;
  readonly brought: readonly Brought[];
  /** Folder of the document, which the paths in it start from */
  readonly from: string;

  constructor(folder: OpenFolder, brought: readonly Brought[], from: string) {
    super('', vscode.l10n.t('Import from Outside'), kind);
    this.folder = folder;
    this.brought = brought;
    this.from = from;
    this.yieldTo = usual;
  }
}

/** Lets files that are pasted into a document be imported: copied into the folder and put on record, with their path in the document */
export class PastedFiles implements vscode.DocumentPasteEditProvider<ImportingPaste>, vscode.Disposable {
  private readonly folders: Folders;
  private readonly failed: (error: unknown) => void;
  private readonly registration: vscode.Disposable;

  constructor(folders: Folders, failed: (error: unknown) => void) {
    this.folders = folders;
    this.failed = failed;
    this.registration = vscode.languages.registerDocumentPasteEditProvider({ scheme: 'file' }, this, { pasteMimeTypes: ['files'], providedPasteEditKinds: [kind] });
  }

  dispose(): void {
    this.registration.dispose();
  }

  async provideDocumentPasteEdits(document: vscode.TextDocument, _ranges: readonly vscode.Range[], pasted: vscode.DataTransfer, { only }: vscode.DocumentPasteEditContext): Promise<ImportingPaste[]> {
    const folder = this.folders.holding(document.uri);
    if (folder === undefined || !isOpen(folder) || only?.contains(kind) === false) return [];
    const brought = await readBrought(pasted);
    return brought.length === 0 ? [] : [new ImportingPaste(folder, brought, path.dirname(document.uri.fsPath))];
  }

  /** Called where the person chose it, right before it is pasted */
  async resolveDocumentPasteEdit(paste: ImportingPaste): Promise<ImportingPaste> {
    try {
      const noted = await bringIn(paste.folder, paste.brought, 'clipboard_or_drag_data');
      paste.insertText = noted.map((file) => path.relative(paste.from, file.path).replaceAll('\\', '/')).join(' ');
    } catch (error) {
      tellImport(error, this.failed);
    }
    return paste;
  }
}
