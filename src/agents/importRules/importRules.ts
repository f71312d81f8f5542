import { isStricter } from '../../core/decision.ts';
import type { Place } from '../../core/policy/place.ts';
import type { RuleScope } from '../../core/rules/rule.ts';
import { normaliseScope, specificity } from '../../core/rules/ruleScope.ts';
import { visible } from '../../core/visible.ts';
import { anyCommand } from './commandPattern.ts';
import { readClaudeSettings } from './formats/claude.ts';
import { readCodexRules } from './formats/codex.ts';
import { readGeminiSettings } from './formats/gemini.ts';
import { readOpencodeSettings } from './formats/opencode.ts';
import { readVscodeSettings } from './formats/vscode.ts';
import { mayOverlap } from './overlap.ts';
import type { Fitted, FoundEntry, ImportedLine, ImportedRule, ImportOrigin, ImportPreview } from './preview.ts';

/** How a format's entries are found in a text; throws a `SyntaxError` for people where it cannot be read */
type Reader = (text: string, origin: ImportOrigin) => readonly FoundEntry[];

/** One kind of settings that rules can be read from */
export interface ImportFormat {
  readonly id: 'claude' | 'codex' | 'gemini' | 'vscode' | 'opencode';
  readonly title: string;
  readonly read: Reader;
  /** Which of several entries for one call the agent follows: the strictest, or the last one */
  readonly follows: 'strictest' | 'last';
}

/** The agents whose rules can be read */
export const importFormats: readonly ImportFormat[] = [
  { id: 'claude', title: 'Claude Code', read: readClaudeSettings, follows: 'strictest' },
  { id: 'codex', title: 'Codex', read: readCodexRules, follows: 'strictest' },
  { id: 'gemini', title: 'Gemini CLI', read: readGeminiSettings, follows: 'strictest' },
  { id: 'vscode', title: 'VS Code', read: readVscodeSettings, follows: 'strictest' },
  { id: 'opencode', title: 'opencode', read: readOpencodeSettings, follows: 'last' },
];

/** Characters of a file that are read, entries of it, characters of one entry, rules of one entry */
const longestFile = 1_000_000;
const mostEntries = 500;
const longestEntry = 1_000;
const mostRules = 64;
/** Characters of an entry that are shown */
const longestShown = 200;
const tooMuch = 'It is longer, or stands for more rules, than can be held.';
/** Work of comparing all entries with each other; half a second on a slow machine */
const mostSteps = 20_000_000;

/**
 * Reads another agent's settings and tells of each entry which rules say the same here, or why none does. Pure; the text is
 * anybody's.
 *
 * INVARIANT: all rules together allow nothing that the settings did not allow: an allow is exact or narrower, what denies or
 * asks is exact or wider, and a rule that would beat a stricter one, which the agent puts first, is left out.
 *
 * @param place what relative paths start at
 */
export function importRules(format: ImportFormat, text: string, place: Place, origin: ImportOrigin): ImportPreview {
  if (text.length > longestFile) return { lines: [], problems: [{ code: 'too_long', message: `The file is longer than ${longestFile} characters, so nothing was read.` }] };
  let entries: readonly FoundEntry[];
  try {
    entries = format.read(text, origin);
  } catch (error) {
    // A `RangeError`: nested so deeply that no parser can read it
    if (error instanceof SyntaxError || error instanceof RangeError) return { lines: [], problems: [{ code: 'unreadable', message: `The file cannot be read: ${visible(error.message)}` }] };
    throw error;
  }
  // One that denies might be among those that were not read
  if (entries.length > mostEntries) return { lines: [], problems: [{ code: 'too_many', message: `The file has ${entries.length} entries, more than ${mostEntries}, so nothing was read.` }] };
  return { lines: withoutBeaten(entries.map((entry) => ({ line: lineOf(entry, place), tools: entry.fitted.tools })), format), problems: [] };
}

