/**
 * Whether a file-name pattern of the shell (`*`, `?`, `[…]`) could name `name`, both without `/`.
 *
 * Errs towards yes: an unclosed or odd bracket matches any character, case is ignored. Linear in time: one
 * backtracking point, as for any pattern of stars.
 */
export function globCouldName(pattern: string, name: string): boolean {
  const wanted = name.toLowerCase();
  const glob = pattern.toLowerCase();
  let g = 0;
  let w = 0;
  let starAt = -1;
  let starFrom = 0;
  while (w < wanted.length) {
    const step = g < glob.length ? one(glob, g, wanted.charAt(w)) : 0;
    if (glob.charAt(g) === '*') {
      starAt = g;
      starFrom = w;
      g += 1;
    } else if (step > 0) {
      g += step;
      w += 1;
    } else if (starAt >= 0) {
      starFrom += 1;
      w = starFrom;
      g = starAt + 1;
    } else {
      return false;
    }
  }
  while (glob.charAt(g) === '*') g += 1;
  return g >= glob.length;
}

/** Length of the pattern element at `at` when it matches `character`, else 0 */
function one(glob: string, at: number, character: string): number {
  const element = glob.charAt(at);
  if (element === '*') return 0;
  if (element === '?') return 1;
  if (element === '\\') return glob.charAt(at + 1) === character ? 2 : 0;
  if (element !== '[') return element === character ? 1 : 0;
  const classEnd = glob.indexOf(':]', at);
  const close = glob.indexOf(']', glob.startsWith('[:', at + 1) && classEnd !== -1 ? classEnd + 2 : at + 2);
  if (close === -1) return character === '[' ? 1 : 0;
  return inBracket(glob.slice(at + 1, close), character) ? close - at + 1 : 0;
}

function inBracket(set: string, character: string): boolean {
  const negated = set.startsWith('!') || set.startsWith('^');
  const members = negated ? set.slice(1) : set;
  if (members.includes('[')) return true;
  let found = false;
  for (let i = 0; i < members.length; i += 1) {
    const from = members.charAt(i);
    if (members.charAt(i + 1) === '-' && i + 2 < members.length) {
      if (from <= character && character <= members.charAt(i + 2)) found = true;
      i += 2;
    } else if (from === character) {
      found = true;
    }
  }
  return found !== negated;
}
