import { ChannelError, type ChannelSurroundings } from './channel.ts';
import { ownAddress, placesOf, type Vendor } from './places.ts';
import { askedPause, everyLane, RateLimit } from './rateLimit.ts';
import { readBody, readJson } from './readBody.ts';

/** Largest reply of an API that is read, in bytes; the largest honest one is 100 Telegram updates */
const largestReply = 32 * 1024 * 1024;
/** How long a reply may take, in milliseconds */
const patience = 30_000;
/** Longest pause that a call waits out, in milliseconds */
const longestPause = 15 * 60_000;
/** "Too many requests" in a row before a call is given up */
const mostPauses = 10;
const mostRedirects = 3;

/** One call of a platform's API */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the API's address, with the slash in front. May hold a token, so it is never in a text */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON */
  readonly body?: unknown;
  /** Which of the platform's limits it counts against */
  readonly lane: string;
  /** How long the reply may take, in milliseconds, where that is not 30 s */
  readonly patience?: number;
}

export interface ApiReply {
  readonly status: number;
  /** `undefined` where it was no JSON */
  readonly body: unknown;
}

/** Calls a platform over `fetch`: waits out its rate limits, follows no redirect, keeps addresses and headers out of every error */
export class Http {
  readonly #vendor: Vendor;
  readonly #surroundings: ChannelSurroundings;
  readonly #limit: RateLimit;

  constructor(vendor: Vendor, surroundings: ChannelSurroundings) {
    this.#vendor = vendor;
    this.#surroundings = surroundings;
    this.#limit = new RateLimit(surroundings);
  }

  /** The places of the platform; throws a `ChannelError` where the configured address cannot be used */
  get places(): Vendor {
    return placesOf(this.#vendor, this.#surroundings.baseUrl);
  }

  /** The platform's reply, whatever its status but 429. Rejects with a `ChannelError`, or with the signal's reason */
  async call(call: ApiCall, signal: AbortSignal): Promise<ApiReply> {
    const url = `${this.places.api}${call.path}`;
    for (let pauses = 0; pauses < mostPauses; pauses += 1) {
      this.#refuseLongPause(call.lane);
      await this.#limit.pass(call.lane, signal);
      const response = await this.#fetch(url, call, call.patience ?? patience, signal);
      const body = readJson(await this.#read(response, largestReply, signal));
      this.#heed(call.lane, response, body);
      if (response.status !== 429) return { status: response.status, body };
    }
    throw new ChannelError('unreachable', `${this.#vendor.name} says again and again that there are too many requests.`);
  }

  /**
   * Bytes of a file of the platform's. Rejects with a `ChannelError`: over `limit` bytes, or an address that is not the
   * platform's own. With `headers` no redirect is followed: a platform that redirects then asks for another login.
   */
  async download(address: string, headers: Readonly<Record<string, string>>, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    let next = address;
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const url = ownAddress(this.places, next, 'file');
      if (url === undefined) throw new ChannelError('refused', `The file is not on a server of ${this.#vendor.name}, so it was not fetched.`);
      const response = await this.#fetch(url.href, { method: 'GET', headers }, patience, signal);
      const location = response.headers.get('location');
      const redirected = response.status >= 300 && response.status <= 399 && location !== null && URL.canParse(location, url.href);
      if (!redirected || Object.keys(headers).length > 0) return this.#bytesOf(response, limit, signal);
      await response.body?.cancel();
      next = new URL(location, url.href).href;
    }
    throw new ChannelError('refused', `${this.#vendor.name} sends the file from one address to the next.`);
  }

  async #bytesOf(response: Response, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    if (response.status === 200) return this.#read(response, limit, signal);
    await response.body?.cancel();
    throw new ChannelError('refused', `${this.#vendor.name} does not hand out the file (status ${response.status}).`);
  }

  /** Takes note of the pause that a reply asks for, or announces (Discord's `X-RateLimit-*`) */
  #heed(lane: string, response: Response, body: unknown): void {
    const { headers, status } = response;
    if (status === 429) {
      const pause = askedPause(headers.get('retry-after'), body);
      const forAll = headers.get('x-ratelimit-global') !== null || headers.get('x-ratelimit-scope') === 'global';
      this.#limit.pause(forAll ? everyLane : lane, pause);
    } else if (headers.get('x-ratelimit-remaining') === '0') {
      const pause = askedPause(headers.get('x-ratelimit-reset-after'), undefined);
      this.#limit.pause(lane, Math.min(pause, longestPause));
    }
  }

  /** What would have to wait that long is told at once; nothing is sent meanwhile */
  #refuseLongPause(lane: string): void {
    const left = this.#limit.left(lane);
    if (left > longestPause) throw new ChannelError('unreachable', `${this.#vendor.name} asks to wait ${Math.ceil(left / 60_000)} minutes.`);
  }

  async #fetch(url: string, call: Pick<ApiCall, 'method' | 'headers' | 'body'>, time: number, signal: AbortSignal): Promise<Response> {
    // Both are named after the wait, so that neither is collected, and the time-out with it, before
    const late = AbortSignal.timeout(time);
    const either = AbortSignal.any([signal, late]);
    const withBody = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const type = call.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
    try {
      return await fetch(url, { method: call.method, headers: { ...call.headers, ...type }, ...withBody, redirect: 'manual', signal: either });
    } catch (error) {
      throw this.#unreachable(error, either.aborted && late.aborted, signal);
    }
  }

  async #read(response: Response, limit: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await readBody(response, limit);
    } catch (error) {
      throw error instanceof ChannelError ? error : this.#unreachable(error, false, signal);
    }
  }

  /** What `fetch` throws names the address, and with it the token: only its code is told */
  #unreachable(error: unknown, late: boolean, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    const code = late ? 'no answer in time' : codeOf(error);
    return new ChannelError('unreachable', `${this.#vendor.name} cannot be reached${code === undefined ? '' : ` (${code})`}.`);
  }
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const code: unknown = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : undefined;
}
