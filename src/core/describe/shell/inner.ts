import type { Inner, Word } from './command.ts';
import { downloadGuardrail } from './downloads.ts';
import { variableWeight } from './environment.ts';
import { movedTo } from './folders.ts';
import { interpret, position, type Run } from './interpret.ts';
import { doubt, worsen } from './line.ts';
import { readNpmScript } from './npmScript.ts';
import { readPowerShellIn } from './powerShell.ts';
import { deepest, noStdin, type Stdin } from './scope.ts';
import { shForm } from './sh.ts';
import { zshForm } from './zsh.ts';
import type { ExpandedWord } from './fields.ts';

/** Reads a command, script or package script that a command runs; what it does belongs to that command */
export function readInner(inner: Inner, words: readonly ExpandedWord[], run: Run): void {
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
        stdin: inner.stdin === true ? noStdin : run.stdin, direct: false, layer: run.layer + 1, keepsShell: run.keepsShell && keeps,
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
  const misread = otherwiseRead(inner.stdin === true ? run.stdin.text : inner.text, program);
  if (inner.shell === 'bash' && misread !== undefined) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, misread);
  }
  if (inner.stdin === true) {
    const { text, download, kind } = run.stdin;
    if (download) exec.guardrail ??= downloadGuardrail;
    if (text === null || inner.shell !== 'bash' || kind !== 'text') {
      worsen(exec, 'unreadable', Infinity);
      if (kind !== 'none') doubt(exec, 'It runs text that is only known when it runs.');
      if (text !== null && inner.shell === 'bash') scope.readText(text, { state, stdin: noStdin, guessed: 'It is what an encoded text says.', parent: owner.index });
      return;
    }
    worsen(exec, 'other', Infinity);
    scope.readText(text, { state, stdin: noStdin, parent: owner.index });
    return;
  }
  if (inner.text === null) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'It runs text that is only known when it runs.');
    if (scope.downloads() || run.fedDownload) exec.guardrail ??= downloadGuardrail;
    return;
  }
  if (inner.shell === 'pwsh' && scope.depth < deepest) {
    // its commands are actions of their own, each to be answered
    readPowerShellIn(inner.text, scope.with({ state: scope.state.forNewShell(), fold: undefined, parent: owner.index, depth: scope.depth + 1 }));
    if (inner.decoded === true) doubt(exec, 'It runs encoded text.');
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

/** Why a script is not what Bash's grammar makes of it: only Bash is sure to be what runs it where Bash is named */
function otherwiseRead(text: string | null, program: string): string | undefined {
  const shell = program.slice(program.lastIndexOf('/') + 1);
  if (text === null || /^(?:r?bash|eval)$/.test(shell)) return undefined;
  return /^r?zsh$/.test(shell) ? zshForm(text) : shForm(text);
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
