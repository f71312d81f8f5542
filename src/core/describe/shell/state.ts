import type { Function as FunctionNode } from 'unbash';

/** What a variable holds at one point of the line */
export interface Value {
  /** `null`: only known at run time */
  readonly text: string | null;
  /** The text is a file-name pattern that was expanded (`for f in src/*.ts`) */
  readonly glob?: boolean;
  /** Made by arithmetic: cannot hold code, options or paths */
  readonly number?: boolean;
  /** Came from the network: running it is running a download */
  readonly download?: boolean;
}

/** Variables, functions, aliases, and paths made anew, that are followed one by one */
const mostKept = 64;

const unknownValue: Value = { text: null };

/** Variables that Bash sets itself, or that cannot be set: what a line assigns to them does not stay */
const special = /^(?:_|UID|EUID|PPID|GROUPS|RANDOM|SRANDOM|SECONDS|LINENO|HISTCMD|EPOCHSECONDS|EPOCHREALTIME|DIRSTACK|FUNCNAME|PIPESTATUS|SHELLOPTS|BASHOPTS|COMP_\w+|OPTARG|OPTIND|REPLY|MAPFILE|COPROC\w*|BASH\w*|ZSH\w*|argv|status|pipestatus)$/;

/** A function of this line */
export interface Definition {
  readonly node: FunctionNode;
  /** Text that the positions of `node` refer to */
  readonly source: string;
  /** Calling it starts copies of itself without end */
  readonly multiplies: boolean;
}

/** A variable that this line does not set: its value comes from outside, and may be empty */
export const fromOutside: Value = { text: null };

/**
 * The state of the shell between two commands, as far as the line tells: folder, variables, functions, aliases.
 *
 * INVARIANT: it only claims what holds on every path that leads here; where paths differ the value is unknown.
 */
export class ShellState {
  /** Folders it may be in; `null`: not known */
  folders: readonly string[] | null;
  /** Folders it is in where the last command failed, set by `cd` only */
  ifFailed: readonly string[] | null | undefined;
  /** Folder before the last `cd`, for `cd -` */
  before: readonly string[] | null = null;
  variables: ReadonlyMap<string, Value> | undefined;
  /** `variables` is this state's own, and no other's that came from it or led to it */
  private ownsVariables = false;
  /** Set once variables may hold anything (a sourced file, a new shell) */
  variablesUnknown = false;
  /** Variables may have attributes (a name for another, upper case, read-only): an assignment may not give what it says */
  attributes = false;
  /** Variables may be integers (`declare -i`): what is assigned to them is evaluated */
  integers = false;
  /** Variables that programs see because this line exported them */
  exported: Set<string> | undefined;
  functions: Map<string, Definition> | undefined;
  aliases: Map<string, string | null> | undefined;
  /** Names whose meaning is no longer certain; `*` for all */
  redefined: Set<string> | undefined;
  /** Why programs may not do what their names say, once a variable was changed that decides it */
  doubt: string | undefined;
  /** Paths that this line made or moved in ways that may be links */
  remade: readonly string[] = [];
  positional: readonly Value[] | null = null;
  /** `IFS` was changed: where unquoted values split is not known */
  splitting = true;
  /** `set -e`: a failed command ends the shell */
  stopsOnError = false;
  /** `set -a`: every assignment is exported */
  exportsAll = false;

  constructor(folders: readonly string[] | null) {
    this.folders = folders;
  }

  /** A copy, as a subshell or a branch has it */
  fork(): ShellState {
    const copy = new ShellState(this.folders);
    copy.ifFailed = this.ifFailed;
    copy.before = this.before;
    copy.variables = this.variables;
    this.ownsVariables = false;
    copy.variablesUnknown = this.variablesUnknown;
    copy.attributes = this.attributes;
    copy.integers = this.integers;
    copy.exported = this.exported && new Set(this.exported);
    copy.functions = this.functions && new Map(this.functions);
    copy.aliases = this.aliases && new Map(this.aliases);
    copy.redefined = this.redefined && new Set(this.redefined);
    copy.doubt = this.doubt;
    copy.remade = this.remade;
    copy.positional = this.positional;
    copy.splitting = this.splitting;
    copy.stopsOnError = this.stopsOnError;
    copy.exportsAll = this.exportsAll;
    return copy;
  }

  /** A copy as a newly started shell program has it: its variables are those of the environment, which is not known */
  forNewShell(): ShellState {
    const copy = new ShellState(this.folders);
    copy.before = this.before;
    copy.variablesUnknown = this.variables !== undefined || this.variablesUnknown;
    copy.redefined = this.redefined && new Set(this.redefined);
    copy.doubt = this.doubt;
    copy.remade = this.remade;
    return copy;
  }

