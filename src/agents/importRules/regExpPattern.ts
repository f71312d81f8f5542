import type { Decision } from '../../core/decision.ts';
import { startingWith, widened } from './commandPattern.ts';
import { exactly, leftOut, narrower, type Fitted } from './preview.ts';

/** Beginnings that alternatives multiply to */
const mostBeginnings = 64;

/** The plain beginning of an expression, every way it can go, and what follows it */
interface Beginning {
  readonly texts: readonly string[];
  readonly rest: string;
}

/**
 * What a regular expression says of shell commands, as far as it starts with `^` and goes on with plain characters, blanks
 * and alternatives of them: `^git (status|diff)\b`. Anything else cannot be held: left out where it allows, widened where it
 * asks. The expression is never run.
 */
export function fitCommandRegExp(source: string, flags: string, effect: Decision): Fitted {
  const beginning = source.startsWith('^') ? readBeginning(source.slice(1)) : undefined;
  const words = beginning?.texts.map((text) => text.split(' ').filter((word) => word !== '')) ?? [];
  // Blanks in front, or two of them, are in no command that is read into words
  const isPlain = beginning !== undefined && words.length > 0 && words.every((each) => each.length > 0) && beginning.texts.every((text) => !/^ | {2}/.test(text));
  if (effect !== 'allow') return isPlain && flags === '' ? askedAbout(beginning, words) : widened([]);
  if (!isPlain || !/^i?$/.test(flags)) return leftOut(cannot);
  // `\b` behind a sign wants a letter next, and a blank wants another word: a rule for the words would allow more
  const isWholeWord = /^\\b(?:\.\*\$?)?$/.test(beginning.rest) ? beginning.texts.every((text) => /\w$/.test(text)) : endOrBlank.test(beginning.rest);
  if (isWholeWord && beginning.texts.every((text) => !text.endsWith(' '))) return exactly(...words.map(startingWith));
  const isOpen = /^(?:\.\*\$?)?$/.test(beginning.rest) && beginning.texts.every((text) => !text.endsWith(' '));
  return isOpen ? narrower('It also allows commands that only begin with these letters.', ...words.map(startingWith)) : leftOut(cannot);
}

const cannot = 'It is an expression that says more than how a command begins. What it allows is asked about.';

/** The end of the command or a blank, and then whatever */
const endOrBlank = /^\((?:\?:)?(?:\\s\|\$|\$\|\\s)\)$|^\((?:\?:)?\\s\+?\.\*\)\?\$$/;

function askedAbout({ texts, rest }: Beginning, words: readonly (readonly string[])[]): Fitted {
  const endsWord = /^(?:\\b|\\s|\((?:\?:)?(?:\\s|\$)|\$)/.test(rest) || texts.every((text) => text.endsWith(' '));
  if (endsWord && (/^(?:\\b|\\s)?(?:\.\*\$?)?$/.test(rest) || endOrBlank.test(rest))) return exactly(...words.map(startingWith));
  return widenedAll(words, endsWord);
}

/** All that begins with what every way has in common */
function widenedAll(words: readonly (readonly string[])[], endsWord: boolean): Fitted {
  const whole = words.map((each) => (endsWord ? each : each.slice(0, -1)));
  const [first] = whole;
  if (first === undefined || whole.some((each) => each.length === 0)) return widened([]);
  if (whole.length === 1) return widened(first);
  return { scopes: whole.map(startingWith), fit: 'wider', why: 'It cannot be held more narrowly, so it covers all that begins like this.' };
}

/** Reads plain characters, `\s+`, escaped signs and groups of plain alternatives; stops before anything else */
function readBeginning(source: string): Beginning {
  let texts: readonly string[] = [''];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const blank = /^(?:\\s\+?| \+?)(?![*?{])/.exec(rest)?.[0];
    const plain = /^(?:[\w@%=:,/-]|\\[.\-/+])(?![*+?{])/.exec(rest)?.[0];
    const group = /^\((?:\?:)?([\w @%=:,/|\-\\.]+)\)(?![*+?{])/.exec(rest);
    if (blank !== undefined) {
      texts = texts.map((text) => `${text} `);
      at += blank.length;
    } else if (plain !== undefined) {
      texts = texts.map((text) => text + plain.replace('\\', ''));
      at += plain.length;
    } else if (group !== null && isPlainGroup(group[1] ?? '')) {
      const ways = (group[1] ?? '').split('|').map((way) => way.replaceAll('\\', ''));
      if (texts.length * ways.length > mostBeginnings) break;
      texts = texts.flatMap((text) => ways.map((way) => text + way));
      at += group[0].length;
    } else break;
  }
  return { texts, rest: source.slice(at) };
}

/** Only words, and escapes of signs that mean themselves then */
function isPlainGroup(text: string): boolean {
  return text.split('|').every((way) => way !== '' && /^(?:[\w @%=:,/-]|\\[.\-/])+$/.test(way));
}
