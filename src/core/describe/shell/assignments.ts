import type { Assignment, Command } from 'unbash';
import { subscript } from './arithmetic.ts';
import type { Word } from './command.ts';
import { variableWeight } from './environment.ts';
import { worsen } from './line.ts';
import type { Scope } from './scope.ts';
import type { Value } from './state.ts';
import { expandWhole, expandWords } from './words.ts';

/** An assignment, evaluated */
export interface Assigned {
  readonly name: string;
  readonly value: Value;
  readonly raw: string;
}

/** Longer values are not followed */
const longestValue = 4096;

/** No assignments, the usual case */
export const none: readonly Assigned[] = [];

/** The assignments before a command, in order; substitutions in them are walked */
export function readAssignments(node: Command, scope: Scope): readonly Assigned[] {
  const out: Assigned[] = [];
  for (const item of node.prefix) if (item.type === 'Assignment') out.push(readAssignment(item, scope));
  return out;
}

/** Evaluates one assignment without applying it */
export function readAssignment(item: Assignment, scope: Scope): Assigned {
  const { name } = item;
  if (item.index !== undefined) subscript(item.index, scope);
  const download = scope.line.downloads;
  if (item.value.type === 'ArrayValue') {
    expandWords(item.value.elements, scope);
    return { name, value: { text: null, download: scope.line.downloads > download }, raw: item.text };
  }
  const { text } = expandWhole(item.value, scope);
  if (scope.line.downloads > download) return { name, value: { text: null, download: true }, raw: item.text };
  const old = item.append === true ? scope.state.variables?.get(name)?.text : '';
  const whole = text === null || item.index !== undefined || typeof old !== 'string' || old.length + text.length > longestValue ? null : old + text;
  // an arithmetic result stays one
  const number = whole === null && item.value.text.startsWith('$((') && item.value.text.endsWith('))');
  return { name, value: number ? { text: null, number } : { text: whole }, raw: item.text };
}

/** `x=1` without a command: stays set. One that decides what programs do is a question of its own */
export function assignAlone(name: string, value: Value, raw: string, scope: Scope): void {
  scope.assign(name, value, raw);
  if (variableWeight(name, value.text) !== 'decisive') return;
  if (scope.fold !== undefined) worsen(scope.fold.exec, 'other', scope.fold.namedAt);
  else scope.line.add({ kind: 'exec', target: raw, argv: [value.text === null ? null : `${name}=${value.text}`], class: 'other', namedAt: 0, readings: [] });
}

/** Assignments before a command that an allow must name: all but those that only shape output */
export function leadOf(assignments: readonly Assigned[], words: readonly Word[]): (string | null)[] {
  if (assignments.length === 0) return [];
  const reads = words[0]?.text === 'read';
  return assignments
    .filter(({ name, value }) => variableWeight(name, value.text) !== 'harmless' && !(reads && name === 'IFS'))
    .map(({ name, value }) => (value.text === null ? null : `${name}=${value.text}`));
}
