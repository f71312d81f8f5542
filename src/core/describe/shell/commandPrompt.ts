import type { FileEffect, Word } from './command.ts';
import { readCommand } from './command.ts';
import { emit, emitFolder, emitPath, type Owner } from './effects.ts';
import { doubt, type ExecDraft, type Line, worsen } from './line.ts';
import { programKind } from './programWord.ts';
import { Scope } from './scope.ts';
import { ShellState } from './state.ts';

/** Commands of `cmd` that only show something; their operands without `/` are files, unless `data` */
const readers: Readonly<Record<string, 'paths' | 'data'>> = {
  dir: 'paths', type: 'paths', tree: 'paths', more: 'paths', fc: 'paths', comp: 'paths', findstr: 'paths', find: 'paths', sort: 'paths',
  echo: 'data', 'echo.': 'data', ver: 'data', where: 'data', rem: 'data', vol: 'data', hostname: 'data', whoami: 'data', cls: 'data',
};

/** Commands of `cmd` that change files: what their operands are */
const changers: Readonly<Record<string, readonly FileEffect['kind'][]>> = {
  del: ['delete'], erase: ['delete'], rd: ['delete'], rmdir: ['delete'], md: ['write'], mkdir: ['write'], copy: ['read', 'write'], xcopy: ['read', 'write'], robocopy: ['read', 'write'],
  move: ['delete', 'write'], ren: ['delete', 'write'], rename: ['delete', 'write'], mklink: ['write', 'read'], attrib: ['write'], icacls: ['write'], takeown: ['write'], cd: ['read'], chdir: ['read'], pushd: ['read'], call: ['read'], start: ['read'],
};

/**
 * Reads a line of the Windows command prompt, conservatively: literal words only. Carets, variables, blocks and loops make
 * the line unreadable; its commands are still read with carets taken out, so that denies and guardrails hold.
 */