function lineOf({ at, text, effect, fitted }: FoundEntry, place: Place): ImportedLine {
  const shown = { at, text: text.length > longestShown ? `${text.slice(0, longestShown)}…` : text };
  if (effect === undefined) return { ...shown, rules: [], fit: 'left_out', why: fitted.why ?? 'It is no rule.' };
  const none = (why: string): ImportedLine => ({ ...shown, effect, rules: [], fit: 'left_out', why });
  if (fitted.scopes.length === 0) return none(fitted.why ?? 'It is no rule.');
  if (effect !== 'allow') return tightened({ ...shown, effect }, fitted, place);
  if (text.length > longestEntry || fitted.scopes.length > mostRules) return none(tooMuch);
  const rules: ImportedRule[] = [];
  for (const given of fitted.scopes) {
    const { scope, problem } = normaliseScope(given, place);
    if (scope === undefined || problem !== undefined) return none(problem?.message ?? 'It cannot be read.');
    rules.push({ effect, scope });
  }
  return { ...shown, effect, rules, fit: fitted.fit, ...(fitted.why === undefined ? {} : { why: fitted.why }) };
}

/** An entry that denies or asks never gets lost: what cannot be held as it is becomes wider */
function tightened(shown: Pick<ImportedLine, 'at' | 'text'> & { readonly effect: 'ask' | 'deny' }, { scopes, fit, why }: Fitted, place: Place): ImportedLine {
  const { effect } = shown;
  const isTooMuch = scopes.length > mostRules;
  let isRead = !isTooMuch;
  const rules = (isTooMuch ? scopes.slice(0, 1).map(widest) : scopes).map((given): ImportedRule => {
    const { scope, problem } = normaliseScope(given, place);
    isRead &&= problem === undefined;
    return { effect, scope: scope ?? widest(given) };
  });
  if (!isRead) return { ...shown, rules, fit: 'wider', why: `${tooMuch} It covers more, so that nothing of it is lost.` };
  return { ...shown, rules, fit, ...(why === undefined ? {} : { why }) };
}

/** A scope that covers all that one of its kind can */
function widest({ kind }: RuleScope): RuleScope {
  switch (kind) {
    case 'path': return { kind, path: '/' };
    case 'domain': return { kind, domain: '*' };
    case 'command_prefix': return anyCommand;
    case 'mcp_server': return { kind: 'tool', toolName: 'mcp_*' };
    case 'tool': return { kind, toolName: '*' };
  }
}

/** A line, and the tools that its entry is about (`Fitted`) */
interface Meant {
  readonly line: ImportedLine;
  readonly tools: readonly string[] | undefined;
}

/**
 * Here the more specific rule answers. Where the agent would have followed a stricter entry, an allow is left out, and what
 * only asks denies too: left out, it would leave to an allow what it was to ask about.
 */
function withoutBeaten(all: readonly Meant[], { follows }: ImportFormat): readonly ImportedLine[] {
  const steps = { left: mostSteps };
  return all.map(({ line }, index) => {
    const { effect, at, text } = line;
    if (effect === undefined || effect === 'deny') return line;
    // A widened one also covers what an earlier entry was about
    const isFollowed = (place: number): boolean => follows === 'strictest' || place > index || line.fit === 'wider';
    const stricter = all.filter((other, place) => other.line.effect !== undefined && isStricter(other.line.effect, effect) && isFollowed(place));
    const beaten = stricter.find((other) => line.rules.some(({ scope }) => beats(scope, other, steps)));
    if (beaten === undefined) return line;
    const why = `The agent itself follows “${visible(beaten.line.text)}” (${beaten.line.effect ?? 'deny'}) before it; here the more specific of the two would win`;
    if (effect === 'allow') return { at, text, effect, rules: [], fit: 'left_out', why: `${why}.` };
    return { at, text, effect, rules: line.rules.map(({ scope }) => ({ effect: 'deny', scope })), fit: 'wider', why: `${why}, so this one denies too.` };
  });
}

/** Whether a rule of this scope would answer here in place of what a stricter entry means */
function beats(scope: RuleScope, { line, tools }: Meant, steps: { left: number }): boolean {
  return line.rules.some((rule) => {
    if (specificity(rule.scope) >= specificity(scope)) return false;
    const meant: readonly RuleScope[] = rule.scope.kind === 'path' && tools !== undefined ? tools.map((toolName) => ({ ...rule.scope, toolName }) as RuleScope) : [rule.scope];
    return meant.some((each) => mayOverlap(each, scope, steps));
  });
}
