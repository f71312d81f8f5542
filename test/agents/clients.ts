import type { AgentClient } from './client.ts';
import { claude } from './clients/claude.ts';
import { codex } from './clients/codex.ts';
import { copilot } from './clients/copilot.ts';
import { gemini } from './clients/gemini.ts';
import { opencode } from './clients/opencode.ts';
import { qwen } from './clients/qwen.ts';

/** Every client of the suite, in the order of its table */
export const clients: readonly AgentClient[] = [claude, codex, copilot, gemini, opencode, qwen];
