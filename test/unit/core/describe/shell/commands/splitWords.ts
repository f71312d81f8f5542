import type { Word } from '../../../../../../src/core/describe/shell/command.ts';

/** Splits one simple command the way Bash does, enough for examples: quotes, backslashes, `$…` and back-quotes as unknown */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  const pattern = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\[\s\S]|[^\s'"\\])+/gu;
  for (const [raw] of line.matchAll(pattern)) {
    let text = '';
    let known = true;
    let quoted = false;
    let glob = false;
    for (const [part] of raw.matchAll(/'[^']*'|"(?:\\.|[^"\\])*"|\\[\s\S]|[^'"\\]/gu)) {
      if (part.startsWith("'")) {
        text += part.slice(1, -1);
        quoted = true;
      } else if (part.startsWith('"')) {
        const inner = part.slice(1, -1);
        if (/(?<!\\)[$`]/u.test(inner)) known = false;
        text += inner.replace(/\\([$`"\\])/gu, '$1');
        quoted = true;
      } else if (part.startsWith('\\')) {
        text += part.slice(1);
        quoted = true;
      } else {
        if (part === '$' || part === '`') known = false;
        if ('*?['.includes(part)) glob = true;
        text += part;
      }
    }
    words.push({ text: known ? text : null, raw, glob, quoted });
  }
  return words;
}
