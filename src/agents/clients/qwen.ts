import { denial, editedElsewhere } from '../answerText.ts';
import { readClaudeShape, writeClaudeShape, type ClaudeShape } from '../claudeShape.ts';
import type { Client } from '../hookCall.ts';
import { toolTable } from '../toolNames.ts';

const tools = toolTable(`run_shell_command write_file edit read_file read_many_files list_directory glob grep_search search_file_content web_fetch web_search
  todo_write save_memory task agent skill=run_skill exit_plan_mode ask_user_question tool_search`);

const shape: ClaudeShape = { client: 'qwen', title: 'Qwen Code', event: 'PreToolUse', tools };

/** Qwen Code: `PreToolUse` as in Claude Code. It runs the first input whatever a hook puts in its place, so an edited call is denied and asked for again */
export const qwen: Client = {
  id: shape.client,
  title: shape.title,
  deadline: 50,
  mayAsk: true,
  read: (payload) => readClaudeShape(payload, shape),
  write(ruling) {
    if (ruling.decision !== 'allow' || ruling.edited === undefined) return writeClaudeShape(ruling, shape.event);
    const reason = editedElsewhere(ruling.edited);
    return denial({ hookSpecificOutput: { hookEventName: shape.event, permissionDecision: 'deny', permissionDecisionReason: reason } }, reason);
  },
};
