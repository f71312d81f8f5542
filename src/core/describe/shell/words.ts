import { parse } from 'unbash';
import type { CommandExpansionPart, DoubleQuotedChild, ParameterExpansionPart, Word as Node, WordPart } from 'unbash';
import { arithmetic, arithmeticText, subscript } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import { certainOutput } from './certainOutput.ts';
import { constantOutput } from './constantOutput.ts';
import { type ExpandedWord, Fields, unknownWord } from './fields.ts';
import type { Scope } from './scope.ts';
import type { Value } from './state.ts';
import { walkScript } from './walk.ts';

/** Expands words in order. Substitutions in them are walked, and their actions added, exactly once */
export function expandWords(nodes: readonly Node[], scope: Scope): ExpandedWord[] {
  const out: ExpandedWord[] = [];
  for (const node of nodes) {
    if (affords(node, scope)) expandInto(node, scope, out);
    else out.push(unknownWord(node.text));
  }
  return out;
}

/** Whether the budget is enough to expand a word: loops within loops expand the same ones again and again */
function affords({ parts, text }: Node, { line }: Scope): boolean {
  return line.spend(0.1 + (parts?.length ?? 0) / 10 + text.length / 640);
}

function expandInto(node: Node, scope: Scope, out: ExpandedWord[]): void {
  const parts = node.parts;
  if (parts === undefined) {
    out.push(bareWord(node, scope));
    return;
  }
  if (parts.some((part) => part.type === 'BraceExpansion')) {
    const texts = expandBraces(node.text, parts, node.pos);
    if (texts === undefined || !scope.line.spend(texts.length * (1 + (node.text.length >> 5)))) {
      for (const part of parts) visit(part, scope);
      out.push(unknownWord(node.text));
      return;
    }
    for (const text of texts) {
      const word = reread(text);
      if (word === undefined) out.push(unknownWord(node.text));
      else expandInto(word, scope, out);
    }
    return;
  }
  const fields = new Fields(node.text, out);
  for (const part of parts) expandPart(part, fields, scope, part === parts[0]);
  fields.end();
}

/** Expands one word that is not split into fields nor matched against file names: an assignment, a here-string, a pattern */
export function expandWhole(node: Node, scope: Scope): ExpandedWord {
  const parts = node.parts;
  if (parts === undefined) return bareWord(node, scope);
  if (!affords(node, scope)) return unknownWord(node.text);
  const out: ExpandedWord[] = [];
  const fields = new Fields(node.text, out);
  for (const part of parts) {
    if (part.type === 'BraceExpansion' || part.type === 'Glob' || part.type === 'ExtendedGlob') {
      visit(part, scope);
      fields.literal(part.text, true);
    } else {
      expandPart(part, fields, scope, part === parts[0], true);
    }
  }
  fields.whole = true;
  fields.end();
  return out[0] ?? { text: '', guess: '', raw: node.text, glob: false, quoted: true };
}

/** Text of an unquoted here-document, null when only known at run time; substitutions in it are walked */
export function expandParts(parts: readonly WordPart[], raw: string, scope: Scope): ExpandedWord {
  const out: ExpandedWord[] = [];
  const fields = new Fields(raw, out);
  for (const part of parts) expandPart(part, fields, scope, false, true);
  fields.whole = true;
  fields.end();
  return out[0] ?? { text: '', guess: '', raw, glob: false, quoted: true };
}

function bareWord(node: Node, scope: Scope): ExpandedWord {
  const raw = node.text;
  const text = node.value;
  const first = raw.charCodeAt(0);
  if (first === 0x7e /* ~ */ || (raw.includes('~') && /^[A-Za-z_]\w*=(?:[^]*:)?~/.test(raw))) {
    const home = tilde(text, scope);
    return { text: home, guess: home, raw, glob: false, quoted: false };
  }
  const quoted = raw.length !== text.length;
  if (quoted && text.charCodeAt(0) === 0x7e) return { text, guess: text, raw, glob: false, quoted, plainTilde: true };
  return { text, guess: text, raw, glob: false, quoted };
}

