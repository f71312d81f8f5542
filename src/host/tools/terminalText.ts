/** A colour or another rendition (ECMA-48, SGR): the only sequence that changes nothing but how text looks */
const rendition = /\u001b\[[\d;:]{0,40}m/g;
/** All that a terminal might obey: C0 controls but tab and line end, DEL, C1 */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Output of a command as a terminal of ours may be given it: line ends as terminals want them, colours kept, every other control
 * sequence made visible, because a terminal can be told to rename itself, to fill the clipboard or to type.
 */
export function terminalText(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const found of text.matchAll(rendition)) {
    parts.push(plain(text.slice(from, found.index)), found[0]);
    from = found.index + found[0].length;
  }
  return [...parts, plain(text.slice(from))].join('');
}

function plain(text: string): string {
  return text.replace(/\r?\n/g, '\n').replace(controls, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`).replace(/\r/g, '\\r').replaceAll('\n', '\r\n');
}
