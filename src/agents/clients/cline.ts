import type { CallParts, ClientForm } from '../clientForm.ts';
import type { JsonObject } from '../hookCall.ts';
import { inputOrItsText, isObject, textAt, textsAt } from '../readJson.ts';

function parts(payload: JsonObject): CallParts {
  const call = payload['preToolUse'];
  if (!isObject(call)) throw new SyntaxError('it names no tool');
  const roots = textsAt(payload, 'workspaceRoots');
  const common = { session: payload['taskId'], cwd: roots[0], roots };
  const { toolName: name, parameters } = call;
  if (name !== 'use_mcp_tool' || !isObject(parameters)) return { ...common, name, input: parameters };
  // All parameters are text
  const input = parameters['arguments'] === '' ? undefined : inputOrItsText(parameters['arguments']);
  return { ...common, name: parameters['tool_name'], input, server: textAt(parameters, 'server_name') ?? 'unknown' };
}

/**
 * Cline, from its documents alone: it reads `cancel` of an answer with exit code 0, and goes on where a hook fails, so a
 * denial is no failure here.
 */
export const cline: ClientForm = {
  id: 'cline', title: 'Cline', deadline: 25,
  eventKeys: ['hookName'],
  otherEvents: 'PostToolUse UserPromptSubmit TaskStart TaskResume TaskCancel TaskComplete PreCompact Notification',
  events: {
    PreToolUse: {
      parts,
      answers: {
        allow: () => ({ cancel: false }),
        deny: (errorMessage) => ({ cancel: true, errorMessage }),
        deniesWithCodeZero: true,
      },
    },
  },
  tools: `execute_command read_file write_to_file replace_in_file apply_patch search_files list_files list_code_definition_names web_fetch web_search
    browser_action=browser_act_batch ask_followup_question attempt_completion new_task plan_mode_respond=revise_plan act_mode_respond=revise_plan condense=context_describe use_skill=run_skill`,
};