/** `~`, `~/x`, `~+`, `~-`, and `name=~/x` as Bash has them; another user's home stays as it is and is refused as a path */
function tilde(text: string, scope: Scope): string {
  const equals = text.startsWith('~') ? -1 : text.indexOf('=');
  const lead = text.slice(0, equals + 1);
  const pieces = equals === -1 ? [text] : text.slice(equals + 1).split(':');
  return lead + pieces.map((piece) => homeFor(piece, scope)).join(':');
}

function homeFor(piece: string, scope: Scope): string {
  if (!piece.startsWith('~')) return piece;
  const slash = piece.indexOf('/');
  const name = slash === -1 ? piece : piece.slice(0, slash);
  const rest = slash === -1 ? '' : piece.slice(slash);
  const variable = name === '~' ? 'HOME' : name === '~+' ? 'PWD' : name === '~-' ? 'OLDPWD' : undefined;
  const value = variable === undefined ? undefined : lookup(variable, scope).text;
  return typeof value === 'string' ? value + rest : piece.startsWith('~/') || piece === '~' ? `~?${rest}` : piece;
}

/** Parses a text as the one word it is after brace expansion; undefined when it is not exactly one */
function reread(text: string): Node | undefined {
  if (/^[\w./:@%+,-]+$/.test(text)) return { type: 'Word', pos: 0, end: text.length, text, value: text };
  const script = parse(`: ${text}`);
  const command = script.commands[0]?.command;
  if (script.errors !== undefined || script.commands.length !== 1 || command?.type !== 'Command') return undefined;
  const word = command.suffix[0];
  return command.suffix.length === 1 && word?.type === 'Word' ? word : undefined;
}

