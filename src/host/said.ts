import type { Words } from '../gate/words.ts';
import { details, fragments, type GateText, scopes, sentences } from './gateTexts.ts';

const longest = 1_000;
let prepared: Prepared | undefined;

/** Made with the first text, not at the start */
interface Prepared {
  /** What stands for nothing else, so that looking is one step */
  readonly known: ReadonlySet<string>;
  readonly patterns: readonly Pattern[];
  readonly details: readonly Pattern[];
  readonly scopes: readonly Pattern[];
}

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

function texts(): Prepared {
  prepared ??= {
    known: new Set([...fragments, ...[...sentences, ...details].flatMap(([text]) => (/\{\d\}/.test(text) ? [] : [text]))]),
    // Of a sentence the last place that fits counts: what stands before it may be anything. Of a scope the first: a tool has a plain name
    patterns: compiled(sentences, '(.+)'),
    details: compiled(details, '(.+)'),
    scopes: compiled(scopes, '(.+?)'),
  };
  return prepared;
}

/**
 * What the gate says, in the person's language as far as it is known; anything else as it is. The record keeps it in English, the
 * same for everybody who reads it.
 */
export function said(text: string, l10n: Words): string {
  return texts().known.has(text) ? l10n.t(text) : find(text, texts().patterns, l10n);
}

/** What a rule is for, as `previewScope` writes it, in the person's language */
export function saidScope(text: string, l10n: Words): string {
  return find(text, texts().scopes, l10n);
}

/** A line below an action that says more of why it is answered so, as `explainAction` writes it, in the person's language */
export function saidDetail(text: string, l10n: Words): string {
  return texts().known.has(text) ? l10n.t(text) : find(text, texts().details, l10n);
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
