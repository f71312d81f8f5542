import type { GuardrailHit } from '../../action.ts';
import type { Platform } from '../../request.ts';
import { readWithTable } from './commands/readWithTable.ts';
import type { UserRows } from './commands/userCommand.ts';

/** One word of a simple command after quotes are removed and certain expansions are done */
export interface Word {
  /** `null`: only known at run time */
  readonly text: string | null;
  /** As it stands in the line */
  readonly raw: string;
  /** Holds an unquoted `*`, `?` or `[…]` that the shell expands to file names */
  readonly glob: boolean;
  /** Some part stands in quotes */
  readonly quoted: boolean;
}

/** What one simple command would do, as far as its program and its words tell (spec 4, 7; table in `commands/`) */
export interface CommandReading {
  /** As in `ExecAction`; of this command alone, what it `runs` is read by itself and the worst counts */
  readonly class: 'read' | 'test' | 'other' | 'unreadable';
  /** Index of the last word an allow prefix must reach to have named this class (`ExecAction.namedAt`); `Infinity`: none can */
  readonly namedAt: number;
  readonly effects: readonly Effect[];
  /** Other commands that it runs */
  readonly runs?: readonly Inner[];
  /**
   * Its words as `deny` and `ask` rules see them: folder and `.exe` of the program and global options taken off, the
   * verb first (`/usr/bin/git --no-pager push` → `git push`). A word only known at run time stands as its raw text
   */
  readonly reading: readonly string[];
  /** Further readings for `deny` and `ask` rules: what it runs elsewhere (`ssh host git push`, `docker exec c git push`) */
  readonly otherReadings?: readonly (readonly string[])[];
  readonly guardrail?: GuardrailHit;
  /** It reads the folder it runs in (`looks`), or takes configuration or code from there (`trusts`) */
  readonly here?: 'looks' | 'trusts' | undefined;
  /** Rows of the user's own that it was read by, as their leading words */
  readonly userRows?: readonly string[];
  /** What it changes for the commands after it in the same shell */
  readonly changes?: readonly Change[];
}

/** Something a command does besides running. `namedAt` as in `Action`, an index into the words of this command */
export type Effect = FileEffect | NetworkEffect | UnknownEffect;

export interface FileEffect {
  readonly kind: 'read' | 'write' | 'delete';
  /** Path as written, relative to the folder the command runs in; may start with `~` or be a `file:` URL */
  readonly text: string;
  /** Acts on everything below too */
  readonly recursive?: boolean;
  /** With `recursive`: only on some of it, chosen by a test (`find . -name '*.o' -delete`); not a deletion of the whole */
  readonly some?: boolean;
  /**
   * The program takes configuration or code from there (`git -C`, `make -C`, `npm --prefix`): where the path is not inside
   * the workspace, the command is at least `other`, named at the same word
   */
  readonly confined?: boolean;
  /** Holds wildcards that shell or program expands */
  readonly glob?: boolean;
  /** Folder this path is relative to, where the command itself moved there (`tar -C`, `git -C`, `make -C`) */
  readonly base?: string;
  readonly namedAt: number;
}

export interface NetworkEffect {
  readonly kind: 'fetch' | 'export';
  /** URL or host; absent when there is none or it is not known */
  readonly text?: string;
  readonly method?: string;
  /** Service, where the line names no host (`npm`, `github`, `git remote origin`) */
  readonly provider?: string;
  /** File whose bytes leave, as written */
  readonly source?: string;
  /** What it prints is what the other side sent, also where its program is not known for that */
  readonly download?: true;
  readonly namedAt: number;
}

/** An effect that cannot be known: at least a question, never remembered */
export interface UnknownEffect {
  readonly kind: 'unknown';
  /** One plain sentence */
  readonly why: string;
  readonly namedAt: number;
}

/** Another command, script or code that a command runs */
export type Inner =
  /**
   * The words from index `from` to before `to` (or the end) are a command. `words` stands for them where a placeholder
   * was filled in (`find -exec … {}`). `stdin`: it gets further operands that are only known at run time (`xargs`).
   * `environment`: variables set for it (`env X=1 cmd`), to be judged like assignments
   * before a command. `cwd`: folder it starts in
   */
  | {
      readonly kind: 'words';
      readonly from: number;
      readonly to?: number;
      readonly words?: readonly Word[];
      readonly stdin?: boolean;
      readonly environment?: readonly { readonly name: string; readonly value: string | null }[];
      readonly cwd?: string | null;
    }
  /** A shell script; `text` null when not known, `stdin` when it is what the command gets on standard input, `decoded` when it stood there encoded */
  | { readonly kind: 'script'; readonly text: string | null; readonly namedAt: number; readonly shell: 'bash' | 'pwsh' | 'cmd'; readonly stdin?: boolean; readonly decoded?: boolean }
  /** Code of another language, not read: the command counts as unreadable */
  | { readonly kind: 'code'; readonly language: string; readonly namedAt: number; readonly stdin?: boolean }
  /** A script of `package.json`, in the folder `cwd` where the manager was told one; `elsewhere`: in packages of a workspace that are not looked up */
  | { readonly kind: 'npm_script'; readonly manager: string; readonly name: string; readonly namedAt: number; readonly cwd?: string; readonly elsewhere?: boolean };

/** What a builtin changes for the commands after it */
export type Change =
  /** Moves to a folder: `to` as written, `'-'` the one before, null unknown. `pushd` and `popd` too */
  | { readonly kind: 'cd'; readonly to: string | null }
  /** Sets a variable; `value` null when not known. `exported`: programs see it */
  | { readonly kind: 'assign'; readonly name: string; readonly value: string | null; readonly exported: boolean }
  /** Marks an existing variable as seen by programs */
  | { readonly kind: 'export'; readonly name: string }
  | { readonly kind: 'unset'; readonly name: string }
  /** Defines an alias; `value` null when not known */
  | { readonly kind: 'alias'; readonly name: string; readonly value: string | null }
  | { readonly kind: 'unalias'; readonly name: string | null }
  /** `unset -f`, `enable`, `hash -p`, `builtin` tables: what this name means is no longer certain; null: any name */
  | { readonly kind: 'redefine'; readonly name: string | null }
  /** `set -- a b`, `shift`: positional parameters are no longer what they were */
  | { readonly kind: 'positional' }
  /** A shell option that changes how later text is read (`expand_aliases`, `extglob`, `-f`, `-k`, …) */
  | { readonly kind: 'option'; readonly name: string; readonly on: boolean }
  /** Later commands can no longer be read with certainty (`source`, `eval` of the unknown) */
  | { readonly kind: 'unknown'; readonly why: string };

/** Where standard input of a command comes from: `text` is a here-document or here-string */
export interface CommandContext {
  readonly stdin: 'none' | 'file' | 'pipe' | 'text';
  readonly platform: Platform;
  /** Rows that the user added to the table */
  readonly userRows?: UserRows | undefined;
  /** Whether the packages of this folder bring a program of that name (`node_modules/.bin`); absent where the folder is not known */
  readonly installed?: (name: string) => boolean;
}

/**
 * Reads one simple command: program word first, redirections and leading assignments taken off.
 *
 * Total and pure. An unknown program is `other`, named by its first word, and its operands that look like paths count as
 * read, so that denies and secrets hold.
 */
export function readCommand(words: readonly Word[], context: CommandContext): CommandReading {
  return readWithTable(words, context);
}
