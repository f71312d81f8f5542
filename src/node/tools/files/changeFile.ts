import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import { stopIfCancelled } from '../cancelled.ts';
import type { Granted } from '../tool.ts';
import { ToolError } from '../toolError.ts';
import type { HeldFolder } from './heldFolder.ts';
import { withParent } from './holdFolder.ts';
import type { OpenDocument } from './editors.ts';
import { readEntry, tooLarge } from './readWhole.ts';
import { lookAt, replaceFile } from './replaceFile.ts';

/** What became of a file */
export interface Changed {
  readonly created: boolean;
  /** It is on the disk; a document with a person's unsaved changes is changed in the editor only */
  readonly saved: boolean;
  /** Bytes it has now */
  readonly size: number;
}

/** What a change is made from */
export interface Before {
  /** The file as it is now, or as its editor shows it; `undefined` for a new file */
  readonly bytes: Buffer | undefined;
  /** A person has unsaved changes in it */
  readonly unsaved: boolean;
}

/**
 * Changes a file: through its editor where it is open, else on the disk, whole or not at all. `next` gives the new content from
 * the one now. Where somebody else changes the file meanwhile, nothing is written.
 *
 * @param make also makes the folders on the way that are missing
 */
export function changeFile(canonical: string, granted: Granted, next: (before: Before) => Uint8Array, make: boolean): Promise<Changed> {
  const { editors, largestFile, signal } = granted.context;
  return withParent(canonical, async (folder, name) => {
    const open = editors?.find(canonical);
    const largest = largestFile();
    const limited = (before: Before): Uint8Array => {
      const bytes = next(before);
      if (bytes.length > largest) throw tooLarge(canonical, largest);
      stopIfCancelled(signal);
      return bytes;
    };
    if (open !== undefined) return changeOpen(folder, name, open, limited);
    const before = lookAt(folder, name) === undefined ? undefined : await readEntry(folder, name, largest);
    const bytes = limited({ bytes: before?.bytes, unsaved: false });
    await replaceFile(folder, name, bytes, before?.stats);
    return { created: before === undefined, saved: true, size: bytes.length };
  }, make);
}

/** The editor saves by name: what stands there is looked at right before and right after */
async function changeOpen(folder: HeldFolder, name: string, open: OpenDocument, next: (before: Before) => Uint8Array): Promise<Changed> {
  const bytes = next({ bytes: Buffer.from(open.text), unsaved: open.unsaved });
  if (!isUtf8(bytes)) throw new ToolError('not_text', `${path.join(folder.path, name)} is open as a text, and the new content is none; nothing was written.`);
  const look = (): void => {
    folder.verify();
    if (lookAt(folder, name)?.isFile() !== true) throw new ToolError('changed', `${path.join(folder.path, name)} is no ordinary file now; look at what stands there.`);
  };
  look();
  const { saved } = await open.replace(Buffer.from(bytes).toString('utf8'));
  if (saved) look();
  return { created: false, saved, size: bytes.length };
}
