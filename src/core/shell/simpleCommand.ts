import type { Assignment, Command, Redirection } from 'unbash';
import { evaluatedText, subscript } from './arithmetic.ts';
import type { Change, CommandReading, Inner, Word } from './command.ts';
import { readCommand } from './command.ts';
import { emit, type Owner } from './effects.ts';
import { isSecretVariable, variableWeight } from './environment.ts';
import { doubt, type ExecDraft, type Line, worsen } from './line.ts';
import { readNpmScript } from './npmScript.ts';
import { readPath } from '../path.ts';
import { redirect } from './redirections.ts';
import { deepest, noStdin, type Scope, type Stdin } from './scope.ts';
import { isAtHome, programKind } from './programWord.ts';
import { forkBomb } from './forkBomb.ts';
import { unite, type Value } from './state.ts';
import { walkFunctionBody } from './walk.ts';
import { type ExpandedWord, expandWhole, expandWords } from './words.ts';

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
  for (const { name, value } of assignments) state.set(name, value);
  const run: Run = { scope, owner, stdin, direct: true, keepsShell: true, fedDownload: false, uncertain: undefined };
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
  for (const [name, value] of saved) {
    if (value === undefined) state.variables?.delete(name);
    else state.set(name, value);
  }
  if (saved.length > 0 && words[0]?.text !== 'eval') state.splitting = splitting;
}

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

interface Assigned {
  readonly name: string;
  readonly value: Value;
  readonly raw: string;
}

/** Longer values are not followed */
const longestValue = 4096;

const none: readonly Assigned[] = [];

function readAssignments(node: Command, scope: Scope): readonly Assigned[] {
  const out: Assigned[] = [];
  for (const item of node.prefix) if (item.type === 'Assignment') out.push(readAssignment(item, scope));
  return out;
}

function readAssignment(item: Assignment, scope: Scope): Assigned {
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
function assignAlone(name: string, value: Value, raw: string, scope: Scope): void {
  scope.assign(name, value, raw);
  if (variableWeight(name, value.text) !== 'decisive') return;
  if (scope.fold !== undefined) worsen(scope.fold.exec, 'other', scope.fold.namedAt);
  else scope.line.add({ kind: 'exec', target: raw, argv: [value.text === null ? null : `${name}=${value.text}`], class: 'other', namedAt: 0, readings: [] });
}

/** Assignments before a command that an allow must name: all but those that only shape output */
function leadOf(assignments: readonly Assigned[], words: readonly Word[]): (string | null)[] {
  if (assignments.length === 0) return [];
  const reads = words[0]?.text === 'read';
  return assignments
    .filter(({ name, value }) => variableWeight(name, value.text) !== 'harmless' && !(reads && name === 'IFS'))
    .map(({ name, value }) => (value.text === null ? null : `${name}=${value.text}`));
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

/** How one layer of a command is being read */
interface Run {
  readonly scope: Scope;
  readonly owner: Owner;
  readonly stdin: Stdin;
  /** The shell itself looks the name up, so functions and aliases count */
  readonly direct: boolean;
  /** What it changes holds for the commands after it */
  readonly keepsShell: boolean;
  /** Its words may come from a download */
  readonly fedDownload: boolean;
  /** Set while reading what words are likely to be */
  readonly uncertain: string | undefined;
}

/** Position in the owner's `argv` of word `at` of this layer */
function position(run: Run, at: number): number {
  return run.scope.fold?.namedAt ?? run.owner.at + at;
}

function interpret(words: readonly ExpandedWord[], run: Run): void {
  const { scope, owner } = run;
  const { line } = scope;
  const { exec } = owner;
  const [first] = words;
  const program = first?.text ?? null;
  if (first === undefined) return;
  if (program === null || first.glob) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'Which command runs is only known when it runs.');
    if (scope.downloads()) exec.guardrail ??= downloadGuardrail;
    return;
  }
  const kind = programKind(program, scope);
  if (kind === 'hidden') {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'The name of the command holds characters that cannot be seen.');
  }
  if (run.direct && shadowed(program, words, run)) return;
  const reading = readCommand(words, { stdin: run.stdin.kind, platform: line.surroundings.platform });
  exec.readings.push(reading.reading);
  if (kind === 'outside' || (kind === 'foreign' && !isAtHome(program, scope))) worsen(exec, 'other', Infinity);
  if (kind === 'foreign' || (kind === 'own' && reading.class === 'read')) worsen(exec, 'other', position(run, 0));
  worsen(exec, reading.class, position(run, reading.namedAt));
  if (reading.guardrail !== undefined && !judgedByPath(reading, run)) exec.guardrail ??= reading.guardrail;
  for (const effect of reading.effects) {
    const word = effect.kind === 'read' || effect.kind === 'write' || effect.kind === 'delete' ? words.find((one) => one.plainTilde === true && one.text === effect.text) : undefined;
    emit(word === undefined ? effect : { ...effect, text: `./${word.text}` } as typeof effect, scope, owner, run.uncertain);
  }
  rememberLinks(reading, words, scope);
  evaluateNames(words, scope);
  feedInterpreter(words, run);
  if (line.downloaded.size > 0 && runsDownloaded(words, run)) exec.guardrail ??= downloadGuardrail;
  for (const inner of reading.runs ?? []) readInner(inner, words, run);
  if (run.keepsShell) for (const change of reading.changes ?? []) applyChange(change, words, run);
}

