import { claudeEventKeys, claudeOtherEvents, preToolUse } from '../claudeForm.ts';
import type { CallParts, ClientForm } from '../clientForm.ts';
import type { JsonObject } from '../hookCall.ts';
import { inputOrItsText, textAt } from '../readJson.ts';
import { toolTable } from '../toolNames.ts';
import { claude } from './claude.ts';

const tools = `bash powershell write_bash read_bash stop_bash=get_command_output list_bash write_powershell read_powershell stop_powershell=get_command_output
  list_powershell view create edit str_replace_editor apply_patch grep rg=grep glob web_fetch web_search task ask_user report_intent update_todo=task_list_update
  store_memory=memory_save skill=run_skill`;

function ownParts(payload: JsonObject): CallParts | undefined {
  // Other events are told apart by their keys alone
  if (textAt(payload, 'hookName') === 'permissionRequest' || Object.hasOwn(payload, 'toolResult')) return undefined;
  if (Object.hasOwn(payload, 'tool_name') || Object.hasOwn(payload, 'tool_input')) throw new SyntaxError('it names its tool in two ways');
  const name = textAt(payload, 'toolName');
  // Tools of MCP servers come as `server-tool`, and the name alone does not tell where the server's name ends
  const isMcp = name?.includes('-') === true && !toolTable(tools).has(name);
  return { name: name !== undefined && isMcp ? `mcp_${name.replaceAll('-', '_')}` : name, input: inputOrItsText(payload['toolArgs']), session: payload['sessionId'], cwd: payload['cwd'] };
}

/**
 * Copilot: `preToolUse` in its own form, whose calls name no event; under the name `PreToolUse` it calls and is answered as
 * Claude Code, and so it does where it reads that client's settings.
 */
export const copilot: ClientForm = {
  id: 'copilot', title: 'Copilot', deadline: 25,
  eventKeys: claudeEventKeys, otherEvents: claudeOtherEvents, mayBeUnnamed: true,
  events: {
    preToolUse: {
      parts: ownParts,
      answers: {
        allow: (permissionDecisionReason) => ({ permissionDecision: 'allow', permissionDecisionReason }),
        edited: (permissionDecisionReason, modifiedArgs) => ({ permissionDecision: 'allow', permissionDecisionReason, modifiedArgs }),
        ask: (permissionDecisionReason) => ({ permissionDecision: 'ask', permissionDecisionReason }),
        deny: (permissionDecisionReason) => ({ permissionDecision: 'deny', permissionDecisionReason }),
      },
    },
    PreToolUse: { ...preToolUse, tools: claude.tools },
  },
  tools,
};
