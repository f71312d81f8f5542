import type { IncomingMessage } from 'node:http';

/** One call of a tool that the model makes; `text` is the input of a tool that takes free text */
export interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly text?: string;
}

/** What the model says next: one call, or words that end its turn */
export type Turn = { readonly kind: 'call'; readonly id: string; readonly call: Call } | { readonly kind: 'text'; readonly text: string };

/** What a client has sent so far: names of the tools it offers, and what each call came to, oldest first */
export interface Conversation {
  readonly tools: readonly string[];
  readonly results: readonly string[];
  readonly stream: boolean;
}

/** One event of a server-sent stream */
export interface StreamEvent {
  readonly event?: string;
  readonly data: unknown;
}

/** How one provider's interface is spoken */
export interface Dialect {
  /** Whether the address belongs to it */
  takes(url: string): boolean;
  /** Reads a request; throws for what is none */
  read(body: unknown, url: string): Conversation;
  /** The answer as one document */
  whole(turn: Turn): unknown;
  /** The same answer as a stream */
  stream(turn: Turn): readonly StreamEvent[];
}

/** The path of a request without its query */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/\?.*$/s, '');
}

/** The words in whatever form a client sends a tool's result */
export function flatText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flatText).join('\n');
  if (typeof value !== 'object') return JSON.stringify(value);
  const { text, output, content, error } = value as Readonly<Record<string, unknown>>;
  const found = text ?? output ?? content ?? error;
  return found === undefined ? JSON.stringify(value) : flatText(found);
}
