import { openTelegram } from '../../../src/channels/telegram/telegram.ts';
import { answerBytes, answerJson, Loopback, type Asked } from './loopback.ts';
import type { Platform, PlatformServer, Said, Shown } from './platform.ts';
import { Troubled } from './troubled.ts';

interface Sent {
  readonly message_id: number;
  readonly chat_id: string;
  readonly params: Record<string, unknown>;
}

const token = '4242:AAbb-cc_DD';
const me = { id: 4242, is_bot: true, first_name: 'Gate', username: 'gate_bot' };
const person = { id: 77, is_bot: false, first_name: 'Ada', last_name: 'Lovelace', username: 'ada' };
const chats: Readonly<Record<string, object>> = {
  '77': { id: 77, type: 'private', first_name: 'Ada' },
  '-1001': { id: -1001, type: 'supergroup', title: 'Team', is_forum: true },
};

/** The Bot API as published (core.telegram.org/bots/api): numbered updates, long polling, offsets that acknowledge */
export class TelegramServer extends Troubled implements PlatformServer {
  readonly secrets = { token };
  readonly person = { id: '77', name: 'Ada Lovelace' };
  readonly direct = { id: '77', context: 'direct' } as const;
  readonly group = { id: '-1001', context: 'group' } as const;
  readonly thread = { id: '-1001', thread: '9', context: 'group' } as const;
  readonly botName = 'gate_bot';
  readonly notes: string[] = [];
  readonly calls: string[] = [];
  onAcknowledged: (text: string) => void = () => undefined;
  /** Bytes that the next calls answer in place of JSON */
  readonly garbage: string[] = [];
  /** Answered to the next `getUpdates` as they are */
  readonly raw: unknown[] = [];
  readonly #loopback = new Loopback((asked) => this.#answer(asked));
  readonly #messages: Sent[] = [];
  readonly #said = new Map<string, Record<string, unknown>>();
  readonly #files = new Map<string, Uint8Array>();
  readonly #queries = new Set<string>();
  #updates: { readonly update_id: number; readonly [kind: string]: unknown }[] = [];
  #old: { readonly update_id: number; readonly [kind: string]: unknown }[] = [];
  #next = 900_000;
  #message = 1;
  #waiting: (() => void) | undefined;
  webhook = false;
  /** Answered to `getFile` in place of the honest one */
  filePlace: string | undefined;

  async start(): Promise<this> {
    await this.#loopback.listen();
    return this;
  }

  get baseUrl(): string {
    return this.#loopback.address;
  }

  get settledPresses(): number {
    return this.notes.length;
  }

