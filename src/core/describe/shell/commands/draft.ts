import type { GuardrailHit } from '../../../action.ts';
import type { Change, CommandReading, Effect, FileEffect, Inner, Word } from '../command.ts';

const ranks = { read: 0, test: 1, other: 2, unreadable: 3 } as const;
type CommandClass = CommandReading['class'];

/** A reading while it is being made. No method takes a class back but `shows` */
export class Draft {
  class: CommandClass = 'read';
  namedAt = 0;
  effects: Effect[] = [];
  runs: Inner[] | undefined;
  reading: string[] = [];
  otherReadings: string[][] | undefined;
  guardrail: GuardrailHit | undefined;
  changes: Change[] | undefined;
  userRows: string[] | undefined;
  /** What it takes from the folder it runs in */
  here: CommandReading['here'];
  /** Folder the program moved to before it uses its paths */
  base: string | undefined;
  /** Path operands count with everything below */
  recursive = false;

  /** Makes it at least `to`, named at word `at`. Several causes: an allow must reach them all */
  worsen(to: CommandClass, at: number): void {
    const difference = ranks[to] - ranks[this.class];
    if (difference < 0) return;
    this.namedAt = difference > 0 && this.class === 'read' ? at : Math.max(at, this.namedAt);
    this.class = to;
  }

  /** It only prints help or a version */
  shows(): void {
    this.class = 'read';
    this.namedAt = 0;
    this.effects = [];
    this.runs = undefined;
    this.guardrail = undefined;
    this.here = undefined;
  }

  path(kind: FileEffect['kind'], text: string | null, word: Word | undefined, namedAt: number, more?: { recursive?: boolean; some?: boolean; confined?: boolean }): void {
    if (text === null) {
      this.unknown(kind === 'read' ? 'which file it reads is only known when it runs' : `which file it would ${kind} is only known when it runs`, namedAt);
      return;
    }
    const recursive = more?.recursive ?? this.recursive;
    this.effects.push({
      kind, text, namedAt,
      ...(recursive ? { recursive: true } : undefined),
      ...(more?.some ? { some: true } : undefined),
      ...(more?.confined ? { confined: true } : undefined),
      ...(word?.glob ? { glob: true } : undefined),
      ...(this.base === undefined ? undefined : { base: this.base }),
    });
  }

  fetch(text: string | null | undefined, namedAt: number, more?: { method?: string; provider?: string }): void {
    if (text === null) this.unknown('the address is only known when it runs', namedAt);
    this.effects.push({ kind: 'fetch', namedAt, ...(text ? { text } : undefined), ...more });
  }

  exports(text: string | null | undefined, namedAt: number, more?: { method?: string; provider?: string; source?: string }): void {
    this.effects.push({ kind: 'export', namedAt, ...(text ? { text } : undefined), ...more });
  }

  unknown(why: string, namedAt: number): void {
    this.effects.push({ kind: 'unknown', why, namedAt });
  }

  run(inner: Inner): void {
    (this.runs ??= []).push(inner);
  }

  change(change: Change): void {
    (this.changes ??= []).push(change);
  }

  /** Another reading for rules: words that run elsewhere, where their paths are not ours, or another name for the same */
  runsElsewhere(words: readonly string[]): void {
    if (words.length > 0) (this.otherReadings ??= []).push([...words]);
  }

  /** A row of the user's own took part */
  readByUserRow(command: string): void {
    (this.userRows ??= []).push(command);
  }

  block(id: GuardrailHit['id'], summary: string): void {
    this.guardrail ??= { id, summary };
  }

  /** The reading, of a command of `count` words: a value that is missing is named by the last word there is */
  done(count: number): CommandReading {
    const last = Math.max(0, count - 1);
    for (let k = 0; k < this.effects.length; k += 1) {
      const effect = this.effects[k];
      if (effect !== undefined && effect.namedAt > last && effect.namedAt !== Infinity) this.effects[k] = { ...effect, namedAt: last };
    }
    if (this.namedAt > last && this.namedAt !== Infinity) this.namedAt = last;
    return {
      class: this.class, namedAt: this.namedAt, effects: this.effects, reading: this.reading,
      ...(this.otherReadings ? { otherReadings: this.otherReadings } : undefined),
      ...(this.runs ? { runs: this.runs } : undefined),
      ...(this.guardrail ? { guardrail: this.guardrail } : undefined),
      ...(this.class === 'test' ? { here: 'trusts' } : this.here ? { here: this.here } : undefined),
      ...(this.userRows ? { userRows: this.userRows } : undefined),
      ...(this.changes ? { changes: this.changes } : undefined),
    };
  }
}
