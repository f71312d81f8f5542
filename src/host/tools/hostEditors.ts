import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';
import { isInside } from '../../core/describe/path.ts';
import type { Platform } from '../../core/request.ts';
import type { Editors, OpenDocument } from '../../node/tools/files/editors.ts';
import { ToolError } from '../../node/tools/toolError.ts';
import { difference } from './difference.ts';

/** The documents of this window, for file tools: what a person has open is read and changed there */
export function hostEditors(platform: Platform): Editors {
  return {
    find(path) {
      const document = fileDocuments().find((each) => isOpen(each) && canonicalPath(each) === path);
      return document === undefined ? undefined : openDocument(document, path);
    },
    unsavedIn: (path) => fileDocuments().filter(({ isDirty }) => isDirty).map(canonicalPath).filter((each) => isInside(each, path, platform)),
  };
}

function fileDocuments(): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ uri, isClosed }) => uri.scheme === 'file' && !isClosed);
}

/** Shown in a tab, or changed; documents that only some extension has loaded follow the disk */
function isOpen({ isDirty, uri }: vscode.TextDocument): boolean {
  const text = uri.toString();
  const shows = ({ input }: vscode.Tab): boolean => (input instanceof vscode.TabInputText && input.uri.toString() === text) || (input instanceof vscode.TabInputTextDiff && input.modified.toString() === text);
  return isDirty || vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(shows));
}

/** As the gate knows it; a document whose file is gone keeps its own path */
function canonicalPath({ uri }: vscode.TextDocument): string {
  try {
    return realpathSync.native(uri.fsPath).replaceAll('\\', '/');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return uri.fsPath.replaceAll('\\', '/');
    throw error;
  }
}

function openDocument(document: vscode.TextDocument, path: string): OpenDocument {
  const { version, isDirty: unsaved } = document;
  const text = document.getText();
  return {
    text,
    unsaved,
    async replace(next) {
      if (document.version !== version || canonicalPath(document) !== path) throw changed(document);
      const edit = new vscode.WorkspaceEdit();
      const { start, end, insert } = difference(text, next);
      edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), insert);
      if (!(await vscode.workspace.applyEdit(edit))) throw changed(document);
      if (unsaved) return { saved: false };
      // Its name may be a link, which may lead elsewhere by now
      if (canonicalPath(document) !== path || !(await document.save())) throw new ToolError('failed', `${document.uri.fsPath} was changed in its editor, and could not be saved.`);
      return { saved: true };
    },
  };
}

function changed({ uri }: vscode.TextDocument): ToolError {
  return new ToolError('changed', `${uri.fsPath} was changed by somebody else meanwhile; nothing was written. Read it again.`);
}
