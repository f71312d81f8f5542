import * as z from 'zod/mini';
import type { Chat, Incoming, IncomingAttachment, Sender } from '../channel.ts';
import { readSlackText } from './text.ts';

const fileSchema = z.object({
  name: z.nullish(z.string()),
  size: z.optional(z.number()),
  mode: z.optional(z.string()),
  url_private: z.optional(z.string()),
  url_private_download: z.optional(z.string()),
});
const sharedSchema = z.object({ is_share: z.optional(z.boolean()), is_msg_unfurl: z.optional(z.boolean()), text: z.optional(z.string()), fallback: z.optional(z.string()) });

/** What a message says, in an event of its own or inside one that tells of a change */
const saidSchema = z.object({
  user: z.optional(z.string()),
  bot_id: z.optional(z.string()),
  ts: z.string(),
  thread_ts: z.optional(z.string()),
  text: z.optional(z.string()),
  files: z.optional(z.array(fileSchema)),
  attachments: z.optional(z.array(sharedSchema)),
  edited: z.optional(z.object({ ts: z.string() })),
});
type Said = z.infer<typeof saidSchema>;

const placeSchema = z.object({ type: z.enum(['message', 'app_mention']), subtype: z.optional(z.string()), channel: z.string(), channel_type: z.optional(z.string()), message: z.optional(z.unknown()) });
const eventSchema = z.object({ event: z.unknown() });

const pressSchema = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string(), username: z.optional(z.string()), name: z.optional(z.string()) }),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.optional(z.string()) }),
  actions: z.array(z.object({ type: z.string(), action_id: z.string(), action_ts: z.string(), value: z.optional(z.string()) })).check(z.minLength(1)),
});

const commandSchema = z.object({ command: z.string(), text: z.optional(z.string()), user_id: z.string(), user_name: z.optional(z.string()), channel_id: z.string(), trigger_id: z.string() });

/** Subtypes of messages that people write; the others tell of joins, topics and bots */
const written: readonly (string | undefined)[] = [undefined, 'file_share', 'thread_broadcast', 'me_message'];

/**
 * Reads the payload of an envelope; `undefined` for all that is nothing to us: unknown kinds, what cannot be read, and messages
 * of bots (ours among them). `self` is our bot's user id; `now` stands in for a time that the payload does not tell.
 */
export function readPayload(type: string, payload: unknown, self: string, now: number): Incoming | undefined {
  switch (type) {
    case 'events_api': return readMessage(eventSchema.safeParse(payload).data?.event, self);
    case 'interactive': return readPress(payload, now);
    case 'slash_commands': return readCommand(payload, now);
    default: return undefined;
  }
}

function readMessage(value: unknown, self: string): Incoming | undefined {
  const place = placeSchema.safeParse(value).data;
  if (place === undefined) return undefined;
  const changed = place.subtype === 'message_changed';
  if (!changed && !written.includes(place.subtype)) return undefined;
  const said = saidSchema.safeParse(changed ? place.message : value).data;
  if (said?.user === undefined || said.user === self || said.bot_id !== undefined) return undefined;
  // Slack also changes a message when it finds a link in it
  if (changed && said.edited === undefined) return undefined;
  const shared = (said.attachments ?? []).filter(({ is_share: share, is_msg_unfurl: unfurl }) => share === true || unfurl === true);
  const texts = [said.text, ...shared.map(({ text, fallback }) => text ?? fallback)].flatMap((text) => (text === undefined || text === '' ? [] : [text]));
  const attachments = (said.files ?? []).flatMap(attachmentOf);
  if (texts.length === 0 && attachments.length === 0) return undefined;
  return {
    kind: 'message',
    // By what was said and not by the event: a mention comes as two events
    key: `message:${place.channel}:${said.ts}${changed ? `:${said.edited?.ts ?? ''}` : ''}`,
    at: timeOf((changed ? said.edited?.ts : undefined) ?? said.ts),
    from: { id: said.user },
    chat: chatOf(place.channel, threadOf(said), place.channel_type),
    messageId: said.ts,
    text: readSlackText(texts.join('\n'), self),
    attachments,
    edited: changed,
    forwarded: shared.length > 0,
  };
}

function readPress(payload: unknown, now: number): Incoming | undefined {
  const press = pressSchema.safeParse(payload).data;
  const action = press?.actions.find(({ type, value }) => type === 'button' && value !== undefined);
  if (press === undefined || action?.value === undefined) return undefined;
  const { user, channel, message } = press;
  return {
    kind: 'press',
    key: `press:${channel.id}:${message.ts}:${user.id}:${action.action_id}:${action.action_ts}`,
    at: now,
    from: personOf(user.id, user.username ?? user.name),
    chat: chatOf(channel.id, threadOf(message)),
    messageId: message.ts,
    data: action.value,
  };
}

/** People cannot write `/pair ABC234` as a message: Slack takes it for a command, and brings it if the app has registered it */
function readCommand(payload: unknown, now: number): Incoming | undefined {
  const command = commandSchema.safeParse(payload).data;
  if (command === undefined) return undefined;
  const text = `${command.command} ${command.text ?? ''}`.trim().toWellFormed();
  const from = personOf(command.user_id, command.user_name);
  return { kind: 'message', key: `command:${command.trigger_id}`, at: now, from, chat: chatOf(command.channel_id), messageId: '', text, attachments: [], edited: false, forwarded: false };
}

function personOf(id: string, name: string | undefined): Sender {
  return { id, ...(name === undefined ? {} : { name: name.toWellFormed() }) };
}

/** A message that opens a thread carries the thread's own time */
function threadOf({ ts, thread_ts: thread }: Pick<Said, 'ts' | 'thread_ts'>): string | undefined {
  return thread === ts ? undefined : thread;
}

/** Ids of direct conversations begin with D; those of several people count as a group */
function chatOf(id: string, thread?: string, type?: string): Chat {
  const direct = type === undefined ? id.startsWith('D') : type === 'im';
  return { id, ...(thread === undefined ? {} : { thread }), context: direct ? 'direct' : 'group' };
}

/** Files that lie elsewhere (`external`) or are gone (`tombstone`) cannot be fetched from Slack */
function attachmentOf({ name, size, mode, url_private: view, url_private_download: download }: z.infer<typeof fileSchema>): readonly IncomingAttachment[] {
  const reference = download ?? view;
  if (reference === undefined || mode === 'external' || mode === 'tombstone') return [];
  return [{ reference, name: name ?? 'file', ...(size === undefined ? {} : { size }) }];
}

/** Slack's times are seconds with a counter behind the point */
function timeOf(ts: string): number {
  const seconds = Number.parseFloat(ts);
  return Number.isFinite(seconds) ? Math.round(seconds * 1_000) : 0;
}
