import type { WordPart } from 'unbash';

/** Words one brace expression may unfold into; a longer list is not read */
const mostWords = 128;

/**
 * Unfolds the brace expressions of a word, as Bash does before any other expansion: `a{b,c}d` gives `abd acd`, `{1..3}`
 * gives `1 2 3`. The results keep their quotes, to be read as words again. `undefined` when there are too many or the
 * text cannot be split for certain.
 *
 * @param text the word as written
 * @param parts its parts, of which brace expressions are expanded
 * @param start position of the word's text in the source that the parts refer to
 */
export function expandBraces(text: string, parts: readonly WordPart[], start: number): string[] | undefined {
  let texts = [''];
  let at = 0;
  for (const part of parts) {
    if (part.type !== 'BraceExpansion') continue;
    const from = part.pos - start;
    if (text.slice(from, from + part.text.length) !== part.text) return undefined;
    const alternatives = alternativesOf(part.text);
    if (alternatives === undefined || texts.length * alternatives.length > mostWords) return undefined;
    const before = text.slice(at, from);
    texts = texts.flatMap((head) => alternatives.map((alternative) => head + before + alternative));
    at = from + part.text.length;
  }
  const rest = text.slice(at);
  return texts.map((head) => head + rest);
}

function alternativesOf(brace: string): string[] | undefined {
  const inner = brace.slice(1, -1);
  const pieces = splitAtCommas(inner);
  if (pieces === undefined) return undefined;
  return pieces.length > 1 ? pieces : sequence(inner);
}

/** The pieces between commas that stand in no quotes, braces or substitutions */
function splitAtCommas(inner: string): string[] | undefined {
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < inner.length; i += 1) {
    const character = inner.charAt(i);
    if (character === '\\') {
      i += 1;
    } else if (character === "'" || character === '"' || character === '`') {
      const close = closing(inner, i);
      if (close === -1) return undefined;
      i = close;
    } else if (character === '{' || character === '(') {
      depth += 1;
    } else if (character === '}' || character === ')') {
      depth -= 1;
    } else if (character === ',' && depth === 0) {
      pieces.push(inner.slice(from, i));
      from = i + 1;
    }
  }
  if (depth !== 0) return undefined;
  pieces.push(inner.slice(from));
  return pieces;
}

function closing(text: string, open: number): number {
  const quote = text.charAt(open);
  for (let i = open + 1; i < text.length; i += 1) {
    if (text.charAt(i) === '\\' && quote !== "'") i += 1;
    else if (text.charAt(i) === quote) return i;
  }
  return -1;
}

/** `1..5`, `05..1`, `a..e`, each with an optional step */
function sequence(inner: string): string[] | undefined {
  const match = /^(-?\d{1,9}|[A-Za-z])\.\.(-?\d{1,9}|[A-Za-z])(?:\.\.(-?\d{1,9}))?$/.exec(inner);
  if (match === null) return undefined;
  const [, first = '', last = '', stepText] = match;
  const letters = /[A-Za-z]/.test(first);
  if (letters !== /[A-Za-z]/.test(last)) return undefined;
  const from = letters ? first.charCodeAt(0) : Number(first);
  const to = letters ? last.charCodeAt(0) : Number(last);
  const step = Math.abs(Number(stepText ?? 1)) || 1;
  if (Math.abs(to - from) / step >= mostWords) return undefined;
  const width = [first, last].some((end) => /^-?0\d/.test(end)) ? Math.max(first.length, last.length) : 0;
  const out: string[] = [];
  for (let n = from; from <= to ? n <= to : n >= to; n += from <= to ? step : -step) {
    out.push(letters ? String.fromCharCode(n) : padded(n, width));
  }
  return out;
}

function padded(n: number, width: number): string {
  return n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0');
}
