import path from 'node:path';
import * as z from 'zod/mini';
import { isInside } from '../../../core/describe/path.ts';
import { defineTool, type Granted, type Outcome } from '../tool.ts';
import { ToolError } from '../toolError.ts';
import { pathText } from '../inputParts.ts';
import { checkBelow } from './checkBelow.ts';
import { grantedEntry, grantedPath } from './grantedPath.ts';
import type { HeldFolder } from './heldFolder.ts';
import { withParent } from './holdFolder.ts';
import { lookAt } from './replaceFile.ts';
import { desktopTrash } from './trash.ts';
import { copyEntry, moveEntry, removeEntry } from './tree.ts';

const overwrite = z.optional(z.boolean());
const twoPaths = z.strictObject({ source: pathText, destination: pathText, overwrite });
const errors = 'Errors: not_found, exists (something stands at the destination; "overwrite": true replaces a file, never a folder), unsaved, too_large, denied (something in a folder may not be touched).';

/** `copy_file` */
export const copyFileTool = defineTool({
  name: 'copy_file',
  description: `Copies a file, or a folder with all in it, to "destination", its full new path. Links in a folder are copied as links. Gives {source, destination}. ${errors}`,
  readOnly: false,
  input: twoPaths,
  async run(input, granted) {
    const source = grantedPath(input.source, 'read', granted);
    const destination = grantedPath(input.destination, 'write', granted);
    await between(source, destination, input.overwrite === true, granted, async (from, name, to, newName, limits) => {
      await checkFolder(from, name, granted, [(below, kind) => (kind === 'link' ? undefined : read(path.join(source, below))), (below) => write(path.join(destination, below))]);
      const before = lookAt(to, newName);
      try {
        await copyEntry(from, name, to, newName, limits);
      } catch (error) {
        // Half a folder is no copy
        if (before === undefined && lookAt(to, newName) !== undefined) removeEntry(to, newName);
        throw error;
      }
    });
    return outcome('Copied', source, destination);
  },
});

/** `move_file` */
export const moveFileTool = defineTool({
  name: 'move_file',
  description: `Moves a file or a folder to "destination", its full new path. A link is moved itself. Gives {source, destination}. ${errors}`,
  readOnly: false,
  input: twoPaths,
  run: (input, granted) => move(input.source, input.destination, input.overwrite === true, granted),
});

/** `rename_file` */
export const renameFileTool = defineTool({
  name: 'rename_file',
  description: `Renames a file or a folder within its folder; move_file takes it elsewhere. Gives {source, destination}. ${errors}`,
  readOnly: false,
  input: z.strictObject({ oldPath: pathText, newPath: pathText, overwrite }),
  async run(input, granted) {
    const [source, destination] = [grantedEntry(input.oldPath, 'write', granted), grantedPath(input.newPath, 'write', granted)];
    if (path.dirname(source) !== path.dirname(destination)) throw new ToolError('bad_input', 'The new name is in another folder; use move_file.');
    return move(input.oldPath, input.newPath, input.overwrite === true, granted);
  },
});

/** `delete_file` */
export const deleteFileTool = defineTool({
  name: 'delete_file',
  description: 'Deletes a file, or a folder with all in it: to the trash where the platform has one, else for good. A link is deleted itself. Gives {path, trashed}. Errors: not_found, unsaved, denied (something in the folder may not be deleted), changed.',
  readOnly: false,
  input: z.strictObject({ path: pathText }),
  async run({ path: asked }, granted): Promise<Outcome> {
    const canonical = grantedEntry(asked, 'delete', granted);
    refuseUnsaved(canonical, granted);
    const trashed = await withParent(canonical, async (folder, name) => {
      if (lookAt(folder, name) === undefined) throw new ToolError('not_found', `${canonical} is not there.`);
      await checkFolder(folder, name, granted, [(below) => ({ tool: 'delete_file', input: { path: path.join(canonical, below) } })]);
      folder.verify();
      const trash = granted.context.trash ?? (process.platform === 'linux' ? desktopTrash(() => new Date()) : undefined);
      if (trash !== undefined && (await trash.put(folder, name))) return true;
      removeEntry(folder, name);
      return false;
    });
    const text = trashed ? `Moved ${canonical} to the trash.` : `Deleted ${canonical} for good: there is no trash for it.`;
    return { value: { path: canonical, trashed }, text, summary: trashed ? 'moved to the trash' : 'deleted for good' };
  },
});

async function move(oldPath: string, newPath: string, replace: boolean, granted: Granted): Promise<Outcome> {
  const source = grantedEntry(oldPath, 'write', granted);
  const destination = grantedPath(newPath, 'write', granted);
  refuseUnsaved(source, granted);
  await between(source, destination, replace, granted, async (from, name, to, newName, limits) => {
    await checkFolder(from, name, granted, [(below) => ({ tool: 'move_file', input: { source: path.join(source, below), destination: path.join(destination, below) } })]);
    await moveEntry(from, name, to, newName, limits);
  });
  return outcome('Moved', source, destination);
}

interface Limits {
  readonly largest: number;
  readonly signal: AbortSignal | undefined;
}

/** Holds both ends, looks at what stands there, and calls */
function between(source: string, destination: string, replace: boolean, granted: Granted, act: (from: HeldFolder, name: string, to: HeldFolder, newName: string, limits: Limits) => Promise<void>): Promise<void> {
  const { surroundings, largestFile, signal } = granted.context;
  if (isInside(destination, source, surroundings.platform)) throw new ToolError('bad_input', 'The destination lies in the source.');
  refuseUnsaved(destination, granted);
  return withParent(source, (from, name) => withParent(destination, async (to, newName) => {
    if (lookAt(from, name) === undefined) throw new ToolError('not_found', `${source} is not there.`);
    const there = lookAt(to, newName);
    if (there !== undefined && (!replace || !there.isFile())) throw new ToolError('exists', `${destination} is there already${there.isDirectory() ? ' and a folder' : ''}; nothing was done.`);
    await act(from, name, to, newName, { largest: largestFile(), signal });
  }, true));
}

/** Decides again about what lies in a folder that is acted on as a whole; nothing for a file */
async function checkFolder(folder: HeldFolder, name: string, granted: Granted, parts: Parameters<typeof checkBelow>[1]): Promise<void> {
  if (lookAt(folder, name)?.isDirectory() !== true) return;
  const inner = folder.openFolder(name);
  try {
    await checkBelow(inner, parts, granted);
  } finally {
    inner.close();
  }
}

function refuseUnsaved(canonical: string, { context }: Granted): void {
  const [unsaved] = context.editors?.unsavedIn(canonical) ?? [];
  if (unsaved !== undefined) throw new ToolError('unsaved', `A person has unsaved changes in ${unsaved}; nothing was done. Ask them to save or discard these.`);
}

function read(file: string): { tool: string; input: Record<string, unknown> } {
  return { tool: 'read_file', input: { path: file } };
}

function write(file: string): { tool: string; input: Record<string, unknown> } {
  return { tool: 'write_file', input: { path: file, content: '' } };
}

function outcome(did: string, source: string, destination: string): Outcome {
  return { value: { source, destination }, text: `${did} ${source} to ${destination}.`, summary: did.toLowerCase() };
}
