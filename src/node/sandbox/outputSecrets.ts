import { secretMark, withoutSecrets } from '../../gate/secretText.ts';

/** Shapes of credentials in output besides those of records and messages (cowork-facts 1.11). Linear, like those */
const shapes: readonly RegExp[] = [
  // The numbers of a key, as wallets write them
  /\[(?:\s{0,8}\d{1,3}\s{0,8},){31,}\s{0,8}\d{1,3}\s{0,8}\]/g,
];
const bearer = /\b(bearer[ \t]{1,3})[A-Za-z0-9._~+/=-]{12,}/gi;
const seedPhrase = /\b((?:seed|recovery|mnemonic)(?:[ _-]?phrase)?["']?[ \t]{0,3}[=:]?[ \t]{0,3}["']?)[a-z]{3,8}(?:[ ,][ ]?[a-z]{3,8}){11,23}\b/gi;

/** The text with what looks like a credential replaced by a mark */
export function maskOutput(text: string): string {
  let clean = text;
  for (const shape of shapes) clean = clean.replace(shape, secretMark);
  const named = (_: string, name: string): string => `${name}${secretMark}`;
  return withoutSecrets(clean.replace(bearer, named).replace(seedPhrase, named));
}

/** A word that a secret value may follow, at the end of what came so far */
const beforeValue = /(?:[=:]["']?|authorization["']?|bearer|basic|token["']?|password["']?|passwd["']?|secret["']?|key["']?)\s*$/i;
/** The last lines up to the end of what came so far, where a secret of several words may have begun */
const unfinished: readonly RegExp[] = [/-----[^\n]{0,60}$/, /\[[\d\s,]*(?:\]\S*)?$/, /\b(?:seed|recovery|mnemonic)[^\n]*$/i];

/**
 * Up to where the text can be masked and handed on, whatever comes next: never inside a credential, so that one which
 * arrives in two pieces is seen whole. Cuts only behind white space; 0 where there is no such place yet.
 */
export function safeCut(text: string): number {
  let end = text.length;
  const key = text.lastIndexOf('-----BEGIN');
  if (key >= 0 && !/-----END [A-Z ]{0,30}PRIVATE KEY-----\S*\s/.test(text.slice(key))) end = key;
  for (const shape of unfinished) {
    const found = text.slice(Math.max(0, end - 4096), end).search(shape);
    if (found >= 0) end = Math.min(end, Math.max(0, end - 4096) + found);
  }
  while (end > 0) {
    let cut = end;
    while (cut > 0 && !/\s/.test(text.charAt(cut - 1))) cut -= 1;
    if (cut === 0) return 0;
    const before = text.slice(Math.max(0, cut - 64), cut);
    if (!beforeValue.test(before)) return cut;
    end = before.trimEnd().length === 0 ? 0 : cut - (before.length - before.trimEnd().length);
  }
  return 0;
}
