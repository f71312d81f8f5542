import type { UserRows } from './describe/shell/commands/userCommand.ts';
import type { Platform, ShellKind } from './request.ts';

/** What the core may know of the machine. Everything is handed in, so that the core stays a pure function */
export interface Surroundings {
  /** Workspace folder, canonical and absolute */
  readonly workspace: string;
  readonly home: string;
  /** Temporary folder of the platform, canonical */
  readonly temporary: string;
  readonly platform: Platform;
  readonly shell: ShellKind;
  readonly files: Files;
  /** The user's own state folder of this product, canonical: sealed, and its files are secrets */
  readonly userFolder?: string;
  /** Tools that are not in the catalogue but were described by whoever has them: the catalogue's tool that each behaves like */
  readonly likeTool?: (tool: string) => string | undefined;
  /** Rows of the user's that the table of commands has beside its own; a policy brings them (`surroundingsUnder`) */
  readonly userRows?: UserRows;
  /** The syntax tree of a PowerShell line; `undefined` where it does not parse or there is no parser, the line is then read conservatively */
  readonly powerShell?: (text: string) => SyntaxNode | undefined;
}

/** One node of a syntax tree: its kind in the grammar, its text, the named nodes in it */
export interface SyntaxNode {
  readonly type: string;
  readonly text: string;
  readonly children: readonly SyntaxNode[];
}

/** The few questions about the file system that reading a request needs. Synchronous; must never throw */
export interface Files {
  /**
   * The path with every link of its nearest existing parent resolved and the missing rest appended, in the file system's
   * own case; `undefined` when it cannot be told (a loop, no permission)
   */
  resolve(absolutePath: string): string | undefined;
  /** Text of a small file (up to 1 MiB), for `package.json` scripts; `undefined` when it cannot be read */
  readText(absolutePath: string): string | undefined;
  /** SHA-256, hex, of a plain file that has one of these sizes in bytes; `undefined` for all others, and where it cannot be read */
  hashOf?(absolutePath: string, sizes: ReadonlySet<number>): string | undefined;
}