function expandPart(part: WordPart, fields: Fields, scope: Scope, first: boolean, whole = false): void {
  switch (part.type) {
    case 'Literal':
      if (first && part.text.startsWith('~')) {
        const home = tilde(part.value, scope);
        // `~"x"` and `~$x` name another user: only a tilde followed by a slash in the same part is a home
        fields.literal(part.value === '~' || !part.value.includes('/') ? part.value : home, false);
      } else {
        fields.literal(part.value, part.value.length !== part.text.length);
      }
      return;
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      fields.literal(part.value, true);
      return;
    case 'LocaleString':
    case 'DoubleQuoted':
      fields.literal('', true);
      // `$"ls"` is translated before it is used
      if (part.type === 'LocaleString') fields.unknown('', true);
      for (const child of part.parts) expandQuoted(child, fields, scope);
      return;
    case 'Glob':
      if (part.parts) for (const inner of part.parts) visit(inner, scope);
      if (part.kind === 'bracket' && /[$`]/.test(part.text)) fields.unknown(null, false);
      else fields.literal(part.value, false, true);
      return;
    case 'ExtendedGlob':
      for (const inner of part.parts ?? []) visit(inner, scope);
      if (scope.line.zsh) scope.hide('A zsh file-name qualifier can run code.', part.text);
      fields.unknown(null, false);
      return;
    case 'BraceExpansion':
      visit(part, scope);
      fields.unknown(null, false);
      return;
    case 'ProcessSubstitution':
      processSubstitution(part, fields, scope);
      return;
    default:
      expansion(part, fields, scope, whole);
  }
}

function expandQuoted(part: DoubleQuotedChild, fields: Fields, scope: Scope): void {
  if (part.type === 'Literal') fields.literal(part.value, true);
  else expansion(part, fields, scope, true);
}

function processSubstitution(part: WordPart & { type: 'ProcessSubstitution' }, fields: Fields, scope: Scope): void {
  if (scope.isTooDeep()) {
    fields.unknown(null, false);
    return;
  }
  const { script } = part;
  if (script !== undefined) {
    const stdin = part.operator === '>' ? ({ kind: 'pipe', text: null, download: scope.stdin.download || scope.downloads() } as const) : scope.stdin;
    walkScript(script, scope.sub(stdin));
  } else {
    scope.line.breaks('A process substitution does not parse.');
  }
  fields.literal('/dev/fd/63', false);
  if (part.operator === '<') fields.feeds(script === undefined ? null : (constantOutput(script, scope) ?? null));
}

type Expansion = Exclude<DoubleQuotedChild, { type: 'Literal' }>;

function expansion(part: Expansion, fields: Fields, scope: Scope, quoted: boolean): void {
  switch (part.type) {
    case 'SimpleExpansion':
      named(part.text.slice(1), fields, scope, quoted);
      return;
    case 'CommandExpansion':
      commandExpansion(part, fields, scope, quoted);
      return;
    case 'ArithmeticExpansion':
      scope.line.nest(() => {
        if (part.expression === undefined) scope.hide('Arithmetic that cannot be read can run commands.', part.text);
        else arithmetic(part.expression, scope);
      });
      fields.unknown(null, quoted);
      return;
    default: {
      let read = false;
      scope.line.nest(() => {
        read = true;
        parameter(part, fields, scope, quoted);
      });
      if (!read) fields.unknown(null, quoted);
    }
  }
}

/** Walks the script; gives its output where that is certain, and as a guess where it is constant */
function commandExpansion(part: CommandExpansionPart, fields: Fields, scope: Scope, quoted: boolean): void {
  const { script } = part;
  if (script === undefined) scope.line.breaks('A command substitution does not parse.');
  if (script === undefined || scope.isTooDeep()) {
    fields.unknown(null, quoted);
    return;
  }
  // `${ …; }` and `${| …; }` run in this shell; a backquoted script with escapes has a text of its own
  const inPlace = part.text.startsWith('${');
  const inner = inPlace ? scope.here() : scope.sub(scope.stdin);
  walkScript(script, script.source === undefined ? inner : inner.reading(script.source));
  if (inPlace) scope.state.forgetVariables();
  const certain = inPlace ? undefined : certainOutput(script, scope);
  if (certain === undefined) fields.unknown(constantOutput(script, scope)?.replace(/\n+$/, '') ?? null, quoted);
  else fields.value({ text: certain }, certain, quoted, scope.splitting());
}

/** `$name`, `$1`, `$@`, `$?` */
function named(name: string, fields: Fields, scope: Scope, quoted: boolean): void {
  if (name === '@' || name === '*') {
    const values = scope.state.positional;
    if (values === null) {
      fields.unknown(null, quoted);
      return;
    }
    if (values.length > 0 && quoted) fields.literal('', true);
    values.forEach((value, index) => {
      if (index > 0) {
        if (quoted && name === '*') fields.literal(' ', true);
        else fields.end();
      }
      fields.value(value, null, quoted, scope.splitting());
    });
    return;
  }
  const value = lookup(name, scope);
  if (value.download === true) scope.line.downloads += 1;
  fields.value(value, guessOf(name, value, scope), quoted, scope.splitting());
}

/** A value from outside may be empty; one that this line sets is simply unknown */
function guessOf(name: string, value: Value, scope: Scope): string | null {
  return value.text ?? (scope.state.variables?.has(name) || value.number === true || /^[?$#!-]$/.test(name) ? null : '');
}

function parameter(part: ParameterExpansionPart, fields: Fields, scope: Scope, quoted: boolean): void {
  const { operation, parameter: name } = part;
  if (part.index !== undefined) subscript(part.index, scope);
  if (part.prefix === '!' || operation?.type === 'Unknown') {
    if (operation?.type !== 'Names') scope.hide('Which variable is meant is only known when it runs.', part.text);
    fields.unknown(null, quoted);
    return;
  }
  const value = part.index === undefined ? lookup(name, scope) : ({ text: null } satisfies Value);
  if (scope.state.variables?.get(name)?.download === true) scope.line.downloads += 1;
  if (part.prefix === '#') {
    fields.unknown(null, quoted);
    return;
  }
  if (operation === undefined) {
    if (part.index === undefined) named(name, fields, scope, quoted);
    else fields.unknown(null, quoted);
    return;
  }
  switch (operation.type) {
    case 'Default': {
      const operand = expandWhole(operation.operand, scope);
      const assigns = operation.operator.endsWith('=') && part.index === undefined;
      const known = value.text !== null && value.text !== '';
      const plus = operation.operator.endsWith('+');
      if (assigns && !known) scope.assign(name, { text: null }, part.text);
      if (known && !plus) fields.value(value, value.text, quoted, scope.splitting());
      else if (known) fields.value({ text: operand.text }, operand.guess, quoted, scope.splitting());
      else fields.unknown(plus ? '' : operand.guess, quoted);
      return;
    }
    case 'Transform':
      visit(operation.operand, scope);
      if (operation.operand.value.includes('P')) promptExpansion(value, part.text, scope);
      fields.unknown(null, quoted);
      return;
    case 'Slice':
      arithmeticText(operation.offset, scope);
      if (operation.length !== undefined) arithmeticText(operation.length, scope);
      fields.unknown(null, quoted);
      return;
    case 'Remove':
      visit(operation.operand, scope);
      break;
    case 'Replace':
      visit(operation.pattern, scope);
      visit(operation.replacement, scope);
      break;
    case 'CaseModification':
      if (operation.operand !== undefined) visit(operation.operand, scope);
      break;
    case 'Names':
      break;
  }
  fields.unknown(value.text === null ? guessOf(name, value, scope) : null, quoted);
}

/** `${x@P}` expands the value of `x` as a prompt: substitutions in it run (misses 35) */
function promptExpansion(value: Value, raw: string, scope: Scope): void {
  scope.hide('Its value is expanded again, which can run commands.', raw);
  if (value.text !== null) scope.readHidden(value.text);
}

/** Walks substitutions anywhere below a node of a word whose text itself does not matter */
export function visit(node: Node | WordPart, scope: Scope): void {
  if (node.type === 'Word') {
    expandWhole(node, scope);
    return;
  }
  const parts = 'parts' in node ? node.parts : undefined;
  if (node.type === 'BraceExpansion' && parts === undefined) return;
  if (parts !== undefined) {
    for (const part of parts) visit(part, scope);
    return;
  }
  if (node.type !== 'Literal' && node.type !== 'Glob') expandPart(node, new Fields(node.text, []), scope, false, true);
}

/** The value of a variable or parameter at this point */
export function lookup(name: string, scope: Scope): Value {
  const { state } = scope;
  if (/^[0-9]$/.test(name)) return name === '0' ? { text: null } : (state.positional?.[Number(name) - 1] ?? { text: state.positional === null ? null : '' });
  if (name.length === 1 && '?$#!-'.includes(name)) return { text: null, number: true };
  const set = state.variables?.get(name);
  if (set !== undefined || state.variablesUnknown) return set ?? { text: null };
  switch (name) {
    case 'HOME':
      return { text: scope.line.surroundings.home };
    case 'PWD':
      return { text: single(state.folders) };
    case 'OLDPWD':
      return { text: single(state.before) };
    case 'TMPDIR':
      return { text: scope.line.surroundings.temporary };
    case 'IFS':
      return { text: ' \t\n' };
    case 'RANDOM':
    case 'SECONDS':
    case 'LINENO':
    case 'UID':
    case 'EUID':
    case 'PPID':
    case 'EPOCHSECONDS':
    case 'BASHPID':
      return { text: null, number: true };
    default:
      return { text: null };
  }
}

function single(folders: readonly string[] | null): string | null {
  return folders?.length === 1 ? (folders[0] ?? null) : null;
}
