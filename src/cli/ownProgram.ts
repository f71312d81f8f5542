import { existsSync } from 'node:fs';
import path from 'node:path';

/** The words that start this very program */
export function ownProgram(): readonly string[] {
  return [process.execPath, ['cli.js', 'main.ts'].map((name) => path.join(import.meta.dirname, name)).find((file) => existsSync(file)) ?? ''];
}

/** A word as the shell reads it back, whichever it is: fish takes a backslash in single quotes for an escape, so that none stands there */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll(/['\\]/g, (sign) => (sign === "'" ? `'"'"'` : String.raw`'"\\"'`))}'`;
}
