import * as z from 'zod/mini';
import { ChannelError, type ChannelSurroundings } from '../channel.ts';
import { openFrames, type Frames } from '../frames.ts';
import { ownAddress } from '../places.ts';
import { RateLimit } from '../rateLimit.ts';
import { parseJson } from '../readBody.ts';
import type { RestApi } from './restApi.ts';
import { readSession, writeSession, type Session } from './session.ts';

/** Gateway opcodes (docs.discord.com, "Opcodes and Status Codes") */
const dispatch = 0;
const heartbeat = 1;
const identify = 2;
const resume = 6;
const reconnect = 7;
const invalidSession = 9;
const hello = 10;
const heartbeatAck = 11;

/** Messages in servers and direct ones, and what they say: 1<<9, 1<<12, 1<<15 */
const intents = 512 | 4_096 | 32_768;

/** How long the gateway may take to say hello, in milliseconds */
const patience = 30_000;
/** Events that are taken in between two keeps of the cursor, while more wait */
const keepEvery = 100;
/** One identify in five seconds */
const betweenIdentifies = 5_000;
const shortestBeat = 1_000;
/** The heartbeat sees a silent gateway; this is the longest a timer can run, in milliseconds */
const longestWait = 2 ** 31 - 1;

const frameSchema = z.object({ op: z.number(), d: z.optional(z.unknown()), s: z.nullish(z.int()), t: z.nullish(z.string()) });
type Frame = z.infer<typeof frameSchema>;
const helloSchema = z.object({ heartbeat_interval: z.number() });
const readySchema = z.object({ session_id: z.string(), resume_gateway_url: z.string() });
const gatewaySchema = z.object({
  url: z.string(),
  session_start_limit: z.optional(z.object({ remaining: z.number(), reset_after: z.number() })),
});

/** Codes after which nothing helps but a person, each with what to do */
const finalCloses: ReadonlyMap<number | undefined, ChannelError> = new Map([
  [4004, new ChannelError('secret', "Discord does not know this token. Reset it on the bot's page, then connect again.")],
  [4010, new ChannelError('refused', 'Discord refuses the connection (invalid shard).')],
  [4011, new ChannelError('refused', 'This bot is in too many servers for one connection.')],
  [4012, new ChannelError('refused', 'Discord no longer speaks this version of its gateway. Update the extension.')],
  [4013, new ChannelError('refused', 'Discord refuses the connection (invalid intents).')],
  [4014, new ChannelError('refused', "The bot may not read messages: switch on “Message Content Intent” on the bot's page, then connect again.")],
]);
/** Codes that end the session: not authenticated, a wrong sequence, a session that timed out */
const endsSession: readonly (number | undefined)[] = [4003, 4007, 4009];

/** Marks a frame that is not even JSON */
const unreadable: Frame = { op: -1 };

/** What happens on the gateway, one event after the other */
export interface GatewayEvents {
  /** The connection stands */
  up(): void;
  /** Resolves when the event is taken in; only then the next comes */
  event(name: string, value: unknown): Promise<void>;
}

/** Discord's gateway: one connection after the other, gone on with where the last one broke */
export class Gateway {
  readonly #surroundings: ChannelSurroundings;
  readonly #rest: RestApi;
  readonly #limit: RateLimit;
  #session: Session | undefined;
  #kept = 0;
  /** Where a frame could not be read: there the same one is not asked for a third time */
  #unreadableAt: number | undefined;

  constructor(surroundings: ChannelSurroundings, rest: RestApi) {
    this.#surroundings = surroundings;
    this.#rest = rest;
    this.#limit = new RateLimit(surroundings);
    this.#session = readSession(surroundings.cursor);
  }

