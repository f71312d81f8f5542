import type { Request } from '../../core/request.ts';

/** The file a request would write and what it would then hold */
export interface Proposal {
  readonly path: string;
  readonly text: string;
}

/**
 * What a file would hold after the request, for a diff; `undefined` where the request does not tell (a copy, a patch over
 * several files, text to replace that is not there).
 *
 * It is for the eye only: nothing is decided by it.
 *
 * @param tool canonical name
 * @param current text of the file now, `undefined` for a file that is not there
 */
export function proposedText(request: Request, tool: string, current: string | undefined): Proposal | undefined {
  const input = request.input ?? {};
  const path = textOf(input, ['path', 'file_path', 'filePath', 'targetPath', 'notebook_path']);
  if (path === undefined) return undefined;
  if (!/write|create|edit|replace/i.test(tool) && !/write|create|edit|replace/i.test(request.tool)) return undefined;
  const whole = textOf(input, ['content', 'contents', 'text', 'file_text', 'new_content']);
  const edits = Array.isArray(input['edits']) ? input['edits'] : [input];
  if (whole !== undefined && !hasReplacement(edits[0])) return { path, text: whole };
  let text = current ?? '';
  for (const edit of edits) {
    const next = replaced(text, edit);
    if (next === undefined) return undefined;
    text = next;
  }
  return { path, text };
}

function hasReplacement(edit: unknown): boolean {
  return isRecord(edit) && textOf(edit, ['old_string', 'oldString', 'old_text', 'oldText', 'old_str']) !== undefined;
}

function replaced(text: string, edit: unknown): string | undefined {
  if (!isRecord(edit)) return undefined;
  const from = textOf(edit, ['old_string', 'oldString', 'old_text', 'oldText', 'old_str']);
  const to = textOf(edit, ['new_string', 'newString', 'new_text', 'newText', 'new_str']);
  if (from === undefined || to === undefined) return undefined;
  if (from === '') return text === '' ? to : undefined;
  const at = text.indexOf(from);
  if (at < 0) return undefined;
  const all = edit['replace_all'] === true || edit['replaceAll'] === true;
  return all ? text.split(from).join(to) : text.slice(0, at) + to + text.slice(at + from.length);
}

function textOf(record: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = record[key];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
