import type * as z from 'zod/mini';
import { visible } from '../visible.ts';

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: unknown;
  readonly values?: unknown;
  readonly errors?: readonly (readonly Issue[])[];
}

/** One plain sentence for what a schema refused first: names the key and what is wanted there */
export function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0] as Issue | undefined;
  if (issue === undefined) return 'The value cannot be read.';
  const key = keyText(issue.path);
  const where = key === '' ? 'The value' : `“${visible(key)}”`;
  switch (issue.code) {
    case 'invalid_type': return `${where} must be ${kindNames[String(issue.expected)] ?? String(issue.expected)}.`;
    case 'invalid_value': return `${where} must be one of ${Array.isArray(issue.values) ? issue.values.map(String).join(', ') : 'the known values'}.`;
    case 'invalid_union': return `${where} is none of the known kinds.`;
    case 'too_big': return `${where} is too large.`;
    case 'too_small': return `${where} is too small or empty.`;
    case 'unrecognized_keys': return `${where} has keys that are not known.`;
    default: return `${where} cannot be read.`;
  }
}

/** The path of a value as one writes it: `rules[3].scope.kind` */
function keyText(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`)).join('');
}

const kindNames: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object', record: 'an object', nan: 'a number',
};
