import { visible } from '../core/visible.ts';
import type { HookOutput } from './hookCall.ts';

const longestReason = 2_000;

/** A reason a client gets: never empty, because a denial without one lets the tool run on Codex, Gemini and Qwen */
export function reasonText(message: string): string {
  const text = visible(message).trim();
  return text === '' ? 'Denied by the policy of this workspace.' : text.slice(0, longestReason);
}

/**
 * The denial that every client understands that was tried: its own JSON on standard output, the reason on standard error,
 * exit code 2.
 */
export function denial(json: object, reason: string): HookOutput {
  return { stdout: `${JSON.stringify(json)}\n`, stderr: `${reason}\n`, code: 2 };
}

/** An answer that lets the client go on as the JSON says */
export function answer(json: object): HookOutput {
  return { stdout: `${JSON.stringify(json)}\n`, stderr: '', code: 0 };
}

/** No opinion: nothing on either stream */
export const silence: HookOutput = { stdout: '', stderr: '', code: 0 };

/** For clients that cannot run another input than the one they asked about */
export function editedElsewhere(edited: object): string {
  const text = JSON.stringify(edited);
  return reasonText(`The user changed this call before allowing it. Call the tool again with exactly this input: ${text}`);
}