  get shown(): readonly Shown[] {
    return this.#messages.map(({ message_id: id, chat_id: chat, params }) => {
      const keyboard = params['reply_markup'] as { inline_keyboard: { text: string; callback_data: string }[][] } | undefined;
      const reply = params['reply_parameters'] as { message_id: number } | undefined;
      const thread = params['message_thread_id'];
      return {
        messageId: String(id),
        chat,
        ...(typeof thread === 'number' ? { thread: String(thread) } : {}),
        text: String(params['text']),
        buttons: (keyboard?.inline_keyboard ?? []).flat().map(({ text, callback_data: data }) => ({ label: text, data })),
        ...(reply === undefined ? {} : { replyTo: String(reply.message_id) }),
        plain: isPlain(params),
      };
    });
  }

  say({ text, chat = this.direct, forwarded, file }: Said): string {
    const id = this.#message++;
    const message: Record<string, unknown> = {
      message_id: id,
      date: 1_790_000_000,
      from: person,
      chat: chats[chat.id],
      ...(chat.thread === undefined ? {} : { is_topic_message: true, message_thread_id: Number(chat.thread) }),
      ...(forwarded === true ? { forward_origin: { type: 'user', sender_user: { id: 5, first_name: 'Eve' }, date: 1_789_000_000 } } : {}),
    };
    if (file === undefined) message['text'] = text;
    else {
      const fileId = `file${id}`;
      this.#files.set(fileId, file.bytes);
      message['caption'] = text;
      message['document'] = { file_id: fileId, file_unique_id: `u${id}`, file_name: file.name, file_size: file.bytes.length };
    }
    this.#said.set(String(id), message);
    this.deliver({ message });
    return String(id);
  }

  change(messageId: string, text: string): void {
    this.deliver({ edited_message: { ...this.#said.get(messageId), text, edit_date: 1_790_000_100 } });
  }

  press(messageId: string, data: string): void {
    const id = String(8_000_000_000 + this.#next);
    const sent = this.#messages.find((each) => String(each.message_id) === messageId);
    this.#queries.add(id);
    this.deliver({ callback_query: { id, from: person, chat_instance: 'x', data, message: { message_id: Number(messageId), date: 1_790_000_000, chat: chats[sent?.chat_id ?? '77'] } } });
  }

  /** Puts an update into the queue */
  deliver(update: Readonly<Record<string, unknown>>): void {
    const { update_id: id = this.#next++ } = update as { update_id?: number };
    this.#updates.push({ ...update, update_id: id });
    this.#waiting?.();
  }

  cut(): void {
    this.#loopback.cut();
  }

  repeat(count: number): void {
    // As after an answer that got lost: numbers that were acknowledged come again, in any order
    this.#updates.push(...this.#old.slice(-count).toReversed());
    this.#waiting?.();
  }

  sayGarbage(): void {
    this.garbage.push('{"ok":true,"result":[{"update_id":');
    this.#waiting?.();
  }

  sayUnknown(): void {
    this.deliver({ message_reaction: { chat: chats['77'], message_id: 1 } });
    this.deliver({ message: { message_id: 'no number', text: ['no text'] } });
    this.deliver({ message: { message_id: 1, date: 1, chat: chats['-1001'], from: person, new_chat_members: [person] } });
  }

  override revoke(): void {
    super.revoke();
    this.#waiting?.();
  }

  async close(): Promise<void> {
    await this.#loopback.close();
  }

  #answer({ path, body, response }: Asked): void {
    const [, kind, bot = '', method = ''] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(path) ?? [];
    this.calls.push(method);
    const refuse = (status: number, description: string, parameters?: object): void =>
      answerJson(response, status, { ok: false, error_code: status, description, ...(parameters === undefined ? {} : { parameters }) });
    if (bot !== token || this.revoked) return refuse(401, 'Unauthorized');
    if (kind !== undefined) {
      const bytes = this.#files.get(decodeURIComponent(method.slice('documents/'.length)));
      if (bytes === undefined) return refuse(404, 'Not Found');
      answerBytes(response, bytes);
      return;
    }
    if (method !== 'getUpdates' && this.comesTooOften()) return refuse(429, `Too Many Requests: retry after ${this.seconds}`, { retry_after: this.seconds });
    if (this.fails()) return refuse(502, 'Bad Gateway');
    const result = (value: unknown): void => answerJson(response, 200, { ok: true, result: value });
    switch (method) {
      case 'getMe': return result(me);
      case 'getUpdates': return this.#getUpdates(body, result, refuse, (text) => answerJson(response, 200, text));
      case 'sendMessage': return this.#send(body, result, refuse);
      case 'editMessageText': return this.#edit(body, result, refuse);
      case 'answerCallbackQuery': {
        if (!this.#queries.delete(String(body['callback_query_id']))) return refuse(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
        this.notes.push(String(body['text']));
        return result(true);
      }
      case 'getFile': {
        const bytes = this.#files.get(String(body['file_id']));
        if (bytes === undefined) return refuse(400, 'Bad Request: invalid file_id');
        return result({ file_id: body['file_id'], file_path: this.filePlace ?? `documents/${String(body['file_id'])}` });
      }
      default: return refuse(404, 'Not Found: method not found');
    }
  }

  #getUpdates(body: Record<string, unknown>, result: (value: unknown) => void, refuse: (status: number, description: string) => void, plain: (text: string) => void): void {
    if (this.webhook) return refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
    // Whoever asks first is sent away: only one may receive
    this.#waiting?.();
    const offset = Number(body['offset'] ?? 0);
    const done = this.#updates.filter(({ update_id: id }) => id < offset);
    for (const update of done) {
      const text = textOfUpdate(update);
      if (text !== undefined) this.onAcknowledged(text);
    }
    this.#old.push(...done);
    this.#updates = this.#updates.filter(({ update_id: id }) => id >= offset);
    const answer = (): void => {
      clearTimeout(timer);
      this.#waiting = undefined;
      const garbage = this.garbage.shift();
      if (this.revoked) refuse(401, 'Unauthorized');
      else if (garbage !== undefined) plain(garbage);
      else result([...this.raw.splice(0), ...this.#updates.slice(0, Number(body['limit'] ?? 100))]);
    };
    const timer = setTimeout(answer, Number(body['timeout'] ?? 0) * 1_000).unref();
    this.#waiting = answer;
    if (this.#updates.length > 0 || this.garbage.length > 0 || this.raw.length > 0) answer();
  }

  #send(body: Record<string, unknown>, result: (value: unknown) => void, refuse: (status: number, description: string) => void): void {
    const chat = String(body['chat_id']);
    const text = body['text'];
    if (chats[chat] === undefined) return refuse(400, 'Bad Request: chat not found');
    if (typeof text !== 'string' || text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
    if (text.length > 4096) return refuse(400, 'Bad Request: message is too long');
    const message = { message_id: this.#message++, chat_id: chat, params: body };
    this.#messages.push(message);
    result({ message_id: message.message_id, date: 1_790_000_000, chat: chats[chat], from: me, text });
  }

  #edit(body: Record<string, unknown>, result: (value: unknown) => void, refuse: (status: number, description: string) => void): void {
    const index = this.#messages.findIndex(({ message_id: id, chat_id: chat }) => id === body['message_id'] && chat === String(body['chat_id']));
    const found = this.#messages[index];
    if (found === undefined) return refuse(400, 'Bad Request: message to edit not found');
    const params: Record<string, unknown> = { ...found.params, reply_markup: undefined, ...body };
    if (JSON.stringify(params['text']) === JSON.stringify(found.params['text']) && JSON.stringify(params['reply_markup']) === JSON.stringify(found.params['reply_markup'])) {
      return refuse(400, 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message');
    }
    this.#messages[index] = { ...found, params };
    result({ message_id: found.message_id });
  }
}

function textOfUpdate(update: Readonly<Record<string, unknown>>): string | undefined {
  const of = (update['message'] ?? update['edited_message']) as { text?: unknown; caption?: unknown } | undefined;
  const press = update['callback_query'] as { data: string } | undefined;
  const text = of?.text ?? of?.caption ?? press?.data;
  return typeof text === 'string' ? text : undefined;
}

/** Telegram finds mentions, commands and links by itself, except in code; previews are for the asking */
function isPlain(params: Readonly<Record<string, unknown>>): boolean {
  const preview = params['link_preview_options'] as { is_disabled?: boolean } | undefined;
  const entities = (params['entities'] ?? []) as { type: string; offset: number; length: number }[];
  if (preview?.is_disabled !== true || params['parse_mode'] !== undefined || entities.length > 100) return false;
  return Array.from(String(params['text']).matchAll(/@\w+|(?<!\w)\/\w+|\w+:\/\/\S+|\w+\.\w{2,}/g)).every(({ 0: { length }, index }) =>
    entities.some((entity) => entity.type === 'code' && entity.offset <= index && entity.offset + entity.length >= index + length),
  );
}

export const telegram: Platform = { name: 'Telegram', open: openTelegram, longestText: 4_096, start: () => new TelegramServer().start() };
