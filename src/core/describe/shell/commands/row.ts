import type { CommandContext, CommandReading, Word } from '../command.ts';
import type { Draft } from './draft.ts';

/**
 * What a word is to its program.
 *
 * `data` nothing beyond the program · `read` `tree` `write` `delete` a path (`tree`: with everything below) · `url` `host`
 * reached to fetch · `other` makes the command `other`, named there · `runs` a shell command in one word · `command` this
 * word and all after it are a command · `program` the path of a program that is run · `code` code in the row's language ·
 * `config` a file that steers the program, code perhaps: fine in the workspace under its usual name, else `other` ·
 * `plain` a name that is built in or of an installed package; one that is written like a path or an address is `other` · `base` folder the program moves to first · `shows` prints help or a version and does nothing else · `recursive` the
 * path operands count with everything below · `noted` harmless, looked at by the row's own function
 */
export type Use =
  | 'data' | 'read' | 'tree' | 'write' | 'delete' | 'url' | 'host' | 'other' | 'runs' | 'command' | 'program' | 'code'
  | 'config' | 'plain' | 'base' | 'shows' | 'recursive' | 'noted';

/** One program, or one verb of a program */
export interface Row {
  /** Names, separated by spaces */
  readonly names: string;
  /** Its class when every option is known, perhaps by what its words are; `other` unless given */
  readonly class?: CommandReading['class'] | ((parsed: Parsed) => CommandReading['class']);
  /**
   * How far an allow prefix must reach to name a command that is `other` or `test` by its row: the program or verb word
   * (unless given), the first operand, the last one, or every word
   */
  readonly named?: 'first' | 'operand' | 'last' | 'all';
  /**
   * The options, separated by spaces: `-abc` short ones without value, `-n=` with value, `-i?` with attached value only,
   * `--name`, `--name=`, `--name?` likewise, `-o,--out=` two names of one, each with `:use` unless harmless, and `!` where no option follows it; `-#` digits
   * (`-20`). An option that is not listed makes the command `other`
   */
  readonly options?: string;
  /** `gnu` unless given; `long`: one dash and a whole word (`find`, `go`); `words`: no options at all */
  readonly style?: 'gnu' | 'long' | 'words';
  /** Options end at the first operand */
  readonly stops?: true;
  /** Options of the row above count after the verb too */
  readonly inherits?: true;
  /**
   * It reads the folder it runs in, whatever its words say (`looks`), or takes configuration or code from there (`trusts`).
   * A test always does the latter
   */
  readonly here?: 'looks' | 'trusts';
  /** Every unlisted option is harmless (programs whose options cannot do more than the program itself) */
  readonly anyOption?: true;
  /** Use of each operand, separated by spaces; one with `*` stands for any number; `data*` unless given */
  readonly operands?: string;
  /** Verbs */
  readonly commands?: readonly Row[];
  /** Shorter or older spellings of verbs, `short=verb` separated by spaces */
  readonly verbAliases?: string;
  /** Verbs may be shortened to any beginning that is unique (npm) */
  readonly verbsShorten?: true;
  /** Language of `code` words */
  readonly language?: string;
  /** What the columns above cannot say */
  readonly also?: (parsed: Parsed, draft: Draft) => void;
  /** Self-tests: command `→` expectation, see the test of the table */
  readonly examples?: readonly string[];
}

/** One option as it was given */
export interface GivenOption {
  /** Its last name in the row, without dashes */
  readonly id: string;
  /** Index of the option's word */
  readonly at: number;
  /** Its value: `undefined` none, `null` only known at run time */
  readonly value: string | null | undefined;
  /** Index of the word that holds the value */
  readonly valueAt: number;
}

/** The words of a command, sorted into options and operands */
export interface Parsed {
  readonly words: readonly Word[];
  readonly context: CommandContext;
  /** Index of the program word or of the verb */
  readonly at: number;
  readonly options: readonly GivenOption[];
  /** Indexes of the operands, in order */
  readonly operands: readonly number[];
  /** Whether an option was given, by id */
  has(id: string): boolean;
  /** The last value of an option, by id */
  option(id: string): GivenOption | undefined;
  /** Text of an operand; `null` when only known at run time, `undefined` when there is none */
  operand(index: number): string | null | undefined;
}
