import { evaluatedText } from './arithmetic.ts';
import type { Scope } from './scope.ts';
import type { ExpandedWord } from './fields.ts';

const nameEvaluators = new Set(['printf', 'read', 'let', 'declare', 'typeset', 'local', 'export', 'readonly', 'unset', 'test', '[', 'mapfile', 'readarray', 'getopts', 'wait', 'integer', 'float']);

/** Builtins that evaluate names they are given: a subscript with a substitution in it runs (misses 35) */
export function evaluateNames(words: readonly ExpandedWord[], scope: Scope): void {
  const program = words[0]?.text ?? '';
  if (!nameEvaluators.has(program)) return;
  words.forEach((word, index) => {
    if (index === 0) return;
    if (program === 'let') {
      if (word.text === null) scope.hide('A text that is only known when it runs is evaluated as arithmetic.', word.raw);
      else evaluatedText(word.text, scope);
      return;
    }
    if (word.text !== null && /\[[^]*[$`]/.test(word.text)) evaluatedText(word.text, scope);
    if (word.text !== null) return;
    const named = program === 'printf' || program === 'test' || program === '[' ? /^(?:-v|-R)$/.test(words[index - 1]?.text ?? '') || word.raw.startsWith('-v') : comesFromElsewhere(word.raw, scope);
    if (named) scope.hide('A name that is only known when it runs is evaluated.', word.raw);
  });
  if (program === 'integer' || program === 'float') scope.state.integers = true;
  if (/^(?:declare|typeset|local|export|readonly)$/.test(program) && (program === 'readonly' || words.some((word) => /^[-+][a-zA-Z]*[nilucr]/.test(word.text ?? '-n')))) {
    scope.state.forgetVariables();
    scope.state.attributes = true;
    scope.state.integers ||= words.some((word) => word.text === null || /^-[a-zA-Z]*i/.test(word.text));
  }
}

/** Whether a word holds what a command printed or read: text that a stranger may have written */
function comesFromElsewhere(raw: string, scope: Scope): boolean {
  if (/\$\(|`/.test(raw)) return true;
  for (const [, name = ''] of raw.matchAll(/\$\{?([A-Za-z_]\w*)/g)) {
    const value = scope.state.variables?.get(name);
    if (value?.text === null && value.number !== true) return true;
  }
  return false;
}
