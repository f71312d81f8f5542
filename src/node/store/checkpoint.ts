import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import type { Problem } from '../../gate/ports.ts';
import type { Anchor, AnchorFacts } from './anchor.ts';
import { type DatabaseContent, databaseBytes } from './database.ts';
import { replaceFile } from './durable.ts';
import { FolderError, type StoreFolder, readPlainFile, setAside } from './storeFolder.ts';

/** A checkpoint of ours is far smaller, even with 100,000 rules */
const largestDatabase = 256 * 1024 * 1024;

/**
 * Writes `policy.db` anew. Its hash is anchored before it gets its name, beside that of the one it replaces, so that whichever
 * of the two a crash leaves is known as ours.
 */
export async function writeCheckpoint(place: StoreFolder, anchor: Anchor, content: DatabaseContent): Promise<void> {
  const bytes = await databaseBytes(content);
  replaceFile(place.database, bytes, {
    beforeRename: () => {
      anchor.write({ ...anchor.facts, saved: content.head.sequence, databases: [sha256(bytes), ...anchor.facts.databases.slice(0, 1)] });
      anchor.sync();
    },
  });
}

/**
 * Looks whether the `policy.db` that is there is one that we wrote. The state never comes from it (the journal has all), so one
 * that was changed, broken or brought along is put aside and made anew.
 */
export function inspectDatabase(place: StoreFolder, anchor: AnchorFacts | undefined, now: number): { readonly ours: boolean; readonly problem?: Problem } {
  if (lstatSync(place.database, { throwIfNoEntry: false }) === undefined) return { ours: false };
  const known = anchor !== undefined && anchor.databases.length > 0;
  if (known && isAmong(anchor.databases, place.database)) return { ours: true };
  const file = setAside(place.database, known ? 'broken' : 'foreign', now);
  const what = known ? 'policy.db was changed or damaged' : 'policy.db was not written on this machine for this folder';
  return { ours: false, problem: { code: known ? 'database_broken' : 'database_foreign', message: `${what}; it was moved to ${file} and made anew from the journal`, file } };
}

function isAmong(hashes: readonly string[], file: string): boolean {
  try {
    const bytes = readPlainFile(file, largestDatabase);
    return bytes !== undefined && hashes.includes(sha256(bytes));
  } catch (error) {
    if (error instanceof FolderError) return false;
    throw error;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
