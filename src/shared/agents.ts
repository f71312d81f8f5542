import type { Done } from './messages.ts';

/** The agents of this machine, and which of them ask the policy */
export interface AgentsSlice {
  readonly agents: readonly AgentLine[];
}

/** One agent; hidden characters in its texts are made visible */
export interface AgentLine {
  readonly client: string;
  /** As people know it */
  readonly title: string;
  /** Absent where it cannot be told */
  readonly version?: string;
  readonly found: boolean;
  /** The files that hold our hook; it is under the policy where there are some */
  readonly files: readonly string[];
  /** Why the hook is of no use; absent where nothing is wrong */
  readonly broken?: string;
  /** Milliseconds since 1970; absent where it never asked */
  readonly lastSeen?: number;
  /** What a person has to do before it asks */
  readonly steps: readonly string[];
  /** What it can do without asking */
  readonly notCovered: readonly string[];
}

export interface AgentsRequests {
  /** Shows the change, asks, makes it and tries the hook; all in the editor's own dialogues */
  readonly protectAgent: { readonly params: { readonly client: string }; readonly result: Done };
  readonly releaseAgent: { readonly params: { readonly client: string }; readonly result: Done };
  /** Calls the hook of each protected agent as the agent would */
  readonly tryAgents: { readonly params: Record<string, never>; readonly result: { readonly broken: readonly { readonly client: string; readonly why: string }[] } };
}
