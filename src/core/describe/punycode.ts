/** Decodes the part of a host label after `xn--` (RFC 3492) for showing it to people; `undefined` when it is malformed */
export function decodePunycode(label: string): string | undefined {
  const cut = label.lastIndexOf('-');
  const points = Array.from(cut > 0 ? label.slice(0, cut) : '', (letter) => letter.charCodeAt(0));
  let code = 128;
  let bias = 72;
  let position = 0;
  let index = cut > 0 ? cut + 1 : 0;
  while (index < label.length) {
    const start = position;
    let weight = 1;
    for (let step = 36; ; step += 36) {
      const digit = digitOf(label.charCodeAt(index++));
      if (digit === undefined) return undefined;
      position += digit * weight;
      const threshold = Math.min(26, Math.max(1, step - bias));
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    const count = points.length + 1;
    bias = adapt(position - start, count, start === 0);
    code += Math.floor(position / count);
    position %= count;
    if (code > 0x10ffff) return undefined;
    points.splice(position, 0, code);
    position++;
  }
  return String.fromCodePoint(...points);
}

function digitOf(code: number): number | undefined {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26;
  return undefined;
}

function adapt(delta: number, count: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : delta >> 1;
  rest += Math.floor(rest / count);
  let bias = 0;
  for (; rest > 455; bias += 36) rest = Math.floor(rest / 35);
  return bias + Math.floor((36 * rest) / (rest + 38));
}
