import { forEachChild } from 'unbash';
import type { SyntaxNode } from 'unbash';
import type { Line } from './line.ts';
import type { ShellState } from './state.ts';

export interface Assigned {
  /** Variables, and whether each stays a number whatever the body does */
  readonly names: Map<string, boolean>;
  /** Moves to another folder */
  folder: boolean;
  /** May change any variable */
  all: boolean;
}

/** Builtins whose operands are names that they set, and those that may set anything */
const setters = new Set(['read', 'mapfile', 'readarray', 'getopts', 'printf', 'let', 'unset', 'declare', 'typeset', 'local', 'export', 'readonly', 'set', 'shift', 'wait', 'coproc', 'select']);
const anything = new Set(['eval', 'source', '.', 'builtin', 'command', 'trap', 'alias', 'enable', 'shopt']);
const movers = new Set(['cd', 'pushd', 'popd', 'chdir']);

/** What a body of commands may change in its own shell, judged by its text alone; subshells change nothing */
export function assignedIn(node: SyntaxNode, state: ShellState, line: Line): Assigned {
  const found: Assigned = { names: new Map(), folder: false, all: false };
  search(node, state, line, found);
  return found;
}

function note(found: Assigned, name: string, number: boolean): void {
  found.names.set(name, number && found.names.get(name) !== false);
}

/** Whether a variable is a number, or unset and so one in arithmetic, before the body runs */
function isNumber(name: string, state: ShellState): boolean {
  const value = state.variables?.get(name);
  if (value === undefined) return !state.variablesUnknown;
  return value.number === true || (value.text !== null && /^-?\d+$/.test(value.text));
}

function search(node: SyntaxNode, state: ShellState, line: Line, found: Assigned): void {
  if (!line.spend(0.05)) {
    found.all = true;
    return;
  }
  switch (node.type) {
    case 'Subshell':
    case 'ProcessSubstitution':
      return;
    case 'CommandExpansion':
      if (node.text.startsWith('${')) found.all = true;
      return;
    case 'Pipeline':
      if (node.commands.length > 1 && !line.zsh) return;
      break;
    case 'Assignment':
      note(found, node.name, isNumber(node.name, state) && /^(?:-?\d+|\$\(\([^]*\)\))$/.test(node.value.type === 'Word' ? node.value.text : ''));
      break;
    case 'For':
    case 'Select':
      note(found, node.name.value, false);
      break;
    case 'ParameterExpansion':
      if (node.operation?.type === 'Default' && node.operation.operator.endsWith('=')) note(found, node.parameter, false);
      break;
    case 'ArithmeticWord':
      for (const name of node.value.match(/[A-Za-z_]\w*/g) ?? []) note(found, name, isNumber(name, state));
      break;
    case 'Command': {
      const name = node.name?.value;
      if (name === undefined) break;
      if (movers.has(name)) found.folder = true;
      if (anything.has(name) || node.name?.parts !== undefined || state.functions?.has(name) === true) found.all = true;
      if (setters.has(name)) for (const item of node.args) for (const part of item.text.match(/[A-Za-z_]\w*/g) ?? []) note(found, part, false);
      break;
    }
    case 'Function':
      found.all = true;
      return;
    default:
  }
  forEachChild(node, (child) => search(child, state, line, found));
}
