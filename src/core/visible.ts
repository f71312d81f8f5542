/**
 * Characters that a reader cannot see, or that move what stands beside them: controls, soft hyphen, bidi marks, zero width,
 * blank look-alikes (U+115F, U+2800, U+3164, …), unusual spaces, variation selectors, tags, lone surrogates
 */
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|[\ud800-\udfff]| {8,}/gu;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u0000': '\\0', '\u001b': '\\e' };

/**
 * Text from outside as it may be shown: everything a reader could not see becomes an escape, so that what is read is what runs.
 *
 * - line ends and tabs become `\n`, `\r`, `\t`; other hidden characters `\u{200b}`
 * - eight spaces or more in a row become `\u{20}×N`: blanks that push text out of sight show
 * - a backslash that stands in front of nothing hidden stays as it is
 *
 * Example: `rm -rf /\u202e# safe` becomes `rm -rf /\u{202e}# safe`
 */
export function visible(text: string): string {
  return text.replace(hidden, (found) => {
    if (found.length >= 8) return `\\u{20}×${found.length}`;
    return named[found] ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
