import { answer, denial, reasonText } from '../answerText.ts';
import { readClaudeShape, toolCall, unreadable, writeClaudeShape } from '../claudeShape.ts';
import type { Client, HookCall, JsonObject } from '../hookCall.ts';
import { isObject, readJson, textAt } from '../readJson.ts';
import { toolTable } from '../toolNames.ts';
import { claude } from './claude.ts';

const tools = toolTable(`bash powershell write_bash read_bash stop_bash=get_command_output list_bash write_powershell read_powershell stop_powershell=get_command_output
  list_powershell view create edit str_replace_editor apply_patch grep rg=grep glob web_fetch web_search task ask_user report_intent update_todo=task_list_update
  store_memory=memory_save skill=run_skill`);

const shape = { client: 'copilot', title: 'Copilot', tools };
const event = 'preToolUse';

/** Events that are told to a camel-case hook apart by their keys alone */
function isOtherEvent(payload: JsonObject): boolean {
  return textAt(payload, 'hookName') === 'permissionRequest' || Object.hasOwn(payload, 'toolResult');
}

function readOwnShape(payload: JsonObject): HookCall {
  if (isOtherEvent(payload)) return { kind: 'other' };
  if (Object.hasOwn(payload, 'tool_name') || Object.hasOwn(payload, 'tool_input')) return unreadable('it names its tool in two ways');
  const name = textAt(payload, 'toolName');
  const input = readArguments(payload['toolArgs']);
  // Tools of MCP servers come as `server-tool`, and the name alone does not tell where the server's name ends
  const isMcp = name !== undefined && !tools.has(name) && name.includes('-');
  return toolCall({ name: isMcp ? `mcp_${name.replaceAll('-', '_')}` : name, input, session: payload['sessionId'], cwd: payload['cwd'] }, shape, event);
}

/** Some versions hand the arguments over as text */
function readArguments(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return readJson(given);
  } catch (error) {
    if (error instanceof SyntaxError) return given;
    throw error;
  }
}

/**
 * Copilot: `preToolUse` in its own form; under the name `PreToolUse` it calls and is answered as Claude Code, and so it
 * does where it reads that client's settings.
 */
export const copilot: Client = {
  id: shape.client,
  title: shape.title,
  deadline: 25,
  mayAsk: true,
  read(payload) {
    if (!Object.hasOwn(payload, 'hook_event_name') && !Object.hasOwn(payload, 'hookEventName')) return readOwnShape(payload);
    const call = readClaudeShape(payload, { ...shape, event: 'PreToolUse', tools: new Map() });
    if (call.kind !== 'tool') return call;
    const asClaude = claude.read(payload);
    return asClaude.kind === 'tool' && isObject(asClaude.request.actor) ? { ...asClaude, request: { ...asClaude.request, actor: { ...asClaude.request.actor, name: shape.title } } } : asClaude;
  },
  write(ruling, asked = event) {
    if (asked !== event) return writeClaudeShape(ruling, asked);
    const reason = reasonText(ruling.message);
    if (ruling.decision === 'deny') return denial({ permissionDecision: 'deny', permissionDecisionReason: reason }, reason);
    const said = { permissionDecision: ruling.decision, permissionDecisionReason: reason };
    return answer(ruling.decision === 'allow' && ruling.edited !== undefined ? { ...said, modifiedArgs: ruling.edited } : said);
  },
};
