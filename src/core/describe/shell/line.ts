import type { Action, ExecAction, GuardrailHit } from '../../action.ts';
import type { Function as FunctionNode } from 'unbash';
import type { Surroundings } from '../../surroundings.ts';
import type { CommandContext } from './command.ts';

const ranks = { read: 0, test: 1, other: 2, unreadable: 3 } as const;

/** An exec action while its command is still being read */
export interface ExecDraft {
  kind: 'exec';
  target: string;
  argv: readonly (string | null)[];
  class: ExecAction['class'];
  namedAt: number;
  readings: (readonly string[])[];
  userRows?: readonly string[];
  guardrail?: GuardrailHit;
  uncertain?: string;
  owner?: number;
  parent?: number;
  script?: string;
}

/** Makes a command at least as bad as `to`, named at word `at`; several causes must all be reached by an allow */
export function worsen(exec: ExecDraft, to: ExecAction['class'], at: number): void {
  const difference = ranks[to] - ranks[exec.class];
  if (difference > 0) {
    exec.namedAt = exec.class === 'read' ? at : Math.max(at, exec.namedAt);
    exec.class = to;
  } else if (difference === 0) {
    exec.namedAt = Math.max(at, exec.namedAt);
  }
}

/** Says why nothing certain can be known of a command; the first reason stays */
export function doubt(exec: ExecDraft, why: string): void {
  exec.uncertain ??= why;
}

const deepestExpansion = 24;

/** Text unfolds into more than can be looked at one by one; whoever reads it stops there */
export class TooMuchError extends Error {
  override readonly name = 'TooMuchError';
}

/** The reading of one request while it grows: actions found so far and what is left of the budget */
export class Line {
  readonly surroundings: Surroundings;
  readonly zsh: boolean;
  readonly actions: Action[] = [];
  /** Commands so far that fetch something from the network */
  downloads = 0;
  /** Variables that some function made its own: after a call they are what they were before, or not */
  readonly locals = new Set<string>();
  /** Files that commands so far downloaded to */
  readonly downloaded = new Set<string>();
  /** Why the line as a whole cannot be read; becomes an action of its own at the end */
  broken: string | undefined;
  /** Arithmetic and parameter expansions this is in; each level is parsed anew when it is looked at */
  private nested = 0;
  private steps: number;
  /** Actions that are told apart; text that unfolds into none of itself never gives as many */
  private readonly most: number;
  private looked: { readonly source: string; readonly found: boolean } | undefined;
  private readonly uncalled = new Map<FunctionNode, () => void>();

  /** @param length characters of the text, which its budgets grow with */
  constructor(surroundings: Surroundings, zsh: boolean, length: number) {
    this.surroundings = surroundings;
    this.zsh = zsh;
    this.steps = 1_000 + length / 2;
    this.most = 500 + length * 0.5;
  }

  /** What the table is told of a command's place */
  commandContext(stdin: CommandContext['stdin']): CommandContext {
    const { platform, userRows } = this.surroundings;
    return { stdin, platform, userRows };
  }

  /** Spends budget; false once it is used up, and the line then counts as unreadable */
  spend(cost: number): boolean {
    this.steps -= cost;
    if (this.steps >= 0) return true;
    this.broken ??= 'It unfolds into too many commands to read.';
    return false;
  }

  /** Reads one expansion within others, unless they are nested too deep; the line then counts as unreadable */
  nest(read: () => void): void {
    if (this.nested >= deepestExpansion) {
      this.breaks('Expansions are nested too deep to read.');
      return;
    }
    this.nested += 1;
    read();
    this.nested -= 1;
  }

  breaks(why: string): void {
    this.broken ??= why;
  }

  /** Whether a text may hold here-documents, whose bodies stand in no statement; looked up once for all scripts within it */
  hasHereDocument(source: string): boolean {
    if (this.looked?.source !== source) this.looked = { source, found: source.includes('<<') };
    return this.looked.found;
  }

  /** Notes a function and how to read its body, should nothing in the line call it */
  defines(node: FunctionNode, read: () => void): void {
    this.uncalled.set(node, read);
  }

  called(node: FunctionNode): void {
    this.uncalled.delete(node);
  }

  /** Reads functions that are only defined: a later line may call them */
  finish(): void {
    for (const [node, read] of this.uncalled) {
      this.uncalled.delete(node);
      read();
    }
  }

  /** Adds an action and returns its index, to be the `owner` of its effects; throws `TooMuchError` where there are too many */
  add(action: Action): number {
    if (this.actions.length >= this.most) throw new TooMuchError('It unfolds into too many commands to read.');
    return this.actions.push(action) - 1;
  }
}

/** Where effects of commands inside a script word belong: the command that was given the script */
export interface Fold {
  readonly exec: ExecDraft;
  readonly owner: number;
  /** Word of that command that holds the script */
  readonly namedAt: number;
}
