/**
 * How far a bot's updates were taken in.
 *
 * Telegram promises rising numbers only while updates keep coming; after a week of silence it starts anywhere, perhaps lower.
 * An old offset would then acknowledge what nobody has seen, so it is not used any more: `take` knows what came before.
 */
export interface Cursor {
  /** The next update's number */
  readonly offset: number;
  /** When that was, in milliseconds since 1970 */
  readonly at: number;
}

/** A day less than Telegram's week */
const lasts = 6 * 24 * 60 * 60_000;

/** The cursor as it is kept: `OFFSET@TIME` */
export function writeCursor({ offset, at }: Cursor): string {
  return `${offset}@${at}`;
}

/** Reads a kept cursor; `undefined` for anything else */
export function readCursor(text: string | undefined): Cursor | undefined {
  const read = /^(\d{1,15})@(\d{1,15})$/.exec(text ?? '');
  return read === null ? undefined : { offset: Number(read[1]), at: Number(read[2]) };
}

/** The number to ask from; `undefined` asks for all that is left. A clock that went back makes a cursor old as well */
export function offsetAt(cursor: Cursor | undefined, now: number): number | undefined {
  return cursor === undefined || Math.abs(now - cursor.at) > lasts ? undefined : cursor.offset;
}
