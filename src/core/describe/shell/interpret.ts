import { applyChange } from './changes.ts';
import type { CommandReading } from './command.ts';
import { readCommand } from './command.ts';
import { downloadGuardrail, feedInterpreter, runsDownloaded } from './downloads.ts';
import { emit, emitFolder, type Owner } from './effects.ts';
import { evaluateNames } from './evaluatedNames.ts';
import { readInner } from './inner.ts';
import { doubt, worsen } from './line.ts';
import { rememberLinks } from './links.ts';
import { isAtHome, isInstalled, programKind } from './programWord.ts';
import type { Scope, Stdin } from './scope.ts';
import { noteLocals, shadowed } from './shadowing.ts';
import type { ExpandedWord } from './fields.ts';

/** How one layer of a command is being read */
export interface Run {
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
  /** Wrappers around this layer */
  readonly layer: number;
}

/** Wrappers around wrappers are read to this depth */
const mostLayers = 10;

/** Position in the owner's `argv` of word `at` of this layer */
export function position(run: Run, at: number): number {
  return run.scope.fold?.namedAt ?? run.owner.at + at;
}

/** Reads the words of one layer of a command: the command itself, or what a wrapper around it runs */
export function interpret(words: readonly ExpandedWord[], run: Run): void {
  const { scope, owner } = run;
  const { line } = scope;
  const { exec } = owner;
  const [first] = words;
  const program = first?.text ?? null;
  if (first === undefined) return;
  if (program === null || first.glob || (!run.direct && program.includes('{}'))) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'Which command runs is only known when it runs.');
    if (scope.downloads()) exec.guardrail ??= downloadGuardrail;
    return;
  }
  if (run.layer > mostLayers || !line.spend(words.length / 16)) {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'It is wrapped too deep to read.');
    return;
  }
  const kind = programKind(program, scope);
  if (kind === 'hidden') {
    worsen(exec, 'unreadable', Infinity);
    doubt(exec, 'The name of the command holds characters that cannot be seen.');
  }
  if (run.direct && shadowed(program, words, run)) return;
  const context = line.commandContext(run.stdin.kind);
  const reading = readCommand(words, program === 'npx' ? { ...context, installed: (name) => isInstalled(name, scope) } : context);
  exec.readings.push(reading.reading, ...(reading.otherReadings ?? []));
  if (kind === 'outside' || (kind === 'foreign' && !isAtHome(program, scope))) worsen(exec, 'other', Infinity);
  if (kind === 'foreign' || (kind === 'own' && reading.class === 'read')) worsen(exec, 'other', position(run, 0));
  worsen(exec, reading.class, position(run, reading.namedAt));
  if (reading.guardrail !== undefined && !judgedByPath(reading, run)) exec.guardrail ??= reading.guardrail;
  if (reading.userRows !== undefined) exec.userRows = [...(exec.userRows ?? []), ...reading.userRows];
  const tildes = words.filter((word) => word.plainTilde === true);
  for (const effect of reading.effects) {
    const word = 'text' in effect && effect.kind !== 'fetch' && effect.kind !== 'export' ? tildes.find((one) => one.text === effect.text) : undefined;
    emit(word === undefined ? effect : { ...effect, text: `./${word.text}` } as typeof effect, scope, owner, run.uncertain);
  }
  emitFolder(reading, scope, owner, run.uncertain);
  rememberLinks(reading, words, scope);
  evaluateNames(words, scope);
  feedInterpreter(words, run);
  if (line.downloaded.size > 0 && runsDownloaded(words, run)) exec.guardrail ??= downloadGuardrail;
  for (const inner of reading.runs ?? []) readInner(inner, words, run);
  if (run.keepsShell) noteLocals(words, scope);
  if (run.keepsShell) for (const change of reading.changes ?? []) applyChange(change, words, run);
}

/** A deletion is judged by the paths it names, which the reader of the line knows better than the words */
function judgedByPath(reading: CommandReading, run: Run): boolean {
  return reading.guardrail?.id === 'destructive_deletion' && run.scope.state.folders !== null
    && reading.effects.some((effect) => effect.kind === 'delete' && effect.recursive === true)
    && reading.effects.every((effect) => effect.kind !== 'unknown');
}
