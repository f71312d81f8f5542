import type { Request } from '../core/request.ts';
import { answer, denial, reasonText } from './answerText.ts';
import type { HookCall, HookOutput, JsonObject, Ruling } from './hookCall.ts';
import { isObject, textAt } from './readJson.ts';
import { toolNamed } from './toolNames.ts';

/** Reading hook calls of the form that Claude Code began and others took over */
export interface ClaudeShape {
  readonly client: string;
  readonly title: string;
  /** The event before a tool runs */
  readonly event: string;
  readonly tools: ReadonlyMap<string, string>;
}

/** Events of hook systems of this form that come when no tool is about to run */
const otherEvents: ReadonlySet<string> = new Set(`PermissionRequest PermissionDenied PostToolUse PostToolUseFailure PostToolBatch Notification UserPromptSubmit
  Stop StopFailure SubagentStart SubagentStop SessionStart SessionEnd PreCompact PostCompact Setup ConfigChange TaskCompleted TeammateIdle InstructionsLoaded
  WorktreeCreate WorktreeRemove AfterTool BeforeAgent AfterAgent BeforeModel AfterModel BeforeToolSelection PreCompress ErrorOccurred
  sessionStart sessionEnd userPromptSubmitted postToolUse postToolUseFailure errorOccurred agentStop subagentStart subagentStop preCompact permissionRequest notification`.split(/\s+/));

const longestSession = 200;
const longestName = 200;

/** Reads `{hook_event_name, session_id, cwd, tool_name, tool_input, …}` */
export function readClaudeShape(payload: JsonObject, shape: ClaudeShape): HookCall {
  const event = textAt(payload, 'hook_event_name', 'hookEventName');
  if (event === undefined) return unreadable('it names no event');
  if (event !== shape.event) return otherEvents.has(event) ? { kind: 'other' } : unreadable(`it names an event nobody knows, ${event.slice(0, 60)}`);
  if (Object.hasOwn(payload, 'toolName') || Object.hasOwn(payload, 'toolArgs')) return unreadable('it names its tool in two ways');
  const name = textAt(payload, 'tool_name');
  const input = payload['tool_input'];
  const mcp = serverOf(payload['mcp_server'], 'name') ?? serverOf(payload['mcp_context'], 'server_name');
  return toolCall({ name, input, session: payload['session_id'] ?? payload['sessionId'], cwd: payload['cwd'], subAgent: textAt(payload, 'agent_type', 'agent_id'), server: mcp }, shape, event);
}

/** The parts of a tool call, as they came */
export interface GivenCall {
  readonly name: string | undefined;
  readonly input: unknown;
  readonly session: unknown;
  readonly cwd: unknown;
  readonly subAgent?: string | undefined;
  readonly server?: string | undefined;
  readonly roots?: readonly string[];
}

/** Makes a tool call of its parts; what has not the form it must have makes it unreadable */
export function toolCall(given: GivenCall, { client, title, tools }: Pick<ClaudeShape, 'client' | 'title' | 'tools'>, event: string): HookCall {
  const { name, input, session, cwd, subAgent, server, roots = [] } = given;
  if (name === undefined || name === '' || name.length > longestName) return unreadable('it names no tool');
  if (input !== undefined && !isObject(input)) return unreadable('the tool’s input is no object');
  if (session !== undefined && !isPlainId(session)) return unreadable('its session has no ordinary name');
  if (cwd !== undefined && (typeof cwd !== 'string' || !isAbsolute(cwd))) return unreadable('the folder it runs in is not absolute');
  const request: Request = {
    tool: server === undefined ? toolNamed(name, tools, client) : name,
    input: input ?? {},
    ...(server === undefined ? {} : { server }),
    ...(cwd === undefined ? {} : { cwd }),
    actor: {
      kind: 'agent', name: title,
      ...(session === undefined ? {} : { session }),
      ...(subAgent === undefined || subAgent === '' ? {} : { subAgent: subAgent.slice(0, longestName) }),
    },
  };
  return { kind: 'tool', request, roots, event };
}

/** Writes `{hookSpecificOutput: {permissionDecision, …}}` */
export function writeClaudeShape(ruling: Ruling, event: string): HookOutput {
  const { decision } = ruling;
  const reason = reasonText(ruling.message);
  const output = { hookEventName: event, permissionDecision: decision, permissionDecisionReason: reason };
  if (decision === 'deny') return denial({ hookSpecificOutput: output }, reason);
  return answer({ hookSpecificOutput: ruling.decision === 'allow' && ruling.edited !== undefined ? { ...output, updatedInput: ruling.edited } : output });
}

/** A call that is denied, since nobody can tell what it is */
export function unreadable(why: string): HookCall {
  return { kind: 'unreadable', why };
}

/** Ids that clients make: printable, without blanks, not long. Line ends and escapes would reach the prompt and the record */
function isPlainId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestSession && /^[\x21-\x7e]+$/.test(value);
}

function isAbsolute(folder: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(folder) && !folder.includes('\0');
}

function serverOf(value: unknown, key: string): string | undefined {
  return isObject(value) ? textAt(value, key)?.slice(0, longestName) : undefined;
}
