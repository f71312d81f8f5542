import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Rule } from './rule.ts';

/** Longest script text that a rule keeps to be shown later, in characters */
const longestKept = 2_000;

/** What a rule keeps of the package script it allows: the hash of its text, with its pre and post hooks, and the text itself */
export interface ScriptTie {
  readonly scriptHash: string;
  /** Absent where it is long or holds a credential */
  readonly script?: string;
}

/** Ties a rule to the text of a script (`ExecAction.script`), so that it no longer answers once the text is another */
export function tieTo(script: string, mayKeep: (text: string) => boolean): ScriptTie {
  return { scriptHash: textHash(script), ...(script.length <= longestKept && mayKeep(script) ? { script } : {}) };
}

/** Whether an allow rule was given for another script text than this one; a rule without a tie is a plain one */
export function isTiedToOther({ metadata }: Rule, script: string | undefined): boolean {
  const tied = metadata?.['scriptHash'];
  return tied !== undefined && (script === undefined || tied !== textHash(script));
}

/** Text of the script that a rule was given for, where it is known */
export function tiedScript({ metadata }: Rule): string | undefined {
  const text = metadata?.['script'];
  return typeof text === 'string' ? text : undefined;
}

/** SHA-256 of a text, hex */
export function textHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
