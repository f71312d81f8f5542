import { forkBomb } from './forkBomb.ts';
import type { Run } from './interpret.ts';
import { doubt, worsen } from './line.ts';
import { deepest, type Scope } from './scope.ts';
import type { Value } from './state.ts';
import { walkFunctionBody } from './walk.ts';
import type { ExpandedWord } from './fields.ts';

/** Functions and aliases of this line stand before programs of the same name */
export function shadowed(program: string, words: readonly ExpandedWord[], run: Run): boolean {
  const { scope, owner } = run;
  const { state, line } = scope;
  if (state.functions === undefined && state.aliases === undefined && state.redefined === undefined) return false;
  const { exec } = owner;
  const alias = state.aliases?.get(program);
  if (alias !== undefined || state.isRedefined(program)) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, `What ${program} means was changed.`);
    if (typeof alias === 'string') scope.readText(alias, { state: state.fork(), guessed: 'What the alias stands for.', parent: owner.index });
    return false;
  }
  const definition = state.functions?.get(program);
  if (definition === undefined) return false;
  worsen(exec, 'other', Infinity);
  exec.readings.push(words.map((word) => word.text ?? word.raw));
  line.called(definition.node);
  if (definition.multiplies) exec.guardrail ??= forkBomb;
  const frame = scope.frames.find((one) => one.node === definition.node);
  if (frame !== undefined) {
    if (scope.forks > frame.forks && scope.frames.at(-1) !== frame) exec.guardrail ??= forkBomb;
    // its body was read with other parameters and variables than this call has
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, `${program} calls itself.`);
    return true;
  }
  if (scope.depth >= deepest) {
    line.breaks('Functions are nested too deep to read.');
    return true;
  }
  const positional = state.positional;
  state.positional = words.slice(1).map((word): Value => ({ text: word.text, glob: word.glob }));
  walkFunctionBody(definition.node, scope.with({ source: definition.source, depth: scope.depth + 1, stdin: run.stdin, parent: owner.index, frames: [...scope.frames, { node: definition.node, forks: scope.forks }] }));
  state.positional = positional;
  for (const name of line.locals) state.set(name, { text: null });
  return true;
}

/** `local x`, `declare x=1` in a function: the variable is its own until the function ends, and unset unless a value is given */
export function noteLocals(words: readonly ExpandedWord[], { line, state, frames }: Scope): void {
  if (frames.length === 0 || !/^(?:local|declare|typeset|private|integer|float)$/.test(words[0]?.text ?? '')) return;
  for (const { text, raw } of words.slice(1)) {
    const name = /^[A-Za-z_]\w*/.exec(text ?? raw)?.[0];
    if (name === undefined) continue;
    line.locals.add(name);
    if (text !== null && text.length === name.length) state.set(name, { text: null });
  }
}
