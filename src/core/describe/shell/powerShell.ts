import type { FileEffect, Word } from './command.ts';
import { readCommand } from './command.ts';
import { downloadGuardrail } from './downloads.ts';
import { emit, emitFolder, emitPath, type Owner } from './effects.ts';
import { isSecretVariable } from './environment.ts';
import { foldersAt } from './folders.ts';
import { doubt, type ExecDraft, type Line, worsen } from './line.ts';
import { readByTree } from './powerShellTree.ts';
import { programKind } from './programWord.ts';
import { Scope } from './scope.ts';
import { ShellState, unite } from './state.ts';

/** Aliases that PowerShell ships, in lower case; on Linux and macOS some of them are programs of the same meaning */
const aliases: Readonly<Record<string, string>> = {
  gc: 'get-content', cat: 'get-content', type: 'get-content', gci: 'get-childitem', ls: 'get-childitem', dir: 'get-childitem', gl: 'get-location', pwd: 'get-location',
  sls: 'select-string', gi: 'get-item', measure: 'measure-object', select: 'select-object', sort: 'sort-object', group: 'group-object', echo: 'write-output', write: 'write-output',
  ft: 'format-table', fl: 'format-list', gm: 'get-member', gcm: 'get-command', gps: 'get-process', ps: 'get-process', rvpa: 'resolve-path', diff: 'compare-object', compare: 'compare-object',
  ri: 'remove-item', rm: 'remove-item', rmdir: 'remove-item', rd: 'remove-item', del: 'remove-item', erase: 'remove-item', clc: 'clear-content', cli: 'clear-item', sc: 'set-content', ac: 'add-content', si: 'set-item',
  ni: 'new-item', md: 'new-item', mkdir: 'new-item', cpi: 'copy-item', cp: 'copy-item', copy: 'copy-item', mi: 'move-item', mv: 'move-item', move: 'move-item', rni: 'rename-item', ren: 'rename-item',
  iex: 'invoke-expression', icm: 'invoke-command', ii: 'invoke-item', saps: 'start-process', start: 'start-process', sajb: 'start-job', sal: 'set-alias', nal: 'new-alias',
  iwr: 'invoke-webrequest', curl: 'invoke-webrequest', wget: 'invoke-webrequest', irm: 'invoke-restmethod', cd: 'set-location', chdir: 'set-location', sl: 'set-location', pushd: 'push-location', popd: 'pop-location',
  tee: 'tee-object', foreach: 'foreach-object', '%': 'foreach-object', where: 'where-object', '?': 'where-object', kill: 'stop-process', spps: 'stop-process',
};

/** Cmdlets that only read, each with the parameters it may have: switches, then those with a value. `path` ones are files */
const readers: Readonly<Record<string, { readonly switches: string; readonly values: string; readonly operands: 'paths' | 'data' | 'pattern' | 'none' }>> = {
  'get-content': { switches: 'raw force', values: 'path literalpath totalcount head first tail last encoding readcount delimiter', operands: 'paths' },
  'get-childitem': { switches: 'recurse force name file directory hidden readonly', values: 'path literalpath filter include exclude depth', operands: 'paths' },
  'test-path': { switches: 'isvalid', values: 'path literalpath pathtype include exclude filter', operands: 'paths' },
  'get-item': { switches: 'force', values: 'path literalpath', operands: 'paths' },
  'get-filehash': { switches: '', values: 'path literalpath algorithm', operands: 'paths' },
  'resolve-path': { switches: 'relative', values: 'path literalpath', operands: 'paths' },
  'get-location': { switches: '', values: '', operands: 'none' },
  'get-date': { switches: '', values: 'format', operands: 'data' },
  'select-string': { switches: 'simplematch casesensitive allmatches quiet list notmatch raw noemphasis', values: 'path literalpath pattern include exclude context encoding', operands: 'pattern' },
  'measure-object': { switches: 'line word character sum average', values: 'property', operands: 'data' },
  'select-object': { switches: 'unique', values: 'first last skip property expandproperty index', operands: 'data' },
  'sort-object': { switches: 'descending unique casesensitive', values: 'property', operands: 'data' },
  'write-output': { switches: 'noenumerate', values: '', operands: 'data' },
  'write-host': { switches: 'nonewline', values: 'foregroundcolor backgroundcolor', operands: 'data' },
  'get-command': { switches: 'all', values: 'name', operands: 'data' },
  'out-string': { switches: '', values: 'width', operands: 'none' },
  'format-table': { switches: 'autosize wrap', values: 'property', operands: 'data' },
  'format-list': { switches: '', values: 'property', operands: 'data' },
};

