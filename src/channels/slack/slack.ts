import * as z from 'zod/mini';
import { ChannelError, type Channel, type ChannelSurroundings, type Incoming, type IncomingAttachment, type OpenChannel, type Outgoing, type Sent } from '../channel.ts';
import { openFrames } from '../frames.ts';
import { keepConnected } from '../keepConnected.ts';
import { messageParts, onePart } from '../messageParts.ts';
import { ownAddress } from '../places.ts';
import { parseJson } from '../readBody.ts';
import { readPayload } from './events.ts';
import { escapeSlack } from './text.ts';
import { WebApi } from './webApi.ts';

/** Characters in one text block, after escaping */
const longestText = 3_000;
const longestLabel = 75;
/**
 * A socket on which nothing came for so long, in milliseconds, is opened anew: Slack's own pings cannot be seen from here, and a
 * dead connection looks like a quiet one
 */
const longestSilence = 10 * 60_000;

const selfSchema = z.object({ user: z.string(), user_id: z.string() });
const openSchema = z.object({ url: z.string() });
const sentSchema = z.object({ ts: z.string() });
const envelopeSchema = z.object({ type: z.string(), envelope_id: z.optional(z.string()), payload: z.optional(z.unknown()), reason: z.optional(z.string()) });
type Envelope = z.infer<typeof envelopeSchema>;

/** Slack through Socket Mode and Web API; needs the secrets `token` (xoxb) and `appToken` (xapp) */
export const openSlack: OpenChannel = (surroundings) => new SlackChannel(surroundings);

class SlackChannel implements Channel {
  readonly #surroundings: ChannelSurroundings;
  readonly #api: WebApi;

  constructor(surroundings: ChannelSurroundings) {
    this.#surroundings = surroundings;
    this.#api = new WebApi(surroundings);
  }

  run(signal: AbortSignal): Promise<void> {
    let self: z.infer<typeof selfSchema> | undefined;
    return keepConnected(this.#surroundings, signal, async (up) => {
      self ??= await this.#api.call('auth.test', {}, selfSchema, signal);
      const { user, user_id: id } = self;
      await this.#connect(id, () => up(user), signal);
    });
  }

  /** Holds one connection; resolves when it is time for another, rejects when it is lost */
  async #connect(self: string, up: () => void, signal: AbortSignal): Promise<void> {
    const { url } = await this.#api.call('apps.connections.open', {}, openSchema, signal, { secret: 'appToken' });
    const address = ownAddress(this.#api.places, url, 'socket');
    if (address === undefined) throw new ChannelError('refused', "The address of the socket is none of Slack's.");
    // What cannot be read cannot be acknowledged, and so it comes again
    const frames = await openFrames('Slack', address, signal, (text) => envelopeSchema.safeParse(parseJson(text)).data);
    try {
      for (;;) {
        const envelope = await frames.next(longestSilence);
        signal.throwIfAborted();
        if (envelope === undefined && frames.closeCode === undefined) return;
        if (envelope === undefined) throw new ChannelError('unreachable', 'The connection to Slack broke.');
        if (envelope.type === 'hello') up();
        else if (envelope.type === 'disconnect') return goodbye(envelope.reason);
        else {
          await this.#take(envelope, self);
          if (envelope.envelope_id !== undefined) frames.send({ envelope_id: envelope.envelope_id });
        }
      }
    } finally {
      frames.close();
    }
  }

  async #take({ type, payload }: Envelope, self: string): Promise<void> {
    const incoming = readPayload(type, payload, self, this.#surroundings.now());
    if (incoming !== undefined) await this.#surroundings.take(incoming);
  }

  async send(message: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { id: channel, thread } = message.chat;
    // In a group an answer belongs below what it answers; a slash command is no message, so nothing is below it
    const below = thread ?? (message.chat.context === 'group' && message.replyTo !== '' ? message.replyTo : undefined);
    const parts = messageParts(message.text, longestText, message.buttons, escapeSlack);
    let sent: Sent | undefined;
    for (const [index, text] of parts.entries()) {
      const body = { channel, ...(below === undefined ? {} : { thread_ts: below }), ...contentOf(text, index === parts.length - 1 ? message.buttons : undefined), mrkdwn: false, unfurl_links: false, unfurl_media: false };
      const { ts } = await this.#api.call('chat.postMessage', body, sentSchema, signal, { lane: `chat.postMessage ${channel}` });
      sent = { chat: message.chat, messageId: ts };
    }
    if (sent === undefined) throw new ChannelError('refused', 'There is nothing to send.');
    return sent;
  }

  async edit(sent: Sent, message: Pick<Outgoing, 'text' | 'buttons'>, signal: AbortSignal): Promise<void> {
    const body = { channel: sent.chat.id, ts: sent.messageId, ...contentOf(onePart(message.text, longestText, message.buttons, escapeSlack), message.buttons) };
    await this.#api.call('chat.update', body, sentSchema, signal);
  }

  /** The envelope is what Slack waits for; the text is a message that only the one who pressed sees */
  async acknowledge(press: Extract<Incoming, { kind: 'press' }>, text: string, signal: AbortSignal): Promise<void> {
    const { id: channel, thread } = press.chat;
    const body = { channel, user: press.from.id, ...(thread === undefined ? {} : { thread_ts: thread }), ...contentOf(onePart(text, longestText, undefined, escapeSlack), undefined) };
    await this.#api.call('chat.postEphemeral', body, z.unknown(), signal);
  }

  fetch(attachment: IncomingAttachment, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#api.download(attachment.reference, limit, signal);
  }
}

/** Slack says goodbye every few hours, and for good when somebody switched the app off */
function goodbye(reason: string | undefined): void {
  if (reason === 'link_disabled') throw new ChannelError('refused', "Socket Mode is switched off on the app's page. Switch it on, then connect again.");
}

/** Text in a block that has no markup; `text` is what notifications show of it */
function contentOf(text: string, buttons: Outgoing['buttons']): object {
  const plain = (escaped: string): object => ({ type: 'plain_text', text: escaped, emoji: false });
  const elements = (buttons ?? []).map(({ label, data }, index) => ({
    type: 'button',
    action_id: `button${index}`,
    value: data,
    text: plain(onePartOfLabel(label)),
  }));
  const actions = elements.length === 0 ? [] : [{ type: 'actions', elements }];
  return { text, parse: 'none', link_names: false, blocks: [{ type: 'section', text: plain(text) }, ...actions] };
}

function onePartOfLabel(label: string): string {
  return Array.from(label.toWellFormed(), escapeSlack).reduce((text, next) => (text.length + next.length > longestLabel ? text : text + next), '');
}
