import type { Entry, RecordedEntry } from '../../gate/entry.ts';
import type { Problem } from '../../gate/ports.ts';
import { type Head, type SealKey, sealLine } from './chain.ts';
import { isOurs } from './facts.ts';
import { recordable } from './recordable.ts';

/** Characters of the longest line that is recorded */
const longestEntry = 64 * 1024 * 1024;

/** Entries as lines of the journal, and the head of the chain after them */
export interface Sealed {
  readonly text: string;
  readonly head: Head;
  readonly recorded: readonly RecordedEntry[];
}

/**
 * Makes entries the next lines of a chain; all of them, or none and the problem with one.
 *
 * @param now milliseconds since 1970; the record never goes back behind its head, whatever the clock does
 */
export function sealEntries(key: SealKey, start: Head, entries: readonly Entry[], now: number): Sealed | { readonly problem: Problem } {
  const at = Math.max(now, start.at);
  const recorded: RecordedEntry[] = [];
  let head = start;
  let text = '';
  try {
    for (const given of entries) {
      if ((given.type === 'rule_added' || given.type === 'rule_removed') && !isOurs(given.rule) && given.rule.source !== 'profile') {
        return { problem: { code: 'rule_not_ours', message: `Rule ${given.rule.id} comes from ${given.rule.source}; change it where it is written` } };
      }
      const { entry, json } = recordable(given);
      const line = sealLine(key, head, at, 'entry', json);
      if (line.text.length > longestEntry) return { problem: { code: 'entry_too_long', message: `An entry of type ${entry.type} has ${line.text.length} characters; at most ${longestEntry} can be recorded` } };
      text += `${line.text}\n`;
      head = line.head;
      recorded.push({ sequence: head.sequence, at, entry });
    }
  } catch (error) {
    return { problem: { code: 'entry_unwritable', message: `An entry cannot be written as JSON: ${(error as Error).message}` } };
  }
  return { text, head, recorded };
}
