import * as z from 'zod/mini';
import { ChannelError, type ChannelSurroundings } from '../channel.ts';
import { Http } from '../http.ts';
import { safeText } from '../safeText.ts';

/** What every method of the Bot API answers (core.telegram.org/bots/api, "Making requests") */
const answerSchema = z.object({ ok: z.boolean(), result: z.optional(z.unknown()), description: z.optional(z.string()) });

/** Nothing that could change the address it stands in */
const tokenForm = /^[\w:-]+$/;

/** Status of a bot whose token is wrong (404: no such form, 401: revoked) */
const badToken: readonly number[] = [401, 404];

/** The Bot API of one bot. The token is part of every address, so no address is ever told */
export class BotApi {
  readonly #http: Http;
  readonly #secrets: ChannelSurroundings['secrets'];

  constructor(surroundings: ChannelSurroundings) {
    this.#http = new Http({ name: 'Telegram', api: 'https://api.telegram.org', domains: [] }, surroundings);
    this.#secrets = surroundings.secrets;
  }

  /** Calls a method; `lane` is the chat it counts against. Rejects with a `ChannelError` */
  async call<T extends z.ZodMiniType>(method: string, params: object, result: T, lane: string, signal: AbortSignal, patience?: number): Promise<z.infer<T>> {
    const path = `/bot${this.#token()}/${method}`;
    const reply = await this.#http.call({ method: 'POST', path, body: params, lane, ...(patience === undefined ? {} : { patience }) }, signal);
    const answer = answerSchema.safeParse(reply.body).data;
    // Somebody else's answer, as of a network that wants a login first
    if (answer === undefined) throw new ChannelError('unreachable', `Telegram's answer cannot be read (status ${reply.status}).`);
    if (badToken.includes(reply.status)) throw new ChannelError('secret', 'Telegram does not know this token. Ask @BotFather for the present one, then connect again.');
    if (!answer.ok) {
      // 409: somebody else receives; that passes. 5xx: theirs
      const code = reply.status === 409 || reply.status >= 500 ? 'unreachable' : 'refused';
      throw new ChannelError(code, `Telegram refuses: ${safeText(answer.description ?? `status ${reply.status}`, this.#secrets)}`);
    }
    const read = result.safeParse(answer.result);
    if (!read.success) throw new ChannelError('unreachable', `Telegram's answer to ${method} cannot be read.`);
    return read.data;
  }

  /** Bytes of a file whose path `getFile` told */
  async file(path: string, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const steps = path.split('/');
    if (steps.some((step) => step === '' || step === '.' || step === '..')) throw new ChannelError('refused', 'The place of the file cannot be read.');
    const address = `${this.#http.places.api}/file/bot${this.#token()}/${steps.map(encodeURIComponent).join('/')}`;
    return this.#http.download(address, {}, limit, signal);
  }

  #token(): string {
    const token = this.#secrets['token'] ?? '';
    if (!tokenForm.test(token)) throw new ChannelError('secret', 'This is no token of a Telegram bot. Ask @BotFather for it, then connect again.');
    return token;
  }
}
