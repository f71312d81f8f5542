import * as z from 'zod/mini';
import type { Chat, Incoming, Sender } from '../channel.ts';

const snowflake = z.string().check(z.regex(/^\d{1,20}$/));

const userSchema = z.object({ id: snowflake, username: z.optional(z.string()), global_name: z.nullish(z.string()), bot: z.optional(z.boolean()) });
const attachmentSchema = z.object({ url: z.string(), filename: z.string(), size: z.optional(z.number()) });
const contentSchema = z.object({ content: z.optional(z.string()), attachments: z.optional(z.array(attachmentSchema)) });

const messageSchema = z.extend(contentSchema, {
  id: snowflake,
  type: z.optional(z.number()),
  channel_id: snowflake,
  guild_id: z.optional(snowflake),
  author: userSchema,
  webhook_id: z.optional(z.string()),
  timestamp: z.string(),
  edited_timestamp: z.nullish(z.string()),
  message_reference: z.nullish(z.object({ type: z.optional(z.number()) })),
  message_snapshots: z.optional(z.array(z.object({ message: contentSchema }))),
});

const interactionSchema = z.object({
  id: snowflake,
  application_id: snowflake,
  type: z.literal(3),
  token: z.string(),
  channel_id: snowflake,
  guild_id: z.optional(snowflake),
  user: z.optional(userSchema),
  member: z.optional(z.object({ user: userSchema })),
  message: z.object({ id: snowflake }),
  data: z.object({ custom_id: z.string(), component_type: z.literal(2) }),
});

/** A message as it is when it is fetched anew: what its files are now at */
export const filesSchema = z.extend(contentSchema, { message_snapshots: z.optional(z.array(z.object({ message: contentSchema }))) });

/** Where the files of a message are, those of a forwarded one included */
export function filesOf({ attachments = [], message_snapshots: snapshots = [] }: z.infer<typeof filesSchema>): readonly z.infer<typeof attachmentSchema>[] {
  return [...attachments, ...snapshots.flatMap(({ message }) => message.attachments ?? [])];
}

/** What is needed to answer an interaction, for a quarter of an hour */
export interface Interaction {
  readonly id: string;
  readonly application: string;
  readonly token: string;
}

/** A gateway event, and how to answer it if it was a press */
export interface Event {
  readonly incoming: Incoming;
  readonly interaction?: Interaction;
}

/** Messages that people write: default and reply; others tell of pins, boosts and joins */
const written: readonly number[] = [0, 19];
/** `message_reference.type` of a forwarded message */
const forward = 1;

/**
 * Reads a gateway event; `undefined` for all that is nothing to us: unknown kinds, what cannot be read, and messages of bots, so
 * that two bots cannot talk to each other for ever. `now` stands in for a time that the event does not tell.
 */
export function readEvent(name: string, value: unknown, self: string, now: number): Event | undefined {
  if (name === 'INTERACTION_CREATE') return readPress(value, now);
  if (name === 'MESSAGE_CREATE' || name === 'MESSAGE_UPDATE') return readMessage(value, name === 'MESSAGE_UPDATE', self);
  return undefined;
}

function readMessage(value: unknown, update: boolean, self: string): Event | undefined {
  const message = messageSchema.safeParse(value).data;
  if (message === undefined || message.author.bot === true || message.webhook_id !== undefined || !written.includes(message.type ?? 0)) return undefined;
  const edit = message.edited_timestamp ?? undefined;
  // Discord also updates a message when it finds a link in it
  if (update && edit === undefined) return undefined;
  const forwarded = message.message_reference?.type === forward;
  const contents = [message, ...(forwarded ? (message.message_snapshots ?? []).map(({ message: content }) => content) : [])];
  const text = contents.flatMap(({ content }) => (content === undefined || content === '' ? [] : [content])).join('\n');
  const attachments = contents.flatMap(({ attachments: files }) => files ?? []).map(({ url, filename, size }) => ({ reference: url, name: filename, ...(size === undefined ? {} : { size }) }));
  // Stickers, polls and the like
  if (text === '' && attachments.length === 0) return undefined;
  return {
    incoming: {
      kind: 'message',
      key: `message:${message.id}${update ? `:${edit ?? ''}` : ''}`,
      at: timeOf((update ? edit : undefined) ?? message.timestamp),
      from: personOf(message.author),
      chat: chatOf(message),
      messageId: message.id,
      text: withoutMention(text, self).toWellFormed(),
      attachments,
      edited: update,
      forwarded,
    },
  };
}

function readPress(value: unknown, now: number): Event | undefined {
  const press = interactionSchema.safeParse(value).data;
  const user = press?.member?.user ?? press?.user;
  if (press === undefined || user === undefined) return undefined;
  return {
    incoming: { kind: 'press', key: pressKey(press.id), at: now, from: personOf(user), chat: chatOf(press), messageId: press.message.id, data: press.data.custom_id },
    interaction: { id: press.id, application: press.application_id, token: press.token },
  };
}

function pressKey(interaction: string): string {
  return `press:${interaction}`;
}

function personOf({ id, global_name: shown, username }: z.infer<typeof userSchema>): Sender {
  const name = shown ?? username;
  return { id, ...(name === undefined ? {} : { name: name.toWellFormed() }) };
}

/** A thread of Discord's is a channel of its own */
function chatOf({ channel_id: id, guild_id: guild }: { readonly channel_id: string; readonly guild_id?: string | undefined }): Chat {
  return { id, context: guild === undefined ? 'direct' : 'group' };
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}

/** In a server people address the bot by a mention in front; that is no text */
function withoutMention(text: string, self: string): string {
  const mention = /^\s*<@!?(\d+)>\s*/.exec(text);
  return mention?.[1] === self ? text.slice(mention[0].length) : text;
}
