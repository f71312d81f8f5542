import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, fsyncSync, writeFileSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { AttachmentFiles } from '../../channels/ports.ts';
import type { HeldFolder } from '../../node/tools/files/heldFolder.ts';
import { withFolder } from '../../node/tools/files/holdFolder.ts';
import { openEntry } from '../../node/tools/files/openEntry.ts';
import { lookAt, replaceFile } from '../../node/tools/files/replaceFile.ts';

/** Bytes that the attachments of one channel may take together */
const mostBytes = 500 * 1024 * 1024;
/** A file counts for so much at least, or empty ones would come without end */
const leastBytes = 4096;
/** Characters of a file's own name that are kept */
const longestName = 80;

/**
 * Attachments of a workspace: `.cowork/attachments/<channel>/<random>-<name>`, readable for agents, and like everything below
 * `.cowork` not theirs to change. Git is told to leave them alone.
 */
export function attachmentFiles(folder: string): AttachmentFiles {
  return {
    async save(channel, name, bytes) {
      const home = path.join(folder, '.cowork', 'attachments');
      const place = path.join(home, channel);
      if ((await bytesIn(place)) + bytes.length > mostBytes) throw new Error(vscode.l10n.t('the attachments of this channel fill {0} MB; delete some in .cowork/attachments', mostBytes / 1024 / 1024));
      await withFolder(home, leaveToUs, true);
      const file = `${randomBytes(4).toString('hex')}-${plainName(name)}`;
      await withFolder(place, async (held) => {
        const descriptor = openEntry(held, file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
        try {
          writeFileSync(descriptor, bytes);
          fsyncSync(descriptor);
        } finally {
          closeSync(descriptor);
        }
      }, true);
      return { path: ['.cowork', 'attachments', channel, file].join('/'), sha256: createHash('sha256').update(bytes).digest('hex') };
    },
  };
}

/** Git leaves alone what strangers sent; a person may have said otherwise, then that stays */
async function leaveToUs(home: HeldFolder): Promise<void> {
  if (lookAt(home, '.gitignore') === undefined) await replaceFile(home, '.gitignore', Buffer.from('*\n'), undefined);
}

async function bytesIn(place: string): Promise<number> {
  try {
    const sizes = await Promise.all((await readdir(place)).map(async (name) => Math.max(leastBytes, (await lstat(path.join(place, name))).size)));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch (error) {
    // Nothing was ever sent here
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

/** What is harmless of a name that a stranger chose: no separators, no control or direction characters, no leading dot, no device of Windows */
function plainName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const plain = last.replaceAll(/[^\p{Letter}\p{Number} ._()+-]/gu, '_').replace(/^[. ]+/, '').replace(/[. ]+$/, '');
  const end = path.extname(plain).slice(0, 12);
  return `${plain.slice(0, plain.length - path.extname(plain).length).slice(0, longestName) || 'file'}${end}`;
}