  /** Holds one connection; resolves when the gateway asks for another, rejects when it is lost */
  async connect(events: GatewayEvents, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const url = await this.#address(either);
    const beat = { acknowledged: true };
    let frames: Frames<Frame> | undefined;
    let receiving: Promise<void> | undefined;
    try {
      frames = await openFrames('Discord', url, either, (text) => {
        const frame = frameSchema.safeParse(parseJson(text)).data ?? unreadable;
        // Not behind what waits: a flood of events is no silence
        if (frame.op === heartbeatAck) beat.acknowledged = true;
        else if (frame.op === heartbeat) frames?.send(this.#beat());
        else return frame;
        return undefined;
      });
      const first = await frames.next(patience);
      const interval = helloSchema.safeParse(first?.d).data?.heartbeat_interval;
      if (first?.op !== hello || interval === undefined) throw lost(frames, 'Discord does not say hello.', signal);
      await this.#introduce(frames, either);
      const beating = this.#keepBeating(frames, beat, Math.max(shortestBeat, interval), either);
      receiving = this.#receive(frames, events, signal);
      await Promise.race([beating, receiving]);
    } finally {
      over.abort(new ChannelError('unreachable', 'The connection is over.'));
      frames?.close();
      // An event that is being taken in belongs to this session, not to the next. Why it ended was told above
      await receiving?.catch(() => undefined);
    }
  }

  /** Of the session, or of a new one when Discord allows one more */
  async #address(signal: AbortSignal): Promise<URL> {
    const places = this.#rest.places;
    let base = this.#session === undefined ? undefined : ownAddress(places, this.#session.url, 'socket');
    if (base === undefined) {
      this.#session = undefined;
      const gateway = await this.#rest.call('GET', '/gateway/bot', undefined, gatewaySchema, signal);
      const { remaining, reset_after: wait } = gateway.session_start_limit ?? { remaining: 1, reset_after: 0 };
      if (remaining <= 0) {
        this.#surroundings.changed({ state: 'waiting', reason: 'Discord allows no more new sessions for now.', retryAt: this.#surroundings.now() + wait });
        await this.#surroundings.sleep(wait, signal);
      }
      base = ownAddress(places, gateway.url, 'socket');
    }
    if (base === undefined) throw new ChannelError('refused', 'The address of the gateway is none of Discord\'s.');
    base.search = '?v=10&encoding=json';
    return base;
  }

  async #introduce(frames: Frames<Frame>, signal: AbortSignal): Promise<void> {
    const { token } = this.#rest;
    if (this.#session !== undefined) {
      frames.send({ op: resume, d: { token, session_id: this.#session.id, seq: this.#session.sequence } });
      return;
    }
    await this.#limit.pass('identify', signal);
    this.#limit.pause('identify', betweenIdentifies);
    frames.send({ op: identify, d: { token, intents, properties: { os: 'any', browser: 'cowork-policy', device: 'cowork-policy' } } });
  }

  async #receive(frames: Frames<Frame>, events: GatewayEvents, signal: AbortSignal): Promise<void> {
    for (;;) {
      const frame = await frames.next(longestWait);
      if (frame === undefined) throw lost(frames, 'The connection to Discord broke.', signal, () => this.#forget());
      if (frame === unreadable && this.#unreadableAt !== this.#session?.sequence) {
        // Asked for again: it may have been damaged on the way
        this.#unreadableAt = this.#session?.sequence;
        throw new ChannelError('unreachable', 'Discord sent something that cannot be read.');
      }
      if (frame.op === reconnect) return;
      if (frame.op === invalidSession) {
        if (frame.d !== true) this.#forget();
        await this.#surroundings.sleep(1_000 + 4_000 * this.#surroundings.random(), signal);
        return;
      }
      if (frame.op === dispatch) await this.#take(frame, frames.waiting, events);
    }
  }

  async #take({ t: name, d: value, s: sequence }: Frame, waiting: number, events: GatewayEvents): Promise<void> {
    if (name === 'READY') {
      const ready = readySchema.safeParse(value).data;
      if (ready === undefined) throw new ChannelError('unreachable', 'Discord sent something that cannot be read.');
      this.#session = { id: ready.session_id, url: ready.resume_gateway_url, sequence: sequence ?? 0 };
      this.#kept = 0;
    } else if (typeof name === 'string' && name !== 'RESUMED') await events.event(name, value);
    if (name === 'READY' || name === 'RESUMED') events.up();
    const session = this.#session;
    if (session === undefined || typeof sequence !== 'number') return;
    this.#session = { ...session, sequence: Math.max(session.sequence, sequence) };
    // An older one that was kept only means that more comes twice
    if (waiting > 0 && this.#session.sequence - this.#kept < keepEvery) return;
    this.#kept = this.#session.sequence;
    await this.#surroundings.save(writeSession(this.#session));
  }

  /** Beats until the gateway does not answer; rejects then */
  async #keepBeating(frames: Frames<Frame>, beat: { acknowledged: boolean }, interval: number, signal: AbortSignal): Promise<void> {
    await this.#surroundings.sleep(interval * this.#surroundings.random(), signal);
    for (;;) {
      if (!beat.acknowledged) throw new ChannelError('unreachable', 'Discord does not answer any more.');
      beat.acknowledged = false;
      frames.send(this.#beat());
      await this.#surroundings.sleep(interval, signal);
    }
  }

  #beat(): object {
    return { op: heartbeat, d: this.#session?.sequence ?? null };
  }

  #forget(): void {
    this.#session = undefined;
  }
}

/** Why a connection is over; forgets the session where the close code says so */
function lost(frames: Frames<Frame>, reason: string, signal: AbortSignal, forget: () => void = () => undefined): unknown {
  if (signal.aborted) return signal.reason;
  const code = frames.closeCode;
  if (endsSession.includes(code)) forget();
  return finalCloses.get(code) ?? new ChannelError('unreachable', code === undefined || code === 1006 ? reason : `${reason.slice(0, -1)} (${code}).`);
}
