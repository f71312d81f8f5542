import { readFileSync } from 'node:fs';
import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { UsageError } from './verb.ts';

/** The value of a JSON file that the caller named; a usage error that names the place where it cannot be read */
export function readJsonFile(file: string): unknown {
  try {
    return readJson(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); name a file that can`, { cause: error });
  }
}

/** The value of the text of a JSON file, comments and trailing commas allowed; a usage error that names the place otherwise */
export function readJson(text: string, file: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\ufeff/, ''), errors, { allowTrailingComma: true, allowEmptyContent: false });
  const [first] = errors;
  if (first !== undefined) {
    const before = text.slice(0, first.offset).split('\n');
    throw new UsageError(`${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: this is not JSON (${printParseErrorCode(first.error)}); mend it there`);
  }
  return value;
}
