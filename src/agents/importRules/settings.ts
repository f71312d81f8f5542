import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { Decision } from '../../core/decision.ts';
import type { JsonObject } from '../hookCall.ts';
import { isObject } from '../readJson.ts';
import { noRule, type Fitted, type FoundEntry } from './preview.ts';

/** Reads a settings file, JSON with comments; throws a `SyntaxError` where it is none */
export function readSettings(text: string): JsonObject {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first !== undefined) throw new SyntaxError(`line ${text.slice(0, first.offset).split('\n').length} is no JSON (${printParseErrorCode(first.error)})`);
  if (value === undefined) return {};
  if (!isObject(value)) throw new SyntaxError('it holds no JSON object');
  return value;
}

/** What lies under keys inside each other; never what is inherited, because a key `__proto__` would make it so */
export function valueAt(settings: JsonObject, ...keys: readonly string[]): unknown {
  let value: unknown = settings;
  for (const key of keys) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/** The own entries of an object, in the order they stand there; none of anything else */
export function entriesAt(settings: JsonObject, ...keys: readonly string[]): readonly (readonly [key: string, value: unknown])[] {
  const value = valueAt(settings, ...keys);
  return isObject(value) ? Object.entries(value) : [];
}

/** The entries of a list of texts, each with one effect */
export function listEntries(settings: JsonObject, keys: readonly string[], effect: Decision, fit: (text: string) => Fitted): readonly FoundEntry[] {
  const list = valueAt(settings, ...keys);
  const name = keys.join('.');
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return [noRule(name, textOf(list), 'It is no list, so the agent does not follow it either.')];
  return list.map((item: unknown, index) => {
    const at = `${name}[${index}]`;
    return typeof item === 'string' ? { at, text: item, effect, fitted: fit(item) } : noRule(at, textOf(item), 'It is no text, so the agent does not follow it either.');
  });
}

/** A value for people */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
