import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes a settings file, with its folders */
export function writeJson(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