/** Cmdlets that change files: what their path operands are */
const changers: Readonly<Record<string, readonly FileEffect['kind'][]>> = {
  'remove-item': ['delete'], 'clear-content': ['write'], 'clear-item': ['write'], 'set-content': ['write'], 'add-content': ['write'], 'set-item': ['write'], 'out-file': ['write'], 'tee-object': ['write'],
  'new-item': ['write'], 'copy-item': ['read', 'write'], 'move-item': ['delete', 'write'], 'rename-item': ['delete', 'write'], 'export-csv': ['write'], 'export-clixml': ['write'], 'set-acl': ['write'], 'set-itemproperty': ['write'],
  'invoke-item': ['read'], 'import-module': ['read'], 'set-location': ['read'], 'push-location': ['read'],
};

const unknownFile = 'Which file it touches is only known when it runs.';

const parameterNames = ['path', 'literalpath', 'filepath', 'destination', 'infile', 'outfile'];

/**
 * Reads a PowerShell line, conservatively: commands made of literal words are split at `;`, `|`, `&&` and line ends.
 * Anything more (variables, blocks, calls, members, redirections beyond `$null`) is read by its syntax tree; where there is
 * none the line is unreadable, and its commands are still read as far as their words go, so that denies and guardrails hold.
 */
export function readPowerShell(text: string, cwd: string, line: Line): void {
  readPowerShellIn(text, new Scope(line, new ShellState([cwd]), text));
}

/** Words of the language where a command could stand: what comes after them is a command of its own, or none */
const keyword = /(?:^|[;|&\r\n])[^\S\r\n]*(?:return|throw|exit|break|continue|using|data|begin|process|end|dynamicparam|else|do|until|finally|inlinescript|parallel|sequence|hidden|static)(?=\s)/i;

