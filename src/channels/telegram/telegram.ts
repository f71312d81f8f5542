import * as z from 'zod/mini';
import type { Channel, ChannelSurroundings, Incoming, IncomingAttachment, OpenChannel, Outgoing, Sent } from '../channel.ts';
import { ChannelError } from '../channel.ts';
import { keepConnected } from '../keepConnected.ts';
import { messageParts, onePart, rowsOf } from '../messageParts.ts';
import { BotApi } from './botApi.ts';
import { offsetAt, readCursor, writeCursor, type Cursor } from './cursor.ts';
import { deadMentions } from './mentions.ts';
import { queryOf, readUpdate, wantedUpdates, type Bot } from './updates.ts';

/** Seconds that Telegram holds an empty `getUpdates` open */
const poll = 50;
/** Milliseconds between two polls that both came back empty at once */
const restBetweenPolls = 1_000;
/** Updates in one answer; fewer are asked for after an answer that was too large */
const mostUpdates = 100;
/** UTF-16 units in one message */
const longestText = 4_096;
/** Characters in the note that one who pressed sees */
const longestNote = 200;
const buttonsPerRow = 2;

const botSchema = z.object({ id: z.int(), username: z.optional(z.string()), first_name: z.optional(z.string()) });
const sentSchema = z.object({ message_id: z.int() });

/** Telegram through the Bot API with long polling; needs the secret `token` */
export const openTelegram: OpenChannel = (surroundings) => new TelegramChannel(surroundings);

class TelegramChannel implements Channel {
  readonly #surroundings: ChannelSurroundings;
  readonly #api: BotApi;
  #cursor: Cursor | undefined;
  #updates = mostUpdates;

  constructor(surroundings: ChannelSurroundings) {
    this.#surroundings = surroundings;
    this.#api = new BotApi(surroundings);
    this.#cursor = readCursor(surroundings.cursor);
  }

  run(signal: AbortSignal): Promise<void> {
    return keepConnected(this.#surroundings, signal, async (up) => {
      const { id, username, first_name: name } = await this.#api.call('getMe', {}, botSchema, 'getMe', signal);
      const bot: Bot = { id, name: username ?? name ?? String(id) };
      // The first answer proves that nobody else receives for this bot
      await this.#receive(bot, 0, signal);
      up(bot.name);
      for (;;) await this.#receive(bot, poll, signal);
    });
  }

  /** One `getUpdates`. What it acknowledges is all that was taken in before */
  async #receive(bot: Bot, seconds: number, signal: AbortSignal): Promise<void> {
    const began = this.#surroundings.now();
    const offset = offsetAt(this.#cursor, began);
    const params = { timeout: seconds, limit: this.#updates, allowed_updates: wantedUpdates, ...(offset === undefined ? {} : { offset }) };
    const values = await this.#fetchUpdates(params, signal);
    const found = values.flatMap((value) => readUpdate(value, bot, this.#surroundings.now()) ?? []).toSorted((a, b) => a.id - b.id);
    for (const { incoming } of found) {
      signal.throwIfAborted();
      if (incoming !== undefined) await this.#surroundings.take(incoming);
    }
    const last = found.at(-1);
    if (last === undefined) {
      const quick = Math.abs(this.#surroundings.now() - began) < restBetweenPolls;
      if (quick && seconds > 0) await this.#surroundings.sleep(restBetweenPolls, signal);
      return;
    }
    this.#cursor = { offset: Math.max(offset ?? 0, last.id + 1), at: this.#surroundings.now() };
    await this.#surroundings.save(writeCursor(this.#cursor));
  }

  async #fetchUpdates(params: { readonly timeout: number }, signal: AbortSignal): Promise<readonly unknown[]> {
    try {
      const values = await this.#api.call('getUpdates', params, z.array(z.unknown()), 'getUpdates', signal, (params.timeout + 15) * 1_000);
      this.#updates = mostUpdates;
      return values;
    } catch (error) {
      if (error instanceof ChannelError && error.code === 'tooLarge') this.#updates = Math.max(1, Math.floor(this.#updates / 4));
      throw error;
    }
  }

  async send(message: Outgoing, signal: AbortSignal): Promise<Sent> {
    const parts = messageParts(message.text, longestText, message.buttons);
    let sent: Sent | undefined;
    for (const [index, text] of parts.entries()) {
      const { thread } = message.chat;
      const params = {
        chat_id: message.chat.id,
        ...(thread === undefined ? {} : { message_thread_id: Number(thread) }),
        ...(message.replyTo === undefined || index > 0 ? {} : { reply_parameters: { message_id: Number(message.replyTo), allow_sending_without_reply: true } }),
        ...textParams(text),
        ...(index === parts.length - 1 ? markup(message.buttons) : {}),
      };
      const { message_id: id } = await this.#api.call('sendMessage', params, sentSchema, message.chat.id, signal);
      sent = { chat: message.chat, messageId: String(id) };
    }
    if (sent === undefined) throw new ChannelError('refused', 'There is nothing to send.');
    return sent;
  }

  async edit(sent: Sent, message: Pick<Outgoing, 'text' | 'buttons'>, signal: AbortSignal): Promise<void> {
    const params = {
      chat_id: sent.chat.id,
      message_id: Number(sent.messageId),
      ...textParams(onePart(message.text, longestText, message.buttons)),
      ...markup(message.buttons ?? []),
    };
    try {
      await this.#api.call('editMessageText', params, z.unknown(), sent.chat.id, signal);
    } catch (error) {
      // It says already what it should
      if (!(error instanceof ChannelError && error.message.includes('message is not modified'))) throw error;
    }
  }

  async acknowledge(press: Extract<Incoming, { kind: 'press' }>, text: string, signal: AbortSignal): Promise<void> {
    const query = queryOf(press.key);
    if (query === undefined) throw new ChannelError('refused', 'The press did not come from Telegram.');
    await this.#api.call('answerCallbackQuery', { callback_query_id: query, text: Array.from(text.toWellFormed()).slice(0, longestNote).join('') }, z.unknown(), press.chat.id, signal);
  }

  async fetch(attachment: IncomingAttachment, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const found = await this.#api.call('getFile', { file_id: attachment.reference }, z.object({ file_path: z.string(), file_size: z.optional(z.number()) }), 'getFile', signal);
    if ((found.file_size ?? 0) > limit) throw new ChannelError('tooLarge', `It is larger than ${limit} bytes.`);
    return this.#api.file(found.file_path, limit, signal);
  }
}

/** A text that stays text: no markup, no link preview, nobody mentioned */
function textParams(text: string): object {
  const entities = deadMentions(text);
  return { text, link_preview_options: { is_disabled: true }, ...(entities.length === 0 ? {} : { entities }) };
}

function markup(buttons: Outgoing['buttons']): object {
  if (buttons === undefined) return {};
  const keys = buttons.map(({ label, data }) => ({ text: label.toWellFormed(), callback_data: data }));
  return { reply_markup: { inline_keyboard: rowsOf(keys, buttonsPerRow) } };
}
