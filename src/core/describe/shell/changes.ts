import type { Change } from './command.ts';
import { variableWeight } from './environment.ts';
import { foldersAt } from './folders.ts';
import { position, type Run } from './interpret.ts';
import { worsen } from './line.ts';
import type { Scope } from './scope.ts';
import type { Value } from './state.ts';
import type { ExpandedWord } from './fields.ts';

const harmlessOptions = /^(?:errexit|nounset|pipefail|xtrace|verbose|noglob|noclobber|allexport|monitor|notify|hashall|e|u|x|v|f|C|a|m|b|h)$/;

/** Applies what a builtin changes to the state of the shell */
export function applyChange(change: Change, words: readonly ExpandedWord[], run: Run): void {
  const { scope, owner } = run;
  const { state } = scope;
  switch (change.kind) {
    case 'cd': {
      const old = state.folders;
      const home = change.to === '~' ? state.variables?.get('HOME') : undefined;
      const to = home === undefined ? change.to : home.text;
      state.folders = to === null ? null : to === '-' ? state.before : foldersAt(to, scope);
      state.before = old;
      state.ifFailed = old;
      return;
    }
    case 'assign':
      scope.assign(change.name, { text: change.value !== null && change.value.startsWith('(') ? null : change.value, download: change.value === null && (run.stdin.download || scope.downloads()) }, `${change.name}=${change.value ?? '…'}`);
      if (change.exported) exportName(change.name, change.value, scope);
      if (variableWeight(change.name, change.value) === 'decisive') worsen(owner.exec, 'other', change.value === null ? Infinity : position(run, words.length - 1));
      return;
    case 'export':
      exportName(change.name, state.variables?.get(change.name)?.text ?? null, scope);
      if (variableWeight(change.name, null) === 'decisive') worsen(owner.exec, 'other', position(run, words.length - 1));
      return;
    case 'unset':
      scope.assign(change.name, { text: '' }, `unset ${change.name}`);
      if (variableWeight(change.name, null) === 'decisive') worsen(owner.exec, 'other', position(run, words.length - 1));
      return;
    case 'alias':
      state.defineAlias(change.name, change.value);
      worsen(owner.exec, 'other', position(run, words.length - 1));
      if (change.value !== null) scope.readText(change.value, { state: state.fork(), guessed: 'What the alias stands for.' });
      return;
    case 'unalias':
      if (change.name !== null) state.redefine(change.name);
      return;
    case 'redefine':
      state.redefine(change.name ?? '*');
      return;
    case 'positional': {
      const from = words.findIndex((word) => word.text === '--');
      state.positional = words[0]?.text === 'set' && from !== -1 ? words.slice(from + 1).map((word): Value => ({ text: word.text, glob: word.glob })) : null;
      return;
    }
    case 'option':
      if (change.name === 'errexit' || change.name === 'e') state.stopsOnError = change.on;
      else if (change.name === 'allexport' || change.name === 'a') state.exportsAll = true;
      else if (!harmlessOptions.test(change.name)) state.doubt ??= `The shell option ${change.name} changes how the rest is read.`;
      return;
    case 'unknown':
      state.forgetVariables();
      state.folders = null;
      state.before = null;
      state.doubt ??= change.why;
  }
}

function exportName(name: string, value: string | null, scope: Scope): void {
  (scope.state.exported ??= new Set()).add(name);
  if (variableWeight(name, value) !== 'harmless') scope.state.doubt ??= `${name} is handed to later commands.`;
}