export function readCommandPrompt(text: string, cwd: string, line: Line): void {
  const scope = new Scope(line, new ShellState([cwd]), text);
  if (/[\^%!()]/.test(text) || /^[^\S\r\n]*@?(?:for|if|set|setlocal|goto|call|start)\b/im.test(text)) line.breaks('It holds escapes, variables, blocks or loops that are not read.');
  if ((text.match(/"/g)?.length ?? 0) % 2 === 1) line.breaks('A quote is not closed.');
  const plain = text.replace(/\^([^\r\n])/g, '$1');
  for (const part of plain.split(/&&?|\|\|?|[\r\n()]/)) if (part.trim() !== '') readPart(part.trim(), scope);
}

function readPart(part: string, scope: Scope): void {
  const { line } = scope;
  if (!line.spend(1)) return;
  const redirected: { text: string; reads: boolean }[] = [];
  const plain = part.replace(/\d?(>>?|<)\s*("[^"]*"|[^\s<>]+(?:\.\. [^\s<>]*)?)/g, (_, operator: string, target: string) => {
    if (!/^(?:nul|&\d)$/i.test(target)) redirected.push({ text: target.replace(/"/g, ''), reads: operator === '<' });
    return ' ';
  });
  const words: Word[] = [...plain.matchAll(/(?:"[^"]*"|[^\s",;=])+/g)].map(([raw]) => ({ text: raw.replace(/"/g, ''), raw, glob: /[*?]/.test(raw), quoted: raw.includes('"') }));
  const program = (words[0]?.text ?? '').replace(/^@/, '');
  const slash = /^[a-z]+(?=[\\/])/i.exec(program)?.[0];
  const name = (slash ?? program).toLowerCase().replace(/\.(?:exe|com|bat|cmd)$/, '');
  const exec: ExecDraft = { kind: 'exec', target: part, argv: words.map((word) => word.text), class: 'read', namedAt: 0, readings: [[name, ...words.slice(1).map((word) => word.text ?? '')]] };
  const owner: Owner = { exec, index: line.add(exec), at: 0 };
  for (const { text, reads } of redirected) emitPath({ kind: reads ? 'read' : 'write', text: slashes(text), namedAt: Infinity }, scope, owner, devices.test(text) ? 'The name stands for a device or is spelled oddly.' : undefined);
  if (redirected.some(({ reads }) => !reads)) worsen(exec, 'other', 0);
  if (programKind(program, scope) === 'hidden') {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'Which command runs is not certain.');
    return;
  }
  const kinds = changers[name];
  const use = readers[name];
  const operands = words.slice(1).filter((word) => !/^\/[a-z?]/i.test(word.text ?? ''));
  if (use !== undefined && slash === undefined) {
    const data = name === 'findstr' || name === 'find' ? 1 : 0;
    if (name === 'dir' || name === 'tree') emitFolder({ here: 'looks' }, scope, owner);
    if (name === 'sort' && /\/o/i.test(plain)) worsen(exec, 'other', Infinity);
    if (name === 'findstr' && /\/[gfd]:/i.test(plain)) worsen(exec, 'other', Infinity);
    if (use === 'paths') for (const word of operands.slice(data)) file('read', word, /\/s\b/i.test(plain), scope, owner);
    return;
  }
  if (kinds !== undefined) {
    const shows = (name === 'cd' || name === 'chdir') && operands.length === 0;
    worsen(exec, shows ? 'read' : 'other', 0);
    operands.forEach((word, i) => file(kinds[i] ?? kinds.at(-1) ?? 'read', word, /\/s\b/i.test(plain), scope, owner));
    if (/\/s\b/i.test(plain) && (name === 'rd' || name === 'rmdir' || name === 'del' || name === 'erase') && operands.some((word) => /^(?:[a-z]:)?[\\/]?\*?$/i.test(word.text ?? ''))) {
      exec.guardrail = { id: 'destructive_deletion', summary: 'It would delete everything on a drive.' };
    }
    if (name === 'cd' || name === 'pushd' || name === 'chdir') if (!shows) scope.state.folders = null;
    if (name === 'call' || name === 'start') worsen(exec, 'unreadable', Infinity);
    return;
  }
  if (name === 'cmd' || name === 'powershell' || name === 'pwsh') {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'It runs another shell.');
    const script = /\/[ck]\s*"?(.*?)"?\s*$/i.exec(plain)?.[1];
    if (script !== undefined && script !== '' && scope.depth < 4) readCommandPromptWithin(script, scope);
    return;
  }
  const found = readCommand(words, line.commandContext('none'));
  exec.readings = [found.reading];
  if (found.userRows !== undefined) exec.userRows = found.userRows;
  const foreign = programKind(program, scope) !== undefined || program.includes('\\');
  worsen(exec, foreign ? 'other' : found.class, foreign ? 0 : found.namedAt);
  if (found.guardrail !== undefined) exec.guardrail = found.guardrail;
  for (const effect of found.effects) emit(effect, scope, owner);
  emitFolder(found, scope, owner);
  if (found.runs !== undefined) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'It runs another command.');
  }
}

function readCommandPromptWithin(script: string, scope: Scope): void {
  const inner = scope.with({ depth: scope.depth + 1 });
  for (const part of script.split(/&&?|\|\|?/)) if (part.trim() !== '') readPart(part.trim(), inner);
}

const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:$|[.:\\/ ])|[. ]$|[. ][\\/]|~\d/i;

function slashes(text: string): string {
  return text.replace(/\\/g, '/');
}

function file(kind: FileEffect['kind'], word: Word, deep: boolean, scope: Scope, owner: Owner): void {
  const text = word.text ?? '';
  emitPath({ kind, text: slashes(text), namedAt: Infinity, ...(deep ? { recursive: true } : undefined), ...(word.glob ? { glob: true } : undefined) }, scope, owner, /%|!/.test(text) || devices.test(text) ? 'The file is not certain.' : undefined);
}
