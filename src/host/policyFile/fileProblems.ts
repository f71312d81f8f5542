import { applyEdits, modify } from 'jsonc-parser';
import type { Place } from '../../core/policy/place.ts';
import { readPrefix, writePrefix } from '../../core/rules/commandWords.ts';
import { readManifest } from '../../core/schema/manifest.ts';
import { ruleAt, ruleNodes, type RuleNode, type Span } from './ruleNodes.ts';

/** A way to mend a problem: what is done, as data; the words are the editor's */
export type Fix =
  | { readonly kind: 'remove_rule'; readonly index: number }
  | { readonly kind: 'set_version' }
  | { readonly kind: 'set_effect'; readonly index: number; readonly effect: 'ask' | 'deny' }
  | { readonly kind: 'shorten_prefix'; readonly index: number; readonly prefix: string }
  | { readonly kind: 'begin' };

/** Something wrong with the text of `permissions.json`, where it stands and how it can be mended */
export interface FileProblem extends Span {
  readonly code: string;
  readonly message: string;
  readonly fixes: readonly Fix[];
}

const beginning = '{\n  "version": 1,\n  "rules": []\n}\n';
const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };

/** What is wrong with a text of `permissions.json` by itself, whatever other rules there are */
export function fileProblems(text: string, place: Place): readonly FileProblem[] {
  const rules = ruleNodes(text, place);
  const starts = lineStarts(text);
  return readManifest(text).problems.map(({ code, message, line = 1, column = 1 }): FileProblem => {
    const offset = Math.min(text.length, (starts[line - 1] ?? 0) + column - 1);
    const rule = ruleAt(rules, offset);
    return {
      code, message: message.replace(/^Line \d+, column \d+: /, ''), fixes: fixesOf(code, rule, text),
      ...(rule === undefined ? { offset, length: lengthAt(text, offset) } : (rule.main ?? { offset: rule.offset, length: rule.length })),
    };
  });
}

function fixesOf(code: string, rule: RuleNode | undefined, text: string): readonly Fix[] {
  if (code === 'manifest_empty') return [{ kind: 'begin' }];
  if (code === 'manifest_version') return [{ kind: 'set_version' }];
  if (rule === undefined) return [];
  const { index } = rule;
  const fixes: Fix[] = [];
  if (code === 'bad_rule' && rule.main !== undefined && !isEffect(text, rule)) fixes.push({ kind: 'set_effect', index, effect: 'ask' }, { kind: 'set_effect', index, effect: 'deny' });
  if (code === 'partly_read_scope' && rule.main !== undefined) {
    const { words } = readPrefix(textAt(text, rule.main));
    if (words.length > 0) fixes.push({ kind: 'shorten_prefix', index, prefix: writePrefix(words) });
  }
  return [...fixes, { kind: 'remove_rule', index }];
}

function isEffect(text: string, { effect }: RuleNode): boolean {
  return effect !== undefined && ['allow', 'ask', 'deny'].includes(textAt(text, effect).trim().toLowerCase());
}

/** The text of a JSON string that stands there; empty for anything else */
function textAt(text: string, { offset, length }: Span): string {
  try {
    const value: unknown = JSON.parse(text.slice(offset, offset + length));
    return typeof value === 'string' ? value : '';
  } catch (error) {
    if (error instanceof SyntaxError) return '';
    throw error;
  }
}

/** The text with a problem mended; everything else in it stays as it is, comments too */
export function mended(text: string, fix: Fix): string {
  const set = (path: (string | number)[], value: unknown): string => applyEdits(text, modify(text, path, value, { formattingOptions }));
  switch (fix.kind) {
    case 'begin': return beginning;
    case 'set_version': return set(['version'], 1);
    case 'remove_rule': return set(['rules', fix.index], undefined);
    case 'set_effect': return set(['rules', fix.index, 'effect'], fix.effect);
    case 'shorten_prefix': return set(['rules', fix.index, 'scope', 'prefix'], fix.prefix);
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** To the end of the line, so that there is something to see */
function lengthAt(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return Math.max(1, (end < 0 ? text.length : end) - offset);
}
