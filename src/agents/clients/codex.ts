import { claudeAnswers, claudeEventKeys, claudeOtherEvents, claudeParts } from '../claudeForm.ts';
import type { ClientForm } from '../clientForm.ts';

/**
 * Codex: `PreToolUse`. It drops an answer with a key it does not know, lets the tool run on `ask`, and takes `allow` only
 * together with a changed input; so an allow is silence, and there is no asking.
 */
export const codex: ClientForm = {
  id: 'codex', title: 'Codex', deadline: 50,
  eventKeys: claudeEventKeys, otherEvents: claudeOtherEvents,
  events: {
    PreToolUse: {
      parts: claudeParts,
      answers: {
        allow: () => undefined,
        edited: (_, updatedInput) => ({ hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow', updatedInput } }),
        deny: claudeAnswers('PreToolUse').deny,
      },
    },
  },
  tools: 'Bash=run_command exec_command apply_patch Edit=apply_patch Write=apply_patch view_image update_plan tool_search write_stdin',
};
