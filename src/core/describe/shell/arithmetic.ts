import type { ArithmeticExpression, Word as Node } from 'unbash';
import type { Scope } from './scope.ts';
import { walkScript } from './walk.ts';
import { expandWhole, visit } from './words.ts';

/** Walks the subscript of an array: evaluated as arithmetic, unless it is `@` or `*` */
export function subscript(index: Node, scope: Scope): void {
  if (index.text === '@' || index.text === '*') return;
  arithmeticText(index, scope);
}

/** A word that the shell evaluates as arithmetic: substitutions run, and so do those in the values of variables it names */
export function arithmeticText(word: Node, scope: Scope): void {
  const { text, raw } = expandWhole(word, scope);
  if (text === null) {
    if (!/^\$\{?[#?$!\w-]+\}?$/.test(raw) && !raw.startsWith('$((')) scope.hide('A text that is only known when it runs is evaluated as arithmetic.', raw);
    for (const name of raw.match(/[A-Za-z_]\w*/g) ?? []) evaluatedVariable(name, scope);
    return;
  }
  evaluatedText(text, scope);
}

/** A known text in the hands of the shell's arithmetic */
export function evaluatedText(text: string, scope: Scope): void {
  if (/[$`]/.test(text)) {
    scope.hide('A text with substitutions in it is evaluated as arithmetic.', text);
    scope.readHidden(text);
  }
  for (const name of text.match(/[A-Za-z_]\w*/g) ?? []) evaluatedVariable(name, scope);
}

/** Arithmetic evaluates the value of a variable again, with subscripts and substitutions */
function evaluatedVariable(name: string, scope: Scope): void {
  const value = scope.state.variables?.get(name);
  if (value === undefined || value.number === true) return;
  if (value.text === null) scope.hide('Arithmetic evaluates a value that is only known when it runs.', name);
  else if (/[[$`]/.test(value.text)) evaluatedText(value.text.replace(/[^$`]*\[/, ''), scope);
}

const assigning = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^=']);

/** Walks arithmetic: substitutions in it, values it evaluates, variables it sets */
export function arithmetic(expression: ArithmeticExpression, scope: Scope): void {
  switch (expression.type) {
    case 'ArithmeticBinary':
      arithmetic(expression.right, scope);
      if (assigning.has(expression.operator)) setsNumber(expression.left, scope);
      else arithmetic(expression.left, scope);
      return;
    case 'ArithmeticUnary':
      arithmetic(expression.operand, scope);
      if (expression.operator === '++' || expression.operator === '--') setsNumber(expression.operand, scope);
      return;
    case 'ArithmeticTernary':
      arithmetic(expression.test, scope);
      arithmetic(expression.consequent, scope);
      arithmetic(expression.alternate, scope);
      return;
    case 'ArithmeticGroup':
      arithmetic(expression.expression, scope);
      return;
    case 'ArithmeticCommandExpansion':
      if (scope.isTooDeep()) return;
      if (expression.script === undefined) scope.line.breaks('A command substitution does not parse.');
      else walkScript(expression.script, scope.sub(scope.stdin));
      return;
    case 'ArithmeticWord':
      for (const part of expression.parts ?? []) {
        // single quotes do not quote in arithmetic: substitutions within them run
        if (part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted') evaluatedText(part.value, scope);
        else visit(part, scope);
      }
      if (expression.parts === undefined) evaluatedText(expression.value, scope);
      else for (const name of expression.value.match(/[A-Za-z_]\w*/g) ?? []) evaluatedVariable(name, scope);
  }
}

function setsNumber(target: ArithmeticExpression, scope: Scope): void {
  if (target.type !== 'ArithmeticWord') {
    arithmetic(target, scope);
    return;
  }
  for (const part of target.parts ?? []) visit(part, scope);
  const name = /^[A-Za-z_]\w*/.exec(target.value)?.[0];
  if (name === undefined) return;
  if (target.value.length > name.length) evaluatedText(target.value.slice(name.length).replace(/\$\([^]*\)|`[^]*`/g, ''), scope);
  scope.assign(name, { text: null, number: true }, target.value);
}
