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

/** The text of `permissions.json` that a person reviewed last */
export function readReviewedText(record: string): string | undefined {
  try {
    return readFileSync(reviewedFile(record), 'utf8');
  } catch {
    // None was kept, or it cannot be read: then there is nothing to compare with, and nothing is decided by it
    return undefined;
  }
}

/** Keeps the text that was reviewed; only to show what changed since, never to decide by */
export function writeReviewedText(record: string, text: string): void {
  makeFolder(record, 0o700);
  if (text.length > longestReviewed) rmSync(reviewedFile(record), { force: true });
  else replaceFile(reviewedFile(record), text);
}

function reviewedFile(record: string): string {
  return path.join(record, 'reviewed.json');
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
