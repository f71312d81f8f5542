/** What a request would do, one effect at a time (spec 1). `describe` makes these, `decide` answers each by itself */
export type Action = PathAction | ExecAction | NetworkAction | McpAction | PlainAction;
export type ActionKind = Action['kind'];

interface ActionBase {
  /** What is acted on, as shown to people and written to the record */
  readonly target: string;
  /**
   * A built-in guardrail this action runs into by its meaning (spec 4), found while reading the request.
   * INVARIANT: an action with a guardrail is denied whatever rules and mode say.
   */
  readonly guardrail?: GuardrailHit;
  /** Set on effects that stem from a command of a shell line: where that command stands in the list of actions */
  readonly owner?: number;
  /** Where in the list the command stands that runs this one: a decoded text, the body of a function. Only to be shown */
  readonly parent?: number;
  /**
   * Index of the last word of the owner's `argv` (or of one's own, for `exec`) that must be covered by an allow rule's
   * `prefix` for that rule to have named this effect: for `find . -delete` the delete is named at the word `-delete`, for
   * `curl -d x https://h` the export is named at the host. `Infinity`: no prefix can name it.
   */
  readonly namedAt?: number;
  /** The action cannot be known for certain; counts as at least `ask` and is never remembered */
  readonly uncertain?: string;
}

export interface GuardrailHit {
  readonly id:
    | 'privilege_escalation' | 'destructive_deletion' | 'device_write' | 'fork_bomb' | 'download_to_interpreter'
    | 'world_writable' | 'power' | 'bad_path' | 'other_workspace';
  /** One plain sentence: what it is */
  readonly summary: string;
}

/** Touching a file or folder. `path` is canonical and absolute: links resolved, `/` separators, no `.` or `..` */
export interface PathAction extends ActionBase {
  readonly kind: 'read' | 'write' | 'delete';
  readonly path: string;
  /** The path as the request had it, when that differs */
  readonly asked?: string;
  /** Also acts on everything below `path` */
  readonly recursive?: boolean;
  /** `path` holds `*` or `?` that the shell or tool expands; protected places and denies below its literal parent count */
  readonly glob?: boolean;
  /** The way to `path` went through a symbolic link */
  readonly throughLink?: boolean;
}

/** Running one simple command of a shell line, or code through a tool */
export interface ExecAction extends ActionBase {
  readonly kind: 'exec';
  /** The words after quoting is removed, as the command has them; `null` for a word that is only known at run time */
  readonly argv: readonly (string | null)[];
  /**
   * `read`, `test`: every word and option is known to only read, or to run the project's tests · `other`: known words,
   * any effect · `unreadable`: a computed command word, code fed to an interpreter, a line that does not parse
   */
  readonly class: 'read' | 'test' | 'other' | 'unreadable';
  /**
   * The command as a `deny` or `ask` rule sees it, one list per layer: wrappers (`env`, `sudo`, `xargs`), assignments,
   * folders of the program and its global options taken off (`X=1 env /usr/bin/git --no-pager push` gives `git push`)
   */
  readonly readings: readonly (readonly string[])[];
  /** Rows of the user's own that it was read by, as their leading words */
  readonly userRows?: readonly string[];
  /** Text of the package scripts it runs, with their pre and post hooks; an allow can be tied to it */
  readonly script?: string;
}

export type HostClass = 'public' | 'private' | 'loopback' | 'link_local' | 'metadata' | 'unspecified';

/** Reaching a host. `fetch` only reads; `export` sends something out (spec 7) */
export interface NetworkAction extends ActionBase {
  readonly kind: 'fetch' | 'export';
  /** Canonical host (lower case, punycode, no trailing dot, IPv4 dotted, IPv6 without brackets), or absent when unknown */
  readonly host?: string;
  readonly hostClass?: HostClass;
  readonly port?: number;
  /** URL scheme without colon */
  readonly scheme?: string;
  readonly method?: string;
  /** Service that gets the data where there is no host (`npm`, `github`, a model provider) */
  readonly provider?: string;
  /** File whose bytes leave, canonical */
  readonly source?: string;
  /** What is odd about the host (mixed scripts, punycode, user info, …), one plain sentence each */
  readonly marks?: readonly string[];
}

export interface McpAction extends ActionBase {
  readonly kind: 'mcp';
  readonly server: string;
  readonly mcpTool: string;
}

/** `interact`: browser, screen, clipboard, applications · `external`: services (`*_action`) · `locate` · `unknown` */
export interface PlainAction extends ActionBase {
  readonly kind: 'interact' | 'external' | 'locate' | 'unknown';
}

/** The reading of one request: its canonical tool name and everything it would do, in order, never empty */
export interface Described {
  /** Canonical name: namespace prefix and alias removed; lower case where it is a known tool */
  readonly tool: string;
  /** MCP server, lower case */
  readonly server?: string;
  readonly actions: readonly Action[];
  /** Tool groups it is in: `group:memory`, … (cowork-facts 1.22) */
  readonly groups: readonly string[];
  /** Needs the network capability even where no single action is `fetch` or `export` */
  readonly needsNetwork: boolean;
  /** Needs the shell capability even where no single action is `exec` */
  readonly needsShell: boolean;
  /** Shell text as asked, for custom patterns and for the prompt */
  readonly command?: string;
  /** Folder that the shell text was read for, canonical; absent where that is not certain */
  readonly folder?: string;
}
