import { ChannelError, type Button } from './channel.ts';

/** Messages that one text may become; what is left after them is cut, and said so */
const mostParts = 5;
/** Kept free in a part for the sentence about what was cut */
const room = 80;
const mostButtons = 25;
/** Bytes a button may carry (the least that a platform takes) */
const mostData = 64;

/**
 * Cuts a text into the messages it becomes on a platform with at most `limit` UTF-16 units in each, written by `escape` one
 * character at a time. Line ends are the places to cut, then blanks; a character is never torn.
 *
 * Text over five messages is cut, which the last one says. Under buttons nothing may be missing: then it is `tooLarge`.
 */
export function messageParts(text: string, limit: number, buttons: readonly Button[] | undefined, escape: (character: string) => string = asIs): readonly string[] {
  checkButtons(buttons);
  const whole = text.toWellFormed();
  const parts: string[] = [];
  let at = 0;
  while (at < whole.length || parts.length === 0) {
    if (parts.length === mostParts - 1) {
      const end = endOfPart(whole, at, limit, escape);
      if (end === whole.length) return [...parts, escaped(whole.slice(at), escape)];
      if (buttons !== undefined && buttons.length > 0) throw new ChannelError('tooLarge', 'The text is too long for a message with buttons.');
      const cut = endOfPart(whole, at, limit - room, escape);
      return [...parts, `${escaped(whole.slice(at, cut), escape)}\n${escaped(`… (${whole.length - cut} more characters are not shown)`, escape)}`];
    }
    const end = endOfPart(whole, at, limit, escape);
    parts.push(escaped(whole.slice(at, end), escape));
    at = end;
  }
  return parts;
}

/** The text of one message; what does not fit is cut, and said so. Under buttons it is `tooLarge` */
export function onePart(text: string, limit: number, buttons: readonly Button[] | undefined, escape: (character: string) => string = asIs): string {
  checkButtons(buttons);
  const whole = text.toWellFormed();
  if (endOfPart(whole, 0, limit, escape) === whole.length) return escaped(whole, escape);
  if (buttons !== undefined && buttons.length > 0) throw new ChannelError('tooLarge', 'The text is too long for a message with buttons.');
  const cut = endOfPart(whole, 0, limit - room, escape);
  return `${escaped(whole.slice(0, cut), escape)}\n${escaped(`… (${whole.length - cut} more characters are not shown)`, escape)}`;
}

/** Where the part that begins at `start` ends: all that fits, back to a line end or blank in its second half */
function endOfPart(text: string, start: number, limit: number, escape: (character: string) => string): number {
  let used = 0;
  let end = start;
  let line = 0;
  let blank = 0;
  while (end < text.length) {
    const character = String.fromCodePoint(text.codePointAt(end) ?? 0);
    used += escape(character).length;
    if (used > limit) {
      const half = start + (end - start) / 2;
      return line > half ? line : blank > half ? blank : end;
    }
    end += character.length;
    if (character === '\n') line = end;
    else if (character === ' ') blank = end;
  }
  return end;
}

function escaped(text: string, escape: (character: string) => string): string {
  return escape === asIs ? text : Array.from(text, escape).join('');
}

function asIs(character: string): string {
  return character;
}

function checkButtons(buttons: readonly Button[] | undefined): void {
  if ((buttons?.length ?? 0) > mostButtons) throw new ChannelError('tooLarge', `A message has at most ${mostButtons} buttons.`);
  for (const { data } of buttons ?? []) {
    if (new TextEncoder().encode(data).length > mostData) throw new ChannelError('tooLarge', `A button carries at most ${mostData} bytes.`);
  }
}

/** Buttons in rows of so many */
export function rowsOf<T>(buttons: readonly T[], perRow: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(buttons.length / perRow) }, (_, row) => buttons.slice(row * perRow, (row + 1) * perRow));
}
