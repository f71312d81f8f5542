import * as z from 'zod/mini';
import type { Chat, Incoming, IncomingAttachment, Sender } from '../channel.ts';

const id = z.int();

const userSchema = z.object({ id, first_name: z.optional(z.string()), last_name: z.optional(z.string()), username: z.optional(z.string()) });
const chatSchema = z.object({ id, type: z.string(), title: z.optional(z.string()) });
const fileSchema = z.object({ file_id: z.string(), file_name: z.optional(z.string()), file_size: z.optional(z.number()) });

const messageSchema = z.object({
  message_id: id,
  date: z.number(),
  edit_date: z.optional(z.number()),
  from: z.optional(userSchema),
  sender_chat: z.optional(chatSchema),
  chat: chatSchema,
  is_topic_message: z.optional(z.boolean()),
  message_thread_id: z.optional(id),
  text: z.optional(z.string()),
  caption: z.optional(z.string()),
  forward_origin: z.optional(z.unknown()),
  forward_date: z.optional(z.unknown()),
  document: z.optional(fileSchema),
  // The same picture in several sizes, the largest last
  photo: z.optional(z.array(fileSchema)),
  audio: z.optional(fileSchema),
  video: z.optional(fileSchema),
  voice: z.optional(fileSchema),
  video_note: z.optional(fileSchema),
  animation: z.optional(fileSchema),
});
type Message = z.infer<typeof messageSchema>;

const pressSchema = z.object({
  id: z.string(),
  from: userSchema,
  // A message that is too old to be shown has the date 0
  message: z.object({ message_id: id, date: z.optional(z.number()), chat: chatSchema, is_topic_message: z.optional(z.boolean()), message_thread_id: z.optional(id) }),
  data: z.string(),
});

const updateSchema = z.object({
  update_id: id,
  message: z.optional(z.unknown()),
  edited_message: z.optional(z.unknown()),
  callback_query: z.optional(z.unknown()),
});

/** What `getUpdates` is asked for; other kinds would come and be passed over */
export const wantedUpdates: readonly string[] = ['message', 'edited_message', 'callback_query'];

/** An update's number, and what happened if it is something we know */
export interface Update {
  readonly id: number;
  readonly incoming: Incoming | undefined;
}

/** The bot that receives */
export interface Bot {
  readonly id: number;
  /** Without `@` */
  readonly name: string;
}

/**
 * Reads one update of the Bot API; `undefined` where it has no number and so cannot be acknowledged. An update that is of no
 * known kind, or that cannot be read, has its number alone. `now` stands in for a time that an update does not tell.
 */
export function readUpdate(value: unknown, bot: Bot, now: number): Update | undefined {
  const update = updateSchema.safeParse(value).data;
  if (update === undefined) return undefined;
  const incoming =
    update.callback_query === undefined
      ? readMessage(update.message ?? update.edited_message, update.message === undefined, `${bot.id}:${update.update_id}`, bot)
      : readPress(update.callback_query, bot, now);
  return { id: update.update_id, incoming };
}

function readMessage(value: unknown, edited: boolean, key: string, bot: Bot): Incoming | undefined {
  const message = messageSchema.safeParse(value).data;
  const from = message === undefined ? undefined : senderOf(message);
  if (message === undefined || from === undefined) return undefined;
  const text = withoutBotName(message.text ?? message.caption ?? '', bot.name).toWellFormed();
  const attachments = attachmentsOf(message);
  // Joins, pins, stickers and the like
  if (text === '' && attachments.length === 0) return undefined;
  return {
    kind: 'message',
    key,
    at: (message.edit_date ?? message.date) * 1_000,
    from,
    chat: chatOf(message),
    messageId: String(message.message_id),
    text,
    attachments,
    edited,
    forwarded: message.forward_origin !== undefined || message.forward_date !== undefined,
  };
}

function readPress(value: unknown, bot: Bot, now: number): Incoming | undefined {
  const press = pressSchema.safeParse(value).data;
  if (press === undefined) return undefined;
  const { message, from, data } = press;
  return { kind: 'press', key: pressKey(bot, press.id), at: now, from: personOf(from), chat: chatOf(message), messageId: String(message.message_id), data };
}

function pressKey(bot: Bot, query: string): string {
  return `${bot.id}:press:${query}`;
}

/** The callback query that a press came as; the key holds it, so that it outlives a restart */
export function queryOf(key: string): string | undefined {
  return /^-?\d+:press:(.+)$/.exec(key)?.[1];
}

/**
 * Who said it. Where a message speaks for a chat (an anonymous administrator, a linked channel) the account that Telegram puts
 * in `from` is the same one for everybody in the world, so the chat is the sender.
 */
function senderOf({ from, sender_chat: chat }: Message): Sender | undefined {
  if (chat !== undefined) return { id: `chat:${chat.id}`, ...(chat.title === undefined ? {} : { name: chat.title }) };
  return from === undefined ? undefined : personOf(from);
}

function personOf({ id: user, first_name: first, last_name: last, username }: z.infer<typeof userSchema>): Sender {
  const name = [first, last].filter(Boolean).join(' ') || username;
  return { id: String(user), ...(name === undefined ? {} : { name: name.toWellFormed() }) };
}

function chatOf(message: Pick<Message, 'chat' | 'is_topic_message' | 'message_thread_id'>): Chat {
  const topic = message.is_topic_message === true ? message.message_thread_id : undefined;
  return {
    id: String(message.chat.id),
    ...(topic === undefined ? {} : { thread: String(topic) }),
    context: message.chat.type === 'private' ? 'direct' : 'group',
  };
}

function attachmentsOf(message: Message): readonly IncomingAttachment[] {
  const named: readonly (readonly [file: z.infer<typeof fileSchema> | undefined, name: string])[] = [
    // An animation comes as a document too, for older programs
    [message.animation === undefined ? message.document : undefined, 'document'],
    [message.photo?.at(-1), 'photo.jpg'],
    [message.audio, 'audio'],
    [message.video, 'video.mp4'],
    [message.voice, 'voice.ogg'],
    [message.video_note, 'video.mp4'],
    [message.animation, 'animation.mp4'],
  ];
  return named.flatMap(([file, name]) =>
    file === undefined ? [] : [{ reference: file.file_id, name: file.file_name ?? name, ...(file.file_size === undefined ? {} : { size: file.file_size }) }],
  );
}

/** In a group a command names its bot (`/pair@our_bot ABC`); that is addressing, not text */
function withoutBotName(text: string, name: string): string {
  const command = /^(\/\w+)@(\w+)/.exec(text);
  return command?.[2]?.toLowerCase() === name.toLowerCase() ? `${command[1] ?? ''}${text.slice(command[0].length)}` : text;
}
