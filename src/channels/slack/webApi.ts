import * as z from 'zod/mini';
import { ChannelError, type ChannelSurroundings } from '../channel.ts';
import { headerToken } from '../headerToken.ts';
import { Http } from '../http.ts';
import type { Vendor } from '../places.ts';

const slack: Vendor = { name: 'Slack', api: 'https://slack.com/api', domains: ['slack.com'] };

const answerSchema = z.looseObject({ ok: z.boolean(), error: z.optional(z.string()), needed: z.optional(z.string()) });

/** Errors that say the token is no good (docs.slack.dev, errors of every method) */
const badToken: readonly string[] = ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'];
/** Errors on Slack's side, that pass */
const passing: readonly string[] = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'ratelimited', 'rate_limited'];

/** Slack's Web API with one of the app's two tokens */
export class WebApi {
  readonly #http: Http;
  readonly #secrets: ChannelSurroundings['secrets'];

  constructor(surroundings: ChannelSurroundings) {
    this.#http = new Http(slack, surroundings);
    this.#secrets = surroundings.secrets;
  }

  get places(): Vendor {
    return this.#http.places;
  }

  /** Calls a method; `lane` is what its limit counts by (the method, and the chat where messages go). Rejects with a `ChannelError` */
  async call<T extends z.ZodMiniType>(method: string, body: object, result: T, signal: AbortSignal, { secret = 'token', lane = method } = {}): Promise<z.infer<T>> {
    const reply = await this.#http.call({ method: 'POST', path: `/${method}`, headers: this.#authorization(secret), body, lane }, signal);
    const answer = answerSchema.safeParse(reply.body).data;
    if (answer === undefined) throw new ChannelError('unreachable', `Slack's answer cannot be read (status ${reply.status}).`);
    if (!answer.ok) throw refusal(answer.error ?? 'unknown', answer.needed);
    const read = result.safeParse(answer);
    if (!read.success) throw new ChannelError('unreachable', `Slack's answer to ${method} cannot be read.`);
    return read.data;
  }

  /** Bytes of a file; Slack redirects to its login page where the token may not read it, which is refused */
  download(address: string, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#http.download(address, this.#authorization('token'), limit, signal);
  }

  #authorization(secret: string): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${headerToken(this.#secrets[secret], 'Slack')}` };
  }
}

/** Slack's errors are words, and the scope that is missing is one */
function refusal(error: string, needed: string | undefined): ChannelError {
  const code = /^[\w.:,-]{1,80}$/.test(error) ? error : 'unknown';
  if (badToken.includes(code)) return new ChannelError('secret', `Slack does not know this token any more (${code}). Copy the bot and app tokens anew from the app's page, then connect again.`);
  const scope = needed !== undefined && /^[\w.:,-]{1,200}$/.test(needed) ? `: the app needs the scope ${needed}` : '';
  return new ChannelError(passing.includes(code) ? 'unreachable' : 'refused', `Slack refuses (${code})${scope}.`);
}
