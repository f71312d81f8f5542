import type * as z from 'zod/mini';
import type { Evaluation } from '../../core/decide/evaluation.ts';
import type { Actor, Request } from '../../core/request.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import type { ChangeOutcome } from '../../gate/changes.ts';
import type { Verdict } from '../../gate/ports.ts';
import type { NotedFile } from '../../gate/provenance.ts';
import type { Opened } from '../sandbox/openSandbox.ts';
import type { OutputStream } from '../sandbox/sandbox.ts';
import type { Editors } from './files/editors.ts';
import type { Trash } from './files/trash.ts';
import type { Network } from './http/network.ts';
import type { ToolErrorCode } from './toolError.ts';

/** The gate as tools need it; a local one fits, and one at the other end of a connection */
export interface ToolGate {
  /** `part`: it belongs to a call that was allowed, so no budget counts it again; see `CheckOptions` */
  check(request: Request, options?: { readonly signal?: AbortSignal; readonly part?: true }): Promise<Verdict>;
  /** What the gate would say, without asking anybody */
  evaluate(request: Request): Evaluation | Promise<Evaluation>;
  report(result: { readonly requestId: string; readonly ok: boolean; readonly summary?: string }): Promise<ChangeOutcome>;
  /** Notes a file that comes from outside */
  noteFile(file: NotedFile, by: string): Promise<ChangeOutcome>;
}

/** Where tools act and what they act with; one for each workspace folder, and one call each */
export interface ToolContext {
  readonly gate: ToolGate;
  readonly surroundings: Surroundings;
  /** A new id at each call, unique and hard to guess; stands in the record */
  readonly ids: () => string;
  /** Who asks; grants “for the session” are tied to its session */
  readonly actor?: Actor;
  /** Folder that relative paths start from, absolute; the workspace folder unless told */
  readonly cwd?: string;
  /** The task's own tool lists, as in `Request.task` */
  readonly task?: Request['task'];
  /** Takes the question back, or ends the tool where it is; what was half done is undone where that is possible */
  readonly signal?: AbortSignal;
  /** The gate allowed the call and it starts now, with this input: a person may have changed it */
  readonly onStart?: (input: Readonly<Record<string, unknown>>) => void;
  /** Told of a command's output as it comes, credentials masked */
  readonly onOutput?: (stream: OutputStream, text: string) => void;
  /** The sandbox that commands run in; opened when the first one comes */
  readonly sandbox: () => Promise<Opened>;
  /** Files beyond this are refused, in bytes; see `fileSizeLimit` */
  readonly largestFile: () => number;
  /** Documents that are open in an editor; none outside of one */
  readonly editors?: Editors;
  /** Where deleted files go; the platform's own trash unless told */
  readonly trash?: Trash;
  /** Told of what came of a call and could not be noted; for the log */
  readonly failed: (error: unknown) => void;
  /** The network; the real one unless told */
  readonly network?: Network;
}

/** What came of a call: the same for every door */
export type ToolResult = ToolDone | ToolFailed;

export interface ToolDone {
  readonly ok: true;
  /** `id` of the request, as it stands in the record */
  readonly id: string;
  /** The result as data; its shape is in the description of the tool */
  readonly value: Readonly<Record<string, unknown>>;
  /** The same for a model to read */
  readonly text: string;
  /** Set where the text came from outside and may try to give orders: where from */
  readonly untrusted?: string;
}

export interface ToolFailed {
  readonly ok: false;
  readonly id: string;
  readonly code: ToolErrorCode;
  /** One or two sentences: what happened, and what would help */
  readonly message: string;
}

/** What a tool is asked to do, once it was allowed */
export interface Granted {
  /** The request as it was allowed; a person may have changed it */
  readonly request: Request;
  readonly evaluation: Evaluation;
  readonly context: ToolContext;
}

/** What a tool gives back; `runTool` makes a `ToolDone` of it */
export interface Outcome {
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** One line for the record, without contents */
  readonly summary: string;
  readonly untrusted?: string;
}

/** One gated tool: its name and texts for agents, its input, and the deed */
export interface Tool<Schema extends z.ZodMiniType = z.ZodMiniType> {
  readonly name: string;
  /** What it does and gives back, with units and errors; for models and for people */
  readonly description: string;
  readonly input: Schema;
  /** Reads only; a client may say so to people. Nothing is decided by it */
  readonly readOnly: boolean;
  /** Acts; called only after the gate allowed it. Throws a `ToolError` */
  run(input: z.infer<Schema>, granted: Granted): Promise<Outcome>;
}

/** Keeps the type of the schema together with the deed that reads it */
export function defineTool<Schema extends z.ZodMiniType>(tool: Tool<Schema>): Tool<Schema> {
  return tool;
}
