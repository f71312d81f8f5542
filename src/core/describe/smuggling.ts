/**
 * Whether an address carries data out instead of only naming what to read (spec 7), as one plain sentence, else `undefined`.
 *
 * Query strings are common in honest reads, so only these count: a value that is Base64 or hexadecimal for readable text; one
 * long random-looking value (24 characters and more, upper and lower case and digits, as keys are); a key with a known
 * beginning; more than 1,024 characters of query; and for path parts and host labels, where ids are honest, only the first
 * of these and very long ones. `c2VjcmV0` counts, `overview`, a UUID and a commit id do not.
 */
export function carriedData(host: string, rest: string): string | undefined {
  if (host.length > 60 || /[a-z0-9]{16}/.test(host)) {
    if (host.length > 120 || host.split('.').some((label) => label.length >= 40 || readableHex(label))) return 'The host name looks like it is made of data.';
  }
  if (rest.length <= 8) return undefined;
  const hash = rest.indexOf('#');
  const sent = hash < 0 ? rest : rest.slice(0, hash);
  const mark = sent.indexOf('?');
  const path = mark < 0 ? sent : sent.slice(0, mark);
  if (/[^/]{12}/.test(path) && path.split('/').some((part) => part.length >= 12 && (readableBase64(part) || readableHex(part) || (part.length > 96 && randomLooking(part)) || knownKey.test(part)))) {
    return 'The path of the address looks like it carries data.';
  }
  if (mark < 0) return undefined;
  const query = sent.slice(mark + 1);
  if (query.length > 1024) return 'The query of the address is long enough to carry data.';
  for (const pair of query.split(/[&;]/)) {
    const equals = pair.indexOf('=');
    const value = decoded(equals < 0 ? pair : pair.slice(equals + 1));
    if (value.length >= 8 && looksLikeData(value)) return 'The query of the address looks like it carries data.';
  }
  return undefined;
}

/** Whether a text that goes out as a search holds a value that no one searches for, like a key */
export function holdsData(text: string): boolean {
  return text.length > 2048 || text.split(/\s+/).some((word) => word.length >= 16 && looksLikeData(word));
}

/** Beginnings of keys that services hand out */
const knownKey = /(?:^|[^A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{16}|gh[pousr]_[A-Za-z0-9]{20}|github_pat_|AKIA[A-Z0-9]{12}|xox[abprs]-|glpat-|npm_[A-Za-z0-9]{20}|AIza[A-Za-z0-9_-]{20})|(?<=(?:^|[^A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,})\.eyJ/;

function looksLikeData(value: string): boolean {
  return readableBase64(value) || readableHex(value) || knownKey.test(value) || value.split(/[^A-Za-z0-9+/_=-]+/).some(randomLooking);
}

function decoded(value: string): string {
  const spaced = value.replaceAll('+', ' ');
  // Base64 uses + itself, so a value without blanks keeps it.
  const plain = /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? value : spaced;
  if (!plain.includes('%')) return plain;
  try {
    return decodeURIComponent(plain);
  } catch (error) {
    if (error instanceof URIError) return plain;
    throw error;
  }
}

/** 24 characters and more of mixed kinds: what keys and encrypted or compressed bytes look like */
function randomLooking(value: string): boolean {
  if (value.length < 24) return false;
  if (/^[0-9a-f-]+$/i.test(value)) return value.replaceAll('-', '').length > 64;
  const kinds = Number(/[a-z]/.test(value)) + Number(/[A-Z]/.test(value)) + Number(/[0-9]/.test(value));
  return kinds === 3 || (value.length >= 64 && !/[-_/]/.test(value)) ? entropy(value) >= 3.5 : false;
}

/** Bits per character (Shannon) */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

function readableBase64(value: string): boolean {
  if (value.length < 8 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return false;
  const digits = value.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  if (digits.length % 4 === 1 || (value.endsWith('=') && value.length % 4 !== 0)) return false;
  return readable(atob(digits));
}

function readableHex(value: string): boolean {
  if (value.length < 16 || value.length % 2 === 1 || !/^[0-9a-f]+$/i.test(value)) return false;
  let text = '';
  for (let index = 0; index < value.length; index += 2) text += String.fromCharCode(Number.parseInt(value.slice(index, index + 2), 16));
  return readable(text);
}

function readable(text: string): boolean {
  return text.length >= 6 && /^[\t\n\r\x20-\x7e]+$/.test(text);
}
