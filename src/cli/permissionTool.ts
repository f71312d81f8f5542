import { findClient } from '../agents/clients.ts';
import { isObject } from '../agents/readJson.ts';
import { denied, ruleRequest } from './ruling.ts';

/** Where a permission is asked for */
export interface PermissionPlace {
  readonly userFolder: string;
  /** Absolute */
  readonly folder: string;
  /** Grants “for the session” are tied to it */
  readonly session: string;
  readonly signal: AbortSignal;
}

/** The tool that Claude Code asks with `--permission-prompt-tool`, for MCP */
export const permissionTool = {
  name: 'permission_prompt',
  description: 'Asks the policy of this workspace, and its user where that is needed, whether a tool may be used. For --permission-prompt-tool of Claude Code; answers {"behavior":"allow","updatedInput":…} or {"behavior":"deny","message":…}.',
  inputSchema: {
    type: 'object' as const,
    properties: { tool_name: { type: 'string' }, input: { type: 'object' }, tool_use_id: { type: 'string' } },
    required: ['tool_name', 'input'],
  },
};

/**
 * Answers one question of Claude Code in its own form, as JSON text. The input is always given back, since some versions take an
 * allow without it for an error.
 *
 * INVARIANT: whatever cannot be read or asked is a denial.
 */
export async function answerPermission(given: unknown, { userFolder, folder, session, signal }: PermissionPlace): Promise<string> {
  try {
    const { tool_name: tool, input } = isObject(given) ? given : {};
    const client = findClient('claude');
    const call = client?.read({ hook_event_name: 'PreToolUse', session_id: session, cwd: folder, tool_name: tool, tool_input: input });
    if (client === undefined || call === undefined || call.kind !== 'tool' || !isObject(input)) return deny(`This question cannot be read${call?.kind === 'unreadable' ? `: ${call.why}` : ''}.`);
    const ruling = await ruleRequest(call.request, { userFolder, starts: [folder], mayAsk: false, signal });
    return ruling.decision === 'allow' ? JSON.stringify({ behavior: 'allow', updatedInput: ruling.edited ?? input }) : deny(ruling.message);
  } catch (error) {
    return deny(error instanceof Error ? error.message : String(error));
  }
}

function deny(message: string): string {
  return JSON.stringify({ behavior: 'deny', message: denied(message) });
}
