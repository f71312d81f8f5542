import type { WebSocket } from 'ws';
import { openDiscord } from '../../../src/channels/discord/discord.ts';
import { answerBytes, answerJson, Loopback, type Asked } from './loopback.ts';
import type { Platform, PlatformServer, Said, Shown } from './platform.ts';
import { acceptSockets } from './sockets.ts';
import { Troubled } from './troubled.ts';

interface Dispatch {
  readonly s: number;
  readonly t: string;
  readonly d: unknown;
}

interface Session {
  readonly id: string;
  readonly events: Dispatch[];
  sequence: number;
  acknowledged: number;
}

const token = 'MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs';
const self = { id: '4242', username: 'gate', bot: true };
const person = { id: '77', username: 'ada', global_name: 'Ada Lovelace' };
const channels: Readonly<Record<string, object>> = { '500': {}, '600': { guild_id: '1' }, '700': { guild_id: '1' } };

/** Gateway and REST API, version 10, as published (docs.discord.com): sessions, sequences, heartbeats, resumes, rate limits */
export class DiscordServer extends Troubled implements PlatformServer {
  readonly secrets = { token };
  readonly person = { id: '77', name: 'Ada Lovelace' };
  readonly direct = { id: '500', context: 'direct' } as const;
  readonly group = { id: '600', context: 'group' } as const;
  readonly thread = { id: '700', context: 'group' } as const;
  readonly botName = 'gate';
  readonly notes: string[] = [];
  readonly calls: string[] = [];
  onAcknowledged: (text: string) => void = () => undefined;
  settledPresses = 0;
  /** How new connections began: `identify` or `resume` with its number */
  readonly introductions: string[] = [];
  /** Milliseconds between heartbeats that the gateway asks for */
  interval = 3_600_000;
  /** Heartbeats that came by themselves */
  beats = 0;
  #poked = 0;
  /** Whether heartbeats are answered */
  alive = true;
  /** New sessions that are left, and the milliseconds until there are more */
  startLimit = { total: 1_000, remaining: 1_000, reset_after: 0, max_concurrency: 1 };
  /** What the gateway's address is said to be */
  gatewayAddress: string | undefined;
  /** Where attachments are said to have moved */
  redirect: string | undefined;
  /** Extra headers of every REST answer */
  headers: Readonly<Record<string, string>> = {};
  /** Events whose frame is damaged each time, by number */
  readonly damaged = new Set<number>();
  readonly sockets = new Set<WebSocket>();
  readonly #loopback = new Loopback((asked) => this.#answer(asked));
  readonly #messages: Record<string, unknown>[] = [];
  readonly #said = new Map<string, Record<string, unknown>>();
  readonly #files = new Map<string, Uint8Array>();
  readonly #interactions = new Map<string, 'open' | 'answered'>();
  readonly #unsaid: Omit<Dispatch, 's'>[] = [];
  readonly #sessions = new Map<string, Session>();
  #session: Session | undefined;
  #socket: WebSocket | undefined;
  #id = 1_000;
  #damageNext = false;

  async start(): Promise<this> {
    acceptSockets(
      this.#loopback,
      (path) => {
        if (this.fails()) return 502;
        return path.startsWith('/gateway') && path.includes('v=10') && path.includes('encoding=json') ? undefined : 404;
      },
      (socket) => this.#accept(socket),
    );
    await this.#loopback.listen();
    return this;
  }

  get baseUrl(): string {
    return this.#loopback.address;
  }

