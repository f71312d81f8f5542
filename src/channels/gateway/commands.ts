import * as z from 'zod/mini';
import type { Button, Chat, Sent } from '../channel.ts';

/** What a gateway is asked to do; `id` names the command in its answer */
export type GatewayCommand = { readonly id: number } & (
  | { readonly do: 'send'; readonly chat: Chat; readonly text: string; readonly buttons: readonly Button[]; readonly replyTo?: string }
  | { readonly do: 'edit'; readonly message: Sent; readonly text: string; readonly buttons: readonly Button[] }
  /** A press was taken in; `text` is for whoever pressed. Needs no result */
  | { readonly do: 'acknowledge'; readonly press: string; readonly text: string }
  /** Hand over the bytes of an attachment with `channel.part`, in pieces, then `channel.done` */
  | { readonly do: 'fetch'; readonly reference: string; readonly limit: number });

const id = z.string().check(z.minLength(1), z.maxLength(200));
const name = z.string().check(z.maxLength(200));
const chatSchema = z.object({ id, thread: z.optional(id), context: z.enum(['direct', 'group']) });
const senderSchema = z.object({ id, name: z.optional(name) });
const common = { key: id, at: z.number(), from: senderSchema, chat: chatSchema, messageId: id };

/** Something that happened on the gateway's platform, as it hands it in; what is too long is refused, since we can cut nothing for it */
export const incomingSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    ...common,
    text: z.string().check(z.maxLength(1_048_576)),
    attachments: z._default(z.array(z.object({ reference: z.string().check(z.maxLength(2_000)), name, size: z.optional(z.number().check(z.minimum(0))) })).check(z.maxLength(100)), []),
    edited: z._default(z.boolean(), false),
    forwarded: z._default(z.boolean(), false),
  }),
  z.object({ kind: z.literal('press'), ...common, data: z.string().check(z.maxLength(64)) }),
]);

export const attachSchema = z.object({ token: z.string().check(z.minLength(1), z.maxLength(200)), as: name.check(z.minLength(1)) });
export const sessionSchema = z.object({ session: id });
export const takeSchema = z.object({ session: id, incoming: z.unknown() });
export const partSchema = z.object({ session: id, id: z.int(), base64: z.base64().check(z.maxLength(12 * 1024 * 1024)) });
export const doneSchema = z.object({
  session: id,
  id: z.int(),
  /** Of `send`: the platform's id of the message */
  messageId: z.optional(id),
  /** Why it was not done, in one sentence */
  error: z.optional(z.string().check(z.maxLength(500))),
});
