import type { Described } from '../action.ts';
import { compileLinear, findLinear, PatternError } from './linearPattern.ts';
import type { LinearPattern } from './linearPattern.ts';
import type { Problem } from '../problem.ts';
import { visible } from '../visible.ts';

/** How many blocked patterns a workspace may have, and the characters of one (spec 4) */
export const mostPatterns = 50;
export const longestPattern = 500;
/** Longer texts are not tested; they ask */
const longestText = 64 * 1024;
/** Steps for all patterns on one request together, about 50 ms; a request that needs more asks */
const budgetPerRequest = 5_000_000;

/** A user's blocked pattern, ready to be tested in bounded time */
export interface BlockedPattern {
  readonly source: string;
  readonly pattern: LinearPattern;
}

/** Why a list of patterns cannot be saved; empty when it can (spec 4: an invalid one is refused when it is saved) */
export function checkBlockedPatterns(sources: readonly string[]): readonly Problem[] {
  return compileBlockedPatterns(sources).problems;
}

/** Compiles a user's blocked patterns; what cannot be compiled is left out and reported */
export function compileBlockedPatterns(sources: readonly string[]): { readonly patterns: readonly BlockedPattern[]; readonly problems: readonly Problem[] } {
  const patterns: BlockedPattern[] = [];
  const problems: Problem[] = [];
  if (sources.length > mostPatterns) problems.push({ code: 'too_many_patterns', message: `There are ${sources.length} blocked patterns; at most ${mostPatterns} are possible. Join some with “|”.` });
  for (const source of sources) {
    const shown = visible(source.length > 60 ? `${source.slice(0, 60)}…` : source);
    if (source === '') {
      problems.push({ code: 'bad_pattern', message: 'A blocked pattern is empty; remove it.' });
      continue;
    }
    if (source.length > longestPattern) problems.push({ code: 'bad_pattern', message: `The blocked pattern “${shown}” is longer than ${longestPattern} characters; shorten it.` });
    try {
      patterns.push({ source, pattern: compileLinear(source.slice(0, 10 * longestPattern)) });
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      problems.push({ code: 'bad_pattern', message: `The blocked pattern “${shown}” cannot be used. ${error.message}` });
    }
  }
  return { patterns, problems };
}

/** What the patterns say of a request: the one that was found, or that they could not all be tested */
export type PatternFinding = { readonly pattern: string; readonly action?: number } | { readonly untested: string };

/** Tests the patterns on each simple command, its words joined by one space, and on the whole text */
export function findBlockedPattern(patterns: readonly BlockedPattern[], described: Described): PatternFinding | undefined {
  if (patterns.length === 0) return undefined;
  const budget = { left: budgetPerRequest };
  let untested: string | undefined;
  const test = (text: string, action?: number): PatternFinding | undefined => {
    if (text.length > longestText) untested = 'The command is too long to be tested against the blocked patterns.';
    const cut = text.slice(0, longestText);
    for (const { source, pattern } of patterns) {
      const found = findLinear(pattern, cut, budget);
      if (found === true) return { pattern: source, ...(action === undefined ? {} : { action }) };
      if (found === undefined) untested = 'Testing the command against the blocked patterns takes too long.';
    }
    return undefined;
  };
  for (const [index, action] of described.actions.entries()) {
    if (action.kind !== 'exec') continue;
    const texts = new Set([action.argv.map((word) => word ?? '').join(' '), ...action.readings.map((words) => words.join(' '))]);
    for (const text of texts) {
      const found = test(text, index);
      if (found !== undefined) return found;
    }
  }
  const whole = described.command === undefined ? undefined : test(described.command);
  return whole ?? (untested === undefined ? undefined : { untested });
}
