import path from 'node:path';
import * as z from 'zod/mini';
import { defineTool, type Granted, type Outcome } from '../tool.ts';
import { isToolError, ToolError } from '../toolError.ts';
import { textOf } from './fileText.ts';
import { grantedPath } from './grantedPath.ts';
import { readWhole } from './readWhole.ts';
import { pathText, whole } from '../inputParts.ts';

/** Bytes of text that one read gives, unless told and at most (cowork-facts 1.13) */
const usualWindow = 300 * 1024;
const longestWindow = 1_000_000;
const mostFiles = 100;

const window = z.optional(whole(1, longestWindow));

/** `read_file` */
export const readFileTool = defineTool({
  name: 'read_file',
  description: `Reads one file. Gives {path, size (bytes), encoding, content, startLine, endLine, totalLines, truncated, unsaved}. Text is UTF-8; "encoding": "base64" gives the bytes instead. "startLine" (from 1) and "lineCount" choose lines; "maxBytes" is ${usualWindow} unless told, at most ${longestWindow}. A file that a person has open with unsaved changes is read as the editor shows it. Errors: not_found, not_a_file, not_text, too_large.`,
  readOnly: true,
  input: z.strictObject({ path: pathText, encoding: z.optional(z.enum(['utf8', 'base64'])), startLine: z.optional(whole(1, 100_000_000)), lineCount: z.optional(whole(1, 1_000_000)), maxBytes: window }),
  async run(input, granted) {
    const value = await readOne(input, granted);
    return { value: { ...value }, text: value.content, summary: `read ${value.size} bytes` };
  },
});

/** `read_files` */
export const readFilesTool = defineTool({
  name: 'read_files',
  description: `Reads up to ${mostFiles} files, in order. Gives {files: [{path, size, content, truncated, … as read_file} or {path, error: {code, message}}]}: one that cannot be read does not stop the others. "maxBytes" bounds all contents together (${usualWindow} unless told).`,
  readOnly: true,
  input: z.strictObject({ paths: z.array(pathText).check(z.minLength(1), z.maxLength(mostFiles)), maxBytes: window }),
  async run({ paths, maxBytes = usualWindow }, granted): Promise<Outcome> {
    const files: (FileRead | { readonly path: string; readonly error: { readonly code: string; readonly message: string } })[] = [];
    let left = maxBytes;
    for (const each of paths) {
      try {
        if (left <= 0) throw new ToolError('too_large', 'The files before it used up maxBytes; read it by itself.');
        const file = await readOne({ path: each, maxBytes: left }, granted);
        left -= Buffer.byteLength(file.content);
        files.push(file);
      } catch (error) {
        if (!isToolError(error)) throw error;
        files.push({ path: each, error: { code: error.code, message: error.message } });
      }
    }
    const text = files.map((file) => `=== ${file.path}\n${'error' in file ? file.error.message : file.content}`).join('\n');
    return { value: { files }, text, summary: `read ${files.filter((file) => 'content' in file).length} of ${paths.length} files` };
  },
});

interface Wanted {
  readonly path: string;
  readonly encoding?: 'utf8' | 'base64' | undefined;
  readonly startLine?: number | undefined;
  readonly lineCount?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** What is read of one file */
export interface FileRead {
  /** Canonical */
  readonly path: string;
  /** Bytes of the whole file */
  readonly size: number;
  readonly encoding: 'utf8' | 'base64';
  readonly content: string;
  readonly truncated: boolean;
  /** It is what the editor shows: a person has unsaved changes in it */
  readonly unsaved?: true;
  /** Lines of the content, from 1; of texts only */
  readonly startLine?: number;
  readonly endLine?: number;
  readonly totalLines?: number;
}

async function readOne({ path: asked, encoding = 'utf8', startLine, lineCount, maxBytes = usualWindow }: Wanted, granted: Granted): Promise<FileRead> {
  const { editors, largestFile } = granted.context;
  const canonical = grantedPath(asked, 'read', granted);
  const open = editors?.find(canonical);
  const { bytes } = open?.unsaved === true ? { bytes: Buffer.from(open.text) } : await readWhole(canonical, largestFile());
  const about = { path: canonical, size: bytes.length, encoding, ...(open?.unsaved === true ? { unsaved: true as const } : {}) };
  if (encoding === 'base64') return { ...about, content: bytes.subarray(0, maxBytes).toString('base64'), truncated: bytes.length > maxBytes };
  const lines = textOf(bytes, path.basename(canonical)).split(/(?<=\n)/);
  const first = (startLine ?? 1) - 1;
  const chosen = lines.slice(first, lineCount === undefined ? undefined : first + lineCount).join('');
  const content = firstBytes(chosen, maxBytes);
  return {
    ...about, content, startLine: first + 1, endLine: first + content.split(/(?<=\n)/).length, totalLines: lines.length, truncated: content.length < chosen.length,
  };
}

/** The beginning of a text in at most so many bytes of UTF-8, no character cut in two */
function firstBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
