import { createHash } from 'node:crypto';
import type { Entry } from '../../gate/entry.ts';

/** Texts longer than this are cut in the record of a decision, in characters: a written file's content belongs in the file */
const longestText = 16 * 1024;
const kept = 2 * 1024;

/**
 * An entry as it is recorded, with its JSON: in a decision, long texts are replaced by their beginning, length and hash; other
 * entries are needed whole. Throws where an entry cannot be written as JSON.
 */
export function recordable(entry: Entry): { readonly entry: Entry; readonly json: string } {
  const json = JSON.stringify(entry);
  if (entry.type !== 'decision' || json.length <= longestText) return { entry, json };
  const short = shorten(entry) as Entry;
  return { entry: short, json: JSON.stringify(short) };
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