const downloadGuardrail = { id: 'download_to_interpreter', summary: 'It would run what it downloads.' } as const;

/** A deletion is judged by the paths it names, which the reader of the line knows better than the words */
function judgedByPath(reading: CommandReading, run: Run): boolean {
  return reading.guardrail?.id === 'destructive_deletion' && run.scope.state.folders !== null
    && reading.effects.some((effect) => effect.kind === 'delete' && effect.recursive === true)
    && reading.effects.every((effect) => effect.kind !== 'unknown');
}

/** Functions and aliases of this line stand before programs of the same name */
function shadowed(program: string, words: readonly ExpandedWord[], run: Run): boolean {
  const { scope, owner } = run;
  const { state, line } = scope;
  if (state.functions === undefined && state.aliases === undefined && state.redefined === undefined) return false;
  const { exec } = owner;
  const alias = state.aliases?.get(program);
  if (alias !== undefined || state.isRedefined(program)) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, `What ${program} means was changed.`);
    if (typeof alias === 'string') scope.readText(alias, { state: state.fork(), guessed: 'What the alias stands for.' });
    return false;
  }
  const definition = state.functions?.get(program);
  if (definition === undefined) return false;
  worsen(exec, 'other', Infinity);
  exec.readings.push(words.map((word) => word.text ?? word.raw));
  line.called(definition.node);
  if (definition.multiplies) exec.guardrail ??= forkBomb;
  const frame = scope.frames.find((one) => one.name === program);
  if (frame !== undefined) {
    if (scope.forks > frame.forks && scope.frames.at(-1) !== frame) exec.guardrail ??= forkBomb;
    return true;
  }
  if (scope.depth >= deepest) {
    line.breaks('Functions are nested too deep to read.');
    return true;
  }
  const positional = state.positional;
  state.positional = words.slice(1).map((word): Value => ({ text: word.text, glob: word.glob }));
  walkFunctionBody(definition.node, scope.with({ source: definition.source, depth: scope.depth + 1, stdin: run.stdin, frames: [...scope.frames, { name: program, forks: scope.forks }] }));
  state.positional = positional;
  return true;
}

/** Names that a line links, moves or copies in ways that keep links: what lies behind them is not known beforehand */
function rememberLinks(reading: CommandReading, words: readonly Word[], scope: Scope): void {
  const program = reading.reading[0] ?? '';
  if (!/^(?:ln|mv|cp|rsync|mklink|new-item|unzip|tar|bsdtar)$/.test(program)) return;
  if (program === 'cp' && !words.some((word) => /^-[a-zA-Z]*[adPrRs]|^--(?:arch|rec|no-d|sym|pres)/.test(word.text ?? ''))) return;
  const { state, line } = scope;
  for (const effect of reading.effects) {
    if (effect.kind !== 'write') continue;
    for (const folder of state.folders ?? [line.surroundings.workspace]) {
      const path = readPath(effect.text, folder, line.surroundings);
      if (path.ok && path.path !== line.surroundings.workspace) state.remade = [...state.remade, path.named ?? path.path];
    }
  }
}

const nameEvaluators = new Set(['printf', 'read', 'let', 'declare', 'typeset', 'local', 'export', 'readonly', 'unset', 'test', '[', 'mapfile', 'readarray', 'getopts', 'wait', 'integer', 'float']);

