import { firstIssue } from '../../core/schema/firstIssue.ts';
import { errorText } from '../../gate/errorText.ts';
import type { Request } from '../../core/request.ts';
import type { Verdict } from '../../gate/ports.ts';
import { visible } from '../../core/visible.ts';
import { findGatedTool } from './catalogue.ts';
import { stopIfCancelled } from './cancelled.ts';
import type { Tool, ToolContext, ToolResult } from './tool.ts';
import { isToolError, ToolError } from './toolError.ts';

/**
 * Runs one gated tool: reads the input, asks the gate, acts only on an allow, reports what came of it. The one way to all
 * tools, for every door. Never rejects.
 *
 * INVARIANT: what runs is the request that was allowed, word for word: the input is read anew from the verdict where a person
 * changed it, and unknown keys are refused, not dropped.
 */
export async function runTool(name: string, input: unknown, context: ToolContext): Promise<ToolResult> {
  const id = context.ids();
  try {
    const tool = findGatedTool(name);
    if (tool === undefined) throw new ToolError('bad_input', `There is no tool “${visible(name.slice(0, 100))}”.`);
    return await ask(tool, readInput(tool, input), id, context);
  } catch (error) {
    return failed(id, error, context);
  }
}

async function ask(tool: Tool, input: Record<string, unknown>, id: string, context: ToolContext): Promise<ToolResult> {
  const { gate, actor, cwd, task, signal, surroundings } = context;
  const asked: Request = {
    id, tool: tool.name, input, cwd: cwd ?? surroundings.workspace,
    // The line is run by the shell that it is read for
    shell: surroundings.platform === 'win32' ? 'pwsh' : 'bash',
    ...(actor === undefined ? {} : { actor }), ...(task === undefined ? {} : { task }),
  };
  const verdict = await gate.check(asked, signal === undefined ? {} : { signal });
  if (verdict.decision !== 'allow') throw new ToolError('denied', verdict.message);
  const request = verdict.edited ?? asked;
  try {
    if (request.tool !== tool.name) throw new ToolError('failed', 'It was allowed only as another tool; call that one.');
    const granted = readInput(tool, request.input);
    stopIfCancelled(signal);
    context.onStart?.(granted);
    const { value, text, summary, untrusted = untrustedFiles(verdict) } = await tool.run(granted, { request, evaluation: verdict.evaluation, context });
    await report(context, { requestId: id, ok: true, summary });
    return { ok: true, id, value, text, ...(untrusted === undefined ? {} : { untrusted }) };
  } catch (error) {
    const result = failed(id, error, context);
    await report(context, { requestId: id, ok: false, summary: result.code });
    return result;
  }
}

/** The untrusted files that the call was allowed to read (spec 7), in words */
function untrustedFiles({ untrusted }: Verdict): string | undefined {
  return untrusted?.map(({ path, label }) => (label === undefined ? path : `${path} (${label})`)).join(', ');
}

/** Notes what came of it. What was done is done, and its decision is on record: a failure here changes nothing, but is told */
async function report({ gate, failed: told }: ToolContext, result: Parameters<ToolContext['gate']['report']>[0]): Promise<void> {
  try {
    const outcome = await gate.report(result);
    if (!outcome.ok) told(new Error(outcome.reason));
  } catch (error) {
    told(error);
  }
}

function readInput(tool: Tool, given: unknown): Record<string, unknown> {
  const read = tool.input.safeParse(given ?? {});
  if (!read.success) throw new ToolError('bad_input', `This is no input for ${tool.name}: ${firstIssue(read.error)}`);
  return Object.fromEntries(Object.entries(read.data as Record<string, unknown>).filter(([, value]) => value !== undefined));
}

function failed(id: string, error: unknown, { signal }: ToolContext): ToolResult & { readonly ok: false } {
  if (isToolError(error)) return { ok: false, id, code: error.code, message: visible(error.message) };
  if (signal?.aborted === true) return { ok: false, id, code: 'cancelled', message: 'It was cancelled.' };
  return { ok: false, id, code: 'failed', message: `It failed: ${visible(errorText(error)).slice(0, 500)}` };
}
