import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { importPlaces, type ImportPlace } from '../../agents/importRules/importPlaces.ts';
import type { ImportOrigin } from '../../agents/importRules/preview.ts';
import type { ImportKind } from '../../shared/importing.ts';
import { fromFolder } from '../fromFolder.ts';

/** Larger files are not read, in bytes; our own format may hold many rules */
const largest = 8 * 1024 * 1024;

/** A file that rules can be read from; `text` stands for one that is no file, such as the editor's own settings */
export interface ImportFile {
  readonly name: string;
  readonly origin: ImportOrigin;
  readonly path: string;
  readonly text?: string;
}

/** The files of a kind that are where they usually are, the user's own first */
export async function findImportFiles(kind: ImportKind, folder: string): Promise<readonly ImportFile[]> {
  if (kind === 'permissions') return [];
  const found = await Promise.all(importPlaces.filter(({ format }) => format === kind).map((place) => filesAt(place, folder)));
  return [...(kind === 'vscode' ? editorSettings() : []), ...found.flat()];
}

async function filesAt({ origin, path: [first = '', ...rest], variable }: ImportPlace, folder: string): Promise<readonly ImportFile[]> {
  const named = variable === undefined ? undefined : process.env[variable];
  const start = origin === 'project' ? join(folder, first) : named !== undefined && named !== '' ? named : join(homedir(), first);
  const pattern = join(start, ...rest);
  const names = basename(pattern).startsWith('*') ? (await namesIn(dirname(pattern))).filter((name) => name.endsWith(basename(pattern).slice(1))) : [basename(pattern)];
  const files = names.map((name) => join(dirname(pattern), name));
  const there = await Promise.all(files.map(isFile));
  return files.filter((_, index) => there[index]).map((path) => ({ path, origin, name: origin === 'project' ? fromFolder(path, folder) : path }));
}

/** What the user's own settings of this editor say, which only the editor knows */
function editorSettings(): readonly ImportFile[] {
  const keys = ['chat.tools.terminal.autoApprove', 'chat.tools.global.autoApprove'];
  const settings = keys.flatMap((key) => {
    const value: unknown = vscode.workspace.getConfiguration().inspect(key)?.globalValue;
    return value === undefined ? [] : [[key, value] as const];
  });
  return settings.length === 0 ? [] : [{ name: vscode.l10n.t('User settings of this editor'), origin: 'user', path: 'settings.json', text: JSON.stringify(Object.fromEntries(settings)) }];
}

/** The text of a file; throws a sentence for people where it cannot be read. Never waits for a pipe */
export async function readImportFile({ path, text }: Pick<ImportFile, 'path' | 'text'>): Promise<string> {
  if (text !== undefined) return text;
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new Error(vscode.l10n.t('This is no file.'));
    if (status.size > largest) throw new Error(vscode.l10n.t('The file is larger than {0} MB, so nothing was read.', largest / 1024 / 1024));
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(vscode.Uri.file(path))).type & vscode.FileType.File) !== 0;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}
