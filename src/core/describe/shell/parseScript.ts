import { parse } from 'unbash';
import type { Script } from 'unbash';
import type { Line } from './line.ts';

/** Brackets open at once at most; the parser looks at the rest of the text anew for each that is open */
const mostOpen = 48;
/** Back-quotes at most, which nest by other means */
const mostBackquotes = 400;

/** Parses a text as a Bash script; nothing where it is nested so deep that it is not worth the time, the line then counts as unreadable */
export function parseScript(text: string, line: Line): Script | undefined {
  if (!isNestedTooDeep(text)) return parse(text);
  line.breaks('It is nested too deep to read.');
  return undefined;
}

function isNestedTooDeep(text: string): boolean {
  let open = 0;
  let backquotes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x28 /* ( */ || code === 0x7b /* { */) open += 1;
    else if ((code === 0x29 || code === 0x7d) && open > 0) open -= 1;
    else if (code === 0x60 /* ` */) backquotes += 1;
    if (open > mostOpen || backquotes > mostBackquotes) return true;
  }
  return false;
}