/** Builtins that evaluate names they are given: a subscript with a substitution in it runs (misses 35) */
function evaluateNames(words: readonly ExpandedWord[], scope: Scope): void {
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
  if (/^(?:declare|typeset|local|export|readonly)$/.test(program) && (program === 'readonly' || words.some((word) => /^[-+][a-zA-Z]*[nilucr]/.test(word.text ?? '-n')))) {
    scope.state.forgetVariables();
    scope.state.attributes = true;
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

const interpreters = /^(?:(?:ba|da|z|k|a|fi|c|tc)?sh|source|\.|python[\d.]*|pypy\d*|node|nodejs|deno|bun|perl|ruby|php|lua|luajit|Rscript|osascript|pwsh|powershell|tclsh|awk|gawk)$/;

/** `bash <(…)`, `source <(…)`: the program is what another command prints */
function feedInterpreter(words: readonly ExpandedWord[], run: Run): void {
  const program = words[0]?.text ?? '';
  if (!interpreters.test(program.slice(program.lastIndexOf('/') + 1))) return;
  const { exec } = run.owner;
  const fed = words.find((word) => word.fed !== undefined);
  if (fed === undefined) {
    if (!words.some((word) => /^\/(?:dev|proc\/self)\/(?:stdin|fd\/\d+)$/.test(word.text ?? ''))) return;
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'It runs text that is only known when it runs.');
    if (run.stdin.download) exec.guardrail ??= downloadGuardrail;
    if (run.stdin.text !== null) run.scope.readText(run.stdin.text, { state: run.scope.state.forNewShell(), stdin: noStdin, guessed: 'Decoded text.' });
    return;
  }
  worsen(exec, 'unreadable', Infinity);
  doubt(exec, 'It runs what another command prints.');
  if (run.scope.downloads()) exec.guardrail ??= downloadGuardrail;
  if (typeof fed.fed === 'string') run.scope.readText(fed.fed, { state: run.scope.state.forNewShell(), guessed: 'Decoded text.' });
}

/** `curl -o x … && sh x`, `… && ./x`: the file that runs was downloaded by this line */
function runsDownloaded(words: readonly ExpandedWord[], { scope }: Run): boolean {
  const program = words[0]?.text ?? '';
  const runs = interpreters.test(program.slice(program.lastIndexOf('/') + 1)) ? words.slice(1) : program.includes('/') ? words.slice(0, 1) : [];
  return runs.some(({ text }) => {
    if (text === null || text === '') return false;
    return (scope.state.folders ?? []).some((folder) => {
      const path = readPath(text, folder, scope.line.surroundings);
      return path.ok && scope.line.downloaded.has(path.path);
    });
  });
}

function readInner(inner: Inner, words: readonly ExpandedWord[], run: Run): void {
  const { scope, owner } = run;
  const { exec } = owner;
  switch (inner.kind) {
    case 'words': {
      const found: ExpandedWord[] = (inner.words ?? words.slice(inner.from, inner.to)).map((word) => ({ guess: word.text, ...word }));
      if (inner.stdin === true) for (const word of operandsFrom(run.stdin, words.slice(0, inner.from))) found.push(word);
      for (const { name, value } of inner.environment ?? []) {
        if (variableWeight(name, value) === 'harmless') continue;
        worsen(exec, 'other', value === null ? Infinity : position(run, inner.from));
      }
      const keeps = /^(?:command|builtin|noglob|nocorrect|-)$/.test(words[0]?.text ?? '');
      const state = inner.cwd === undefined ? scope.state : movedTo(inner.cwd, scope);
      interpret(found, {
        ...run, scope: state === scope.state ? scope : scope.with({ state }), owner: { ...owner, at: owner.at + inner.from },
        stdin: inner.stdin === true ? noStdin : run.stdin, direct: false, keepsShell: run.keepsShell && keeps,
        fedDownload: run.fedDownload || (inner.stdin === true && run.stdin.download),
      });
      return;
    }
    case 'code':
      worsen(exec, 'unreadable', inner.stdin === true ? Infinity : position(run, inner.namedAt));
      if (inner.stdin === true ? run.stdin.download : scope.downloads() || run.fedDownload) exec.guardrail ??= downloadGuardrail;
      return;
    case 'npm_script':
      readNpmScript(inner, run.scope, owner, position(run, inner.namedAt));
      return;
    case 'script':
      readInnerScript(inner, words, run);
  }
}

function readInnerScript(inner: Inner & { kind: 'script' }, words: readonly ExpandedWord[], run: Run): void {
  const { scope, owner } = run;
  const { exec } = owner;
  const program = words[0]?.text ?? '';
  const evaluates = program === 'eval';
  const state = evaluates ? scope.state : scope.state.forNewShell();
  if (inner.stdin === true) {
    const { text, download, kind } = run.stdin;
    if (download) exec.guardrail ??= downloadGuardrail;
    if (text === null || inner.shell !== 'bash' || kind !== 'text') {
      worsen(exec, 'unreadable', Infinity);
      if (kind !== 'none') doubt(exec, 'It runs text that is only known when it runs.');
      if (text !== null && inner.shell === 'bash') scope.readText(text, { state, stdin: noStdin, guessed: 'Decoded text.' });
      return;
    }
    worsen(exec, 'other', Infinity);
    scope.readText(text, { state, stdin: noStdin });
    return;
  }
  if (inner.text === null) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'It runs text that is only known when it runs.');
    if (scope.downloads() || run.fedDownload) exec.guardrail ??= downloadGuardrail;
    return;
  }
  if (inner.shell !== 'bash') {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'A script of another shell.');
    return;
  }
  const fold = { exec, owner: owner.index, namedAt: position(run, inner.namedAt) };
  const broken = scope.line.broken;
  const changes = { state, fold, stdin: run.stdin };
  scope.readText(inner.text, run.uncertain === undefined ? changes : { ...changes, guessed: run.uncertain });
  if (broken === undefined && scope.line.broken !== undefined) worsen(exec, 'unreadable', Infinity);
}

