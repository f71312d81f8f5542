import type { Command, Redirection } from 'unbash';
import { assignAlone, leadOf, none, readAssignment, readAssignments } from './assignments.ts';
import type { Word } from './command.ts';
import type { Owner } from './effects.ts';
import { isSecretVariable, variableWeight } from './environment.ts';
import { readGuess, readLowered } from './guesses.ts';
import { interpret, type Run } from './interpret.ts';
import { doubt, type ExecDraft, type Line, worsen } from './line.ts';
import { redirect } from './redirections.ts';
import type { Scope } from './scope.ts';
import type { ExpandedWord } from './fields.ts';
import { expandWords } from './words.ts';

/** Reads one simple command: assignments, words, redirections; adds its actions and applies what it changes */
export function readSimple(node: Command, scope: Scope): void {
  const { line, state } = scope;
  if (!line.spend(1)) return;
  scope.mark = line.downloads;
  const assignments = node.prefix.length === 0 ? none : readAssignments(node, scope);
  const words = wordsOf(node, scope);
  if (words.length === 0) {
    for (const { name, value, raw } of assignments) assignAlone(name, value, raw, scope);
    if (node.redirects.length > 0) redirectAlone(node, scope);
    return;
  }
  if (line.zsh) while (words.length > 1 && /^(?:noglob|nocorrect|-)$/.test(words[0]?.text ?? '')) words.shift();
  const lead = leadOf(assignments, words);
  const exec: ExecDraft = scope.fold?.exec ?? {
    kind: 'exec', target: scope.source.slice(node.pos, node.end), argv: [...lead, ...words.map((word) => word.text)], class: 'read', namedAt: 0, readings: [],
    ...(scope.guessed === undefined ? undefined : { uncertain: scope.guessed }),
    ...(scope.parent === undefined ? undefined : { parent: scope.parent }),
  };
  const first = line.actions.length;
  const owner: Owner = { exec, index: scope.fold?.owner ?? line.add(exec), at: lead.length };
  if (lead.length > 0) {
    const decides = assignments.some(({ name, value }) => variableWeight(name, value.text) === 'decisive');
    worsen(exec, 'other', scope.fold?.namedAt ?? (decides ? exec.argv.length - 1 : lead.length));
  }
  if (state.doubt !== undefined) worsen(exec, 'other', Infinity);
  let stdin = scope.stdin;
  for (const item of node.redirects) if (isInput(item)) stdin = redirect(item, scope, owner) ?? stdin;
  const { splitting } = state;
  const saved = assignments.map(({ name }) => [name, state.variables?.get(name)] as const);
  for (const { name, value, raw } of assignments) {
    scope.evaluates(name, value, raw);
    state.set(name, value);
  }
  const run: Run = { scope, owner, stdin, direct: true, keepsShell: true, fedDownload: false, uncertain: undefined, layer: 0 };
  interpret(words, run);
  const program = words[0]?.text ?? '';
  if (line.surroundings.platform !== 'linux' && program !== program.toLowerCase()) readLowered(words, run);
  if (words.some((word) => word.text === null)) {
    readGuess(words, run);
    handsOnSecrets(words, run);
  }
  if (node.redirects.length > 0) {
    const from = line.actions.length;
    for (const item of node.redirects) if (!isInput(item)) redirect(item, scope, owner);
    // what writes a file is no mere read; and a command that does nothing is there to empty the file
    if (changesFiles(line, from)) worsen(exec, 'other', scope.fold?.namedAt ?? (isNothing(words) ? Infinity : lead.length));
  }
  if (scope.downloads()) {
    for (const action of line.actions.slice(first)) if (action.kind === 'write') line.downloaded.add(action.path);
  }
  // In a plain shell, and in Bash's POSIX mode, what is set before these stays set: nobody knows which of the two it is
  const mayLast = specialBuiltins.test(program) || state.functions?.has(program) === true;
  for (const [name, value] of saved) {
    if (value === undefined || mayLast) state.remove(name);
    else state.set(name, value);
  }
  if (saved.length > 0 && words[0]?.text !== 'eval') state.splitting = splitting;
}

/** Built into every POSIX shell, where assignments before them last (XCU 2.14) */
const specialBuiltins = /^(?:[:.]|source|break|continue|eval|exec|exit|export|readonly|return|set|shift|times|trap|unset)$/;

/** `> file` on its own empties the file */
function redirectAlone(node: Command, scope: Scope): void {
  const { line, fold } = scope;
  const exec: ExecDraft = fold?.exec ?? { kind: 'exec', target: scope.source.slice(node.pos, node.end), argv: [], class: 'read', namedAt: 0, readings: [] };
  const owner: Owner = { exec, index: fold?.owner ?? line.add(exec), at: 0 };
  const from = line.actions.length;
  for (const item of node.redirects) redirect(item, scope, owner);
  if (changesFiles(line, from)) worsen(exec, 'other', fold?.namedAt ?? Infinity);
}

/** `echo $API_TOKEN`: a secret of the environment becomes a word. Only asking whether it is set is harmless */
function handsOnSecrets(words: readonly ExpandedWord[], { scope, owner }: Run): void {
  if (/^(?:test|\[)$/.test(words[0]?.text ?? '')) return;
  for (const { text, raw } of words) {
    if (text !== null) continue;
    for (const [, name = ''] of raw.matchAll(/\$\{?([A-Za-z_]\w*)(?!\w*:?\+)/g)) {
      if (isSecretVariable(name) && scope.state.variables?.has(name) !== true) doubt(owner.exec, `It shows ${name}, which looks like a secret.`);
    }
  }
}

/** What feeds a command is read before it, what it writes to after it: a download may go into `>(sh)` */
function isInput(item: Redirection): boolean {
  return item.type !== 'Redirect' || item.operator === '<' || item.operator === '<&';
}

function changesFiles(line: Line, from: number): boolean {
  for (let i = from; i < line.actions.length; i += 1) if (line.actions[i]?.kind !== 'read') return true;
  return false;
}

function isNothing(words: readonly Word[]): boolean {
  return words[0]?.text === ':' || words[0]?.text === 'true';
}

function wordsOf(node: Command, scope: Scope): ExpandedWord[] {
  if (node.name === undefined) return [];
  const words = expandWords([node.name], scope);
  for (const item of node.suffix) {
    if (item.type === 'Word') {
      for (const word of expandWords([item], scope)) words.push(word);
    } else if (item.type === 'Assignment') {
      const { name, value } = readAssignment(item, scope);
      const array = item.value.type === 'ArrayValue';
      const text = array ? item.text : value.text === null ? null : `${name}${item.append === true ? '+' : ''}=${value.text}`;
      words.push({ text, guess: text, raw: item.text, glob: false, quoted: false });
    }
  }
  return words;
}
