/** The words of a rule's prefix, read as a shell would read them, and the way back */

/** Words of a prefix; `rest` tells why the text behind them could not be read as plain words */
export interface PrefixWords {
  readonly words: readonly string[];
  readonly rest?: 'operator' | 'quote';
}

const operators = new Set(['|', '&', ';', '<', '>', '(', ')', '`', '$']);

/**
 * Splits a rule's prefix into words: blanks part, `'…'`, `"…"` and backslash quote; stops at the first operator or `$`
 * that is not quoted, because no single simple command holds one. A last word `*` is dropped: a prefix covers what follows.
 *
 * Example: `git commit -m 'two words'` gives four words; `git status; rm x` gives two and `rest: 'operator'`
 */
export function readPrefix(text: string): PrefixWords {
  const words: string[] = [];
  let word = '';
  let started = false;
  let quoted = false;
  const finish = (): void => {
    if (started && !(word === '*' && !quoted && /^\s*$/.test(text.slice(at)))) words.push(word);
    word = '';
    started = false;
    quoted = false;
  };
  let at = 0;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === ' ' || character === '\t' || character === '\n' || character === '\r') {
      finish();
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return { words, rest: 'quote' };
      word += text.slice(at + 1, end);
      started = quoted = true;
      at = end;
    } else if (character === '"') {
      started = quoted = true;
      for (at++; at < text.length && text.charAt(at) !== '"'; at++) {
        if (text.charAt(at) === '\\' && /["\\$`]/.test(text.charAt(at + 1))) at++;
        else if (text.charAt(at) === '$' || text.charAt(at) === '`') return { words, rest: 'operator' };
        word += text.charAt(at);
      }
      if (at >= text.length) return { words, rest: 'quote' };
    } else if (character === '\\') {
      at++;
      if (at >= text.length) return { words, rest: 'quote' };
      word += text.charAt(at);
      started = quoted = true;
    } else if (operators.has(character)) {
      finish();
      return { words, rest: 'operator' };
    } else {
      word += character;
      started = true;
    }
  }
  finish();
  return { words };
}

/** One text for words, which `readPrefix` reads back to exactly these words */
export function writePrefix(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
