import { chmodSync, lstatSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type JSONPath, type ParseError, applyEdits, getNodeValue, modify, parse, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Installation } from '../agents/installation.ts';
import { makeFolder, replaceFile } from '../node/store/durable.ts';
import { FolderError, readPlainFile } from '../node/store/storeFolder.ts';
import { isOurs } from './hookCommand.ts';
import { FailedError } from './verb.ts';

/** Settings files of agents are small; a bigger one is something else, in bytes */
const largest = 8 * 1024 * 1024;

/** A settings file of an agent, and what would become of it */
export interface FileChange {
  readonly file: string;
  /** `undefined`: it is not there */
  readonly before: string | undefined;
  /** `undefined`: it is taken away */
  readonly after: string | undefined;
  /** The file is a program to start */
  readonly isProgram?: true;
}

/** What an agent is told to call: a program, or the editor over HTTP */
export type Hook = { readonly kind: 'command'; readonly line: string } | { readonly kind: 'http'; readonly url: string; readonly token: string };

/** The file with our entries in it; those of an earlier installation are replaced, everything else stays as it is. `timeout`: seconds */
export function withHook(file: string, installation: Installation, hook: Hook, timeout: number): FileChange {
  if (installation.whole !== undefined && hook.kind === 'command') {
    const before = readText(file);
    if (before !== undefined && installation.whole.commandOf(before) === undefined) throw new FailedError(`${file} is there and not ours, so nothing was changed. Move it away`);
    return { file, before, after: installation.whole.text(hook.line, timeout), ...(installation.whole.isProgram === true ? { isProgram: true } : {}) };
  }
  const entries = hook.kind === 'command' ? installation.entries(hook.line, timeout, process.platform === 'win32') : installation.http?.(hook.url, hook.token, timeout);
  if (entries === undefined) throw new FailedError(`${installation.client} calls no hooks over HTTP`);
  const before = readSettings(file);
  let text = before === undefined || before.trim() === '' ? `${JSON.stringify(installation.start, null, 2)}\n` : withoutEntries(before, file, installation);
  for (const { list, entry } of entries) {
    const there = valueAt(text, list);
    if (there !== undefined && !Array.isArray(there)) throw new FailedError(`${file}: “${list.join('.')}” is no list, so nothing was changed. Mend it there`);
    text = there === undefined ? edit(text, list, [entry]) : edit(text, [...list, there.length], entry, true);
  }
  return { file, before, after: text };
}

/** The file without our entries; a file that holds nothing else is taken away */
export function withoutHook(file: string, installation: Installation): FileChange {
  if (installation.whole !== undefined) {
    const before = readText(file);
    return { file, before, after: before === undefined || installation.whole.commandOf(before) === undefined ? before : undefined };
  }
  const before = readSettings(file);
  if (before === undefined) return { file, before, after: before };
  const text = withoutEntries(before, file, installation);
  const empty = text !== before && JSON.stringify(parse(text)) === JSON.stringify(installation.start);
  return { file, before, after: empty ? undefined : text };
}

/** The command lines and addresses of ours that stand in the file */
export function ourCommands(file: string, installation: Installation): readonly string[] {
  if (installation.whole !== undefined) {
    const own = installation.whole.commandOf(readText(file) ?? '');
    return own === undefined ? [] : [own];
  }
  const text = readSettings(file);
  return text === undefined ? [] : lists(installation).flatMap((list) => asList(valueAt(text, list)).flatMap((entry) => commandsOf(entry).filter((command) => isOurs(command, installation.client))));
}

/** Makes the change; the file is replaced in one step and keeps its rights. Throws where it changed in the meantime */
export function makeChange({ file, before, after, isProgram }: FileChange): void {
  if (readText(file) !== before) throw new FailedError(`${file} changed in the meantime; nothing was done. Try again`);
  if (after === undefined) {
    rmSync(file, { force: true });
    return;
  }
  makeFolder(path.dirname(file), 0o700);
  replaceFile(file, after, { shared: true });
  if (isProgram === true) chmodSync(file, 0o755);
}

/** The text of a file that can be changed safely; `undefined` when there is none */
function readText(file: string): string | undefined {
  const folder = lstatSync(path.dirname(file), { throwIfNoEntry: false });
  if (folder?.isSymbolicLink() === true) throw new FailedError(`${path.dirname(file)} is a link, so nothing was changed. Name the real folder`);
  try {
    return readPlainFile(file, largest)?.toString('utf8');
  } catch (error) {
    if (error instanceof FolderError) throw new FailedError(error.message, { cause: error });
    throw error;
  }
}

/** The text of a settings file, which is JSON with comments */
function readSettings(file: string): string | undefined {
  const text = readText(file);
  if (text === undefined || text.trim() === '') return text;
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split('\n').length;
    throw new FailedError(`${file}:${line} cannot be read as JSON (${printParseErrorCode(first.error)}), so nothing was changed. Mend it there`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FailedError(`${file} holds no JSON object, so nothing was changed`);
  return text;
}

function withoutEntries(given: string, file: string, installation: Installation): string {
  let text = given;
  if (text.trim() === '') return text;
  for (const list of lists(installation)) {
    const entries = asList(valueAt(text, list));
    const ours = entries.flatMap((entry, index) => (commandsOf(entry).some((command) => isOurs(command, installation.client)) ? [index] : []));
    for (const index of ours) {
      if (commandsOf(entries[index]).length > 1) throw new FailedError(`${file}: an entry of “${list.join('.')}” holds our hook beside others; take it out by hand`);
    }
    if (ours.length === 0) continue;
    if (ours.length < entries.length) for (const index of ours.toReversed()) text = edit(text, [...list, index], undefined);
    else text = withoutEmpty(edit(text, list, undefined), list.slice(0, -1));
  }
  return text;
}

function withoutEmpty(text: string, key: readonly string[]): string {
  const value = valueAt(text, key);
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return key.length > 0 && isEmpty ? edit(text, key, undefined) : text;
}

function lists(installation: Installation): readonly (readonly string[])[] {
  return installation.entries('', 1).map(({ list }) => list);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The command lines and addresses of an entry, under whatever keys and however deep */
function commandsOf(entry: unknown): readonly string[] {
  if (typeof entry !== 'object' || entry === null) return [];
  return Object.entries(entry as Readonly<Record<string, unknown>>).flatMap(([key, value]) => (typeof value === 'string' ? (callKeys.has(key) ? [value] : []) : commandsOf(value)));
}

const callKeys: ReadonlySet<string> = new Set(['command', 'bash', 'powershell', 'url']);

function valueAt(text: string, key: readonly string[]): unknown {
  let node = parseTree(text);
  for (const name of key) node = node?.children?.findLast((property) => property.children?.[0]?.value === name)?.children?.[1];
  return node === undefined ? undefined : (getNodeValue(node) as unknown);
}

function edit(text: string, key: JSONPath | readonly string[], value: unknown, isArrayInsertion = false): string {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const formattingOptions = { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 1 : indent.length, eol };
  return applyEdits(text, modify(text, [...key], value, { isArrayInsertion, formattingOptions }));
}
