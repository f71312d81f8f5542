import { claudeEventKeys, claudeOtherEvents, preToolUse } from '../claudeForm.ts';
import type { ClientForm } from '../clientForm.ts';

/** Claude Code: `PreToolUse` in its settings, which VS Code's own agent reads too */
export const claude: ClientForm = {
  id: 'claude', title: 'Claude Code', deadline: 50,
  eventKeys: claudeEventKeys, otherEvents: claudeOtherEvents,
  events: { PreToolUse: preToolUse },
  // Claude Code's own, then those of VS Code's agent
  tools: `Bash=bash PowerShell=powershell BashOutput TaskOutput KillShell=get_command_output KillBash=get_command_output TaskStop=get_command_output
    Write Edit MultiEdit NotebookEdit Read NotebookRead Glob Grep LS WebFetch WebSearch Task Agent TodoWrite TodoRead
    TaskCreate=task_list_update TaskUpdate=task_list_update TaskList=task_list_list TaskGet=task_list_list
    ExitPlanMode EnterPlanMode AskUserQuestion Skill=run_skill SlashCommand ToolSearch=tool_search
    view create bash powershell
    run_in_terminal create_file create_directory replace_string_in_file multi_replace_string_in_file insert_edit_into_file edit_notebook_file apply_patch
    read_file list_dir file_search grep_search semantic_search fetch_webpage get_terminal_output manage_todo_list runSubagent=spawn_agent open_simple_browser
    run_task create_and_run_task runTests view_image`,
};
