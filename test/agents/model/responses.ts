import * as z from 'zod/mini';
import { flatText, type Dialect, type Turn } from './dialect.ts';

const toolSchema = z.looseObject({ type: z.optional(z.string()), name: z.optional(z.string()) });
const requestSchema = z.looseObject({
  stream: z.optional(z.boolean()),
  tools: z.optional(z.array(toolSchema)),
  input: z.optional(z.union([z.string(), z.array(z.looseObject({ type: z.optional(z.string()), output: z.optional(z.unknown()) }))])),
});

/** OpenAI's Responses interface, as Codex speaks it */
export const responses: Dialect = {
  takes: (url) => url.endsWith('/responses'),
  read(body) {
    const { stream, tools, input } = requestSchema.parse(body);
    const items = typeof input === 'string' ? [] : (input ?? []);
    const results = items.flatMap(({ type, output }) => (type?.endsWith('_call_output') === true ? [flatText(output)] : []));
    return { tools: (tools ?? []).flatMap(({ name, type }) => name ?? type ?? []), results, stream: stream === true };
  },
  whole: (turn) => response(turn, 'completed', [item(turn, 'completed')]),
  stream(turn) {
    const done = item(turn, 'completed');
    const events: readonly { readonly type: string; readonly [key: string]: unknown }[] = [
      { type: 'response.created', response: response(turn, 'in_progress', []) },
      { type: 'response.output_item.added', output_index: 0, item: item(turn, 'in_progress') },
      ...(turn.kind === 'text' ? [{ type: 'response.output_text.delta', item_id: itemId, output_index: 0, content_index: 0, delta: turn.text }] : []),
      { type: 'response.output_item.done', output_index: 0, item: done },
      { type: 'response.completed', response: response(turn, 'completed', [done]) },
    ];
    return events.map((data, index) => ({ event: data.type, data: { ...data, sequence_number: index } }));
  },
};

const itemId = 'item_scripted';

function item(turn: Turn, status: 'in_progress' | 'completed'): object {
  const begun = status === 'in_progress';
  if (turn.kind === 'text') {
    return { type: 'message', id: itemId, role: 'assistant', status, content: begun ? [] : [{ type: 'output_text', text: turn.text, annotations: [] }] };
  }
  const { id, call } = turn;
  const common = { id: itemId, call_id: `call_${id}`, name: call.tool, status };
  return call.text === undefined
    ? { type: 'function_call', ...common, arguments: begun ? '' : JSON.stringify(call.input) }
    : { type: 'custom_tool_call', ...common, input: begun ? '' : call.text };
}

function response(turn: Turn, status: string, output: readonly object[]): object {
  const usage = { input_tokens: 1, input_tokens_details: { cached_tokens: 0 }, output_tokens: 1, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 2 };
  return { id: `resp_${turn.kind === 'call' ? turn.id : 'end'}`, object: 'response', created_at: 1, status, model: 'scripted', output, usage };
}
