/**
 * Matching of `*` and `?` in time bounded by the product of both lengths, whatever the pattern: at most one restart point
 * is kept, so no input makes it backtrack without end.
 */

/** Whether `text` as a whole matches `pattern`: `*` any run, `?` any one character */
export function wildcardMatches(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern.charCodeAt(inPattern);
    if (wanted === 0x2a) {
      star = inPattern++;
      resume = at;
    } else if (inPattern < pattern.length && (wanted === 0x3f || wanted === text.charCodeAt(at))) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern.charCodeAt(inPattern) === 0x2a) inPattern++;
  return inPattern === pattern.length;
}

/** Whether some text matches both patterns (`*` and `?` in either) */
export function wildcardsOverlap(a: string, b: string): boolean {
  if (endsDiffer(a, b)) return false;
  if (a === '*' || b === '*') return true;
  // reach[j]: the first i characters of `a` and the first j of `b` can stand for one text
  let reach = new Array<boolean>(b.length + 1).fill(false);
  reach[0] = true;
  for (let j = 1; j <= b.length && b.charCodeAt(j - 1) === 0x2a; j++) reach[j] = true;
  for (let i = 1; i <= a.length; i++) {
    const left = a.charCodeAt(i - 1);
    const next = new Array<boolean>(b.length + 1).fill(false);
    next[0] = left === 0x2a && reach[0] === true;
    for (let j = 1; j <= b.length; j++) {
      const right = b.charCodeAt(j - 1);
      if (left === 0x2a || right === 0x2a) {
        next[j] = (left === 0x2a && (reach[j] === true || next[j - 1] === true)) || (right === 0x2a && (next[j - 1] === true || reach[j] === true));
      } else {
        next[j] = reach[j - 1] === true && (left === right || left === 0x3f || right === 0x3f);
      }
    }
    reach = next;
  }
  return reach[b.length] === true;
}

/** Whether the texts can be told apart by their plain starts or ends, which most can */
function endsDiffer(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === 0x2a || right === 0x2a) break;
    if (left !== right && left !== 0x3f && right !== 0x3f) return true;
  }
  for (let index = 1; index <= shorter; index++) {
    const left = a.charCodeAt(a.length - index);
    const right = b.charCodeAt(b.length - index);
    if (left === 0x2a || right === 0x2a) break;
    if (left !== right && left !== 0x3f && right !== 0x3f) return true;
  }
  return false;
}

/** Whether the text holds a wildcard of a path glob */
export function isGlob(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/**
 * How the segments of a path glob (`**` any number of segments, `*` and `?` within one) stand to the segments of a path.
 *
 * - `covers`: the glob matches the path or one of its parents (a rule covers what lies below a match)
 * - `leads`: something below the path can match
 */
export function matchSegments(glob: readonly string[], path: readonly string[]): { covers: boolean; leads: boolean } {
  // states[i]: the first i segments of the glob are used up
  let states = new Array<boolean>(glob.length + 1).fill(false);
  states[0] = true;
  passDoubleStars(glob, states);
  for (const segment of path) {
    if (states[glob.length] === true) return { covers: true, leads: true };
    const next = new Array<boolean>(glob.length + 1).fill(false);
    let alive = false;
    for (let i = 0; i < glob.length; i++) {
      if (states[i] !== true) continue;
      const part = glob[i] ?? '';
      if (part === '**') {
        next[i] = alive = true;
      } else if (isGlob(part) ? wildcardMatches(part, segment) : part === segment) {
        next[i + 1] = alive = true;
      }
    }
    if (!alive) return { covers: false, leads: false };
    states = next;
    passDoubleStars(glob, states);
  }
  return { covers: states[glob.length] === true, leads: states.includes(true) };
}

/** `**` may stand for no segment at all; a glob that ends in it also covers the folder before it, as a rule for that folder does */
function passDoubleStars(glob: readonly string[], states: boolean[]): void {
  for (let i = 0; i < glob.length; i++) {
    if (states[i] === true && glob[i] === '**') states[i + 1] = true;
  }
}
