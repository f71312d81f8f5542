import { claudeAnswers, claudeEventKeys, claudeOtherEvents, claudeParts } from '../claudeForm.ts';
import type { ClientForm } from '../clientForm.ts';

const { allow, ask, deny } = claudeAnswers('PreToolUse');

/** Qwen Code: `PreToolUse` as in Claude Code, save that it runs the first input whatever a hook puts in its place */
export const qwen: ClientForm = {
  id: 'qwen', title: 'Qwen Code', deadline: 50,
  eventKeys: claudeEventKeys, otherEvents: claudeOtherEvents,
  events: { PreToolUse: { parts: claudeParts, answers: { allow, ask, deny } } },
  tools: `run_shell_command write_file edit read_file read_many_files list_directory glob grep_search search_file_content web_fetch web_search
    todo_write save_memory task agent skill=run_skill exit_plan_mode ask_user_question tool_search`,
};
