import type * as vscode from 'vscode';
import type { Decision } from '../core/decision.ts';
import type { Request } from '../core/request.ts';
import type { Verdict } from '../gate/ports.ts';
import type { ChannelListener } from './channels/channelListeners.ts';

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
  /** Notes for the record what came of an allowed request; rejects for what is no result */
  report(result: ActionResult): Promise<void>;
  /**
   * Tells what a tool of yours does, so that a request for it is not just an unknown tool, which always asks. A tool that is
   * built in cannot be described anew. Throws a sentence for a bad description.
   */
  registerTool(description: ToolDescription): vscode.Disposable;
  /**
   * Gets what people say on the folders' channels (Telegram and the like), also what waits since before anybody listened. A
   * listener that throws or rejects has not got the message, which then comes again. Who may speak is the policy's matter; what
   * they say is data from outside. Give `message.actor` with every request made for a message, so that the channel's own
   * restrictions hold; answer with `message.reply`.
   */
  onChannelMessage(listener: ChannelListener): vscode.Disposable;
  /** A request was decided, by the policy or by a person */
  readonly onDidDecide: vscode.Event<DecisionEvent>;
  /** Mode, permissions, rules or grants of a folder changed */
  readonly onDidChangePolicy: vscode.Event<PolicyEvent>;
}

/** What came of an allowed request */
export interface ActionResult {
  /** `id` of the request */
  readonly requestId: string | number;
  readonly ok: boolean;
  /** One line for the record, no secrets; at most 2,000 characters are kept */
  readonly summary?: string;
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
