import * as z from 'zod/mini';
import { flatText, type Dialect } from './dialect.ts';

const partSchema = z.looseObject({ functionResponse: z.optional(z.looseObject({ response: z.optional(z.unknown()) })) });
const requestSchema = z.looseObject({
  contents: z.array(z.looseObject({ parts: z.optional(z.array(partSchema)) })),
  tools: z.optional(z.array(z.looseObject({ functionDeclarations: z.optional(z.array(z.looseObject({ name: z.string() }))) }))),
});

/** Google's Gemini interface, as Gemini CLI speaks it */
export const gemini: Dialect = {
  takes: (url) => /:(?:stream)?[gG]enerateContent$/.test(url),
  read(body, url) {
    const { contents, tools } = requestSchema.parse(body);
    return {
      tools: (tools ?? []).flatMap(({ functionDeclarations }) => (functionDeclarations ?? []).map(({ name }) => name)),
      results: contents.flatMap(({ parts }) => (parts ?? []).flatMap(({ functionResponse }) => (functionResponse === undefined ? [] : [flatText(functionResponse.response)]))),
      stream: url.endsWith(':streamGenerateContent'),
    };
  },
  whole: (turn) => ({
    candidates: [
      {
        index: 0, finishReason: 'STOP',
        content: { role: 'model', parts: [turn.kind === 'text' ? { text: turn.text } : { functionCall: { id: `call_${turn.id}`, name: turn.call.tool, args: turn.call.input } }] },
      },
    ],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 }, modelVersion: 'scripted',
  }),
  stream: (turn) => [{ data: gemini.whole(turn) }],
};
