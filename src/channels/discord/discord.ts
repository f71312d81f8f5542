import * as z from 'zod/mini';
import { ChannelError, type Channel, type ChannelSurroundings, type Incoming, type IncomingAttachment, type OpenChannel, type Outgoing, type Sent } from '../channel.ts';
import { keepConnected } from '../keepConnected.ts';
import { messageParts, onePart, rowsOf } from '../messageParts.ts';
import { escapeDiscord } from './escape.ts';
import { filesOf, filesSchema, readEvent } from './events.ts';
import { Gateway } from './gateway.ts';
import { Interactions } from './interactions.ts';
import { RestApi } from './restApi.ts';

/** Characters in one message, after escaping */
const longestText = 2_000;
const longestLabel = 80;
const buttonsPerRow = 5;
/** Message flag: no previews */
const suppressEmbeds = 4;
/** Component types and the style of a plain button */
const row = 1;
const button = 2;
const plainStyle = 2;

const selfSchema = z.object({ id: z.string(), username: z.string() });
const sentSchema = z.object({ id: z.string() });

/** Discord through gateway and REST, version 10; needs the secret `token` */
export const openDiscord: OpenChannel = (surroundings) => new DiscordChannel(surroundings);

class DiscordChannel implements Channel {
  readonly #surroundings: ChannelSurroundings;
  readonly #rest: RestApi;
  readonly #interactions: Interactions;

  constructor(surroundings: ChannelSurroundings) {
    this.#surroundings = surroundings;
    this.#rest = new RestApi(surroundings);
    this.#interactions = new Interactions(surroundings, this.#rest);
  }

  run(signal: AbortSignal): Promise<void> {
    const gateway = new Gateway(this.#surroundings, this.#rest);
    let self: z.infer<typeof selfSchema> | undefined;
    return keepConnected(this.#surroundings, signal, async (up) => {
      self ??= await this.#rest.call('GET', '/users/@me', undefined, selfSchema, signal);
      const { id, username } = self;
      await gateway.connect({ up: () => up(username), event: (name, value) => this.#event(name, value, id, signal) }, signal);
    });
  }

  async #event(name: string, value: unknown, self: string, signal: AbortSignal): Promise<void> {
    const event = readEvent(name, value, self, this.#surroundings.now());
    if (event === undefined) return;
    const { incoming, interaction } = event;
    if (interaction !== undefined) this.#interactions.add(incoming.key, interaction);
    await this.#surroundings.take(incoming);
    if (interaction !== undefined) void this.#interactions.settle(incoming.key, signal);
  }

  async send(message: Outgoing, signal: AbortSignal): Promise<Sent> {
    const parts = messageParts(message.text, longestText, message.buttons, escapeDiscord);
    let sent: Sent | undefined;
    for (const [index, content] of parts.entries()) {
      const reference = message.replyTo === undefined || index > 0 ? {} : { message_reference: { message_id: message.replyTo, fail_if_not_exists: false } };
      const body = { ...contentOf(content), ...reference, components: index === parts.length - 1 ? componentsOf(message.buttons) : [] };
      const { id } = await this.#rest.call('POST', `/channels/${encodeURIComponent(message.chat.id)}/messages`, body, sentSchema, signal);
      sent = { chat: message.chat, messageId: id };
    }
    if (sent === undefined) throw new ChannelError('refused', 'There is nothing to send.');
    return sent;
  }

  async edit(sent: Sent, message: Pick<Outgoing, 'text' | 'buttons'>, signal: AbortSignal): Promise<void> {
    const body = { ...contentOf(onePart(message.text, longestText, message.buttons, escapeDiscord)), components: componentsOf(message.buttons) };
    await this.#rest.call('PATCH', `/channels/${encodeURIComponent(sent.chat.id)}/messages/${encodeURIComponent(sent.messageId)}`, body, sentSchema, signal);
  }

  acknowledge(press: Extract<Incoming, { kind: 'press' }>, text: string, signal: AbortSignal): Promise<void> {
    return this.#interactions.tell(press.key, text, signal);
  }

  async fetch({ reference, message }: IncomingAttachment, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#rest.download(isSigned(reference) || message === undefined ? reference : await this.#signed(reference, message, signal), limit, signal);
  }

  /** The address of a file of a message, with a signature that lets it be fetched now */
  async #signed(reference: string, { chat, id }: NonNullable<IncomingAttachment['message']>, signal: AbortSignal): Promise<string> {
    const files = filesOf(await this.#rest.call('GET', `/channels/${encodeURIComponent(chat)}/messages/${encodeURIComponent(id)}`, undefined, filesSchema, signal));
    return files.find(({ url }) => withoutSignature(url) === withoutSignature(reference))?.url ?? reference;
  }
}

/** Discord signs its addresses of files for a day, in the query */
function isSigned(address: string): boolean {
  return withoutSignature(address) !== address;
}

function withoutSignature(address: string): string {
  return address.replace(/\?.*$/s, '');
}

function contentOf(content: string): object {
  return { content, flags: suppressEmbeds, allowed_mentions: { parse: [], replied_user: false } };
}

function componentsOf(buttons: Outgoing['buttons']): readonly object[] {
  const components = (buttons ?? []).map(({ label, data }) => ({ type: button, style: plainStyle, label: Array.from(label.toWellFormed()).slice(0, longestLabel).join(''), custom_id: data }));
  return rowsOf(components, buttonsPerRow).map((each) => ({ type: row, components: each }));
}