  value(name: string): Value {
    return this.variables?.get(name) ?? (this.variablesUnknown ? unknownValue : fromOutside);
  }

  set(name: string, value: Value): void {
    if (this.variables !== undefined && this.variables.size >= mostKept && !this.variables.has(name)) this.forgetVariables();
    const stays = !this.attributes && !special.test(name);
    this.changeVariables().set(name, stays || value.text === null ? value : unknownValue);
    if (name === 'IFS') this.splitting = false;
  }

  /** The variables, to be changed: copied first where another state looks at the same ones */
  private changeVariables(): Map<string, Value> {
    const own = this.ownsVariables && this.variables !== undefined ? (this.variables as Map<string, Value>) : new Map(this.variables);
    this.variables = own;
    this.ownsVariables = true;
    return own;
  }

  /** As if the line had not set it */
  remove(name: string): void {
    if (this.variables?.has(name) === true) this.changeVariables().delete(name);
  }

  forgetVariables(): void {
    this.variables = undefined;
    this.variablesUnknown = true;
    this.positional = null;
  }

  define(name: string, definition: Definition): void {
    if ((this.functions?.size ?? 0) < mostKept) (this.functions ??= new Map()).set(name, definition);
    else this.redefine('*');
  }

  defineAlias(name: string, value: string | null): void {
    if ((this.aliases?.size ?? 0) < mostKept) (this.aliases ??= new Map()).set(name, value);
    else this.redefine('*');
  }

  redefine(name: string): void {
    this.redefined ??= new Set();
    this.redefined.add(this.redefined.size < mostKept ? name : '*');
  }

  isRedefined(name: string): boolean {
    return this.redefined !== undefined && (this.redefined.has(name) || this.redefined.has('*'));
  }

  /** Notes a path that may have become a link; many of them count as everything */
  remakes(path: string): void {
    if (this.remade.includes(path)) return;
    this.remade = this.remade.length < mostKept ? [...this.remade, path] : ['/'];
  }

  /** Forgets whether the last command failed: it may be in either folder */
  settle(): void {
    if (this.ifFailed === undefined) return;
    if (!this.stopsOnError) this.folders = unite(this.folders, this.ifFailed);
    this.ifFailed = undefined;
  }

  /** Takes over what another path may have led to */
  join(other: ShellState): void {
    this.settle();
    this.folders = unite(unite(this.folders, other.folders), other.ifFailed ?? []);
    this.before = unite(this.before, other.before);
    if (this.variables !== other.variables) {
      const names = new Set([...(this.variables?.keys() ?? []), ...(other.variables?.keys() ?? [])]);
      for (const name of names) {
        const mine = this.variables?.get(name);
        const theirs = other.variables?.get(name);
        if (mine === undefined || theirs === undefined || mine.text !== theirs.text || mine.glob !== theirs.glob) {
          this.changeVariables().set(name, joined(mine, theirs));
        }
      }
    }
    this.variablesUnknown ||= other.variablesUnknown;
    this.attributes ||= other.attributes;
    this.integers ||= other.integers;
    if (other.exported) this.exported = new Set([...(this.exported ?? []), ...other.exported]);
    if (other.functions) this.functions = new Map([...(this.functions ?? []), ...other.functions]);
    if (other.aliases) this.aliases = new Map([...(this.aliases ?? []), ...other.aliases]);
    if (other.redefined) this.redefined = new Set([...(this.redefined ?? []), ...other.redefined]);
    this.doubt ??= other.doubt;
    if (other.remade !== this.remade) this.remade = [...new Set([...this.remade, ...other.remade])];
    if (this.positional !== other.positional) this.positional = null;
    this.splitting &&= other.splitting;
    this.stopsOnError &&= other.stopsOnError;
    this.exportsAll ||= other.exportsAll;
  }
}

/** What two values have in common */
function joined(mine: Value | undefined, theirs: Value | undefined): Value {
  if (mine?.number === true && theirs?.number === true) return { text: null, number: true };
  return mine?.download === true || theirs?.download === true ? { text: null, download: true } : unknownValue;
}

/** Folders kept apart at most; beyond that the folder counts as unknown */
const mostFolders = 4;

/** Both sets of folders; `null` is unknown and absorbs */
export function unite(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === b || a === null) return a;
  if (b === null) return null;
  const all = [...new Set([...a, ...b])];
  return all.length > mostFolders ? null : all;
}
