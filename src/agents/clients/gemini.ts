import { claudeEventKeys, claudeOtherEvents, claudeParts } from '../claudeForm.ts';
import type { ClientForm } from '../clientForm.ts';

/** Gemini CLI: `BeforeTool`. Without a person at the terminal its "ask" waits for ever, so there is none */
export const gemini: ClientForm = {
  id: 'gemini', title: 'Gemini CLI', deadline: 50,
  eventKeys: claudeEventKeys, otherEvents: claudeOtherEvents,
  events: {
    BeforeTool: {
      parts: claudeParts,
      answers: {
        allow: (reason) => ({ decision: 'allow', reason }),
        edited: (reason, input) => ({ decision: 'allow', reason, hookSpecificOutput: { hookEventName: 'BeforeTool', tool_input: input } }),
        deny: (reason) => ({ decision: 'deny', reason }),
      },
    },
  },
  // `web_fetch` has its addresses in the text of a prompt, where the gate finds them
  tools: `run_shell_command write_file replace read_file read_many_files list_directory glob grep_search search_file_content ripgrep web_fetch
    google_web_search save_memory write_todos activate_skill ask_user enter_plan_mode exit_plan_mode delegate_to_agent`,
};
