import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, linkSync, openSync, readFileSync, rmSync, statSync, writeFileSync, fsyncSync } from 'node:fs';
import path from 'node:path';
import { type SealKey, sealKey } from './chain.ts';
import { makeFolder, syncFolder } from './durable.ts';

/**
 * The key that vouches for the journal of one workspace folder on this machine. It is derived from the user's secret and the
 * folder's canonical path, so lines that were written for another folder do not pass here.
 */
export function journalKey(userFolder: string, workspace: string): SealKey {
  return sealKey(createHmac('sha256', userSecret(userFolder)).update(`journal\0${workspace}`).digest());
}

/** 32 random bytes in `key` of the user's folder, made once, readable by the user alone */
function userSecret(userFolder: string): Buffer {
  makeFolder(userFolder, 0o700);
  const file = path.join(userFolder, 'key');
  const known = readSecret(file);
  if (known !== undefined) return known;
  const temporary = `${file}.${process.pid}-${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(descriptor, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    // A link fails when another process was first; then its key is the key
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(userFolder);
  const made = readSecret(file);
  if (made === undefined) throw new Error(`${file} went away while it was made`);
  return made;
}

function readSecret(file: string): Buffer | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${file} does not hold a key; remove it, then the state of each workspace is asked about again`);
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) chmodSync(file, 0o600);
  return Buffer.from(text, 'hex');
}
