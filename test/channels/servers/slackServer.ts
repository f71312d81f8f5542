import type { WebSocket } from 'ws';
import { openSlack } from '../../../src/channels/slack/slack.ts';
import { answerBytes, answerJson, Loopback, type Asked } from './loopback.ts';
import type { Platform, PlatformServer, Said, Shown } from './platform.ts';
import { acceptSockets } from './sockets.ts';
import { Troubled } from './troubled.ts';

interface Envelope {
  readonly type: string;
  readonly payload: unknown;
  readonly text: string | undefined;
}

interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string; readonly emoji?: boolean };
  readonly elements?: readonly { readonly type: string; readonly action_id: string; readonly value: string; readonly text: { readonly type: string; readonly text: string } }[];
}

const token = 'xoxb-1234-5678-AbCdEf';
const appToken = 'xapp-1-A1-2-abcdef';
const channels: readonly string[] = ['D500', 'C600'];

/** Socket Mode and Web API as published (docs.slack.dev): envelopes that come again until they are acknowledged */
export class SlackServer extends Troubled implements PlatformServer {
  readonly secrets = { token, appToken };
  readonly person = { id: 'U77' };
  readonly direct = { id: 'D500', context: 'direct' } as const;
  readonly group = { id: 'C600', context: 'group' } as const;
  readonly thread = { id: 'C600', thread: '1700000000.000001', context: 'group' } as const;
  readonly botName = 'gate';
  readonly notes: string[] = [];
  readonly calls: string[] = [];
  onAcknowledged: (text: string) => void = () => undefined;
  settledPresses = 0;
  /** What the socket's address is said to be */
  socketAddress: string | undefined;
  /** Where files are said to have moved, as to the login page */
  redirect: string | undefined;
  /** Error that the next calls answer */
  error: object | undefined;
  connections = 0;
  readonly acknowledged = new Set<string>();
  readonly #loopback = new Loopback((asked) => this.#answer(asked));
  readonly #messages: Record<string, unknown>[] = [];
  readonly #said = new Map<string, Record<string, unknown>>();
  readonly #files = new Map<string, Uint8Array>();
  readonly #open = new Map<string, Envelope>();
  readonly #done: Envelope[] = [];
  readonly #tickets = new Set<string>();
  #socket: WebSocket | undefined;
  #counter = 1;

  async start(): Promise<this> {
    acceptSockets(
      this.#loopback,
      (path) => {
        if (this.fails()) return 502;
        // A ticket is good for one connection
        return this.#tickets.delete(new URL(path, 'http://x').searchParams.get('ticket') ?? '') ? undefined : 403;
      },
      (socket) => this.#accept(socket),
    );
    await this.#loopback.listen();
    return this;
  }

  get baseUrl(): string {
    return `${this.#loopback.address}/api`;
  }

