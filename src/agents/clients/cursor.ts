import { answer, denial, editedElsewhere, reasonText } from '../answerText.ts';
import { toolCall, unreadable } from '../claudeShape.ts';
import type { Client, HookCall, JsonObject } from '../hookCall.ts';
import { isObject, readJson, textAt } from '../readJson.ts';
import { toolTable } from '../toolNames.ts';

const tools = toolTable(`run_command mcp read_file Read Write=write_file Edit StrReplace=edit_file search_replace edit_file TabWrite=write_file TabRead=read_file
  Delete=delete_file Grep Glob LS=list_directory Task WebFetch WebSearch TodoWrite`);

const shape = { client: 'cursor', title: 'Cursor', tools };

const otherEvents: ReadonlySet<string> = new Set(`afterFileEdit afterShellExecution afterMCPExecution afterAgentResponse afterAgentThought beforeSubmitPrompt stop
  sessionStart sessionEnd postToolUse postToolUseFailure subagentStart subagentStop preCompact beforeTabFileRead afterTabFileEdit`.split(/\s+/));

function read(payload: JsonObject): HookCall {
  const event = textAt(payload, 'hook_event_name');
  if (event === undefined) return unreadable('it names no event');
  const given = { session: payload['conversation_id'], cwd: emptyIsNone(payload['cwd']), roots: rootsOf(payload['workspace_roots']) };
  switch (event) {
    case 'beforeShellExecution':
      return toolCall({ ...given, name: 'run_command', input: { command: payload['command'] } }, shape, event);
    case 'beforeMCPExecution':
      return toolCall({ ...given, name: textAt(payload, 'tool_name'), input: readInput(payload['tool_input']), server: (textAt(payload, 'url', 'command') ?? 'unknown').slice(0, 200) }, shape, event);
    case 'beforeReadFile':
      return toolCall({ ...given, name: 'read_file', input: { file_path: payload['file_path'] } }, shape, event);
    case 'preToolUse': {
      const name = textAt(payload, 'tool_name');
      // These two have an event of their own, which says more
      if (name === 'Shell' || name?.startsWith('MCP:') === true) return { kind: 'other' };
      return toolCall({ ...given, name, input: readInput(payload['tool_input']) }, shape, event);
    }
    default:
      return otherEvents.has(event) ? { kind: 'other' } : unreadable(`it names an event nobody knows, ${event.slice(0, 60)}`);
  }
}

/** A tool's input comes as an object or as its text */
function readInput(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return readJson(given);
  } catch (error) {
    if (error instanceof SyntaxError) return given;
    throw error;
  }
}

function emptyIsNone(folder: unknown): unknown {
  return folder === '' ? undefined : folder;
}

function rootsOf(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.filter((root) => typeof root === 'string') : [];
}

/**
 * Cursor, from its documents alone: `preToolUse` and the three events before a shell line, an MCP call and a read. Its "ask"
 * is said to be passed over in one of its modes, so there is none.
 */
export const cursor: Client = {
  id: shape.client,
  title: shape.title,
  deadline: 25,
  mayAsk: false,
  read,
  write(ruling) {
    if (ruling.decision === 'allow' && ruling.edited === undefined) return answer({ permission: 'allow' });
    const reason = ruling.decision === 'allow' && isObject(ruling.edited) ? editedElsewhere(ruling.edited) : reasonText(ruling.message);
    return denial({ permission: 'deny', user_message: reason, userMessage: reason, agent_message: reason, agentMessage: reason }, reason);
  },
};
