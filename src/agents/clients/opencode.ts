import { answer, denial, reasonText } from '../answerText.ts';
import { readClaudeShape, type ClaudeShape } from '../claudeShape.ts';
import type { Client } from '../hookCall.ts';
import { toolTable } from '../toolNames.ts';

const tools = toolTable(`bash write edit multiedit patch=apply_patch apply_patch read glob grep list webfetch websearch task todowrite todoread
  skill=run_skill question=ask_user plan_exit=exit_plan_mode plan_enter=enter_plan_mode`);

const shape: ClaudeShape = { client: 'opencode', title: 'opencode', event: 'PreToolUse', tools };

/**
 * opencode, through our plugin (`opencodePlugin`), which calls the hook in Claude Code's form and runs a tool only on
 * `{"decision":"allow"}`. An "ask" of its own is refused where nobody sits before it, so there is none.
 */
export const opencode: Client = {
  id: shape.client,
  title: shape.title,
  deadline: 50,
  mayAsk: false,
  read: (payload) => readClaudeShape(payload, shape),
  write(ruling) {
    const reason = reasonText(ruling.message);
    if (ruling.decision !== 'allow') return denial({ decision: 'deny', reason }, reason);
    return answer(ruling.edited === undefined ? { decision: 'allow' } : { decision: 'allow', args: ruling.edited });
  },
};
