import * as z from 'zod/mini';
import { flatText, type Dialect, type Turn } from './dialect.ts';

const requestSchema = z.looseObject({
  stream: z.optional(z.boolean()),
  tools: z.optional(z.array(z.looseObject({ name: z.string() }))),
  messages: z.array(z.looseObject({ content: z.unknown() })),
});
const resultSchema = z.looseObject({ type: z.literal('tool_result'), content: z.optional(z.unknown()) });

/** Anthropic's Messages interface, as Claude Code speaks it */
export const anthropic: Dialect = {
  takes: (url) => url.endsWith('/messages'),
  read(body) {
    const { stream, tools, messages } = requestSchema.parse(body);
    const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? (content as readonly unknown[]) : []));
    const results = parts.flatMap((part) => {
      const read = resultSchema.safeParse(part);
      return read.success ? [flatText(read.data.content)] : [];
    });
    return { tools: (tools ?? []).map(({ name }) => name), results, stream: stream === true };
  },
  whole: (turn) => ({ ...message, content: [block(turn)], stop_reason: stopReason(turn) }),
  stream(turn) {
    const [opened, delta] =
      turn.kind === 'call'
        ? [{ ...block(turn), input: {} }, { type: 'input_json_delta', partial_json: JSON.stringify(turn.call.input) }]
        : [{ type: 'text', text: '' }, { type: 'text_delta', text: turn.text }];
    const events = [
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block: opened },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: stopReason(turn), stop_sequence: null }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ];
    return events.map((data) => ({ event: data.type, data }));
  },
};

const message = {
  id: 'msg_scripted', type: 'message', role: 'assistant', model: 'scripted', content: [], stop_reason: null, stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

function block(turn: Turn): object {
  return turn.kind === 'call' ? { type: 'tool_use', id: `toolu_${turn.id}`, name: turn.call.tool, input: turn.call.input } : { type: 'text', text: turn.text };
}

function stopReason(turn: Turn): string {
  return turn.kind === 'call' ? 'tool_use' : 'end_turn';
}
