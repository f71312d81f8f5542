import type { Answers, CallParts, EventForm } from './clientForm.ts';
import type { JsonObject } from './hookCall.ts';
import { isObject, textAt } from './readJson.ts';

// The form of hook calls that Claude Code began and others took over.

/** Keys that name the event; VS Code spells one its own way */
export const claudeEventKeys: readonly string[] = ['hook_event_name', 'hookEventName'];

/** Events of hook systems of this form that come when no tool is about to run */
export const claudeOtherEvents = `PermissionRequest PermissionDenied PostToolUse PostToolUseFailure PostToolBatch Notification UserPromptSubmit
  Stop StopFailure SubagentStart SubagentStop SessionStart SessionEnd PreCompact PostCompact Setup ConfigChange TaskCompleted TeammateIdle InstructionsLoaded
  WorktreeCreate WorktreeRemove AfterTool BeforeAgent AfterAgent BeforeModel AfterModel BeforeToolSelection PreCompress ErrorOccurred
  sessionStart sessionEnd userPromptSubmitted postToolUse postToolUseFailure errorOccurred agentStop subagentStart subagentStop preCompact permissionRequest notification`;

/** Reads `{session_id, cwd, tool_name, tool_input, agent_type?, mcp_server?, …}` */
export function claudeParts(payload: JsonObject): CallParts {
  if (Object.hasOwn(payload, 'toolName') || Object.hasOwn(payload, 'toolArgs')) throw new SyntaxError('it names its tool in two ways');
  return {
    name: payload['tool_name'],
    input: payload['tool_input'],
    session: payload['session_id'] ?? payload['sessionId'],
    cwd: payload['cwd'],
    subAgent: textAt(payload, 'agent_type', 'agent_id'),
    server: serverOf(payload['mcp_server'], 'name') ?? serverOf(payload['mcp_context'], 'server_name'),
  };
}

/** Writes `{hookSpecificOutput: {hookEventName, permissionDecision, …}}` */
export function claudeAnswers(hookEventName: string): Required<Omit<Answers, 'deniesWithCodeZero'>> {
  const said = (permissionDecision: string, permissionDecisionReason: string, more: object = {}): JsonObject => ({
    hookSpecificOutput: { hookEventName, permissionDecision, permissionDecisionReason, ...more },
  });
  return {
    allow: (reason) => said('allow', reason),
    edited: (reason, updatedInput) => said('allow', reason, { updatedInput }),
    ask: (reason) => said('ask', reason),
    deny: (reason) => said('deny', reason),
  };
}

/** Our own tools in VS Code (`languageModelTools` of the manifest); a name that only begins as they do is anybody's */
const ownTools: ReadonlySet<unknown> = new Set(
  `read_file read_files list_directory search_files write_file edit_file copy_file move_file rename_file import_file create_directory delete_file
  run_command parse_document web_fetch http_request`.split(/\s+/).map((name) => `coworkPolicy_${name}`),
);

/**
 * What VS Code's own agent calls. It spells the event's key its own way, or as the others do and with a time stamp beside it
 * (Copilot Chat of editor 1.139), as Copilot's command line does, where no tool can have a name of ours: those of MCP servers hold
 * a hyphen there. Our tools in VS Code ask the gate themselves, with all they will do.
 */
function vscodeParts(payload: JsonObject): CallParts | undefined {
  const isOurs = ownTools.has(payload['tool_name']);
  if (!Object.hasOwn(payload, 'hookEventName') && !(isOurs && Object.hasOwn(payload, 'timestamp'))) return undefined;
  return { ...claudeParts(payload), agent: 'VS Code', ...(isOurs ? { name: 'ToolSearch' } : {}) };
}

/** An event that is called and answered as `PreToolUse` of Claude Code */
export const preToolUse: EventForm = {
  parts: (payload) => vscodeParts(payload) ?? claudeParts(payload),
  answers: claudeAnswers('PreToolUse'),
};

function serverOf(value: unknown, key: string): string | undefined {
  return isObject(value) ? textAt(value, key) : undefined;
}