  get shown(): readonly Shown[] {
    return this.#messages.map((message) => {
      const blocks = message['blocks'] as readonly Block[];
      const thread = message['thread_ts'];
      return {
        messageId: String(message['ts']),
        chat: String(message['channel']),
        ...(typeof thread === 'string' ? { thread, replyTo: thread } : {}),
        text: readable(blocks[0]?.text?.text ?? ''),
        buttons: blocks.flatMap(({ elements }) => elements ?? []).map(({ text, value }) => ({ label: readable(text.text), data: value })),
        plain: isPlain(message) && message['unfurl_links'] === false && message['unfurl_media'] === false && message['mrkdwn'] === false,
      };
    });
  }

  say({ text, chat = this.direct, forwarded, file }: Said): string {
    const ts = this.#time();
    const files = file === undefined ? {} : { subtype: 'file_share', files: [{ id: `F${ts}`, name: file.name, size: file.bytes.length, mode: 'hosted', url_private: 'https://example.com/', url_private_download: `${this.baseUrl}/files/${ts}` }] };
    if (file !== undefined) this.#files.set(ts, file.bytes);
    const escaped = text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '');
    const message = {
      type: 'message', channel: chat.id, channel_type: chat.context === 'direct' ? 'im' : 'channel', user: this.person.id, ts, event_ts: ts, team: 'T1',
      ...(chat.thread === undefined ? {} : { thread_ts: chat.thread }),
      ...(forwarded === true ? { text: '', attachments: [{ is_share: true, text: escaped, author_id: 'U5' }] } : { text: escaped }),
      ...files,
    };
    this.#said.set(ts, message);
    this.event(message, text);
    return ts;
  }

  change(messageId: string, text: string): void {
    const { channel, channel_type: kind, ...message } = this.#said.get(messageId) ?? {};
    const change = { type: 'message', subtype: 'message_changed', channel, channel_type: kind, ts: this.#time(), hidden: true, previous_message: message };
    // As when a link in it was looked at: nobody changed anything
    this.event({ ...change, message: { ...message, attachments: [{ from_url: 'https://x' }] } });
    this.event({ ...change, message: { ...message, text, edited: { user: this.person.id, ts: this.#time() } } }, text);
  }

  press(messageId: string, data: string): void {
    const message = this.#messages.find(({ ts }) => ts === messageId);
    const channel = { id: String(message?.['channel']), name: 'directmessage' };
    this.deliver('interactive', {
      type: 'block_actions', user: { id: this.person.id, username: 'ada', team_id: 'T1' }, channel, trigger_id: '1.2.3', response_url: 'http://169.254.169.254/',
      container: { type: 'message', message_ts: messageId, channel_id: channel.id }, message: { ts: messageId, type: 'message' },
      actions: [{ type: 'button', action_id: 'button0', block_id: 'b', value: data, action_ts: this.#time() }],
    }, data);
  }

  /** An event of the Events API; `text` is what `onAcknowledged` tells of it */
  event(event: object, text?: string): void {
    this.deliver('events_api', { type: 'event_callback', team_id: 'T1', event_id: `Ev${this.#counter}`, event }, text);
  }

  deliver(type: string, payload: unknown, text?: string): void {
    const id = `envelope-${this.#counter++}`;
    this.#open.set(id, { type, payload, text });
    this.#send(id);
  }

  cut(): void {
    this.#loopback.cut();
  }

  repeat(count: number): void {
    // As when an acknowledgement got lost: the same events in new envelopes, in any order
    for (const envelope of this.#done.slice(-count).toReversed()) this.deliver(envelope.type, envelope.payload, envelope.text);
  }

  sayGarbage(): void {
    this.#socket?.send('{"type":"events_api","envelope_id":');
    this.#socket?.send('null');
    this.#socket?.send('{"type":["hello"]}');
  }

  sayUnknown(): void {
    this.deliver('something_new', { anything: 1 });
    this.event({ type: 'reaction_added', user: 'U77', reaction: 'eyes' });
    this.event({ type: 'message', channel: 'C600', channel_type: 'channel', user: 'U77', ts: '1.1', text: '', blocks: [{}] });
    this.event({ type: 'message', channel: 7, text: ['no text'] });
    this.deliver('interactive', { type: 'view_submission' });
    this.#socket?.send(Buffer.from([1, 2, 3]));
  }

  sendFrame(frame: object): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** Envelopes that nobody acknowledged */
  get unacknowledged(): number {
    return this.#open.size;
  }

  async close(): Promise<void> {
    this.#socket?.terminate();
    await this.#loopback.close();
  }

  #time(): string {
    return `1790000000.${String(this.#counter++).padStart(6, '0')}`;
  }

  #send(id: string): void {
    const envelope = this.#open.get(id);
    if (envelope === undefined) return;
    this.#socket?.send(JSON.stringify({ envelope_id: id, type: envelope.type, payload: envelope.payload, accepts_response_payload: envelope.type !== 'events_api', retry_attempt: 0, retry_reason: '' }));
  }

  #accept(socket: WebSocket): void {
    this.#socket = socket;
    this.connections += 1;
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    socket.on('message', (bytes: Buffer) => {
      const { envelope_id: id } = JSON.parse(bytes.toString()) as { envelope_id: string };
      const envelope = this.#open.get(id);
      if (envelope === undefined) return;
      this.#open.delete(id);
      this.#done.push(envelope);
      this.acknowledged.add(envelope.type);
      if (envelope.type === 'interactive') this.settledPresses += 1;
      if (envelope.text !== undefined) this.onAcknowledged(envelope.text);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' }, debug_info: {} }));
    for (const id of this.#open.keys()) this.#send(id);
  }

  #answer({ path, headers, body, response }: Asked): void {
    const method = path.slice('/api/'.length);
    this.calls.push(method);
    if (method.startsWith('files/')) return this.#file(method.slice('files/'.length), headers.authorization, response);
    const refuse = (error: string, more: object = {}): void => answerJson(response, 200, { ok: false, error, ...more });
    const wanted = method === 'apps.connections.open' ? appToken : token;
    if (this.revoked || headers.authorization !== `Bearer ${wanted}`) return refuse(this.revoked ? 'token_revoked' : 'invalid_auth');
    if (this.comesTooOften()) {
      answerJson(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(this.seconds) });
      return;
    }
    if (this.fails()) {
      answerJson(response, 503, '<html>no</html>');
      return;
    }
    if (this.error !== undefined) {
      answerJson(response, 200, { ok: false, ...this.error });
      return;
    }
    const result = (value: object): void => answerJson(response, 200, { ok: true, ...value });
    const channel = String(body['channel']);
    switch (method) {
      case 'auth.test': return result({ url: 'https://team.slack.com/', team: 'Team', user: 'gate', team_id: 'T1', user_id: 'UBOT', bot_id: 'B1' });
      case 'apps.connections.open': {
        const ticket = `t${this.#counter++}`;
        this.#tickets.add(ticket);
        return result({ url: this.socketAddress ?? `${this.#loopback.address.replace('http', 'ws')}/link?ticket=${ticket}&app_id=A1` });
      }
      case 'chat.postMessage':
      case 'chat.update':
      case 'chat.postEphemeral': {
        if (!channels.includes(channel)) return refuse('channel_not_found');
        const wrong = wrongBlocks(body['blocks']);
        if (wrong !== undefined) return refuse('invalid_blocks', { response_metadata: { messages: [wrong] } });
        if (method === 'chat.postEphemeral') {
          if (!isPlain(body) || body['user'] !== this.person.id) return refuse('user_not_in_channel');
          this.notes.push(readable((body['blocks'] as readonly Block[])[0]?.text?.text ?? ''));
          return result({ message_ts: this.#time() });
        }
        if (method === 'chat.postMessage') {
          const ts = this.#time();
          this.#messages.push({ ...body, ts });
          return result({ channel, ts });
        }
        const index = this.#messages.findIndex(({ ts, channel: place }) => ts === body['ts'] && place === channel);
        if (index < 0) return refuse('message_not_found');
        this.#messages[index] = { ...this.#messages[index], ...body };
        return result({ channel, ts: body['ts'] });
      }
      default: return refuse('unknown_method');
    }
  }

  #file(ts: string, authorization: string | undefined, response: Asked['response']): void {
    const bytes = this.#files.get(ts);
    if (this.redirect !== undefined || authorization !== `Bearer ${token}`) response.writeHead(302, { location: this.redirect ?? 'https://team.slack.com/?redir=x' }).end();
    else if (bytes === undefined) response.writeHead(404).end();
    else answerBytes(response, bytes);
  }
}

function readable(escaped: string): string {
  return escaped.replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '');
}

/** Why Slack would turn the blocks away (docs.slack.dev, Block Kit reference) */
function wrongBlocks(value: unknown): string | undefined {
  const blocks = value as readonly Block[];
  for (const { type, text, elements } of blocks) {
    if (type === 'section' && (text === undefined || text.text.length < 1 || text.text.length > 3_000)) return 'text must be between 1 and 3000 characters';
    if (type === 'actions' && (elements === undefined || elements.length > 25 || new Set(elements.map(({ action_id: id }) => id)).size < elements.length)) return 'elements must be at most 25, each with an action_id of its own';
    if (elements?.some((element) => element.text.text.length > 75 || element.value.length > 2_000) === true) return 'a button is too long';
  }
  return undefined;
}

/** Slack reads markup where it is not told that there is none, and entities everywhere */
function isPlain(message: Readonly<Record<string, unknown>>): boolean {
  const blocks = message['blocks'] as readonly Block[];
  const texts = blocks.flatMap(({ text, elements }) => [...(text === undefined ? [] : [text]), ...(elements ?? []).map((element) => element.text)]);
  const escaped = (text: string): boolean => !/[<>]|&(?!amp;|lt;|gt;)/.test(text);
  return message['parse'] === 'none' && message['link_names'] === false && escaped(String(message['text'])) && texts.every(({ type, text, emoji }: { type: string; text: string; emoji?: boolean }) => type === 'plain_text' && emoji === false && escaped(text));
}

export const slack: Platform = { name: 'Slack', open: openSlack, longestText: 3_000, start: () => new SlackServer().start() };