/** The same from a place in a line of another shell */
export function readPowerShellIn(text: string, scope: Scope): void {
  const { line } = scope;
  const quotes = text.replace(/'(?:[^']|'')*'/g, "''");
  const beyondWords = keyword.test(quotes) || /[`$(){}@]|\[|(?:^|[;|&\s])[.&]\s|&(?!&)|#/.test(quotes.replace(/[12*]?>\s*\$null|2>&1/g, ' '));
  if (beyondWords && readByTree(text, scope)) return;
  if (beyondWords) line.breaks('It holds PowerShell that is not read: variables, blocks or calls.');
  if (/['"]/.test(text.replace(/'(?:[^']|'')*'|"[^"]*"/g, ''))) line.breaks('A quote is not closed.');
  const before = line.downloads;
  for (const part of splitPowerShell(text)) readPart(part.replace(/^(?:return|throw|exit|else|do|begin|process|end)\s+/i, ''), scope, text.includes('|') && line.downloads > before);
}

function splitPowerShell(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let quote = '';
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') {
      quote = character;
    } else if (/[;|&\r\n(){}]/.test(character) && !(character === '&' && text.charAt(i - 1) === '>')) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  if (quote !== '') parts.push(text.slice(from).replace(/['"]/g, ' '));
  else parts.push(text.slice(from));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function tokens(part: string): Word[] {
  const found: Word[] = [];
  for (const [raw] of part.matchAll(/(?:'(?:[^']|'')*'|"[^"]*"|[^\s'"])+/g)) {
    const text = raw.replace(/`(?=.)/g, '').replace(/'((?:[^']|'')*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single?.replace(/''/g, "'") ?? double ?? '');
    found.push({ text, raw, glob: /[*?]/.test(raw), quoted: /['"]/.test(raw) });
  }
  return found;
}

function readPart(part: string, scope: Scope, fed: boolean): void {
  const { line } = scope;
  if (!line.spend(1)) return;
  const redirected: { text: string; reads: boolean }[] = [];
  const plain = part.replace(/(?:[1-6*]?)(>>?|<)\s*('(?:[^']|'')*'|"[^"]*"|&\d|[^\s;|]+)/g, (_, operator: string, target: string) => {
    if (!/^(?:\$null|&\d)$/i.test(target)) redirected.push({ text: target.replace(/^['"]|['"]$/g, ''), reads: operator === '<' });
    return ' ';
  });
  readWords(tokens(plain), part, redirected, scope, { fed });
}

/** What stands around a command: what it is fed, and blocks of commands among its words */
export interface Around {
  /** Something before it in the pipe came from the network */
  readonly fed?: boolean;
  /** `line.downloads` before its words were read */
  readonly downloads?: number;
  /** All its words are blocks, which are read by themselves */
  readonly onlyBlocks?: boolean;
}

const interpreters = /^(?:invoke-expression|iex|powershell|pwsh|cmd|bash|sh|zsh|python[\d.]*|node|perl|ruby|php)$/;

/** Reads one command by its words */
export function readWords(words: readonly Word[], part: string, redirected: readonly { readonly text: string | null; readonly reads: boolean }[], scope: Scope, around: Around = {}): void {
  const { line } = scope;
  const program = words[0]?.text ?? '';
  const name = aliases[program.toLowerCase()] ?? program.toLowerCase();
  const rest = words.slice(1).map((word) => word.text ?? word.raw);
  // rules may spell the command as PowerShell does, in lower case, or as it stands
  const spelled = name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
  const readings = [...new Set([name, spelled, program])].map((one) => [one, ...rest]);
  const exec: ExecDraft = { kind: 'exec', target: part, argv: words.map((word) => word.text), class: 'read', namedAt: 0, readings };
  if (scope.parent !== undefined) exec.parent = scope.parent;
  const owner: Owner = { exec, index: line.add(exec), at: 0 };
  for (const { text, reads } of redirected) emitPath({ kind: reads ? 'read' : 'write', text: slashes(text ?? '$?'), namedAt: Infinity }, scope, owner, text?.includes('$') === false ? undefined : 'The file is only known when it runs.');
  if (redirected.some(({ reads }) => !reads)) worsen(exec, 'other', 0);
  if (interpreters.test(name.replace(/\.exe$/, '')) && (around.fed === true || (around.downloads !== undefined && line.downloads > around.downloads))) exec.guardrail = downloadGuardrail;
  for (const { text, raw } of words) if (text === null && isSecretVariable(/\$\{?env:(\w+)/i.exec(raw)?.[1] ?? '')) doubt(exec, 'It shows a variable that looks like a secret.');
  if (around.onlyBlocks === true && /^(?:foreach|where)-object$/.test(name)) return;
  if (programKind(program, scope) === 'hidden' || /[[\]$]/.test(program)) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'Which command runs is not certain.');
    return;
  }
  const reader = readers[name];
  if (reader !== undefined) {
    if (name === 'get-childitem') emitFolder({ here: 'looks' }, scope, owner);
    readReader(words, reader, scope, owner);
    return;
  }
  const kinds = changers[name];
  if (kinds !== undefined || /^[a-z]+-[a-z]+$/.test(name)) {
    worsen(exec, /^(?:invoke-(?:expression|command|item)|start-(?:process|job)|set-alias|new-alias|add-type|import-module|foreach-object|where-object|new-object|enter-pssession|register-\w+|set-variable)$/.test(name) ? 'unreadable' : 'other', 0);
    if (/^(?:set|push|pop)-location$/.test(name)) moves(words, name, scope);
    if (kinds !== undefined) changes(words, kinds, name, scope, owner);
    else if (/^invoke-(?:webrequest|restmethod)$/.test(name)) web(words, scope, owner);
    else for (const word of words.slice(1)) if (word.text !== null && /[\\/]/.test(word.text) && !word.text.startsWith('-')) emitPath({ kind: 'read', text: slashes(word.text), namedAt: Infinity }, scope, owner);
    return;
  }
  // a program of the system: read by the table as in any shell
  const foreign = programKind(program, scope) !== undefined;
  const found = readCommand(words, line.commandContext('none'));
  exec.readings = [found.reading];
  if (found.userRows !== undefined) exec.userRows = found.userRows;
  worsen(exec, foreign ? 'other' : found.class, foreign ? 0 : found.namedAt);
  if (found.guardrail !== undefined) exec.guardrail = found.guardrail;
  for (const effect of found.effects) emit(effect, scope, owner);
  emitFolder(found, scope, owner);
  if (found.runs !== undefined) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'It runs another command.');
  }
}

/** Later relative paths may be meant from there; the move may also not happen */
function moves(words: readonly Word[], name: string, scope: Scope): void {
  const to = words.slice(1).find((word) => word.text?.startsWith('-') !== true)?.text;
  const { state } = scope;
  const folders = name === 'pop-location' || typeof to !== 'string' || /^-|\$|^[A-Za-z]{2,}:/.test(to) ? null : foldersAt(slashes(to), scope);
  state.folders = folders === null ? null : unite(state.folders, folders);
}

function slashes(text: string): string {
  return text.replace(/\\/g, '/');
}

function paths(word: Word): string[] {
  return (word.text ?? '').split(',').filter((piece) => piece !== '');
}

