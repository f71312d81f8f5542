import * as vscode from 'vscode';
import { basename, resolve } from 'node:path';
import type { Request } from '../../core/request.ts';
import { visible } from '../../core/visible.ts';
import type { Approval } from '../../gate/ports.ts';
import type { Documents } from '../documents.ts';
import { proposedText } from './proposedText.ts';
import type { Question } from './question.ts';

/** Files beyond this are not read for a diff, bytes */
const largest = 5 * 1024 * 1024;

/** Whether a diff can be offered; whether it can be made shows only when the file is read */
export function mayHaveDiff(approval: Approval): boolean {
  const writes = approval.evaluation.actions.some((evaluated) => evaluated.action.kind === 'write');
  // The text that is there now does not matter to the question whether the request tells what it writes
  return writes && (proposedText(approval.request, approval.request.tool, undefined) !== undefined || /edit|replace/i.test(approval.request.tool));
}

/** Opens what a write would change: the file as it is now beside the file as it would be; works for new files */
export async function openDiff(request: Request, question: Question, documents: Documents): Promise<vscode.Uri | undefined> {
  const named = proposedText(request, request.tool, undefined)?.path ?? pathOf(request);
  if (named === undefined) return undefined;
  const path = resolve(question.folder.path, request.cwd ?? '.', named);
  const uri = vscode.Uri.file(path);
  const current = await readSmall(uri);
  const proposal = proposedText(request, request.tool, current);
  if (proposal === undefined) return undefined;
  const name = basename(path);
  const before = current === undefined ? documents.add(name, '') : uri;
  const after = documents.add(name, proposal.text);
  const title = current === undefined ? vscode.l10n.t('{0} (new file)', visible(name)) : vscode.l10n.t('{0} (what the agent would write)', visible(name));
  await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: true });
  return after;
}

function pathOf(request: Request): string | undefined {
  for (const key of ['path', 'file_path', 'filePath', 'targetPath', 'notebook_path']) {
    const value = request.input?.[key];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

async function readSmall(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size, type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.File) === 0 || size > largest) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
