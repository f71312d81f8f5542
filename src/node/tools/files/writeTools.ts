import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import * as z from 'zod/mini';
import { defineTool, type Outcome } from '../tool.ts';
import { ToolError } from '../toolError.ts';
import { pathText } from '../inputParts.ts';
import { type Changed, changeFile } from './changeFile.ts';
import { asBefore, edited, textOf } from './fileText.ts';
import { grantedPath } from './grantedPath.ts';
import { withFolder, withParent } from './holdFolder.ts';
import { lookAt } from './replaceFile.ts';

/** `write_file` */
export const writeFileTool = defineTool({
  name: 'write_file',
  description: 'Writes a whole file, new or in place of the one there, and makes missing folders. It is written whole or not at all; mode, owner, line ends and byte order mark of the file before are kept. "encoding": "base64" writes bytes. Gives {path, created, saved, size (bytes)}. Errors: not_a_file, too_large, unsaved (a person has unsaved changes in it: use edit_file, which keeps them), changed.',
  readOnly: false,
  input: z.strictObject({ path: pathText, content: z.string(), encoding: z.optional(z.enum(['utf8', 'base64'])) }),
  async run({ path: asked, content, encoding = 'utf8' }, granted) {
    const canonical = grantedPath(asked, 'write', granted);
    const changed = await changeFile(canonical, granted, ({ bytes, unsaved }) => {
      if (unsaved) throw new ToolError('unsaved', `A person has unsaved changes in ${path.basename(canonical)}, which this would overwrite; nothing was written. Use edit_file, or ask them to save.`);
      if (encoding === 'base64') return Buffer.from(content, 'base64');
      return Buffer.from(bytes === undefined || !isUtf8(bytes) ? content : asBefore(content, bytes.toString('utf8')));
    }, true);
    return outcome(canonical, changed, changed.created ? 'Created' : 'Wrote');
  },
});

const edit = z.strictObject({ oldText: z.string().check(z.minLength(1)), newText: z.string(), replaceAll: z.optional(z.boolean()) });

/** `edit_file` */
export const editFileTool = defineTool({
  name: 'edit_file',
  description: 'Replaces texts in a file, one after the other, all or none. Each "oldText" must stand there exactly once, or "replaceAll" be set; line ends do not count. In a file with a person’s unsaved changes these are kept, and the edit stays unsaved ("saved": false). Gives {path, created: false, saved, size (bytes)}. Errors: not_found, not_text, no_match, too_large, changed.',
  readOnly: false,
  input: z.strictObject({ path: pathText, edits: z.array(edit).check(z.minLength(1), z.maxLength(200)) }),
  async run({ path: asked, edits }, granted) {
    const canonical = grantedPath(asked, 'write', granted);
    const name = path.basename(canonical);
    const changed = await changeFile(canonical, granted, ({ bytes }) => {
      if (bytes === undefined) throw new ToolError('not_found', `${canonical} is not there.`);
      return Buffer.from(edited(textOf(bytes, name), edits, name));
    }, false);
    return outcome(canonical, changed, 'Edited');
  },
});

/** `create_directory` */
export const createDirectoryTool = defineTool({
  name: 'create_directory',
  description: 'Makes a folder, and the missing ones on the way to it. Gives {path, created}: created is false where it was there. Errors: not_a_folder (a file stands there).',
  readOnly: false,
  input: z.strictObject({ path: pathText }),
  async run({ path: asked }, granted) {
    const canonical = grantedPath(asked, 'write', granted);
    const before = await withParent(canonical, async (folder, name) => lookAt(folder, name), true);
    if (before !== undefined && !before.isDirectory()) throw new ToolError('not_a_folder', `${canonical} is there already and no folder.`);
    await withFolder(canonical, async (folder) => folder.verify(), true);
    const created = before === undefined;
    return { value: { path: canonical, created }, text: created ? `Made ${canonical}.` : `${canonical} was there already.`, summary: created ? 'made a folder' : 'was there' };
  },
});

function outcome(canonical: string, { created, saved, size }: Changed, did: string): Outcome {
  const text = saved ? `${did} ${canonical} (${size} bytes).` : `${did} ${canonical} in the editor (${size} bytes). It is not saved: a person has unsaved changes in it.`;
  return { value: { path: canonical, created, saved, size }, text, summary: `${did.toLowerCase()} ${size} bytes${saved ? '' : ', not saved'}` };
}
