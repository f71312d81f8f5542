import type { Words } from '../gate/words.ts';
import { details, fragments, type GateText, scopes, sentences } from './gateTexts.ts';

const longest = 1_000;
/** What stands for nothing else, so that looking is one step */
const known = new Set([...fragments, ...[...sentences, ...details].flatMap(([text]) => (/\{\d\}/.test(text) ? [] : [text]))]);
// Of a sentence the last place that fits counts: what stands before it may be anything. Of a scope the first: a tool has a plain name
const patterns = compiled(sentences, '(.+)');
const detailPatterns = compiled(details, '(.+)');
const scopePatterns = compiled(scopes, '(.+?)');

interface Pattern {
  readonly text: string;
  readonly parts: readonly number[];
  readonly fits: RegExp;
}

function compiled(texts: readonly GateText[], place: string): readonly Pattern[] {
  return texts.filter(([text]) => /\{\d\}/.test(text)).map(([text, parts = []]) => ({
    text, parts, fits: new RegExp(`^${text.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{\d\}/g, place)}$`, 's'),
  }));
}

/**
 * What the gate says, in the person's language as far as it is known; anything else as it is. The record keeps it in English, the
 * same for everybody who reads it.
 */
export function said(text: string, l10n: Words): string {
  return known.has(text) ? l10n.t(text) : find(text, patterns, l10n);
}

/** What a rule is for, as `previewScope` writes it, in the person's language */
export function saidScope(text: string, l10n: Words): string {
  return find(text, scopePatterns, l10n);
}

/** A line below an action that says more of why it is answered so, as `explainAction` writes it, in the person's language */
export function saidDetail(text: string, l10n: Words): string {
  return known.has(text) ? l10n.t(text) : find(text, detailPatterns, l10n);
}

function find(text: string, among: readonly Pattern[], l10n: Words): string {
  // Longer ones hold what somebody else wrote, who might make looking take long
  if (text.length > longest) return text;
  for (const { text: pattern, parts, fits } of among) {
    const found = fits.exec(text);
    if (found !== null) return l10n.t(pattern, ...found.slice(1).map((part, index) => (parts.includes(index) ? saidPart(part, l10n) : part)));
  }
  return text;
}

function saidPart(text: string, l10n: Words): string {
  const whole = said(text, l10n);
  return whole === text ? saidScope(text, l10n) : whole;
}
