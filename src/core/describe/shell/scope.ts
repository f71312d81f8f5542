import type { Function as FunctionNode } from 'unbash';
import { evaluatedText } from './arithmetic.ts';
import { variableWeight } from './environment.ts';
import type { Fold, Line } from './line.ts';
import { doubt, worsen } from './line.ts';
import { parseScript } from './parseScript.ts';
import type { ShellState, Value } from './state.ts';
import { walkScript } from './walk.ts';

/** Where a value that stands without quotes is cut into words */
export type Splitting = 'blanks' | 'none' | 'unknown';

/** What a command gets on standard input */
export interface Stdin {
  readonly kind: 'none' | 'file' | 'pipe' | 'text';
  /** The whole of it where it is constant */
  readonly text: string | null;
  /** Part of it comes from a download */
  readonly download: boolean;
  /** Patterns of the file names it lists, each ended by NUL */
  readonly names?: readonly string[];
}

export const noStdin: Stdin = { kind: 'none', text: null, download: false };

/** A function being called: calling it again from a pipeline or in the background is a fork bomb */
export interface Frame {
  readonly node: FunctionNode;
  readonly forks: number;
}

/** Variables of Bash that are integers from the start */
const integers = /^(?:RANDOM|SRANDOM|SECONDS|OPTIND|LINENO|HISTCMD|EPOCHSECONDS|BASHPID|PPID|UID|EUID)$/;

/** Scripts within scripts are read to this depth; what is deeper is unreadable */
export const deepest = 12;

/** Substitutions within substitutions are read to this depth; each level is parsed anew */
const deepestSubstitution = 24;

/** Where a command stands: in which script, with which state of the shell, fed by what */
export class Scope {
  readonly line: Line;
  state: ShellState;
  /** Text that the positions of the tree refer to */
  readonly source: string;
  readonly stdin: Stdin;
  readonly depth: number;
  /** Set inside a script that is a word of a command: its effects belong to that command */
  readonly fold: Fold | undefined;
  readonly frames: readonly Frame[];
  /** Pipelines and background jobs this is nested in */
  readonly forks: number;
  /** Set in text that is only decoded or guessed: every action of it is uncertain, for this reason */
  readonly guessed: string | undefined;
  /** Command that runs this text, by its place among the actions */
  readonly parent: number | undefined;
  /** Substitutions this stands in */
  readonly nested: number;
  /** `line.downloads` when the current simple command began */
  mark = 0;

  constructor(line: Line, state: ShellState, source: string, from?: Partial<Pick<Scope, 'stdin' | 'depth' | 'fold' | 'frames' | 'forks' | 'guessed' | 'nested' | 'parent'>>) {
    this.line = line;
    this.state = state;
    this.source = source;
    this.stdin = from?.stdin ?? noStdin;
    this.depth = from?.depth ?? 0;
    this.fold = from?.fold;
    this.frames = from?.frames ?? [];
    this.forks = from?.forks ?? 0;
    this.guessed = from?.guessed;
    this.nested = from?.nested ?? 0;
    this.parent = from?.parent;
    this.mark = line.downloads;
  }

  /** A copy with some things changed */
  with(changes: { state?: ShellState; source?: string; stdin?: Stdin; depth?: number; fold?: Fold | undefined; frames?: readonly Frame[]; forks?: number; guessed?: string | undefined; nested?: number; parent?: number | undefined }): Scope {
    const copy = new Scope(this.line, changes.state ?? this.state, changes.source ?? this.source, { ...pick(this), ...changes });
    copy.mark = this.mark;
    return copy;
  }

  /** A subshell fed by `stdin`. Substitutions are commands of their own also inside a folded script */
  sub(stdin: Stdin): Scope {
    return this.with({ state: this.state.fork(), stdin, nested: this.nested + 1 });
  }

  /** Whether one more substitution would be too deep; the line then counts as unreadable */
  isTooDeep(): boolean {
    if (this.nested < deepestSubstitution) return false;
    this.line.breaks('Substitutions are nested too deep to read.');
    return true;
  }

  /** The same shell */
  here(): Scope {
    return this.with({});
  }

  /** The same place, for a tree whose positions refer to another text */
  reading(source: string): Scope {
    return this.with({ source });
  }

  /** Whether anything was downloaded since the current simple command began */
  downloads(): boolean {
    return this.line.downloads > this.mark;
  }

  /** How unquoted values are split: at white space, not at all (zsh), or nobody knows where (`IFS` was changed) */
  splitting(): Splitting {
    return !this.state.splitting ? 'unknown' : this.line.zsh ? 'none' : 'blanks';
  }

  /** Sets a variable of this shell, and minds what that does to later commands */
  assign(name: string, value: Value, raw: string): void {
    const { state } = this;
    this.evaluates(name, value, raw);
    state.set(name, value);
    const weight = variableWeight(name, value.text);
    if (weight === 'decisive' || (weight === 'plain' && (state.exportsAll || state.exported?.has(name) === true))) {
      state.doubt ??= `${raw.length > 60 ? name : raw} changes what later commands do.`;
    }
  }

  /** What is assigned to an integer is arithmetic, in which a subscript can run commands */
  evaluates(name: string, { text, number }: Value, raw: string): void {
    if (number === true || !(this.state.integers || integers.test(name)) || (text !== null && /^-?\d*$/.test(text))) return;
    if (text === null) this.hide('A text that is only known when it runs is evaluated as arithmetic.', raw);
    else evaluatedText(text, this);
  }

  /** Records something that runs commands nobody can see beforehand */
  hide(why: string, raw: string): void {
    if (this.fold !== undefined) {
      worsen(this.fold.exec, 'unreadable', Infinity);
      doubt(this.fold.exec, why);
      return;
    }
    this.line.add({ kind: 'exec', target: raw, argv: [null], class: 'unreadable', namedAt: Infinity, readings: [], uncertain: why, ...(this.parent === undefined ? undefined : { parent: this.parent }) });
  }

  /** Reads the substitutions of a text that will be expanded once more, so that guardrails and denies hold for them */
  readHidden(text: string): void {
    this.readText(`: "${text.replace(/"/g, '\\"')}"`, { state: this.state.fork(), guessed: 'Text that is expanded a second time.' });
  }

  /** Reads a text as a script from here. Returns false when it is nested too deep */
  readText(text: string, changes: { state?: ShellState; stdin?: Stdin; fold?: Fold | undefined; guessed?: string | undefined; parent?: number | undefined }): boolean {
    if (this.depth >= deepest || !this.line.spend(1 + (text.length >> 4))) {
      this.line.breaks('Scripts are nested too deep to read.');
      return false;
    }
    const script = parseScript(text, this.line);
    if (script === undefined) return false;
    walkScript(script, this.with({ ...changes, source: text, depth: this.depth + 1 }));
    return true;
  }
}

function pick(scope: Scope): Pick<Scope, 'stdin' | 'depth' | 'fold' | 'frames' | 'forks' | 'guessed' | 'nested' | 'parent'> {
  return { nested: scope.nested, stdin: scope.stdin, depth: scope.depth, fold: scope.fold, frames: scope.frames, forks: scope.forks, guessed: scope.guessed, parent: scope.parent };
}
