import { answer, denial, reasonText } from '../answerText.ts';
import { readClaudeShape, type ClaudeShape } from '../claudeShape.ts';
import type { Client } from '../hookCall.ts';
import { toolTable } from '../toolNames.ts';

/** `web_fetch` has its addresses in the text of a prompt, where the gate finds them */
const tools = toolTable(`run_shell_command write_file replace read_file read_many_files list_directory glob grep_search search_file_content ripgrep web_fetch
  google_web_search save_memory write_todos activate_skill ask_user enter_plan_mode exit_plan_mode delegate_to_agent`);

const shape: ClaudeShape = { client: 'gemini', title: 'Gemini CLI', event: 'BeforeTool', tools };

/** Gemini CLI: `BeforeTool`. Without a person at the terminal its "ask" waits for ever, so there is none */
export const gemini: Client = {
  id: shape.client,
  title: shape.title,
  deadline: 50,
  mayAsk: false,
  read: (payload) => readClaudeShape(payload, shape),
  write(ruling) {
    const reason = reasonText(ruling.message);
    if (ruling.decision !== 'allow') return denial({ decision: 'deny', reason }, reason);
    return answer(ruling.edited === undefined ? { decision: 'allow', reason } : { decision: 'allow', reason, hookSpecificOutput: { hookEventName: shape.event, tool_input: ruling.edited } });
  },
};
