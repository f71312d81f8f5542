import { readClaudeShape, writeClaudeShape, type ClaudeShape } from '../claudeShape.ts';
import type { Client } from '../hookCall.ts';
import { toolTable } from '../toolNames.ts';

/** Claude Code's tools; then those of VS Code's own agent, which reads Claude Code's settings and calls the same hooks */
const tools = toolTable(`Bash=bash PowerShell=powershell BashOutput TaskOutput KillShell=get_command_output KillBash=get_command_output TaskStop=get_command_output
  Write Edit MultiEdit NotebookEdit Read NotebookRead Glob Grep LS WebFetch WebSearch Task Agent TodoWrite TodoRead
  TaskCreate=task_list_update TaskUpdate=task_list_update TaskList=task_list_list TaskGet=task_list_list
  ExitPlanMode EnterPlanMode AskUserQuestion Skill=run_skill SlashCommand ToolSearch=tool_search
  view create bash powershell
  run_in_terminal create_file create_directory replace_string_in_file multi_replace_string_in_file insert_edit_into_file edit_notebook_file apply_patch
  read_file list_dir file_search grep_search semantic_search fetch_webpage get_terminal_output manage_todo_list runSubagent=spawn_agent open_simple_browser
  run_task create_and_run_task runTests view_image`);

const shape: ClaudeShape = { client: 'claude', title: 'Claude Code', event: 'PreToolUse', tools };

/** Claude Code: `PreToolUse` in its settings */
export const claude: Client = {
  id: shape.client,
  title: shape.title,
  deadline: 50,
  mayAsk: true,
  // VS Code spells the event's key its own way
  read: (payload) => readClaudeShape(payload, Object.hasOwn(payload, 'hookEventName') ? { ...shape, title: 'VS Code' } : shape),
  write: (ruling) => writeClaudeShape(ruling, shape.event),
};
