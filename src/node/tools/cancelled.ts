import { ToolError } from './toolError.ts';

/** Throws where the caller no longer wants it */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new ToolError('cancelled', 'It was cancelled.');
}
