import type { Decision } from '../../core/decision.ts';
import { readPrefix, writePrefix } from '../../core/rules/commandWords.ts';
import type { RuleScope } from '../../core/rules/rule.ts';
import { exactly, leftOut, narrower, wider, type Fitted } from './preview.ts';

/** Every shell command */
export const anyCommand: RuleScope = { kind: 'tool', toolName: 'run_command' };

/** The commands that begin with these words */
export function startingWith(words: readonly string[]): RuleScope {
  return { kind: 'command_prefix', prefix: writePrefix(words) };
}

/** Commands that begin with the words of a text, and what of it is no plain word (`rest`) */
function wordsOf(text: string): { readonly words: readonly string[]; readonly isWhole: boolean } {
  const { words, rest } = readPrefix(text);
  // A star would be dropped at the end of a prefix, and stands for files elsewhere
  return { words, isWhole: rest === undefined && words.length > 0 && !words.some((word) => /[*?\n]/.test(word)) };
}

/**
 * What a text with wildcards says of shell commands: `*` any run of characters, and where `oneCharacter` is set `?` any one.
 * The text is that of the whole command; ` *` at its end stands for nothing, too.
 *
 * - `npm test *`: the commands that begin with these words
 * - `npm test`: that command alone; a rule here also covers what follows, so it is left out where it allows
 * - `ls*`: also `lsof`; a rule for `ls` is narrower
 * - `git * main`: cannot be held; widened to `git` where it denies
 */
export function fitCommandGlob(text: string, effect: Decision, oneCharacter = false): Fitted {
  const at = text.search(oneCharacter ? /[*?]/ : /\*/);
  if (at < 0) return fitWholeCommand(text, effect);
  const literal = text.slice(0, at);
  const isAtEnd = /^\*+$/.test(text.slice(at));
  if (isAtEnd && literal.trim() === '') return exactly(anyCommand);
  const { words, isWhole } = wordsOf(literal);
  const endsWord = /\s$/.test(literal);
  if (isAtEnd && isWhole && endsWord) return exactly(startingWith(words));
  if (effect !== 'allow') return widened(endsWord ? words : words.slice(0, -1));
  if (isAtEnd && isWhole) return narrower(`It also allows commands that only begin with these letters; this covers “${writePrefix(words)}” itself.`, startingWith(words));
  return leftOut(isAtEnd ? notPlain : 'It allows commands with anything in the middle, which no rule here can hold. What it allows is asked about.');
}

/** What a text says that stands for the beginning of a command, up to the end of a word */
export function fitCommandPrefix(text: string, effect: Decision): Fitted {
  const { words, isWhole } = wordsOf(text);
  if (isWhole) return exactly(startingWith(words));
  return effect === 'allow' ? leftOut(notPlain) : widened(words);
}

/** What a text says that stands for one command and nothing behind it */
export function fitWholeCommand(text: string, effect: Decision): Fitted {
  const { words, isWhole } = wordsOf(text);
  if (effect !== 'allow') return isWhole ? wider('It also covers that command with more words behind it.', startingWith(words)) : widened(words);
  if (!isWhole) return leftOut(notPlain);
  return leftOut('It allows this command alone; a rule here would also allow it with more words behind it. Add that rule by hand if you mean it.');
}

/** For a pattern that denies or asks and cannot be held: all that begins as it does */
export function widened(words: readonly string[]): Fitted {
  const plain = words.findIndex((word) => /[*?\n]/.test(word));
  const kept = plain < 0 ? words : words.slice(0, plain);
  if (kept.length === 0) return wider('It cannot be held more narrowly, so it covers every shell command. Leave it out if that is too much.', anyCommand);
  return wider(`It cannot be held more narrowly, so it covers all that begins with “${writePrefix(kept)}”.`, startingWith(kept));
}

const notPlain = 'It is more than the leading words of one command, which is all that a rule here can hold. What it allows is asked about.';
