import type { JsonObject } from './hookCall.ts';

/** Deepest nesting that is read; nothing honest comes near it */
const deepest = 200;

/**
 * Reads a JSON object strictly: `{"a":1,"a":2}` and `{"__proto__":…}` are refused, because a client and we could understand
 * them differently. Throws a `SyntaxError` whose message is for people.
 */
export function readJson(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new SyntaxError('it is no JSON object');
  refuseOddKeys(text);
  return value;
}

/** A JSON object; no list, no `null` */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key's own text, never one that is inherited; `undefined` for anything else */
export function textAt(object: JsonObject, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** The texts in a list under a key; what is no text there is passed over */
export function textsAt(object: JsonObject, key: string): readonly string[] {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** An object that some clients, or some of their versions, hand over as its text; anything else as it is */
export function inputOrItsText(given: unknown): unknown {
  return typeof given === 'string' ? readJson(given) : given;
}

/** Goes over a text that is known to be JSON */
function refuseOddKeys(text: string): void {
  // One set of keys for each open object, `undefined` for each open list
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{':
      case '[':
        if (open.length >= deepest) throw new SyntaxError('it is nested too deeply');
        isKey = text[at] === '{';
        open.push(isKey ? new Set() : undefined);
        break;
      case '}':
      case ']':
        open.pop();
        isKey = false;
        break;
      case ',':
        isKey = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (isKey) addKey(open.at(-1), JSON.parse(text.slice(at, end + 1)) as string);
        isKey = false;
        at = end;
        break;
      }
      default:
    }
  }
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (key === '__proto__') throw new SyntaxError('it has a key __proto__');
  if (keys?.has(key) === true) throw new SyntaxError(`it has the key ${JSON.stringify(key.slice(0, 60))} twice`);
  keys?.add(key);
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
  }
}
