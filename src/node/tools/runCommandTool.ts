import path from 'node:path';
import * as z from 'zod/mini';
import { visible } from '../../core/visible.ts';
import { type Ran, longestTimeout, outputCap, usualTimeout } from '../sandbox/sandbox.ts';
import { hostReach } from './hostReach.ts';
import { whole } from './inputParts.ts';
import { type Granted, type Outcome, defineTool } from './tool.ts';
import { ToolError } from './toolError.ts';

/** `run_command` */
export const runCommandTool = defineTool({
  name: 'run_command',
  description: `Runs one shell line (bash; PowerShell on Windows) in the sandbox of this workspace, byte for byte as it was shown. "cwd" is a folder in the workspace; "timeoutSeconds" is ${usualTimeout / 1000} unless told, at most ${longestTimeout / 1000}. Gives {sandbox, ended: exited|timed_out, exitCode, signal, stdout, stderr, truncated: [stdout|stderr], milliseconds}. Each stream keeps its first ${outputCap / 1024} KiB; what looks like a credential is replaced by a mark. It reads no input. At its end, at the time-out and when it is cancelled everything that it started is killed; only what left a sandbox of kind none behind can live on. A command that fails is a result, not an error. Errors: no_sandbox (nothing ran), cancelled, bad_input.`,
  readOnly: false,
  input: z.strictObject({ command: z.string().check(z.minLength(1), z.maxLength(256 * 1024)), cwd: z.optional(z.string().check(z.minLength(1), z.maxLength(4096))), timeoutSeconds: z.optional(whole(1, longestTimeout / 1000)) }),
  async run({ command, timeoutSeconds }, granted): Promise<Outcome> {
    const { context } = granted;
    const opened = await context.sandbox();
    if (!opened.ok) throw new ToolError('no_sandbox', `Nothing was run, since no sandbox works here. ${opened.passedOver.map(({ kind, reason }) => `${kind}: ${reason}`).join(' ')}`);
    const result = await opened.sandbox.run(command, {
      cwd: folderOf(granted),
      reach: hostReach(context, granted.request),
      ...(timeoutSeconds === undefined ? {} : { timeout: timeoutSeconds * 1000 }),
      ...(context.signal === undefined ? {} : { signal: context.signal }),
      ...(context.onOutput === undefined ? {} : { onOutput: context.onOutput }),
    });
    if (!result.ok) throw new ToolError('no_sandbox', `Nothing was run, or not to its end: ${result.reason}`);
    if (result.ended === 'cancelled') throw new ToolError('cancelled', `It was cancelled after ${result.milliseconds} ms, with all it had started.`);
    return outcome(result);
  },
});

/** The folder that the gate read the line for; where a link leads elsewhere by now, the sandbox refuses */
function folderOf({ evaluation }: Granted): string {
  if (evaluation.folder === undefined) throw new ToolError('bad_input', 'The folder to run in cannot be read for certain; nothing was run. Name one folder in the workspace.');
  return path.resolve(evaluation.folder);
}

function outcome({ sandbox, ended, exitCode, signal, stdout, stderr, truncated, milliseconds }: Ran): Outcome {
  const how = ended === 'timed_out' ? `timed out after ${milliseconds} ms` : signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `ended by ${signal}`;
  return {
    value: { sandbox, ended, ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }), stdout, stderr, truncated, milliseconds },
    text: [visible(how), ...(stdout === '' ? [] : [stdout]), ...(stderr === '' ? [] : [`stderr:\n${stderr}`])].join('\n'),
    summary: `${how}, sandbox ${sandbox}`,
  };
}