function emitFile(kind: FileEffect['kind'], text: string, word: Word, namedAt: number, recursive: boolean, scope: Scope, owner: Owner): void {
  const provider = /^[A-Za-z]{2,}:/.test(text) ? 'It names a PowerShell drive, not a file.' : /^~?$|\$/.test(text) && text !== '~' ? 'The file is only known when it runs.' : undefined;
  emitPath({ kind, text: slashes(text), namedAt, ...(recursive ? { recursive } : undefined), ...(word.glob ? { glob: true } : undefined) }, scope, owner, provider);
}

function readReader(words: readonly Word[], reader: (typeof readers)[string], scope: Scope, owner: Owner): void {
  const { exec } = owner;
  const recursive = words.some((word) => /^-r(?:e|ec|ecu|ecur|ecurs|ecurse)?$/i.test(word.text ?? ''));
  let operand = 0;
  for (let i = 1; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined) break;
    const text = word.text ?? '';
    const parameter = word.quoted ? null : /^[-\u2013\u2014\u2015]([A-Za-z]+)(?::(.*))?$/.exec(text);
    if (parameter === null) {
      const isPath = reader.operands === 'paths' || (reader.operands === 'pattern' && operand > 0);
      if (reader.operands === 'none') worsen(exec, 'other', i);
      if (isPath) for (const path of paths(word)) emitFile('read', path, word, i, recursive, scope, owner);
      if (isPath && word.text === null) doubt(exec, unknownFile);
      operand += 1;
      continue;
    }
    const name = (parameter[1] ?? '').toLowerCase();
    const matches = (list: string): string[] => list.split(' ').filter((one) => one !== '' && one.startsWith(name));
    const switches = matches(reader.switches);
    const values = matches(reader.values);
    const full = [...switches, ...values].includes(name) ? name : switches.length + values.length === 1 ? (switches[0] ?? values[0]) : undefined;
    if (full === undefined) {
      worsen(exec, 'other', i);
    } else if (reader.values.split(' ').includes(full)) {
      const value = parameter[2] === undefined ? words[++i] : { ...word, text: parameter[2] };
      if (value !== undefined && full.endsWith('path')) for (const path of paths(value)) emitFile('read', path, value, i, recursive, scope, owner);
      if (value?.text === null && full.endsWith('path')) doubt(exec, unknownFile);
      if (full === 'pattern') operand += 1;
    }
  }
}

function changes(words: readonly Word[], kinds: readonly FileEffect['kind'][], name: string, scope: Scope, owner: Owner): void {
  const recursive = /^(?:move-item|rename-item)$/.test(name) || words.some((word) => /^-r(?:e|ec|ecu|ecur|ecurs|ecurse)?$/i.test(word.text ?? ''));
  let operand = 0;
  let parameter = '';
  words.forEach((word, i) => {
    const text = word.text ?? '';
    if (i === 0) return;
    const named = word.quoted ? null : /^-([A-Za-z]+)(?::(.*))?$/.exec(text);
    if (named !== null && named[2] === undefined) {
      parameter = (named[1] ?? '').toLowerCase();
      return;
    }
    const value = named?.[2] ?? text;
    const destination = parameter !== '' && 'destination'.startsWith(parameter) && parameter.length > 1;
    const isPath = parameter === '' || parameterNames.some((one) => one.startsWith(parameter)) || /^(?:r|rec\w*|f|fo\w*)$/.test(parameter);
    parameter = '';
    if (!isPath) return;
    if (word.text === null) doubt(owner.exec, unknownFile);
    const kind = (destination ? kinds.at(-1) : kinds[operand]) ?? kinds.at(-1);
    if (!destination && kinds.length > 1) operand += 1;
    if (kind !== undefined) for (const path of paths({ ...word, text: value })) emitFile(kind, path, word, Infinity, kind === 'delete' && recursive, scope, owner);
  });
}

function web(words: readonly Word[], scope: Scope, owner: Owner): void {
  scope.line.downloads += 1;
  const url = words.find((word) => /^[a-z]+:\/\//i.test(word.text ?? ''))?.text ?? undefined;
  const sends = words.some((word) => /^-(?:me|b|i|f|h|u|cr|c|se|w)/i.test(word.text ?? ''));
  emit({ kind: sends ? 'export' : 'fetch', namedAt: Infinity, ...(url === undefined ? undefined : { text: url }) }, scope, owner);
  words.forEach((word, i) => {
    if (/^-inf/i.test(word.text ?? '')) for (const path of paths(words[i + 1] ?? word)) emitFile('read', path, word, Infinity, false, scope, owner);
    if (/^-outf/i.test(word.text ?? '')) for (const path of paths(words[i + 1] ?? word)) emitFile('write', path, word, Infinity, false, scope, owner);
  });
}
