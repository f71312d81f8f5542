import { claudeEventKeys, claudeOtherEvents, claudeParts } from '../claudeForm.ts';
import type { ClientForm } from '../clientForm.ts';

/**
 * opencode, through our plugin (`opencodePlugin`), which calls the hook in Claude Code's form and runs a tool only on
 * `{"decision":"allow"}`. An "ask" of its own is refused where nobody sits before it, so there is none.
 */
export const opencode: ClientForm = {
  id: 'opencode', title: 'opencode', deadline: 50,
  eventKeys: claudeEventKeys, otherEvents: claudeOtherEvents,
  events: {
    PreToolUse: {
      parts: claudeParts,
      answers: {
        allow: () => ({ decision: 'allow' }),
        edited: (_, args) => ({ decision: 'allow', args }),
        deny: (reason) => ({ decision: 'deny', reason }),
      },
    },
  },
  tools: `bash write edit multiedit patch=apply_patch apply_patch read glob grep list webfetch websearch task todowrite todoread
    skill=run_skill question=ask_user plan_exit=exit_plan_mode plan_enter=enter_plan_mode`,
};
