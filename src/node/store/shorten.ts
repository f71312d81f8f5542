import { createHash } from 'node:crypto';
import type { Entry } from '../../gate/entry.ts';

/** Texts longer than this are cut in the record of a decision, in characters: a written file's content belongs in the file */
const longestText = 16 * 1024;
const kept = 2 * 1024;

/** A decision whose long texts are replaced by their beginning, length and hash; other entries are needed whole and stay as they are */
export function shortened(entry: Entry): Entry {
  return entry.type === 'decision' ? (shorten(entry) as Entry) : entry;
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.length <= longestText) return value;
    return `${value.slice(0, kept)}… (${value.length} characters, SHA-256 ${createHash('sha256').update(value).digest('hex')})`;
  }
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item)]));
}