  get shown(): readonly Shown[] {
    return this.#messages.map((message) => {
      const rows = (message['components'] ?? []) as { components: { label: string; custom_id: string }[] }[];
      const reply = message['message_reference'] as { message_id: string } | undefined;
      const content = String(message['content']);
      return {
        messageId: String(message['id']),
        chat: String(message['channel_id']),
        text: content.replace(/\\([^0-9A-Za-z\s])/g, '$1'),
        buttons: rows.flatMap(({ components }) => components).map(({ label, custom_id: data }) => ({ label, data })),
        ...(reply === undefined ? {} : { replyTo: reply.message_id }),
        plain: isPlain(message),
      };
    });
  }

  say({ text, chat = this.direct, forwarded, file }: Said): string {
    const id = this.#next();
    const attachments = file === undefined ? [] : [{ id: this.#next(), filename: file.name, size: file.bytes.length, url: `${this.baseUrl}/attachments/${id}/file?ex=1`, proxy_url: 'http://127.0.0.1:1/' }];
    if (file !== undefined) this.#files.set(id, file.bytes);
    const message: Record<string, unknown> = {
      id,
      type: 0,
      channel_id: chat.id,
      ...channels[chat.id],
      author: person,
      timestamp: '2026-09-21T10:00:00.000000+00:00',
      edited_timestamp: null,
      content: forwarded === true ? '' : text,
      attachments,
      ...(forwarded === true ? { message_reference: { type: 1, message_id: '1', channel_id: '2' }, message_snapshots: [{ message: { content: text, attachments: [] } }] } : {}),
    };
    this.#said.set(id, message);
    this.dispatch('MESSAGE_CREATE', message);
    return id;
  }

  change(messageId: string, text: string): void {
    const message = this.#said.get(messageId);
    // As when a link in it was looked at: nobody changed anything
    this.dispatch('MESSAGE_UPDATE', { ...message, embeds: [{}] });
    this.dispatch('MESSAGE_UPDATE', { ...message, content: text, edited_timestamp: '2026-09-21T10:05:00.000000+00:00' });
  }

  press(messageId: string, data: string): void {
    const id = this.#next();
    const message = this.#messages.find((each) => each['id'] === messageId);
    const chat = String(message?.['channel_id']);
    const who = 'guild_id' in (channels[chat] ?? {}) ? { member: { user: person } } : { user: person };
    this.#interactions.set(`${id}/aW50-${id}`, 'open');
    this.dispatch('INTERACTION_CREATE', {
      id, application_id: '4242', type: 3, token: `aW50-${id}`, version: 1, channel_id: chat, ...channels[chat], ...who,
      message: { id: messageId, channel_id: chat }, data: { custom_id: data, component_type: 2 },
    });
  }

  /** An event for the session, now or when there is one */
  dispatch(t: string, d: unknown): void {
    if (this.#session === undefined) {
      this.#unsaid.push({ t, d });
      return;
    }
    this.#session.sequence += 1;
    const event = { s: this.#session.sequence, t, d };
    this.#session.events.push(event);
    this.#send(this.#socket, event);
  }

  cut(): void {
    this.#loopback.cut();
  }

  repeat(count: number): void {
    for (const event of this.#session?.events.filter(({ t }) => t !== 'READY').slice(-count).toReversed() ?? []) this.#send(this.#socket, event);
  }

  sayGarbage(): void {
    this.#damageNext = true;
  }

  sayUnknown(): void {
    this.dispatch('GUILD_CREATE', { id: '1', channels: [] });
    this.dispatch('SOMETHING_NEW', { anything: [1, 2] });
    this.dispatch('MESSAGE_CREATE', { id: 7, content: ['no text'] });
    this.dispatch('MESSAGE_CREATE', { id: '7', type: 0, channel_id: '600', author: person, timestamp: 'x', content: '', sticker_items: [{}] });
    this.dispatch('INTERACTION_CREATE', { id: '8', type: 2, data: { name: 'slash' } });
    this.#socket?.send(JSON.stringify({ op: 99, d: 'unknown opcode' }));
    this.#socket?.send(Buffer.from([1, 2, 3]));
  }

  /** Sends a frame of the protocol's own, as `op` 7 or 9 */
  sendFrame(frame: object): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  closeWith(code: number): void {
    this.#socket?.close(code);
  }

  /** The sessions are gone, as after a night */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await this.#loopback.close();
  }

  #next(): string {
    this.#id += 1;
    return String(this.#id);
  }

  #send(socket: WebSocket | undefined, { s, t, d }: Dispatch): void {
    const text = JSON.stringify({ op: 0, s, t, d });
    const damaged = this.#damageNext || this.damaged.has(s);
    this.#damageNext = false;
    socket?.send(damaged ? text.slice(0, text.length / 2) : text);
  }

  #accept(socket: WebSocket): void {
    this.sockets.add(socket);
    const poke = setInterval(() => {
      this.#poked += 1;
      socket.send(JSON.stringify({ op: 1, d: null }));
    }, 100).unref();
    socket.on('close', () => {
      clearInterval(poke);
      this.sockets.delete(socket);
      if (this.#socket === socket) this.#socket = undefined;
    });
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.interval } }));
    socket.on('message', (bytes: Buffer) => {
      const { op, d } = JSON.parse(bytes.toString()) as { op: number; d: Record<string, unknown> | number | null };
      if (op === 1) {
        if (this.#session !== undefined && this.#socket === socket && typeof d === 'number') this.#acknowledge(this.#session, d);
        if (this.#poked > 0) this.#poked -= 1;
        else this.beats += 1;
        if (this.alive) socket.send(JSON.stringify({ op: 11 }));
        return;
      }
      if (typeof d !== 'object' || d?.['token'] !== token || this.revoked) socket.close(4004);
      else if (op === 2) this.#identify(socket, d);
      else if (op === 6) this.#resume(socket, String(d['session_id']), Number(d['seq']));
      else socket.close(4001);
    });
  }

  #identify(socket: WebSocket, { intents }: Record<string, unknown>): void {
    this.introductions.push('identify');
    if (intents !== ((1 << 9) | (1 << 12) | (1 << 15))) {
      socket.close(4013);
      return;
    }
    const session: Session = { id: `session${this.#next()}`, events: [], sequence: 0, acknowledged: 0 };
    this.#sessions.set(session.id, session);
    this.#session = session;
    this.#socket = socket;
    this.dispatch('READY', { v: 10, user: self, guilds: [], session_id: session.id, resume_gateway_url: `${this.baseUrl.replace('http', 'ws')}/gateway`, application: { id: '4242' } });
    for (const { t, d } of this.#unsaid.splice(0)) this.dispatch(t, d);
  }

  #resume(socket: WebSocket, id: string, sequence: number): void {
    this.introductions.push(`resume ${sequence}`);
    const session = this.#sessions.get(id);
    if (session === undefined) {
      socket.send(JSON.stringify({ op: 9, d: false }));
      this.#session = undefined;
      return;
    }
    if (sequence > session.sequence) {
      socket.close(4007);
      return;
    }
    this.#session = session;
    this.#socket = socket;
    this.#acknowledge(session, sequence);
    for (const event of session.events.slice(sequence)) this.#send(socket, event);
    this.dispatch('RESUMED', null);
  }

  #acknowledge(session: Session, sequence: number): void {
    for (const { t, d } of session.events.slice(session.acknowledged, sequence)) {
      if (!t.startsWith('MESSAGE_') && t !== 'INTERACTION_CREATE') continue;
      const { content, data, author, message_snapshots: snapshots } = d as { content?: unknown; author?: unknown; data?: { custom_id?: string }; message_snapshots?: { message: { content: string } }[] };
      if (typeof author !== 'object' && data?.custom_id === undefined) continue;
      this.onAcknowledged(data?.custom_id ?? snapshots?.[0]?.message.content ?? (content as string));
    }
    session.acknowledged = Math.max(session.acknowledged, sequence);
  }

  #answer({ method, path, headers, body, response }: Asked): void {
    const url = new URL(path, 'http://x');
    this.calls.push(`${method} ${url.pathname}`);
    const refuse = (status: number, message: string, code = 0): void => answerJson(response, status, { message, code });
    const file = /^\/attachments\/(\d+)\/file$/.exec(url.pathname);
    if (file !== null && this.redirect !== undefined) {
      response.writeHead(302, { location: this.redirect }).end();
      return;
    }
    if (file !== null) {
      const bytes = this.#files.get(file[1] ?? '');
      // Links to attachments are signed, and need nothing else
      if (bytes === undefined || url.searchParams.get('ex') !== '1' || headers.authorization !== undefined) return refuse(403, 'Forbidden');
      answerBytes(response, bytes);
      return;
    }
    if (headers.authorization !== `Bot ${token}` || this.revoked) return refuse(401, '401: Unauthorized');
    if (!/^DiscordBot \(\S+, \S+\)/.test(headers['user-agent'] ?? '')) return refuse(403, 'error 1010');
    if (this.comesTooOften()) {
      answerJson(response, 429, { message: 'You are being rate limited.', retry_after: this.seconds - 0.05, global: false }, { 'retry-after': String(this.seconds), 'x-ratelimit-scope': 'user' });
      return;
    }
    if (this.fails()) return refuse(502, 'Bad Gateway');
    const result = (value: unknown): void => answerJson(response, 200, value, this.headers);
    if (url.pathname === '/users/@me') return result(self);
    if (url.pathname === '/gateway/bot') return result({ url: this.gatewayAddress ?? `${this.baseUrl.replace('http', 'ws')}/gateway`, shards: 1, session_start_limit: this.startLimit });
    const [, channel, message] = /^\/channels\/([^/]+)\/messages(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (channel !== undefined) {
      if (channels[channel] === undefined) return refuse(404, 'Unknown Channel', 10_003);
      if (method === 'GET') {
        const said = this.#said.get(message ?? '');
        return said === undefined ? refuse(404, 'Unknown Message', 10_008) : result(said);
      }
      if (typeof body['content'] !== 'string' || body['content'] === '' || body['content'].length > 2_000) return refuse(400, 'Invalid Form Body', 50_035);
      if (method === 'POST') {
        const created = { ...body, id: this.#next(), channel_id: channel };
        this.#messages.push(created);
        return result(created);
      }
      const index = this.#messages.findIndex((each) => each['id'] === message && each['channel_id'] === channel);
      if (index < 0) return refuse(404, 'Unknown Message', 10_008);
      this.#messages[index] = { ...this.#messages[index], ...body };
      return result(this.#messages[index]);
    }
    return this.#answerPress(url.pathname, body, response, refuse);
  }

  #answerPress(path: string, body: Record<string, unknown>, response: Asked['response'], refuse: (status: number, message: string, code?: number) => void): void {
    const [, press] = /^\/interactions\/(\d+\/[^/]+)\/callback$/.exec(path) ?? [];
    if (press !== undefined) {
      if (this.#interactions.get(press) !== 'open') return refuse(404, 'Unknown interaction', 10_062);
      this.#interactions.set(press, 'answered');
      this.settledPresses += 1;
      if (body['type'] === 4) this.#note(body['data'] as Record<string, unknown>);
      response.writeHead(204).end();
      return;
    }
    const [, hook] = /^\/webhooks\/4242\/([^/]+)$/.exec(path) ?? [];
    const answered = Array.from(this.#interactions).some(([key, state]) => state === 'answered' && key.endsWith(`/${hook ?? ''}`));
    if (!answered) return refuse(404, 'Unknown Webhook', 10_015);
    this.#note(body);
    answerJson(response, 200, { id: this.#next() });
  }

  #note(data: Record<string, unknown>): void {
    if (data['flags'] !== (64 | 4) || !isPlain({ ...data, flags: 4 })) throw new Error('a note must be seen by one person alone, and be plain');
    this.notes.push(String(data['content']).replace(/\\([^0-9A-Za-z\s])/g, '$1'));
  }
}

/** Discord reads markup wherever it is not escaped; mentions and previews are for the asking */
function isPlain(message: Readonly<Record<string, unknown>>): boolean {
  const mentions = message['allowed_mentions'] as { parse?: unknown[]; users?: unknown; roles?: unknown; replied_user?: boolean } | undefined;
  if (message['flags'] !== 4 || mentions?.parse?.length !== 0 || mentions.users !== undefined || mentions.roles !== undefined || mentions.replied_user === true) return false;
  const bare = String(message['content']).replace(/\\[^0-9A-Za-z\s]/g, '');
  return !/[\\*_~`|<@[\]]|:\/\/|:\w+:|^\s*(?:>|#|-|\+|\d+\.)/m.test(bare);
}

export const discord: Platform = { name: 'Discord', open: openDiscord, longestText: 2_000, start: () => new DiscordServer().start() };
