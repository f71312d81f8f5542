import { answer, editedElsewhere, reasonText } from '../answerText.ts';
import { toolCall, unreadable } from '../claudeShape.ts';
import type { Client, HookCall, JsonObject } from '../hookCall.ts';
import { isObject, readJson, textAt } from '../readJson.ts';
import { toolTable } from '../toolNames.ts';

const tools = toolTable(`execute_command read_file write_to_file replace_in_file apply_patch search_files list_files list_code_definition_names web_fetch web_search
  browser_action=browser_act_batch ask_followup_question attempt_completion new_task plan_mode_respond=revise_plan act_mode_respond=revise_plan condense=context_describe use_skill=run_skill`);

const shape = { client: 'cline', title: 'Cline', tools };
const event = 'PreToolUse';
const otherEvents: ReadonlySet<string> = new Set('PostToolUse UserPromptSubmit TaskStart TaskResume TaskCancel TaskComplete PreCompact Notification'.split(' '));

function read(payload: JsonObject): HookCall {
  const name = textAt(payload, 'hookName');
  if (name === undefined) return unreadable('it names no event');
  if (name !== event) return otherEvents.has(name) ? { kind: 'other' } : unreadable(`it names an event nobody knows, ${name.slice(0, 60)}`);
  const call = payload['preToolUse'];
  if (!isObject(call)) return unreadable('it names no tool');
  const given = Array.isArray(payload['workspaceRoots']) ? payload['workspaceRoots'].filter((root) => typeof root === 'string') : [];
  const common = { session: payload['taskId'], cwd: given[0], roots: given };
  const parameters = call['parameters'];
  const tool = textAt(call, 'toolName');
  if (tool === 'use_mcp_tool' && isObject(parameters)) {
    return toolCall({ ...common, name: textAt(parameters, 'tool_name'), input: readArguments(parameters['arguments']), server: textAt(parameters, 'server_name') ?? 'unknown' }, shape, event);
  }
  return toolCall({ ...common, name: tool, input: parameters }, shape, event);
}

function readArguments(given: unknown): unknown {
  if (typeof given !== 'string' || given === '') return given === '' ? undefined : given;
  try {
    return readJson(given);
  } catch (error) {
    if (error instanceof SyntaxError) return given;
    throw error;
  }
}

/**
 * Cline, from its documents alone: it reads `cancel` of an answer with exit code 0, and goes on where a hook fails, so a
 * denial is no failure here.
 */
export const cline: Client = {
  id: shape.client,
  title: shape.title,
  deadline: 25,
  mayAsk: false,
  read,
  write(ruling) {
    if (ruling.decision === 'allow' && ruling.edited === undefined) return answer({ cancel: false });
    const reason = ruling.decision === 'allow' && ruling.edited !== undefined ? editedElsewhere(ruling.edited) : reasonText(ruling.message);
    return { ...answer({ cancel: true, errorMessage: reason }), stderr: `${reason}\n` };
  },
};
