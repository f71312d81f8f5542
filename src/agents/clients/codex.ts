import { answer, denial, reasonText, silence } from '../answerText.ts';
import { readClaudeShape, type ClaudeShape } from '../claudeShape.ts';
import type { Client } from '../hookCall.ts';
import { toolTable } from '../toolNames.ts';

const tools = toolTable('Bash=run_command exec_command apply_patch Edit=apply_patch Write=apply_patch view_image update_plan tool_search write_stdin');

const shape: ClaudeShape = { client: 'codex', title: 'Codex', event: 'PreToolUse', tools };

/**
 * Codex: `PreToolUse`. It drops an answer with a key it does not know, lets the tool run on `ask`, and takes `allow` only
 * together with a changed input; so an allow is silence, and there is no asking.
 */
export const codex: Client = {
  id: shape.client,
  title: shape.title,
  deadline: 50,
  mayAsk: false,
  read: (payload) => readClaudeShape(payload, shape),
  write(ruling) {
    if (ruling.decision === 'allow') {
      if (ruling.edited === undefined) return silence;
      return answer({ hookSpecificOutput: { hookEventName: shape.event, permissionDecision: 'allow', updatedInput: ruling.edited } });
    }
    const reason = reasonText(ruling.message);
    return denial({ hookSpecificOutput: { hookEventName: shape.event, permissionDecision: 'deny', permissionDecisionReason: reason } }, reason);
  },
};
