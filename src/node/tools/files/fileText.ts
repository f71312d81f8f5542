import { isUtf8 } from 'node:buffer';
import { ToolError } from '../toolError.ts';

const byteOrderMark = '\ufeff';

/** The text of a file; refuses what is none, so that nobody writes a mangled one back */
export function textOf(bytes: Buffer, shown: string): string {
  if (bytes.includes(0) || !isUtf8(bytes)) throw new ToolError('not_text', `${shown} is no text in UTF-8. Read it with "encoding": "base64", or use parse_document for PDF and office files.`);
  return bytes.toString('utf8');
}

/** The line end that a text mostly has; nothing for a text of one line */
export function lineEndOf(text: string): '\n' | '\r\n' | undefined {
  const all = text.split('\n').length - 1;
  if (all === 0) return undefined;
  return (text.match(/\r\n/g)?.length ?? 0) * 2 > all ? '\r\n' : '\n';
}

/** A new text for a file with the line ends and the byte order mark of the text it had before */
export function asBefore(text: string, before: string): string {
  const end = lineEndOf(before);
  const lines = end === undefined ? text : text.replaceAll('\r\n', '\n').replaceAll('\n', end);
  return before.startsWith(byteOrderMark) && !lines.startsWith(byteOrderMark) ? `${byteOrderMark}${lines}` : lines;
}

/** One text to put in place of another */
export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean | undefined;
}

/**
 * The text after the edits, one after the other. Line ends do not count when the old text is looked for; the new text gets
 * those of the file. Throws `no_match` where an old text is not there, or stands there more than once without `replaceAll`.
 */
export function edited(before: string, edits: readonly Edit[], shown: string): string {
  const end = lineEndOf(before);
  const asHere = (text: string): string => (end === undefined ? text : text.replaceAll('\r\n', '\n').replaceAll('\n', end));
  let text = before;
  for (const [index, { oldText, newText, replaceAll }] of edits.entries()) {
    const parts = text.split(text.includes(oldText) ? oldText : asHere(oldText));
    const which = edits.length === 1 ? 'The text to replace' : `The text to replace of edit ${index + 1}`;
    if (parts.length === 1) throw new ToolError('no_match', `${which} is not in ${shown}; nothing was changed. Read the file again.`);
    if (parts.length > 2 && replaceAll !== true) throw new ToolError('no_match', `${which} stands ${parts.length - 1} times in ${shown}; nothing was changed. Give more of the lines around it, or set replaceAll.`);
    text = parts.join(asHere(newText));
  }
  return text;
}
