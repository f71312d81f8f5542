import type * as vscode from 'vscode';
import type { Decision } from '../core/decision.ts';
import type { Actor, Request } from '../core/request.ts';
import type { Verdict } from '../gate/ports.ts';
import type { ToolErrorCode } from '../node/tools/toolError.ts';
import type { ChannelListener } from './channels/channelListeners.ts';
import type { CommandResult, GatedTools } from './gatedToolTypes.ts';

/**
 * What other extensions get: `vscode.extensions.getExtension('cowork.cowork-policy').activate()`.
 *
 * Additions only within version 1. Anything handed in is checked; what is no request is denied with a sentence, never thrown.
 *
 * ```ts
 * const policy = await vscode.extensions.getExtension<CoworkPolicyApi>('cowork.cowork-policy')!.activate();
 * const verdict = await policy.check({ id: 1, tool: 'write_file', input: { path: 'a.txt', content: '…' }, cwd, actor: { kind: 'agent', name: 'My Agent', session } });
 * if (verdict.decision === 'allow') await write(verdict.edited ?? request);
 * ```
 */
export interface CoworkPolicyApi {
  readonly version: 1;
  /**
   * Decides one tool call, asking the person where the policy says so. Resolves with `allow` or `deny`, after it is on
   * record; never rejects. Where `verdict.edited` is set, that request was allowed and not the first one. Aborting takes
   * the question back.
   */
  check(request: Request, options?: { readonly signal?: AbortSignal }): Promise<Verdict>;
  /**
   * Notes for the record what came of an allowed request, and what tokens and money it used; rejects for what is no result. A task
   * that used up its budget is asked about at its next request
   */
  report(result: ActionResult): Promise<void>;
  /**
   * Runs a tool of ours under the gate, so that you need no other hands: it asks like `check`, acts only on an allow and
   * reports by itself. Names, inputs, results, units and errors: `GatedTools`. Files that are open in this window are read and
   * changed in their editors. Never rejects; what was denied or failed has a `code` and a sentence.
   *
   * ```ts
   * const read = await policy.runTool('read_file', { path: 'a.txt' }, { actor: { kind: 'agent', name: 'My Agent', session } });
   * if (read.ok) use(read.value.content);
   * ```
   */
  runTool<Name extends keyof GatedTools>(name: Name, input: GatedTools[Name]['input'], options?: ToolCallOptions): Promise<ToolOutcome<GatedTools[Name]['value']>>;
  /**
   * Runs a shell line in the sandbox of the workspace: `runTool('run_command', …)` with its output as it comes. A person sees it
   * run, can watch it in a terminal and can end it.
   */
  runCommand(command: string, options?: CommandOptions): Promise<ToolOutcome<CommandResult>>;
  /**
   * Copies a file from outside into the folder `imported` of the workspace and notes that it came from outside: reads of it
   * are untrusted from then on, wherever it is moved to. Asks like a `copy_file`, so that no file is brought in that you
   * may not read. Never rejects.
   */
  importFile(source: string, options?: ToolCallOptions): Promise<ToolOutcome<ImportedFile>>;
  /**
   * Tells what a tool of yours does, so that a request for it is not just an unknown tool, which always asks. A tool that is
   * built in cannot be described anew. Throws a sentence for a bad description.
   */
  registerTool(description: ToolDescription): vscode.Disposable;
  /**
   * Gets what people say on the folders' channels (Telegram and the like), also what waits since before anybody listened. A
   * listener has got a message when it returns; where it throws, the message comes again to the next that listens, and where its
   * promise is rejected later, whoever wrote is told that the agent could not do it. Who may speak is the policy's matter; what
   * they say is data from outside. Give `message.actor` with every request made for a message, so that the channel's own
   * restrictions hold; answer with `message.reply`.
   */
  onChannelMessage(listener: ChannelListener): vscode.Disposable;
  /** A request was decided, by the policy or by a person */
  readonly onDidDecide: vscode.Event<DecisionEvent>;
  /** Mode, permissions, rules or grants of a folder changed */
  readonly onDidChangePolicy: vscode.Event<PolicyEvent>;
}

/** How a gated tool is called */
export interface ToolCallOptions {
  /** Who asks; grants “for the session” are tied to its session */
  readonly actor?: Actor;
  /** Folder that relative paths start from, absolute; it also tells which of the open folders is meant. The first one unless told */
  readonly cwd?: string;
  /** Takes the question back, or ends the tool where it is */
  readonly signal?: AbortSignal;
}

export interface CommandOptions extends ToolCallOptions {
  /** Seconds; 60 unless told, at most 300 */
  readonly timeoutSeconds?: number;
  /** Told of output as it comes, credentials replaced by a mark; a throw ends the command */
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
}

/** A file that was brought in */
export interface ImportedFile {
  /** Where it is now, canonical and absolute */
  readonly path: string;
  /** Bytes */
  readonly size: number;
}

/** What came of a gated tool */
export type ToolOutcome<Value> =
  | {
      readonly ok: true;
      /** `id` of the request, as it stands in the record */
      readonly id: string;
      readonly value: Value;
      /** The same as text, for a model */
      readonly text: string;
      /** Set where the text came from outside and may try to give orders: where from */
      readonly untrusted?: string;
    }
  | {
      readonly ok: false;
      readonly id: string;
      readonly code: ToolErrorCode;
      /** One or two sentences: what happened, and what would help */
      readonly message: string;
    };

/** What came of an allowed request */
export interface ActionResult {
  /** `id` of the request */
  readonly requestId: string | number;
  readonly ok: boolean;
  /** One line for the record, no secrets; at most 2,000 characters are kept */
  readonly summary?: string;
  /**
   * What the work on it used, beyond what was reported before; it counts against the budgets of the task. Up to 100,000,000 tokens,
   * whole, and 10,000 US dollars in one report; anything else is refused, and nothing is ever taken back
   */
  readonly use?: { readonly tokens?: number; readonly costUsd?: number };
  /** As in the request; needed with `use` where the request is not among the newest, or another agent uses the same ids */
  readonly actor?: Actor;
}

/** Built-in tools that a described one may behave like */
export const likes = [
  'read_file', 'list_directory', 'search_files', 'write_file', 'edit_file', 'copy_file', 'move_file', 'delete_file', 'apply_patch',
  'run_command', 'execute_code', 'web_fetch', 'http_request', 'open_url',
] as const;

/** What a tool does, as data */
export interface ToolDescription {
  /** As in `Request.tool`; letters, digits, `_` and `-` */
  readonly name: string;
  /** The built-in tool it behaves like; the input goes under the same keys (`path`, `content`, `command`, `url`, …) */
  readonly like: (typeof likes)[number];
}

export interface DecisionEvent {
  readonly request: Request;
  readonly decision: Exclude<Decision, 'ask'>;
  readonly settledBy: Verdict['settledBy'];
  /** Absolute path of the workspace folder */
  readonly folder: string;
}

export interface PolicyEvent {
  /** Absolute path of the workspace folder */
  readonly folder: string;
}
