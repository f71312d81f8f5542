/** A time in a list, in the person's way of writing: of today the time alone, of other days the day too */
export function shortTime(at: number): string {
  const time = new Date(at);
  return time.toDateString() === new Date().toDateString() ? time.toLocaleTimeString() : time.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
}
