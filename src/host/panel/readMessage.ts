import * as z from 'zod/mini';
import type { Method, PanelMessage } from '../../shared/messages.ts';
import { sections } from '../../shared/sections.ts';
import { handlers } from './handlers.ts';

const id = z.int().check(z.minimum(1));
const methods = Object.keys(handlers) as [Method, ...Method[]];

const message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('show'), section: z.enum(sections), folder: z.optional(z.string().check(z.maxLength(4_096))) }),
  z.strictObject({ type: z.literal('request'), id, method: z.enum(methods), params: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), id }),
]);

/** A message of the panel, or, for what is none, the id to refuse where it has one */
export type ReadMessage = { readonly message: PanelMessage } | { readonly refused: number | undefined };

/** Checks what came from the page; nothing there is trusted. The params of a request are checked by its handler */
export function readMessage(value: unknown): ReadMessage {
  const read = message.safeParse(value);
  if (read.success) {
    const { data } = read;
    if (data.type !== 'show') return { message: data };
    const { folder, ...rest } = data;
    return { message: folder === undefined ? rest : { ...rest, folder } };
  }
  const asked = z.object({ id }).safeParse(value);
  return { refused: asked.success ? asked.data.id : undefined };
}
