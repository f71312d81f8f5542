import * as z from 'zod/mini';
import { flatText, type Dialect, type Turn } from './dialect.ts';

const requestSchema = z.looseObject({
  stream: z.optional(z.boolean()),
  tools: z.optional(z.array(z.looseObject({ function: z.optional(z.looseObject({ name: z.string() })) }))),
  messages: z.array(z.looseObject({ role: z.string(), content: z.optional(z.unknown()) })),
});

/** OpenAI's Chat Completions interface, as Copilot CLI, opencode and Qwen Code speak it */
export const chat: Dialect = {
  takes: (url) => url.endsWith('/chat/completions'),
  read(body) {
    const { stream, tools, messages } = requestSchema.parse(body);
    return {
      tools: (tools ?? []).flatMap((tool) => tool.function?.name ?? []),
      results: messages.flatMap(({ role, content }) => (role === 'tool' ? [flatText(content)] : [])),
      stream: stream === true,
    };
  },
  whole: (turn) => ({
    ...common, object: 'chat.completion', usage,
    choices: [{ index: 0, finish_reason: finish(turn), message: { role: 'assistant', ...said(turn) } }],
  }),
  stream(turn) {
    const chunk = (delta: object, finishReason: string | null): object => ({
      ...common, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finishReason }],
    });
    return [
      { data: chunk({ role: 'assistant', ...said(turn) }, null) },
      { data: chunk({}, finish(turn)) },
      { data: { ...common, object: 'chat.completion.chunk', choices: [], usage } },
      { data: '[DONE]' },
    ];
  },
};

const common = { id: 'chatcmpl-scripted', created: 1, model: 'scripted' };
const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

function said(turn: Turn): object {
  if (turn.kind === 'text') return { content: turn.text };
  const { id, call } = turn;
  return { content: '', tool_calls: [{ index: 0, id: `call_${id}`, type: 'function', function: { name: call.tool, arguments: JSON.stringify(call.input) } }] };
}

function finish(turn: Turn): string {
  return turn.kind === 'call' ? 'tool_calls' : 'stop';
}
