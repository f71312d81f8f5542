/** Highest element that every engine lays out rightly, in pixels; a longer list is scrolled in proportion */
const tallest = 8_000_000;

/** Which rows of a long list are on screen, and where they are drawn */
export interface RowWindow {
  /** Height of the whole list, in pixels */
  readonly height: number;
  /** First row drawn, and the one behind the last */
  readonly from: number;
  readonly to: number;
  /** Where the first drawn row stands, in pixels from the top of the list */
  readonly top: number;
}

/**
 * The rows to draw for a place of the scroll bar: those in sight and a few around them, however long the list. Where the list is
 * taller than an element may be, the place is read as a share of the whole, so that every row can be reached.
 *
 * @param scroll pixels from the top
 * @param seen height of what is in sight
 */
export function rowWindow(rows: number, rowHeight: number, scroll: number, seen: number, around = 8): RowWindow {
  const full = rows * rowHeight;
  const height = Math.min(full, tallest);
  const furthest = Math.max(1, height - seen);
  const share = Math.min(1, Math.max(0, scroll / furthest));
  const offset = full <= tallest ? Math.max(0, Math.min(scroll, full - seen)) : share * (full - seen);
  const first = Math.max(0, Math.floor(offset / rowHeight));
  const from = Math.max(0, first - around);
  const to = Math.min(rows, Math.ceil((offset + seen) / rowHeight) + around);
  return { height, from, to, top: Math.max(0, scroll) + from * rowHeight - offset };
}

/** Where to scroll so that a row stands at the top of what is in sight */
export function scrollTo(row: number, rows: number, rowHeight: number, seen: number): number {
  const full = rows * rowHeight;
  if (full <= tallest) return row * rowHeight;
  return Math.min(1, (row * rowHeight) / Math.max(1, full - seen)) * (tallest - seen);
}
