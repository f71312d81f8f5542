import { clientOf } from './clientForm.ts';
import { claude } from './clients/claude.ts';
import { cline } from './clients/cline.ts';
import { codex } from './clients/codex.ts';
import { copilot } from './clients/copilot.ts';
import { cursor } from './clients/cursor.ts';
import { gemini } from './clients/gemini.ts';
import { opencode } from './clients/opencode.ts';
import { qwen } from './clients/qwen.ts';
import type { Client } from './hookCall.ts';

/** The agents whose hooks are answered */
export const clients: readonly Client[] = [claude, codex, gemini, copilot, qwen, opencode, cursor, cline].map(clientOf);

/** The agent of a name on the command line */
export function findClient(id: string | undefined): Client | undefined {
  return clients.find((client) => client.id === id);
}
