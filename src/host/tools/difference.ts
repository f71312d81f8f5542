/** The one place in which two texts differ: offsets in UTF-16 units of the text before, and what stands there after */
export interface Difference {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

/** Where two texts differ, so that cursors and folds elsewhere stay; never inside a line end or a character */
export function difference(before: string, after: string): Difference {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  if (cutsIn(before, start) || cutsIn(after, start)) start -= 1;
  let tail = 0;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  if (tail > 0 && (cutsIn(before, before.length - tail) || cutsIn(after, after.length - tail))) tail -= 1;
  return { start, end: before.length - tail, insert: after.slice(start, after.length - tail) };
}

/** Whether an offset lies between `\r` and `\n`, or between the halves of a character */
function cutsIn(text: string, at: number): boolean {
  const [left, right] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return (left === 0x0d && right === 0x0a) || (left >= 0xd800 && left <= 0xdbff && right >= 0xdc00 && right <= 0xdfff);
}
