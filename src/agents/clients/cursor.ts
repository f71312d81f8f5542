import type { Answers, CallParts, ClientForm } from '../clientForm.ts';
import type { JsonObject } from '../hookCall.ts';
import { inputOrItsText, textAt, textsAt } from '../readJson.ts';

/** What every event says */
function common(payload: JsonObject): Pick<CallParts, 'session' | 'cwd' | 'roots'> {
  return { session: payload['conversation_id'], cwd: payload['cwd'] === '' ? undefined : payload['cwd'], roots: textsAt(payload, 'workspace_roots') };
}

function ownToolParts(payload: JsonObject): CallParts | undefined {
  const name = textAt(payload, 'tool_name');
  // These two have an event of their own, which says more
  if (name === 'Shell' || name?.startsWith('MCP:') === true) return undefined;
  return { ...common(payload), name, input: inputOrItsText(payload['tool_input']) };
}

const answers: Answers = {
  allow: () => ({ permission: 'allow' }),
  deny: (reason) => ({ permission: 'deny', user_message: reason, userMessage: reason, agent_message: reason, agentMessage: reason }),
};

/**
 * Cursor, from its documents alone: `preToolUse` and the three events before a shell line, an MCP call and a read. Its "ask"
 * is said to be passed over in one of its modes, so there is none.
 */
export const cursor: ClientForm = {
  id: 'cursor', title: 'Cursor', deadline: 25,
  eventKeys: ['hook_event_name'],
  otherEvents: `afterFileEdit afterShellExecution afterMCPExecution afterAgentResponse afterAgentThought beforeSubmitPrompt stop
    sessionStart sessionEnd postToolUse postToolUseFailure subagentStart subagentStop preCompact beforeTabFileRead afterTabFileEdit`,
  events: {
    preToolUse: { answers, parts: ownToolParts },
    beforeShellExecution: { answers, parts: (payload) => ({ ...common(payload), name: 'run_command', input: { command: payload['command'] } }) },
    beforeMCPExecution: {
      answers,
      parts: (payload) => ({ ...common(payload), name: payload['tool_name'], input: inputOrItsText(payload['tool_input']), server: textAt(payload, 'url', 'command') ?? 'unknown' }),
    },
    beforeReadFile: { answers, parts: (payload) => ({ ...common(payload), name: 'read_file', input: { file_path: payload['file_path'] } }) },
  },
  tools: `run_command mcp read_file Read Write=write_file Edit StrReplace=edit_file search_replace edit_file TabWrite=write_file TabRead=read_file
    Delete=delete_file Grep Glob LS=list_directory Task WebFetch WebSearch TodoWrite`,
};
