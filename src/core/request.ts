/** Who asks (design, command line contract) */
export interface Actor {
  readonly kind: 'agent' | 'channel' | 'user';
  readonly name?: string;
  /** The agent's own session id; grants "for the session" are tied to it */
  readonly session?: string;
  /** Name of the agent's own helper that makes the call, where one does; part of the same session */
  readonly subAgent?: string;
  readonly context?: 'private' | 'group' | 'public';
  /** The channel it is for, by its id in the settings; what that channel's context leaves out is not there (spec 8) */
  readonly channel?: string;
}

export type Platform = 'linux' | 'darwin' | 'win32';
export type ShellKind = 'bash' | 'zsh' | 'pwsh' | 'cmd';

/** One tool call of an agent, as it arrives at any door (design, command line contract) */
export interface Request {
  readonly id?: string | number;
  readonly tool: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** MCP server the tool belongs to */
  readonly server?: string;
  readonly approvalType?: string;
  /** Folder that relative paths of this call start from; absolute, or relative to the workspace */
  readonly cwd?: string;
  readonly platform?: Platform;
  readonly shell?: ShellKind;
  readonly actor?: Actor;
  /** Earlier denials of this request's fingerprint, where the caller keeps count (spec 1, stage 7) */
  readonly denials?: { readonly consecutive: number; readonly total: number };
  /** The task's own tool lists; an empty `allow` list means no tool at all */
  readonly task?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
}
