import type { Request } from '../core/request.ts';

/** A JSON object as it came from outside */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a client's hook call comes to */
export type HookCall =
  /** A tool is about to run. `roots`: folders the client says it works in; `event` is given back when the answer is written */
  | { readonly kind: 'tool'; readonly request: Request; readonly roots: readonly string[]; readonly event: string }
  /** An event that decides nothing, or that another hook of the same client decides */
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** What a hook call is answered; `ask` leaves the question to the client's own prompt */
export type Ruling =
  | { readonly decision: 'allow'; readonly message: string; readonly edited?: JsonObject }
  | { readonly decision: 'ask' | 'deny'; readonly message: string };

/** What the hook's process writes, and its exit code: 0 answered, 2 denied */
export interface HookOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: 0 | 2;
}

/** An agent that calls hooks: how its calls are read and its answers written */
export interface Client {
  /** As it is named on the command line */
  readonly id: string;
  /** As people know it; the actor's name in prompts and in the record */
  readonly title: string;
  /** Seconds after which we answer where nobody told us the client's own time-out: shorter than the shortest it is known to have */
  readonly deadline: number;
  /** Whether the client's own "ask" always ends in a person's answer or in a denial */
  readonly mayAsk: boolean;
  readonly read: (payload: JsonObject) => HookCall;
  /** `event` as in `HookCall`; the client's usual one where nothing could be read */
  readonly write: (ruling: Ruling, event?: string) => HookOutput;
}