/** Operands that arrive on standard input: known ones as words, else one that could be anything */
function operandsFrom(stdin: Stdin, own: readonly Word[]): ExpandedWord[] {
  if (stdin.names !== undefined && own.some((word) => /^(?:-[a-z]*0|--null)$/.test(word.text ?? ''))) {
    return stdin.names.map((text) => ({ text, guess: text, raw: text, glob: true, quoted: false }));
  }
  const pieces = stdin.text?.split(/[\s\0]+/).filter((piece) => piece !== '') ?? [];
  if (stdin.text !== null && stdin.kind !== 'none' && pieces.length <= 64 && !/['"\\]/.test(stdin.text)) {
    return pieces.map((text) => ({ text, guess: text, raw: text, glob: false, quoted: true }));
  }
  return [{ text: null, guess: null, raw: '(standard input)', glob: false, quoted: true }];
}

function movedTo(cwd: string | null, scope: Scope): Scope['state'] {
  const state = scope.state.fork();
  state.folders = cwd === null ? null : foldersAt(cwd, scope);
  return state;
}

function foldersAt(text: string, scope: Scope): readonly string[] | null {
  const { state, line } = scope;
  const absolute = /^[/~]|^[A-Za-z]:/.test(text);
  if (state.folders === null && !absolute) return null;
  let found: readonly string[] | null = [];
  for (const folder of state.folders ?? [line.surroundings.workspace]) {
    const reading = readPath(text, folder, line.surroundings);
    if (!reading.ok) return null;
    found = unite(found, [reading.path]);
  }
  return found;
}

/** Reads the command once more with the words it is likely to have, so that guardrails and denies hold for it */
function readGuess(words: readonly ExpandedWord[], run: Run): void {
  const likely: ExpandedWord[] = [];
  let changed = false;
  for (const word of words) {
    if (word.text !== null || word.guess === null) {
      likely.push(word);
      continue;
    }
    changed = true;
    if (word.guess === '' && !word.quoted) continue;
    const pieces = word.quoted ? [word.guess] : word.guess.split(/\s+/).filter((piece) => piece !== '');
    for (const text of pieces) likely.push({ ...word, text, glob: word.glob || (!word.quoted && /[*?[]/.test(text)) });
  }
  if (changed && likely.length > 0) readAlso(likely, run, 'Part of the command is only known when it runs.');
}

/** macOS and Windows run `rm` for `RM` */
function readLowered(words: readonly ExpandedWord[], run: Run): void {
  const [first, ...rest] = words;
  if (first === undefined || first.text === null) return;
  worsen(run.owner.exec, 'other', position(run, 0));
  readAlso([{ ...first, text: first.text.toLowerCase() }, ...rest], run, 'On this system upper and lower case name the same program.');
}

/** Reads other words that a command may turn out to have: their readings, effects and guardrails count, for no allow */
function readAlso(likely: readonly ExpandedWord[], run: Run, why: string): void {
  if (!run.scope.line.spend(1)) return;
  const { exec } = run.owner;
  const guess: ExecDraft = { kind: 'exec', target: exec.target, argv: likely.map((word) => word.text), class: 'read', namedAt: 0, readings: [] };
  const scope = run.scope.with({ state: run.scope.state.fork() });
  interpret(likely, { ...run, scope, owner: { ...run.owner, exec: guess }, keepsShell: false, uncertain: why });
  exec.readings.push(...guess.readings);
  if (guess.guardrail !== undefined) exec.guardrail ??= guess.guardrail;
}

const harmlessOptions = /^(?:errexit|nounset|pipefail|xtrace|verbose|noglob|noclobber|allexport|monitor|notify|hashall|e|u|x|v|f|C|a|m|b|h)$/;

function applyChange(change: Change, words: readonly ExpandedWord[], run: Run): void {
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
      (state.aliases ??= new Map()).set(change.name, change.value);
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
