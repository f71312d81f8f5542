import { type KeyMeaning, meaningOf } from './inputKeys.ts';

/** One value of a tool's input that names something outside the input */
export interface InputValue {
  readonly meaning: Exclude<KeyMeaning, undefined> | 'pattern';
  readonly key: string;
  readonly text: string;
}

export interface InputValues {
  readonly values: readonly InputValue[];
  /** Keys that should name a path or an address and hold something else */
  readonly malformed: readonly string[];
  /** More values than anyone can look through */
  readonly tooMany: boolean;
}

const deepest = 6;
const mostNodes = 20_000;
/** Values beyond this make the request uncertain */
const mostValues = 1_000;

/**
 * Finds paths, addresses and commands in an input by their keys, at any depth: `{edits: [{file_path}]}` names a file too.
 * `pattern` is a key that holds a path pattern for this tool alone.
 */
export function readInput(input: Readonly<Record<string, unknown>>, pattern: string | undefined): InputValues {
  const values: InputValue[] = [];
  const malformed: string[] = [];
  let nodes = 0;
  let tooMany = false;

  function visit(key: string, meaning: InputValue['meaning'] | undefined, value: unknown, depth: number): void {
    if (tooMany) return;
    if (++nodes > mostNodes || depth > deepest || values.length >= mostValues) {
      tooMany = true;
    } else if (typeof value === 'string') {
      if (meaning !== undefined && value !== '') values.push({ meaning, key, text: value });
    } else if (Array.isArray(value)) {
      if (meaning === 'command') values.push({ meaning, key, text: '' });
      else for (const element of value as readonly unknown[]) visit(key, meaning, element, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      const before = values.length;
      visitAll(value, depth + 1);
      if (meaning !== undefined && values.length === before) malformed.push(key);
    } else if (meaning !== undefined && value !== undefined && value !== null) {
      malformed.push(key);
    }
  }

  function visitAll(object: object, depth: number): void {
    for (const [key, value] of Object.entries(object)) visit(key, key === pattern ? 'pattern' : meaningOf(key), value, depth);
  }

  visitAll(input, 0);
  return { values, malformed, tooMany };
}
