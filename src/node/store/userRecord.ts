import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { makeFolder, replaceFile } from './durable.ts';

const recordSchema = z.object({
  /** Hashes of `permissions.json` a person reviewed, newest last */
  reviewed: z.array(z.string()),
  /** Fingerprints of our rules that were in `permissions.json` when we last saw it */
  mirrored: z.array(z.string()),
});

/** What the user's folder remembers of a workspace's `permissions.json`; never kept in the workspace, where a repository could bring it */
export type ManifestRecord = Readonly<z.infer<typeof recordSchema>>;

const mostReviewed = 100;
/** A longer text is not kept; then there is nothing to compare a changed one with */
const longestReviewed = 4 * 1024 * 1024;

const scriptSchema = z.object({
  /** A person has reviewed a policy script in this workspace, and did not take that back */
  everReviewed: z.boolean(),
  /** Hashes of the texts of `policy.js` a person reviewed, newest last */
  reviewed: z.array(z.string()),
});

/** What the user's folder remembers of a workspace's `policy.js`, for the same reason */
export type ScriptRecord = Readonly<z.infer<typeof scriptSchema>>;

/** Names of the files that keep what was reviewed last */
export const reviewedRules = 'reviewed.json';
export const reviewedScript = 'reviewed.js';

/** The text of `permissions.json` or `policy.js` that a person reviewed last */
export function readReviewedText(record: string, name: typeof reviewedRules | typeof reviewedScript): string | undefined {
  try {
    return readFileSync(path.join(record, name), 'utf8');
  } catch {
    // None was kept, or it cannot be read: then there is nothing to compare with, and nothing is decided by it
    return undefined;
  }
}

/** Keeps the text that was reviewed; only to show what changed since, never to decide by */
export function writeReviewedText(record: string, name: typeof reviewedRules | typeof reviewedScript, text: string): void {
  makeFolder(record, 0o700);
  const file = path.join(record, name);
  if (text.length > longestReviewed) rmSync(file, { force: true });
  else replaceFile(file, text);
}

/** Reads it; a damaged one says that a script was reviewed, so that none is let go unnoticed, but not which */
export function readScriptRecord(record: string): ScriptRecord {
  let text: string;
  try {
    text = readFileSync(scriptRecord(record), 'utf8');
  } catch (error) {
    return { everReviewed: (error as NodeJS.ErrnoException).code !== 'ENOENT', reviewed: [] };
  }
  try {
    const read = z.safeParse(scriptSchema, JSON.parse(text));
    if (read.success) return read.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { everReviewed: true, reviewed: [] };
}

export function writeScriptRecord(record: string, content: ScriptRecord): void {
  makeFolder(record, 0o700);
  replaceFile(scriptRecord(record), `${JSON.stringify({ ...content, reviewed: content.reviewed.slice(-mostReviewed) }, undefined, 2)}\n`);
}

function scriptRecord(record: string): string {
  return path.join(record, 'script.json');
}

/** Reads it; an unreadable one counts as nothing reviewed */
export function readManifestRecord(record: string): ManifestRecord {
  const nothing = { reviewed: [], mirrored: [] };
  try {
    const read = z.safeParse(recordSchema, JSON.parse(readFileSync(path.join(record, 'manifest.json'), 'utf8')));
    return read.success ? read.data : nothing;
  } catch {
    // Not there yet, or damaged: then the file is asked about again, which only tightens
    return nothing;
  }
}

export function writeManifestRecord(record: string, content: ManifestRecord): void {
  makeFolder(record, 0o700);
  replaceFile(path.join(record, 'manifest.json'), `${JSON.stringify({ ...content, reviewed: content.reviewed.slice(-mostReviewed) }, undefined, 2)}\n`);
}
